export type * from "./connector/connector.js";
export { openConnector } from "./connector/open-connector.js";
export type {
  Candidate,
  Completion,
  Connection,
  ConnectionDescription,
  ConnectOptions,
  EnvironmentReference,
  LogLevel,
  ParameterDescription,
  Parameters,
  PendingWrite,
  PreparedStatement,
  Progress,
  QueryOptions,
  RecordedCall,
  Result,
  ResultColumn,
  ResultSummary,
  Row,
  RowStream,
  SqlValue,
  StatementDescription,
  TextStyle,
  WriteOutcome,
  WriteRecord,
} from "./driver/api.js";
export { connect } from "./driver/connect.js";
export type { ConnectionDefinition } from "./driver/connection-file/connection-definition.js";
export { parseConnectionDefinition } from "./driver/connection-file/parse-connection-definition.js";
export { readConnectionFile } from "./driver/connection-file/read-connection-file.js";
export { type Sandbox, type SandboxOptions, startSandbox } from "./driver/sandbox.js";
export { SqlState } from "./error/sql-state.js";
export { type ErrorPhase, type StripeErrorFacts, StripeSqlError } from "./error/stripe-sql-error.js";

import type { Catalog } from "../../catalog/catalog.js";
import type { PostgresSession } from "../../driver/postgres-session.js";
import type { StatementWatch } from "../../driver/statement-watch.js";
import type { PostgresEngine } from "../../execute/postgres/postgres-engine.js";
import type { TurnSource } from "../../execute/postgres/turn-source.js";
import type { ConstantResults } from "./constant-results.js";
import type { DescribedStatements } from "./described-statements.js";
import type { EngineQueries } from "./engine-queries.js";
import type { ParsedStatements } from "./parsed-statements.js";
import type { SettingNames } from "./setting-name.js";
import type { StatementClientParts } from "./statement-client.js";

/** What one client's statements are carried out with. */
export interface BackendParts extends StatementClientParts {
  readonly catalog: Catalog;
  readonly engine: PostgresEngine;
  /** For what must not wait for others' long statements. */
  readonly prompt: TurnSource;
  readonly queries: EngineQueries;
  readonly parsed: ParsedStatements;
  readonly described: DescribedStatements;
  readonly constants: ConstantResults;
  readonly session: PostgresSession;
  readonly settingNames: SettingNames;
  /** True where nothing may be written. */
  readonly readOnly: boolean;
  readonly watch: StatementWatch;
}

import type { SqlStateCode } from "../error/sql-state.js";
import { SqlState as state } from "../error/sql-state.js";
import { StripeSqlError } from "../error/stripe-sql-error.js";

/** "ERROR" leaves the connection as it is, "FATAL" ends it: what follows in the stream can no longer be told apart. */
export type ProtocolSeverity = "ERROR" | "FATAL";

export interface ProtocolErrorOptions {
  readonly severity: ProtocolSeverity;
  /** Default 08P01, protocol_violation. */
  readonly sqlState?: SqlStateCode;
  readonly detail?: string;
}

/** Bytes that are not the protocol's, in the words of PostgreSQL. */
export class ProtocolError extends StripeSqlError {
  readonly severity: ProtocolSeverity;

  constructor(message: string, { severity, sqlState = state.protocolViolation, detail }: ProtocolErrorOptions) {
    super(message, { sqlState, phase: "protocol", detail });
    this.name = "ProtocolError";
    this.severity = severity;
  }
}

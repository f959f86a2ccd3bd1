import { SqlState } from "../error/sql-state.js";
import { StripeSqlError } from "../error/stripe-sql-error.js";

/** Something was asked of a connection after it was closed. */
export function closedError(): StripeSqlError {
  return new StripeSqlError("the connection is closed", { sqlState: SqlState.connectionFailure, phase: "connect" });
}

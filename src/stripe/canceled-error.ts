import { SqlState } from "../error/sql-state.js";
import { StripeSqlError } from "../error/stripe-sql-error.js";

/** A request given up: by its statement, or because the connection is closed. `detail` tells of a write that may have happened. */
export function canceledError(reason: "statement" | "connection", detail: string | undefined): StripeSqlError {
  const message = {
    statement: "canceling statement due to user request",
    connection: "canceling statement because the connection is closed",
  }[reason];
  return new StripeSqlError(message, {
    sqlState: SqlState.queryCanceled,
    phase: "stripe",
    detail,
  });
}

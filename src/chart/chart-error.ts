import type { SqlState } from "../error/sql-state.js";
import { StripeSqlError } from "../error/stripe-sql-error.js";

/** A result that cannot be shown as was asked. */
export function chartError(message: string, sqlState: SqlState, hint?: string): StripeSqlError {
  return new StripeSqlError(message, { sqlState, phase: "execute", hint });
}

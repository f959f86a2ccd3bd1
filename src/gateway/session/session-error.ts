import type { SqlStateCode } from "../../error/sql-state.js";
import { StripeSqlError } from "../../error/stripe-sql-error.js";

/** What a client may not do at this place, in PostgreSQL's words. */
export function sessionError(
  message: string,
  sqlState: SqlStateCode,
  more: { readonly detail?: string; readonly hint?: string; readonly position?: number | undefined } = {},
): StripeSqlError {
  return new StripeSqlError(message, { sqlState, phase: "execute", ...more });
}

import { SqlState } from "../error/sql-state.js";
import { StripeSqlError } from "../error/stripe-sql-error.js";

/** True for a mistake in what a connection or a server was asked to be: exit status 2. */
export function isBadProperty(error: unknown): boolean {
  const states: readonly string[] = [SqlState.invalidParameterValue, SqlState.syntaxError];
  return error instanceof StripeSqlError && states.includes(error.sqlState);
}

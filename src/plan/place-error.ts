import { StripeSqlError } from "../error/stripe-sql-error.js";
import type { SqlText } from "../syntax/sql-text.js";
import { scriptPosition } from "../syntax/sql-text.js";

/** An error whose position is in an engine's text, with its position in the user's script. */
export function placeError(error: unknown, text: SqlText): unknown {
  if (!(error instanceof StripeSqlError) || error.position === undefined) return error;
  return error.with({ position: scriptPosition(text, error.position) });
}

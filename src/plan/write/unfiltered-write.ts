import { SqlState } from "../../error/sql-state.js";
import { StripeSqlError } from "../../error/stripe-sql-error.js";

/** A write that may touch a whole table is refused unless the connection allows it. */
export function unfilteredWrite(
  message: string,
  { hint, position }: { readonly hint: string; readonly position: number },
): StripeSqlError {
  return new StripeSqlError(message, {
    sqlState: SqlState.featureNotSupported,
    phase: "plan",
    hint: `${hint}, or connect with AllowUnfilteredWrites=true.`,
    position,
  });
}

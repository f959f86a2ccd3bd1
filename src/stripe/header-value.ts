import { SqlState } from "../error/sql-state.js";
import { StripeSqlError } from "../error/stripe-sql-error.js";

/** Node would refuse other characters only once the request is made, as if the connection had failed. */
export function headerValue(name: string, value: string): string {
  if (/^[\x21-\x7e]{1,255}$/.test(value)) return value;
  throw new StripeSqlError(`invalid value for ${name}`, {
    sqlState: SqlState.invalidParameterValue,
    phase: "stripe",
    detail: "It must be 1 to 255 printable ASCII characters without spaces.",
  });
}

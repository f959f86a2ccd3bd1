import type { SqlState } from "../../error/sql-state.js";
import { StripeSqlError } from "../../error/stripe-sql-error.js";
import type { ErrorFields } from "./wire/backend-fields.js";

/** What PostgreSQL said of the engine's own messages: of a setting that it does not take, or rows that it cannot hold. */
export function backendError(fields: ErrorFields): StripeSqlError {
  return new StripeSqlError(fields["M"] ?? "PostgreSQL failed", {
    // PostgreSQL has more states than the product tells by itself.
    sqlState: (fields["C"] ?? "XX000") as SqlState,
    phase: "execute",
    detail: fields["D"],
    hint: fields["H"],
  });
}

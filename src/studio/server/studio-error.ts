import { SqlState } from "../../error/sql-state.js";
import { StripeSqlError } from "../../error/stripe-sql-error.js";
import type { StudioError } from "../messages.js";

/** What a page shows of a failure; of one that is no statement's, that it happened. */
export function studioError(error: unknown): StudioError {
  const known =
    error instanceof StripeSqlError
      ? error
      : new StripeSqlError("the studio's server failed", { sqlState: SqlState.internalError, phase: "execute" });
  const { message, sqlState, detail, hint, position } = known;
  return { message, sqlState, detail, hint, position };
}

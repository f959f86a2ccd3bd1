import { SqlState } from "../error/sql-state.js";
import { StripeSqlError } from "../error/stripe-sql-error.js";
import type { ListCall } from "./list-call.js";

/** The error of an answer from which the rest of a list cannot be known. */
export function malformedPage(call: ListCall, problem: string): StripeSqlError {
  return new StripeSqlError("Stripe answered a malformed page", {
    sqlState: SqlState.upstreamError,
    phase: "stripe",
    detail: `${problem} GET ${call.path} is not read to its end, so that there is no result.`,
    hint: "If it persists, the server at ApiBase, or something before it, does not answer as Stripe does.",
  });
}

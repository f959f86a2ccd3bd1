import { SqlState } from "../../error/sql-state.js";
import { StripeSqlError } from "../../error/stripe-sql-error.js";
import type { Doubt } from "../../plan/cost/statistics.js";

/**
 * Thrown where an answer of Stripe's shows that the plan relied on too much: the statement is to be planned anew without
 * that. It is an error of its own only where the plan does already without.
 */
export class DoubtfulAnswer extends StripeSqlError {
  readonly doubt: Doubt;

  constructor(doubt: Doubt, cause?: unknown) {
    const { of, relied } = doubt;
    super(`Stripe's list of ${of.table} does not keep to what was asked for`, {
      sqlState: SqlState.upstreamError,
      phase: "stripe",
      detail: detailOf(relied),
      hint: "The same statement, run again, does without it.",
      retryable: true,
      cause,
    });
    this.doubt = doubt;
  }
}

function detailOf(relied: Doubt["relied"]): string {
  switch (relied.kind) {
    case "filter":
      return `It does not apply the filter "${relied.parameter}" as it is documented.`;
    case "order":
      return "It does not give newest rows first, as it is documented.";
    case "search":
      return "It cannot be searched.";
  }
}

/** An answer from which nothing can be told, as it is of something else than was asked for. */
export function unexpectedAnswer(path: string, problem: string): StripeSqlError {
  return new StripeSqlError("Stripe answered something else than was asked for", {
    sqlState: SqlState.upstreamError,
    phase: "stripe",
    detail: `${problem} GET ${path} gives no result.`,
    hint: "If it persists, the server at ApiBase, or something before it, does not answer as Stripe does.",
  });
}

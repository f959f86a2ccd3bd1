import type { ResultSummary, WriteOutcome } from "../driver/api.js";

/** Throws the first failure of a write of which another part succeeded; its detail tells what became of each object. */
export function rejectPartialWrite({ error, outcomes }: Pick<ResultSummary, "error" | "outcomes">): void {
  if (error === undefined) return;
  throw error.with({ detail: describeOutcomes(outcomes), position: undefined, cause: error });
}

function describeOutcomes(outcomes: readonly WriteOutcome[]): string {
  const written = outcomes.flatMap((outcome) => (outcome.state === "written" ? [outcome.id] : []));
  const failed = outcomes.flatMap((outcome) => (outcome.state === "failed" ? [describeFailure(outcome)] : []));
  const notTried = outcomes.flatMap((outcome) => (outcome.state === "not tried" ? [outcome.id ?? "?"] : []));
  return [
    `Of ${outcomes.length} entities ${written.length} were written: ${written.join(", ")}.`,
    ...(failed.length === 0 ? [] : [`Failed: ${failed.join("; ")}.`]),
    ...(notTried.length === 0 ? [] : [`Not tried: ${notTried.join(", ")}.`]),
  ].join(" ");
}

function describeFailure({ id, error }: Extract<WriteOutcome, { state: "failed" }>): string {
  const { code, requestId } = error.stripe;
  const facts = [code, requestId].filter((fact) => fact !== undefined);
  return `${id ?? "?"} (${[error.message, ...facts].join(", ")})`;
}

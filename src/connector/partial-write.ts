import type { ResultSummary, WriteOutcome } from "../driver/api.js";

/** Throws the first failure of a write of which another part succeeded; its detail tells what became of each object. */
export function rejectPartialWrite({
  error,
  outcomes,
  write,
}: Pick<ResultSummary, "error" | "outcomes" | "write">): void {
  if (error === undefined) return;
  const detail = [describeOutcomes(outcomes), ...namedWrite(write?.id)].join(" ");
  throw error.with({ detail, position: undefined, cause: error });
}

/** By which its caller can go on with it. */
function namedWrite(id: string | undefined): readonly string[] {
  if (id === undefined) return [];
  return [`It is write ${id}: SHOW WRITE '${id}' tells its calls, RESUME WRITE '${id}' goes on with what is left.`];
}

function describeOutcomes(outcomes: readonly WriteOutcome[]): string {
  const written = outcomes.flatMap((outcome) => (outcome.state === "written" ? [outcome.id] : []));
  const failed = outcomes.filter((outcome) => outcome.state === "failed");
  const inDoubt = failed.filter(({ error }) => error.stripe.inDoubt === true).map(describeFailure);
  const refused = failed.filter(({ error }) => error.stripe.inDoubt !== true).map(describeFailure);
  const notTried = outcomes.flatMap((outcome) => (outcome.state === "not tried" ? [outcome.id ?? "?"] : []));
  return [
    `Of ${outcomes.length} entities ${written.length} were written: ${written.join(", ")}.`,
    ...(refused.length === 0 ? [] : [`Failed: ${refused.join("; ")}.`]),
    ...(inDoubt.length === 0 ? [] : [`In doubt, and perhaps carried out all the same: ${inDoubt.join("; ")}.`]),
    ...(notTried.length === 0 ? [] : [`Not tried: ${notTried.join(", ")}.`]),
  ].join(" ");
}

function describeFailure({ id, error }: Extract<WriteOutcome, { state: "failed" }>): string {
  const { code, requestId, idempotencyKey } = error.stripe;
  const facts = [code, requestId, idempotencyKey].filter((fact) => fact !== undefined);
  return `${id ?? "?"} (${[error.message, ...facts].join(", ")})`;
}

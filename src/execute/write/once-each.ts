import { SqlState } from "../../error/sql-state.js";
import { StripeSqlError } from "../../error/stripe-sql-error.js";
import type { WriteRequest } from "../../plan/write/write-plan.js";
import { jsonText } from "./json-text.js";

/**
 * Each object's request once, in the order of the rows. Rows that give one object the same are one; where they give it
 * something else, PostgreSQL takes any of them, and here nothing is written.
 */
export function onceEach(requests: readonly WriteRequest[]): readonly WriteRequest[] {
  const kept = new Map<string, WriteRequest>();
  for (const request of requests) {
    const name = jsonText([request.accountId ?? null, request.path]);
    const other = kept.get(name);
    if (other === undefined) kept.set(name, request);
    else if (jsonText(other.parameters) !== jsonText(request.parameters)) throw severalValues(request);
  }
  return [...kept.values()];
}

function severalValues({ id }: WriteRequest): StripeSqlError {
  return new StripeSqlError(`several rows give "${id}" different values`, {
    sqlState: SqlState.cardinalityViolation,
    phase: "execute",
    detail: "Which of them were to stand would be left to chance. Nothing was written.",
    hint: "Have FROM give one row for each object: by GROUP BY, DISTINCT ON or a narrower WHERE.",
  });
}

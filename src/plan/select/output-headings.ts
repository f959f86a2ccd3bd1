import type { Query } from "../../syntax/expression.js";

/** Headings of a result's first and last columns; undefined for one that keeps the engine's. */
export interface OutputHeadings {
  readonly first: readonly (string | undefined)[];
  readonly last: readonly (string | undefined)[];
}

/**
 * The headings that PostgreSQL gives: of a set operation, its first branch's. How many columns a star is only the engine
 * knows: what stands before the first and behind the last is counted from the result's two ends.
 */
export function outputHeadings(query: Query): OutputHeadings {
  if (query.kind === "set-operation") {
    return query.operator.endsWith("by-name") ? { first: [], last: [] } : outputHeadings(query.left);
  }
  const headings = query.items.map(({ heading }) => heading);
  const first = query.items.findIndex(({ isSpread }) => isSpread);
  if (first === -1) return { first: headings, last: [] };
  const last = query.items.findLastIndex(({ isSpread }) => isSpread);
  return { first: headings.slice(0, first), last: headings.slice(last + 1) };
}

/** The heading of a column, by its place among all of them. */
export function headingAt({ first, last }: OutputHeadings, index: number, count: number): string | undefined {
  return first[index] ?? last[index - (count - last.length)];
}

import type { Expression } from "../../syntax/expression.js";
import type { Predicate } from "../predicate/predicate.js";
import type { PlacedConjunct } from "./join-tree.js";
import { findRelationColumn } from "./relation.js";
import type { TableSource } from "./scope.js";

interface ColumnOf {
  readonly source: TableSource;
  readonly column: string;
}

interface Equality {
  readonly from: ColumnOf;
  readonly to: ColumnOf;
}

/** The conjuncts that bind each table of a block, and the predicates read from them. */
export interface BoundSource {
  readonly source: TableSource;
  readonly conjuncts: readonly PlacedConjunct[];
  readonly predicates: readonly Predicate[];
}

/**
 * `l.Invoice = i.Id AND i.Id = 'in_1'` -> also `l.Invoice = 'in_1'`, where the equality binds l. Nothing is lost: i's
 * rows that matter have that value, so a row of l with another pairs with none of them, and without its pair the
 * equality that binds it fails. A LEFT JOIN's ON binds its right side alone: it carries nothing to the kept side.
 */
export function carryEqualities(bound: readonly BoundSource[]): readonly (readonly Predicate[])[] {
  const sources = bound.map(({ source }) => source);
  const equalities = bound.flatMap(({ source, conjuncts }) => equalitiesTo(source, conjuncts, sources));
  const result = new Map(bound.map(({ source, predicates }) => [source, [...predicates]]));
  // A chain a = b = c takes as many rounds as it has links.
  for (let round = 0; round < bound.length; round += 1) {
    for (const { from, to } of equalities)
      carry(result.get(from.source), result.get(to.source), from.column, to.column);
  }
  return bound.map(({ source }) => result.get(source) ?? []);
}

function equalitiesTo(
  source: TableSource,
  conjuncts: readonly PlacedConjunct[],
  sources: readonly TableSource[],
): readonly Equality[] {
  return conjuncts.flatMap(({ expression, visible, carries }) => {
    if (!carries || expression.kind !== "comparison" || expression.operator !== "=") return [];
    const nameable = sources.filter(({ item }) => visible.includes(item));
    const left = columnOf(expression.left, nameable);
    const right = columnOf(expression.right, nameable);
    if (left === undefined || right === undefined || left.source === right.source) return [];
    if (left.source === source) return [{ from: right, to: left }];
    return right.source === source ? [{ from: left, to: right }] : [];
  });
}

function carry(
  source: readonly Predicate[] | undefined,
  target: Predicate[] | undefined,
  from: string,
  to: string,
): void {
  const known = source?.find((predicate) => isEquality(predicate) && predicate.column === from);
  if (target === undefined || known === undefined || !isEquality(known)) return;
  if (!target.some((predicate) => isEquality(predicate) && predicate.column === to))
    target.push({ ...known, column: to });
}

function isEquality(predicate: Predicate): predicate is Extract<Predicate, { kind: "compare" | "any-of" }> {
  return predicate.kind === "any-of" || (predicate.kind === "compare" && predicate.operator === "=");
}

/** Text columns only: their equality is the same at both ends. */
function columnOf(expression: Expression, sources: readonly TableSource[]): ColumnOf | undefined {
  if (expression.kind !== "column") return undefined;
  const qualifier = expression.table?.toLowerCase();
  const found = sources.flatMap((source): readonly ColumnOf[] => {
    if (source.target.kind !== "table" || (qualifier !== undefined && qualifier !== source.alias)) return [];
    const column = findRelationColumn(source.target, expression.name);
    return column?.type === "VARCHAR" ? [{ source, column: column.name }] : [];
  });
  return found.length === 1 ? found[0] : undefined;
}

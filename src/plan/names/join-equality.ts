import type { Expression, SelectBlock } from "../../syntax/expression.js";
import type { Predicate } from "../predicate/predicate.js";
import { conjuncts } from "../predicate/read-predicate.js";
import { findRelationColumn } from "./relation.js";
import type { Scope, Source } from "./scope.js";

interface ColumnOf {
  /** Position among the block's tables. */
  readonly table: number;
  readonly column: string;
}

interface Equality {
  readonly from: ColumnOf;
  readonly to: ColumnOf;
}

/**
 * `l.Invoice = i.Id AND i.Id = 'in_1'` -> also `l.Invoice = 'in_1'`. Nothing is lost: where the equality holds
 * for every row of the result, a row of l with another value joins no row that survives. A LEFT JOIN's ON
 * carries values only from the kept side to the other: a right row that differs matches no kept row.
 */
export function applyJoinEqualities(
  block: SelectBlock,
  scope: Scope,
  predicates: readonly (readonly Predicate[])[],
): readonly (readonly Predicate[])[] {
  const tables = scope.sources.filter((source) => source.item.kind === "table" && source.target !== undefined);
  const equalities = [
    ...conjuncts(block.where).flatMap((expression) => bothWays(equalityOf(expression, tables))),
    ...scope.sources.flatMap((source) => joinEqualities(source, tables)),
  ];
  const result = predicates.map((own) => [...own]);
  // A chain a = b = c takes as many rounds as it has links.
  for (let round = 0; round < equalities.length; round += 1) {
    for (const { from, to } of equalities) carry(result[from.table], result[to.table], from.column, to.column);
  }
  return result;
}

function carry(
  source: readonly Predicate[] | undefined,
  target: Predicate[] | undefined,
  from: string,
  to: string,
): void {
  if (source === undefined || target === undefined) return;
  const known = source.find((predicate) => isEquality(predicate) && predicate.column === from);
  if (
    known === undefined ||
    !isEquality(known) ||
    target.some((predicate) => isEquality(predicate) && predicate.column === to)
  )
    return;
  target.push({ ...known, column: to });
}

function isEquality(predicate: Predicate): predicate is Extract<Predicate, { kind: "compare" | "any-of" }> {
  return predicate.kind === "any-of" || (predicate.kind === "compare" && predicate.operator === "=");
}

function joinEqualities(source: Source, tables: readonly Source[]): readonly Equality[] {
  const { item } = source;
  const found = conjuncts(item.on);
  if (item.join === "inner") return found.flatMap((expression) => bothWays(equalityOf(expression, tables)));
  if (item.join !== "left") return [];
  const right = tables.indexOf(source);
  return found
    .flatMap((expression) => bothWays(equalityOf(expression, tables)))
    .filter(({ from, to }) => to.table === right && from.table < right);
}

function bothWays(equality: Equality | undefined): readonly Equality[] {
  return equality === undefined ? [] : [equality, { from: equality.to, to: equality.from }];
}

function equalityOf(expression: Expression, tables: readonly Source[]): Equality | undefined {
  if (expression.kind !== "comparison" || expression.operator !== "=") return undefined;
  const from = columnOf(expression.left, tables);
  const to = columnOf(expression.right, tables);
  return from === undefined || to === undefined || from.table === to.table ? undefined : { from, to };
}

/** Text columns only: their equality is the same at both ends. */
function columnOf(expression: Expression, tables: readonly Source[]): ColumnOf | undefined {
  if (expression.kind !== "column") return undefined;
  const found = tables.flatMap((source, table): readonly ColumnOf[] => {
    if (
      source.target?.kind !== "table" ||
      (expression.table !== undefined && expression.table.toLowerCase() !== source.alias)
    )
      return [];
    const column = findRelationColumn(source.target, expression.name);
    return column?.type === "VARCHAR" ? [{ table, column: column.name }] : [];
  });
  return found.length === 1 ? found[0] : undefined;
}

import type { Expression, Query, SelectBlock } from "../../syntax/expression.js";
import { groupKeys } from "./group-keys.js";

type ColumnNode = Extract<Expression, { kind: "column" }>;

/** What a block gives under a name, where each row of it, or each group, is told by that alone; see `groupKeys`. */
export function expressionNamed(name: string, block: SelectBlock): Expression | undefined {
  const keys = groupKeys(block);
  if (keys === undefined) return undefined;
  const item = block.items.find(
    ({ alias, expression }) =>
      (alias ?? (expression.kind === "column" ? expression.name : undefined))?.toLowerCase() === name.toLowerCase(),
  );
  const column: ColumnNode = { kind: "column", table: undefined, name, quoted: true, position: undefined };
  const stars = block.items.filter(({ expression }) => expression.kind === "star");
  const [star, another] = stars;
  const ofStar =
    star?.expression.kind === "star" && another === undefined ? { ...column, table: star.expression.table } : undefined;
  const given =
    item?.expression ?? (block.items.some((one) => one.isSpread && !stars.includes(one)) ? undefined : ofStar);
  return given !== undefined && keys.has(given) ? given : undefined;
}

/** The names of those of a query's columns that its text names. */
export function itemNames(query: Query): readonly string[] {
  if (query.kind === "set-operation") return itemNames(query.left);
  return query.items.flatMap(({ alias, expression }) => alias ?? (expression.kind === "column" ? expression.name : []));
}

/** The names of a query's columns, in their order; undefined where they are not all told by the text. */
export function outputNames(query: Query): readonly string[] | undefined {
  if (query.kind === "set-operation") return outputNames(query.left);
  const names = itemNames(query);
  const isAllNamed = names.length === query.items.length;
  return isAllNamed && new Set(names.map((name) => name.toLowerCase())).size === names.length ? names : undefined;
}

/** What ORDER BY names by the place or the alias of an output. */
export function orderedBy(expression: Expression, { items }: SelectBlock): Expression | undefined {
  if (expression.kind === "literal" && expression.value.type === "number") {
    const place = Number(expression.value.text);
    return items.slice(0, place).some(({ isSpread }) => isSpread) ? undefined : items[place - 1]?.expression;
  }
  if (expression.kind !== "column" || expression.table !== undefined) return expression;
  const named = items.find(({ alias }) => alias?.toLowerCase() === expression.name.toLowerCase());
  return named?.expression ?? expression;
}

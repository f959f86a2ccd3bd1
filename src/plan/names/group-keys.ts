import type { Expression, SelectBlock } from "../../syntax/expression.js";
import { columnNodes, operandsOf } from "../../syntax/walk-expression.js";
import { isRowWise, rowFunctions } from "./row-functions.js";

/** Expressions by which a block's rows, groups and partitions stand or fall each by itself. */
export interface GroupKeys {
  readonly has: (expression: Expression) => boolean;
}

/**
 * A row that a condition on one of these leaves out changes no other row of the block's result: a group whose key fails it
 * goes as a whole, and so does a window's partition. Undefined where a row may count for all: a window over all rows,
 * DISTINCT ON beside groups.
 */
export function groupKeys(block: SelectBlock): GroupKeys | undefined {
  const { distinct, groupBy, having, items, qualify, orderBy } = block;
  if (distinct && groupBy.length > 0) return undefined;
  const read = [
    ...items.map(({ expression }) => expression),
    ...orderBy.map(({ expression }) => expression),
    ...(qualify === undefined ? [] : [qualify]),
  ];
  const windows = read.flatMap(windowsIn);
  const partitions = windows.map((window) => (window.kind === "other" ? (window.partitions ?? []) : []));
  if (partitions.some((keys) => keys.length === 0)) return undefined;
  const isGrouped = groupBy.length > 0 || having !== undefined || read.some(isAggregated);
  const keySets = [...(isGrouped ? [keysOfGroups(block)] : []), ...partitions].map(
    (keys) => new Set(keys.map((key) => sameText(key))),
  );
  return { has: (expression) => isRowWise(expression) && keySets.every((keys) => keys.has(sameText(expression))) };
}

/** Whether each row that a block reads adds rows to its result without a change to any other: no group, window or DISTINCT. */
export function isOfRows({ distinct, groupBy, having, items, qualify, where, orderBy }: SelectBlock): boolean {
  if (distinct || groupBy.length > 0 || having !== undefined || qualify !== undefined) return false;
  const read = [...items, ...orderBy].map(({ expression }) => expression);
  return [...read, ...(where === undefined ? [] : [where])].every(
    (expression) => !isAggregated(expression) && windowsIn(expression).length === 0 && !namesRowId(expression),
  );
}

/** DuckDB numbers the rows of a table as they come. */
const namesRowId = (expression: Expression): boolean =>
  columnNodes(expression).some(({ name }) => name.toLowerCase() === "rowid");

/**
 * GROUP BY's expressions, those that it names by place or alias too; of GROUP BY ALL, the items without aggregates.
 * Both what a name would be: where a column has it, DuckDB means that.
 */
export function keysOfGroups({ groupBy, items }: SelectBlock): readonly Expression[] {
  return groupBy.flatMap((group): readonly Expression[] => {
    if (group.kind === "other" && group.operands.length === 0)
      return items.map(({ expression }) => expression).filter((expression) => !isAggregated(expression));
    if (group.kind === "literal" && group.value.type === "number") {
      const place = Number(group.value.text);
      return items.slice(place - 1, place).map(({ expression }) => expression);
    }
    const named = group.kind === "column" ? items.find(({ alias }) => isSame(alias, group.name)) : undefined;
    return named === undefined ? [group] : [group, named.expression];
  });
}

const isSame = (name: string | undefined, other: string): boolean => name?.toLowerCase() === other.toLowerCase();

/** Whether a function that is none of a row's values stands in it: an aggregate, for all that is known. */
export function isAggregated(expression: Expression): boolean {
  const isAggregate =
    expression.kind === "call" && !expression.window && (expression.distinct || !rowFunctions.has(expression.name));
  return isAggregate || operandsOf(expression).some(isAggregated);
}

/** The window functions in an expression. */
export function windowsIn(expression: Expression): readonly Expression[] {
  const isWindow =
    (expression.kind === "call" && expression.window) ||
    (expression.kind === "other" && expression.partitions !== undefined);
  return isWindow ? [expression] : operandsOf(expression).flatMap(windowsIn);
}

/** The same text for the same expression, or the same list of them, wherever it stands and however its names are spelled. */
export function sameText(expression: unknown): string {
  return JSON.stringify(expression, (key, value: unknown) => {
    if (key === "position" || key === "quoted" || key === "perRow") return undefined;
    return (key === "name" || key === "table") && typeof value === "string" ? value.toLowerCase() : value;
  });
}

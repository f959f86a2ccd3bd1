import type { Query, SelectBlock, TableReference } from "../../syntax/expression.js";
import { isRowWise } from "../names/row-functions.js";

/** A SELECT whose every output row comes from one row of one table, in any order that the table gives. */
export interface RowWiseSelect {
  readonly block: SelectBlock;
  readonly reference: TableReference;
}

/** Undefined where the statement needs all rows at hand: joins, aggregates, DISTINCT, windows, subqueries. */
export function rowWiseSelect(query: Query): RowWiseSelect | undefined {
  if (query.kind !== "select" || query.ctes.length > 0 || query.distinct) return undefined;
  if (query.groupBy.length > 0 || query.having !== undefined || query.qualify !== undefined) return undefined;
  const { from: reference } = query;
  if (reference?.kind !== "table" || reference.sampled || reference.columns.length > 0) return undefined;
  const expressions = [
    ...query.items.map((item) => item.expression),
    ...(query.where === undefined ? [] : [query.where]),
  ];
  return expressions.every(isRowWise) ? { block: query, reference } : undefined;
}

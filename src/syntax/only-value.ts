import type { Expression, Query } from "./expression.js";

/** The one value of a query that reads nothing and has no other clause: `SELECT 'x'`. */
export function onlyValue(query: Query): Expression | undefined {
  if (query.kind !== "select") return undefined;
  const { items, ctes, groupBy, orderBy, from, where, having, qualify, limit, offset } = query;
  const isBare = [from, where, having, qualify, limit, offset].every((clause) => clause === undefined);
  const [item, another] = items;
  const isOne = another === undefined && ctes.length + groupBy.length + orderBy.length === 0;
  return isBare && isOne && item?.isSpread !== true ? item?.expression : undefined;
}

import type { Row, SqlValue } from "../driver/api.js";
import { identityColumns, quoteName, tableSql } from "./entity-table.js";
import type { Listing, Page } from "./listing.js";
import type { PagePosition } from "./page-token.js";
import type { SortKey } from "./sort-order.js";
import { orderBy, rowsAfter, totalOrder } from "./sort-order.js";

export type SortedPosition = Extract<PagePosition, { kind: "sorted" | "offset" }>;

/** A page in an order that Stripe does not give: all rows are read and sorted here. */
export async function sortedPage(
  { table, condition, pageSize, opened, options }: Listing,
  sort: readonly SortKey[],
  at: SortedPosition | undefined,
): Promise<Page> {
  const keys = totalOrder(sort, table);
  const after = at?.kind === "sorted" ? rowsAfter(keys, at.after) : undefined;
  const offset = at?.kind === "offset" ? at.count : 0;
  const conditions = [condition, after?.sql].filter((part) => part !== undefined);
  const sql = [
    `SELECT *, ${keys.map(keyText).join(", ")} FROM ${tableSql(table)}`,
    ...(conditions.length === 0 ? [] : [`WHERE ${conditions.join(" AND ")}`]),
    `ORDER BY ${orderBy(keys)} LIMIT ${pageSize + 1} OFFSET ${offset}`,
  ].join(" ");
  const found = (await opened.connection.query(sql, after?.parameters, options)).rows;
  const rows = found.slice(0, pageSize);
  const last = rows.at(-1);
  if (found.length <= pageSize || last === undefined) return { rows: rows.map(withoutKeyTexts), end: undefined };
  const isTotal = identityColumns(table).length > 0;
  return {
    rows: rows.map(withoutKeyTexts),
    end: isTotal
      ? { kind: "sorted", after: keys.map((_, index) => textOrNull(last[keyName(index)])) }
      : { kind: "offset", count: offset + rows.length },
  };
}

/** No column of Stripe's has a space in its name. */
const keyName = (index: number): string => `sort key ${index}`;

/** The value as DuckDB writes it: nothing is lost on its way through a token. */
function keyText({ column }: SortKey, index: number): string {
  return `CAST(${quoteName(column.name)} AS VARCHAR) AS ${quoteName(keyName(index))}`;
}

function withoutKeyTexts(row: Row): Row {
  return Object.fromEntries(Object.entries(row).filter(([name]) => !name.includes(" ")));
}

function textOrNull(value: SqlValue | undefined): string | null {
  return value === null || value === undefined ? null : String(value);
}

import type { Row, SqlValue } from "../driver/api.js";
import { quoteName } from "../value/quote.js";
import { tableSql } from "./entity-table.js";
import type { Listing, Page } from "./listing.js";
import { isOverAccounts, listedColumns, rowIdentity } from "./listing.js";
import type { PagePosition } from "./page-token.js";
import type { SortKey } from "./sort-order.js";
import { orderBy, rowsAfter, totalOrder } from "./sort-order.js";

export type SortedPosition = Extract<PagePosition, { kind: "sorted" }>;

/** A page in an order that Stripe does not give: all rows are read and sorted here. */
export async function sortedPage(
  listing: Listing,
  sort: readonly SortKey[],
  at: SortedPosition | undefined,
): Promise<Page> {
  const { pageSize, opened, options } = listing;
  const keys = totalOrder(sort, rowIdentity(listing));
  const after = at === undefined ? undefined : rowsAfter(keys, at.after);
  const source = sourceOf(listing);
  const conditions = [source.condition, after?.sql].filter((part) => part !== undefined);
  const sql = [
    `SELECT ${["*", ...keys.map(keyText)].join(", ")} FROM ${source.sql}`,
    ...(conditions.length === 0 ? [] : [`WHERE ${conditions.join(" AND ")}`]),
    ...(keys.length === 0 ? [] : [`ORDER BY ${orderBy(keys)}`]),
    `LIMIT ${pageSize + 1}`,
  ].join(" ");
  const { rows: found } = await opened.connection.query(sql, after?.parameters, options);
  const rows = found.slice(0, pageSize);
  return { rows, end: found.length > pageSize ? endOf(rows, keys) : undefined };
}

/** The account of a row is no column that conditions may name, unless it is one of a query's output. */
function sourceOf(listing: Listing): { readonly sql: string; readonly condition: string | undefined } {
  const { table, condition } = listing;
  if (!isOverAccounts(listing)) return { sql: tableSql(table), condition };
  return { sql: `(SELECT ${listedColumns(listing)} FROM ${tableSql(table)} WHERE ${condition})`, condition: undefined };
}

function endOf(rows: readonly Row[], keys: readonly SortKey[]): SortedPosition {
  const last = rows.at(-1);
  return { kind: "sorted", after: keys.map((_, index) => textOrNull(last?.[keyName(index)])) };
}

/** No column of Stripe's has a space in its name. */
const keyName = (index: number): string => `sort key ${index}`;

/** The value as DuckDB writes it: nothing is lost on its way through a token. */
function keyText({ column }: SortKey, index: number): string {
  return `CAST(${quoteName(column.name)} AS VARCHAR) AS ${quoteName(keyName(index))}`;
}

function textOrNull(value: SqlValue | undefined): string | null {
  return value === null || value === undefined ? null : String(value);
}

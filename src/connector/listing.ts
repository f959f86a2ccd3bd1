import type { Table } from "../catalog/catalog.js";
import type { Row, SqlValue } from "../driver/api.js";
import type { OpenedConnection } from "../driver/open-connection.js";
import type { CallOptions } from "./connector.js";
import { identityColumns, tableSql } from "./entity-table.js";
import type { PagePosition } from "./page-token.js";
import { digest } from "./page-token.js";

/** What is to be listed. */
export interface Listing {
  readonly table: Table;
  /** Of the filter clause; undefined for all rows. */
  readonly condition: string | undefined;
  readonly pageSize: number;
  readonly opened: OpenedConnection;
  readonly options: CallOptions;
}

export interface Page {
  readonly rows: readonly Row[];
  /** Where it ends; undefined where nothing follows. */
  readonly end: PagePosition | undefined;
}

export interface ListStatement {
  readonly condition?: string | undefined;
  readonly orderBy?: string | undefined;
  readonly limit: number;
  readonly parameters?: readonly SqlValue[] | undefined;
}

/** The rows of a listing, as their pages arrive. Ending the iteration ends the paging. */
export function listedRows(
  { table, condition, opened, options }: Listing,
  statement: ListStatement,
): AsyncIterable<Row> {
  const conditions = [condition, statement.condition].filter((part) => part !== undefined);
  const sql = [
    `SELECT * FROM ${tableSql(table)}`,
    ...(conditions.length === 0 ? [] : [`WHERE ${conditions.join(" AND ")}`]),
    ...(statement.orderBy === undefined ? [] : [`ORDER BY ${statement.orderBy}`]),
    `LIMIT ${statement.limit}`,
  ].join(" ");
  return opened.connection.stream(sql, statement.parameters, options);
}

/** A digest of what tells a row apart from the others of its table. */
export function rowDigest(table: Table): (row: Row) => string {
  const columns = identityColumns(table).map(({ name }) => name);
  return (row) => digest(JSON.stringify(columns.length === 0 ? row : columns.map((name) => row[name])));
}

import type { Column, Table } from "../catalog/catalog.js";
import type { Row, SqlValue } from "../driver/api.js";
import type { OpenedConnection } from "../driver/open-connection.js";
import type { CallOptions } from "./connector.js";
import { tableSql } from "./entity-table.js";
import type { PagePosition } from "./page-token.js";
import { digestOf } from "./page-token.js";

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
export function listedRows(listing: Listing, statement: ListStatement): AsyncIterable<Row> {
  const { opened, options } = listing;
  return opened.connection.stream(listingSql(listing, statement), statement.parameters, options);
}

/** All of them at once. */
export async function allListedRows(listing: Listing, statement: ListStatement): Promise<readonly Row[]> {
  const { opened, options } = listing;
  return (await opened.connection.query(listingSql(listing, statement), statement.parameters, options)).rows;
}

function listingSql(listing: Listing, statement: ListStatement): string {
  const { table, condition } = listing;
  const conditions = [condition, statement.condition].filter((part) => part !== undefined);
  return [
    `SELECT ${listedColumns(listing)} FROM ${tableSql(table)}`,
    ...(conditions.length === 0 ? [] : [`WHERE ${conditions.join(" AND ")}`]),
    ...(statement.orderBy === undefined ? [] : [`ORDER BY ${statement.orderBy}`]),
    `LIMIT ${statement.limit}`,
  ].join(" ");
}

/** The Connect account that a row is from. No column of Stripe's has a space in its name. */
const accountOfRow = "account of row";

/** Ids may be alike in several accounts: where the filter names accounts, each row tells its own. */
export function listedColumns(listing: Listing): string {
  return isOverAccounts(listing) ? `*, "AccountId" AS "${accountOfRow}"` : "*";
}

/** A filter clause's condition has the names of the catalog, quoted. */
export function isOverAccounts({ condition }: Listing): boolean {
  return condition?.includes('"AccountId"') ?? false;
}

/** Columns that no two rows of a listing are alike in. */
export function rowIdentity(listing: Listing): readonly Pick<Column, "name" | "type">[] {
  const account = isOverAccounts(listing) ? [{ name: accountOfRow, type: "VARCHAR" } as const] : [];
  const { identity, columns } = listing.table;
  return [...identity.flatMap((name) => columns.find((column) => column.name === name) ?? []), ...account];
}

/** A digest of what tells a row apart from the others of its listing. */
export function rowDigest(listing: Listing): (row: Row) => string {
  const names = rowIdentity(listing).map(({ name }) => name);
  return (row) => digestOf(JSON.stringify(names.map((name) => row[name])));
}

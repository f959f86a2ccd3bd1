import type { Table } from "../catalog/catalog.js";
import type { OpenedConnection } from "../driver/open-connection.js";
import { filterCondition } from "../plan/filter/filter-condition.js";
import type { CallOptions, ListEntitiesOutput } from "./connector.js";
import { connectorStatement } from "./connector-statement.js";
import { namedFields } from "./entity-fields.js";
import { entityTable, requireOperation, tableSql } from "./entity-table.js";
import type { CheckedListInput } from "./input-schemas.js";
import type { Listing, Page } from "./listing.js";
import { isNewestFirst, newestFirstPage } from "./newest-first-page.js";
import type { PagePosition } from "./page-token.js";
import { decodePageToken, encodePageToken } from "./page-token.js";
import type { SortKey } from "./sort-order.js";
import { parseSortColumns } from "./sort-order.js";
import { sortedPage } from "./sorted-page.js";
import { stripeOrderPage } from "./stripe-order-page.js";

/** One page of an entity's rows. */
export async function listEntities(
  input: CheckedListInput,
  opened: OpenedConnection,
  options: CallOptions,
): Promise<ListEntitiesOutput> {
  const { filterClause, listEntitiesPageSize: pageSize, listEntitiesPageToken: token } = input;
  const table = entityTable(input.entity, opened.catalog);
  requireOperation(table, "LIST");
  const sort = parseSortColumns(input.listEntitiesSortByColumns, table);
  const request = [tableSql(table), filterClause, sort.map(({ column, descending }) => [column.name, descending])];
  const position = token === undefined ? undefined : decodePageToken(token, request);
  const condition = filterClause.trim() === "" ? undefined : filterCondition(filterClause, table);
  const listing = { table, condition, pageSize, opened, options };
  const page = await connectorStatement(() => pageOf(listing, sort, position));
  return {
    // Without what a listing selects for itself.
    connectorOutputPayload: page.rows.map(namedFields(visibleNames(table))),
    listEntitiesNextPageToken: page.end === undefined ? null : encodePageToken(page.end, request),
  };
}

const visibleNames = ({ columns }: Table): readonly string[] =>
  columns.filter(({ hidden }) => !hidden).map(({ name }) => name);

/** A position is always of the kind that the same request's page before gave. */
function pageOf(listing: Listing, sort: readonly SortKey[], at: PagePosition | undefined): Promise<Page> {
  const { table } = listing;
  if (isNewestFirst(table) && (sort.length === 0 || isByCreation(sort))) {
    return newestFirstPage(listing, at?.kind === "newest-first" ? at : undefined);
  }
  if (sort.length === 0) return stripeOrderPage(listing, at?.kind === "stripe-order" ? at : undefined);
  return sortedPage(listing, sort, at?.kind === "sorted" ? at : undefined);
}

function isByCreation([key, ...others]: readonly SortKey[]): boolean {
  return others.length === 0 && key?.column.name === "Created" && key.descending;
}

/** The order of a page without sort columns, as a sort column; empty where Stripe promises none. */
export function defaultSortBy(table: Table): string {
  return isNewestFirst(table) ? "Created DESC" : "";
}

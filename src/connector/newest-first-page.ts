import type { Table } from "../catalog/catalog.js";
import type { Row } from "../driver/api.js";
import type { Listing, Page } from "./listing.js";
import { listedRows, rowDigest } from "./listing.js";
import type { PagePosition } from "./page-token.js";

export type NewestFirstPosition = Extract<PagePosition, { kind: "newest-first" }>;

/** True where Stripe lists the newest first, all in one list. */
export function isNewestFirst({ lists, columns }: Table): boolean {
  const [list] = lists;
  const isOneList = list?.partitions === undefined;
  return isOneList && list?.order === "created-descending" && columns.some(({ name }) => name === "Created");
}

/**
 * A page of the rows by their creation, newest first. The next page is of those up to the last row's moment, less those
 * of that moment that were given already: rows that are added meanwhile are newer, and whatever is deleted takes no
 * other row with it.
 */
export async function newestFirstPage(listing: Listing, at: NewestFirstPosition | undefined): Promise<Page> {
  const found = await rowsUpTo(listing, at);
  const rows = found.slice(0, listing.pageSize);
  return { rows, end: found.length > listing.pageSize ? endOf(rows, listing, at) : undefined };
}

function endOf(
  rows: readonly Row[],
  { table }: Listing,
  before: NewestFirstPosition | undefined,
): NewestFirstPosition | undefined {
  const created = rows.at(-1)?.["Created"];
  if (!(created instanceof Date)) return undefined;
  const moment = created.toISOString();
  const given = rows.filter(({ Created }) => Created instanceof Date && Created.getTime() === created.getTime());
  const earlier = before?.created === moment ? before.given : [];
  return { kind: "newest-first", created: moment, given: [...earlier, ...given.map(rowDigest(table))] };
}

/** One row more than the page has, where there is one. */
async function rowsUpTo(listing: Listing, at: NewestFirstPosition | undefined): Promise<readonly Row[]> {
  const wanted = listing.pageSize + 1;
  const given = new Set(at?.given);
  const digestOf = rowDigest(listing.table);
  // As many as it takes where no row was added at that very moment; Stripe's pages end there too.
  for (let limit = wanted + given.size; ; limit *= 4) {
    const rows: Row[] = [];
    let count = 0;
    for await (const row of listedRows(listing, { ...upTo(at), orderBy: '"Created" DESC', limit })) {
      count += 1;
      if (!given.has(digestOf(row))) rows.push(row);
    }
    if (rows.length >= wanted || count < limit) return rows.slice(0, wanted);
  }
}

function upTo(at: NewestFirstPosition | undefined) {
  return at === undefined ? {} : { condition: '"Created" <= $1', parameters: [new Date(at.created)] };
}

import type { Table } from "../catalog/catalog.js";
import type { Row } from "../driver/api.js";
import { SqlState } from "../error/sql-state.js";
import { StripeSqlError } from "../error/stripe-sql-error.js";
import type { Listing, Page } from "./listing.js";
import { allListedRows, rowDigest } from "./listing.js";
import type { PagePosition } from "./page-token.js";
import { maximumDigests } from "./page-token.js";

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

function endOf(rows: readonly Row[], listing: Listing, before: NewestFirstPosition | undefined): NewestFirstPosition {
  const created = creationOf(rows.at(-1));
  const ofMoment = rows.filter((row) => creationOf(row) === created).map(rowDigest(listing));
  const given = [...(before?.created === created ? before.given : []), ...ofMoment];
  if (given.length > maximumDigests) throw tooManyAtOnce(created);
  return { kind: "newest-first", created, given };
}

function creationOf(row: Row | undefined): string {
  const created = row?.["Created"];
  if (created instanceof Date) return created.toISOString();
  throw new StripeSqlError("Stripe answered a row without its creation", {
    sqlState: SqlState.upstreamError,
    phase: "execute",
    hint: "The next page begins after it. Sort by another column.",
  });
}

function tooManyAtOnce(created: string): StripeSqlError {
  return new StripeSqlError(`more than ${maximumDigests} rows are of one moment`, {
    sqlState: SqlState.programLimitExceeded,
    phase: "execute",
    detail: `They were all created at ${created}: no page token can tell which of them were given.`,
    hint: "Sort by Created DESC and Id.",
  });
}

/** One row more than the page has, where there is one. */
async function rowsUpTo(listing: Listing, at: NewestFirstPosition | undefined): Promise<readonly Row[]> {
  const wanted = listing.pageSize + 1;
  const given = new Set(at?.given);
  const digestOf = rowDigest(listing);
  // As many as it takes where no row was added at that very moment; Stripe's pages end there too.
  for (let limit = wanted + given.size; ; limit *= 4) {
    const found = await allListedRows(listing, { ...upTo(at), orderBy: '"Created" DESC', limit });
    const rows = given.size === 0 ? found : found.filter((row) => !given.has(digestOf(row)));
    if (rows.length >= wanted || found.length < limit) return rows.slice(0, wanted);
  }
}

function upTo(at: NewestFirstPosition | undefined) {
  return at === undefined ? {} : { condition: '"Created" <= $1', parameters: [new Date(at.created)] };
}

import type { Row } from "../driver/api.js";
import type { Listing, Page } from "./listing.js";
import { listedRows, rowDigest } from "./listing.js";
import type { PagePosition } from "./page-token.js";

export type StripeOrderPosition = Extract<PagePosition, { kind: "stripe-order" }>;

/**
 * A page in the order in which Stripe lists, whatever that is. The rows before it are read again and passed over:
 * it begins after whichever row of the page before is still there, so that rows that were added meanwhile come before
 * it and one that was deleted takes no other with it.
 */
export async function stripeOrderPage(listing: Listing, at: StripeOrderPosition | undefined): Promise<Page> {
  const found = await rowsFollowing(listing, at);
  const rows = found.slice(0, listing.pageSize);
  if (found.length <= listing.pageSize) return { rows, end: undefined };
  const count = (at?.count ?? 0) + rows.length;
  return { rows, end: { kind: "stripe-order", rows: rows.map(rowDigest(listing.table)), count } };
}

/** One row more than the page has, where there is one. */
async function rowsFollowing(listing: Listing, at: StripeOrderPosition | undefined): Promise<readonly Row[]> {
  const wanted = listing.pageSize + 1;
  // As many as it takes where nothing was added meanwhile; Stripe's pages end there too.
  for (let limit = wanted + (at?.count ?? 0); ; limit *= 4) {
    const { rows, isComplete } = await readFollowing(listing, at, limit);
    if (isComplete) return rows;
  }
}

async function readFollowing(
  listing: Listing,
  at: StripeOrderPosition | undefined,
  limit: number,
): Promise<{ readonly rows: readonly Row[]; readonly isComplete: boolean }> {
  const wanted = listing.pageSize + 1;
  const given = new Set(at?.rows);
  const digestOf = rowDigest(listing.table);
  const last = at?.rows.at(-1);
  let isPastLast = at === undefined;
  let rows: Row[] = [];
  let count = 0;
  for await (const row of listedRows(listing, { limit })) {
    count += 1;
    const digest = isPastLast ? undefined : digestOf(row);
    isPastLast ||= digest === last;
    // What came before a row of the page before was given, or was added since.
    if (digest !== undefined && given.has(digest)) rows = [];
    else if (rows.length < wanted) rows.push(row);
    if (isPastLast && rows.length >= wanted) return { rows, isComplete: true };
  }
  // Where the last row is gone, only the end tells that none of the others follows.
  return { rows, isComplete: count < limit || (isPastLast && rows.length >= wanted) };
}

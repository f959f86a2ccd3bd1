import type { Row } from "../driver/api.js";
import { SqlState } from "../error/sql-state.js";
import { StripeSqlError } from "../error/stripe-sql-error.js";
import type { Listing, Page } from "./listing.js";
import { listedRows, rowDigest } from "./listing.js";
import type { PagePosition } from "./page-token.js";
import { maximumDigests } from "./page-token.js";

export type StripeOrderPosition = Extract<PagePosition, { kind: "stripe-order" }>;

/**
 * A page in the order in which Stripe lists, whatever that is: the first rows that were not given yet. The rows
 * before them are read again and passed over, so that rows that were added or deleted meanwhile move no other.
 */
export async function stripeOrderPage(listing: Listing, at: StripeOrderPosition | undefined): Promise<Page> {
  const found = await rowsFollowing(listing, at);
  const rows = found.slice(0, listing.pageSize);
  if (found.length <= listing.pageSize) return { rows, end: undefined };
  const given = [...(at?.given ?? []), ...rows.map(rowDigest(listing))];
  return { rows, end: { kind: "stripe-order", count: (at?.count ?? 0) + rows.length, given: firstAndLast(given) } };
}

/** Digests of the first rows that a long listing gave: they tell whether all that it gave is gone. */
const firstDigests = maximumDigests / 4;

function firstAndLast(given: readonly string[]): readonly string[] {
  if (given.length <= maximumDigests) return given;
  return [...given.slice(0, firstDigests), ...given.slice(firstDigests - maximumDigests)];
}

/** One row more than the page has, where there is one. */
async function rowsFollowing(listing: Listing, at: StripeOrderPosition | undefined): Promise<readonly Row[]> {
  const wanted = listing.pageSize + 1;
  // As many as it takes where nothing was added meanwhile; Stripe's pages end there too.
  for (let limit = wanted + (at?.count ?? 0); ; limit *= 4) {
    const rows = await readFollowing(listing, at, limit);
    if (rows !== undefined) return rows;
  }
}

/** Undefined where more than `limit` rows have to be read. */
async function readFollowing(
  listing: Listing,
  at: StripeOrderPosition | undefined,
  limit: number,
): Promise<readonly Row[] | undefined> {
  const wanted = listing.pageSize + 1;
  const search = new Following(at, wanted);
  const digestOf = rowDigest(listing);
  let count = 0;
  for await (const row of listedRows(listing, { limit })) {
    count += 1;
    search.take(row, digestOf);
    if (search.isFound) return search.rows;
  }
  if (count === limit) return undefined;
  search.end();
  return search.rows;
}

/** Finds the rows that follow a position in a listing that is read from its start. */
class Following {
  rows: Row[] = [];
  readonly #wanted: number;
  readonly #places: ReadonlyMap<string, number>;
  /** False where some of the rows that were given are not known any more: those before a known one. */
  readonly #knowsAll: boolean;
  #latest = -1;

  constructor(at: StripeOrderPosition | undefined, wanted: number) {
    const given = at?.given ?? [];
    this.#places = new Map(given.map((digest, place) => [digest, place]));
    this.#knowsAll = given.length === (at?.count ?? 0);
    this.#wanted = wanted;
  }

  take(row: Row, digestOf: (row: Row) => string): void {
    const place = this.#places.get(digestOf(row));
    if (place === undefined) {
      if (this.rows.length < this.#wanted) this.rows.push(row);
      return;
    }
    this.#latest = place;
    if (!this.#knowsAll) this.rows = [];
  }

  get isFound(): boolean {
    const isPastAll = this.#knowsAll || this.#latest === this.#places.size - 1;
    return isPastAll && this.rows.length >= this.#wanted;
  }

  /** Only at the end is it known that none of the last rows is left. Then either all are gone, or the place is lost. */
  end(): void {
    if (this.#knowsAll || this.#latest === -1 || this.#latest >= firstDigests) return;
    throw new StripeSqlError("the rows that the page token stands for are gone", {
      sqlState: SqlState.invalidParameterValue,
      phase: "execute",
      detail: `The last ${this.#places.size - firstDigests} rows that were given have been deleted, but not the first.`,
      hint: "List from the start, or sort by Id.",
    });
  }
}

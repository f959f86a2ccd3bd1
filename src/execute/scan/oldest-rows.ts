import { unbounded } from "../../plan/predicate/domain.js";
import { withParameter } from "../../plan/scan/request-template.js";
import type { ListAccess, SentFilter } from "../../plan/scan/scan.js";
import type { Json, JsonObject } from "../../value/json.js";
import { isJsonObject } from "../../value/json.js";
import type { RowBatch } from "./row-batch.js";
import { momentOf } from "./row-check.js";

/** A list whose other end is wanted. */
export interface OldestOf {
  readonly access: ListAccess;
  /** Rows wanted; those of the last one's time come along. */
  readonly rows: number;
  /** True where the newest are wanted as well. */
  readonly withNewest: boolean;
  /** Seconds by which about half a page of its rows was, as far as is known. */
  readonly oldestBy?: number | undefined;
  /** Told by which second so many of the oldest rows were, and that there are no others. */
  readonly found: (rows: number, bySeconds: number) => void;
  /** The first page of a list, or all of it. */
  readonly read: (access: ListAccess, limit: number | undefined) => AsyncIterable<RowBatch>;
}

/** Stripe was opened in September 2011: nothing is older. */
const earliestSeconds = 1_314_835_200;

/**
 * The oldest rows of a list that gives the newest first: the time in which they may be is halved until what is left of it
 * is less than a page. A page that is not full has all rows of its time. Where it is known by when so many were, those
 * of before are asked for first: of a page that is not full, and has as many as are wanted, there are no older ones.
 */
export async function* oldestRows(of: OldestOf): AsyncGenerator<RowBatch> {
  const { oldestBy, rows, withNewest } = of;
  const times = timesOf(of.access);
  const known =
    oldestBy === undefined
      ? undefined
      : await pageOf(of, { ...times, maximum: Math.min(oldestBy, times.maximum ?? oldestBy) });
  const isFound = known?.isFull === false && rowsIn(known.batches) >= rows;
  if (known !== undefined && isFound) {
    if (withNewest) yield* (await pageOf(of, { minimum: (oldestBy ?? 0) + 1, maximum: times.maximum })).batches;
    yield* known.batches;
    return;
  }
  const first = await pageOf(of, times);
  if (withNewest || !first.isFull) yield* first.batches;
  if (!first.isFull) return;
  const search = new OldestSearch(of, first);
  let found = 0;
  while (found < of.rows && !search.isOver) {
    for await (const batch of await search.halve()) {
      found += batch.objects.length;
      yield batch;
    }
  }
  of.found(found, search.knownBy);
}

const rowsIn = (batches: readonly RowBatch[]): number => batches.reduce((sum, { objects }) => sum + objects.length, 0);

/** Where the oldest rows may be. */
class OldestSearch {
  readonly #of: OldestOf;
  readonly #newest: number;
  /** All rows of before are known. */
  #since: number;
  /** Rows are known to be not much later. */
  #until: number;

  constructor(of: OldestOf, first: FirstPage) {
    this.#of = of;
    this.#since = timesOf(of.access).minimum ?? earliestSeconds;
    this.#newest = first.newest ?? this.#since;
    this.#until = first.oldest ?? this.#newest;
  }

  /** All rows of until then have been given. */
  get knownBy(): number {
    return this.#since - 1;
  }

  get isOver(): boolean {
    return this.#since > this.#newest;
  }

  /** The rows of the earlier half, where they are no more than a page; none where they are more. */
  async halve(): Promise<Iterable<RowBatch> | AsyncIterable<RowBatch>> {
    if (this.#until < this.#since) this.#until = this.#newest;
    const middle = this.#since + Math.floor((this.#until - this.#since) / 2);
    const times = { minimum: this.#since, maximum: middle };
    const page = await pageOf(this.#of, times);
    if (page.isFull && this.#since < middle) {
      this.#until = Math.min(page.oldest ?? middle, middle - 1);
      return [];
    }
    this.#since = middle + 1;
    // A second that fills a page cannot be halved.
    return page.isFull ? this.#of.read(within(this.#of.access, times), undefined) : page.batches;
  }
}

interface Times {
  readonly minimum: number | undefined;
  readonly maximum: number | undefined;
}

interface FirstPage {
  readonly batches: readonly RowBatch[];
  readonly isFull: boolean;
  readonly newest: number | undefined;
  readonly oldest: number | undefined;
}

async function pageOf({ access, read }: OldestOf, times: Times): Promise<FirstPage> {
  const batches: RowBatch[] = [];
  for await (const batch of read(within(access, times), access.maximumPageSize)) batches.push(batch);
  const objects = batches.flatMap((batch) => batch.objects);
  const moments = objects.flatMap((object) => momentOf(object["created"]) ?? []);
  return {
    batches,
    isFull: objects.length >= access.maximumPageSize,
    newest: moments.length === 0 ? undefined : Math.max(...moments),
    oldest: moments.length === 0 ? undefined : Math.min(...moments),
  };
}

/** The list within these times, its rows to be checked for them. */
function within(access: ListAccess, { minimum, maximum }: Times): ListAccess {
  if (minimum === undefined && maximum === undefined) return access;
  const created = {
    ...(minimum === undefined ? {} : { gte: minimum }),
    ...(maximum === undefined ? {} : { lte: maximum }),
  };
  const sent: SentFilter = {
    parameter: "created",
    column: "Created",
    optional: true,
    unknownValues: [],
    valueCount: undefined,
    expected: { path: ["created"], domain: { ...unbounded, minimum, maximum }, exact: true },
  };
  return {
    ...access,
    parameters: withParameter(access.parameters, "created", created),
    filters: [...access.filters, sent],
  };
}

/** The times that the list is asked for already. */
function timesOf({ parameters }: ListAccess): Times {
  const created: Json | undefined = parameters["created"];
  const range: JsonObject = isJsonObject(created) ? created : {};
  return { minimum: numberAt(range, "gte"), maximum: numberAt(range, "lte") };
}

function numberAt(range: JsonObject, key: string): number | undefined {
  const value = range[key];
  return typeof value === "number" ? value : undefined;
}

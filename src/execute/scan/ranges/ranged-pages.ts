import { setMaxListeners } from "node:events";
import { parallelWidth } from "../../../plan/cost/parallel-width.js";
import type { TimeRange } from "../../../plan/scan/created-ranges.js";
import { createdField, withinRange } from "../../../plan/scan/created-ranges.js";
import { isRefusedParameter } from "../../../stripe/is-missing-object.js";
import { followAbort } from "../../../stripe/linked-abort.js";
import type { ListCall } from "../../../stripe/list-call.js";
import { malformedPage } from "../../../stripe/malformed-page.js";
import type { Page } from "../../../stripe/pager.js";
import { fetchPage, listPages } from "../../../stripe/pager.js";
import { scopeWithSignal } from "../../../stripe/request-scope.js";
import type { Json, JsonObject } from "../../../value/json.js";
import type { StatementContext } from "../../statement-context.js";
import type { KnownCuts, ListRange } from "./list-ranges.js";
import { ListRanges } from "./list-ranges.js";

export interface RangedList {
  readonly call: ListCall;
  /** The times that the list is of. */
  readonly whole: TimeRange;
  /** Where to cut it, as far as it was seen before, for so many requests at a time. */
  readonly known: (width: number) => KnownCuts | undefined;
  /** Pages that it had when it was seen; undefined where it never was. */
  readonly pagesSeen: number | undefined;
  /** Told where Stripe does not answer for ranges as it is documented; what it throws ends the reading. */
  readonly onBroken: (reason: BrokenRange["reason"]) => void;
}

/**
 * Pages that are asked for or held until they are taken, for each request at a time. As many again may be of what is to be
 * taken before those: rows that turn out to be dense are read side by side too.
 */
const pagesAheadEach = 8;
const mostPagesAhead = 80;

/**
 * The pages of a list in its own order, newest first, as `listPages` gives them, but of several ranges of creation times
 * side by side. Each page is a request. What has been given is at any time the beginning of the list: where an answer
 * shows that its ranges cannot be relied on, the list is read on from there, page by page. Ending the iteration ends
 * the requests under way.
 */
export async function* rangedPages(list: RangedList, context: StatementContext): AsyncGenerator<Page> {
  const { call } = list;
  const reader = new RangesReader(list, context);
  const given: string[] = [];
  try {
    for (let page = await reader.page(); page !== undefined; page = await reader.page()) {
      const last = idOf(page.rows.at(-1));
      if (last !== undefined) given.push(last);
      yield page;
    }
    return;
  } catch (error) {
    if (!(error instanceof BrokenRange)) throw error;
    list.onBroken(error.reason);
  } finally {
    await reader.stop();
  }
  const last = given.at(-1);
  const after = last === undefined ? {} : { starting_after: last };
  yield* listPages(context.client, { ...call, parameters: { ...call.parameters, ...after } }, context.scope, given);
}

/** Stripe answered for a range with rows of other times, or refused it. */
class BrokenRange extends Error {
  readonly reason: "contradicted" | "refused";

  constructor(reason: BrokenRange["reason"]) {
    super(`the ranges of a list were ${reason}`);
    this.reason = reason;
  }
}

/** What has come of a range and was not taken yet, and where it goes on. */
interface RangePages {
  readonly pages: Page[];
  after: string | undefined;
}

class RangesReader {
  readonly #list: RangedList;
  readonly #context: StatementContext;
  readonly #stopping = new AbortController();
  readonly #unlink: () => void;
  readonly #scope: StatementContext["scope"];
  readonly #held = new Map<ListRange, RangePages>();
  readonly #underWay = new Set<Promise<void>>();
  readonly #cursors = new Set<string>();
  readonly #ranges: ListRanges;
  #isCutByKnown = false;
  #heldPages = 0;
  #failure: { readonly error: unknown } | undefined;
  #tellChange: () => void = () => undefined;

  constructor(list: RangedList, context: StatementContext) {
    this.#list = list;
    this.#context = context;
    this.#ranges = new ListRanges(list.whole);
    this.#unlink = followAbort(this.#stopping, context.scope.signal);
    // Each request under way listens.
    setMaxListeners(0, this.#stopping.signal);
    this.#scope = scopeWithSignal(context.scope, this.#stopping.signal);
  }

  /** The next page of the list; undefined at its end. */
  async page(): Promise<Page | undefined> {
    for (;;) {
      if (this.#failure !== undefined) throw this.#failure.error;
      const { first } = this.#ranges;
      if (first === undefined) return undefined;
      const page = this.#held.get(first)?.pages.shift();
      if (page !== undefined) this.#heldPages -= 1;
      else if (first.hasEnded) this.#drop(first);
      this.#ask();
      if (page !== undefined) return page;
      if (!first.hasEnded) await this.#change();
    }
  }

  /** Gives up what is under way, and settles once nothing is. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#unlink();
    await Promise.all(this.#underWay);
  }

  /** Within a budget that may be too small for pages that are not full, the list is read as it comes. */
  get #width(): number {
    const { maxRequests, count } = this.#scope;
    const { pagesSeen = Number.POSITIVE_INFINITY } = this.#list;
    if (maxRequests !== undefined && maxRequests - count < 2 * pagesSeen + 2) return 1;
    return parallelWidth(this.#context.pace());
  }

  /** Asks for as many pages as may be under way, as long as those that are held are taken. */
  #ask(): void {
    const width = this.#width;
    if (width > 1) this.#cutByKnown(width);
    while (this.#failure === undefined && !this.#stopping.signal.aborted) {
      const range = this.#nextRange(width);
      if (range === undefined) return;
      const asked = this.#read(range).finally(() => {
        this.#underWay.delete(asked);
        this.#ask();
        this.#tellChange();
      });
      this.#underWay.add(asked);
    }
  }

  #cutByKnown(width: number): void {
    if (this.#isCutByKnown) return;
    this.#isCutByKnown = true;
    const known = this.#list.known(width);
    if (known !== undefined) this.#ranges.cutAt(known);
  }

  #nextRange(width: number): ListRange | undefined {
    const { pagesAhead = mostPagesAhead } = this.#context.pace();
    const mostAhead = width === 1 ? 1 : Math.min(mostPagesAhead, width * pagesAheadEach, pagesAhead);
    const ahead = this.#heldPages + this.#underWay.size;
    if (ahead >= (width === 1 ? 1 : 2 * mostAhead) && !this.#isWaiting) return undefined;
    return this.#ranges.next(width, ahead < mostAhead ? "all" : "next");
  }

  /** Whether nothing can be given before the next page of the first range. */
  get #isWaiting(): boolean {
    const { first } = this.#ranges;
    return first !== undefined && !first.hasEnded && !first.isAsked && this.#pagesOf(first).pages.length === 0;
  }

  async #read(range: ListRange): Promise<void> {
    try {
      await this.#readPage(range);
    } catch (error) {
      this.#failure ??= { error };
      this.#stopping.abort();
    }
  }

  async #readPage(range: ListRange): Promise<void> {
    const { call, whole } = this.#list;
    const held = this.#pagesOf(range);
    const asked: TimeRange = { since: range.since, before: range.before };
    const after = held.after === undefined ? {} : { starting_after: held.after };
    const parameters = { ...withinRange(call.parameters, asked), ...after };
    const isCut = asked.since !== whole.since || asked.before !== whole.before;
    const place = { parameters, rows: call.pageSize };
    const page = await fetchPage(this.#context.client, call, place, this.#scope).catch((error: unknown) => {
      throw isCut && isRefusedParameter(error, createdField) ? new BrokenRange("refused") : error;
    });
    if (page.next !== undefined) this.#requireNew(`${page.next.cursor} ${asked.since} ${asked.before}`);
    const isCutMeanwhile = range.since !== asked.since;
    if ((isCut || isCutMeanwhile) && !page.rows.every(({ created }) => isWithin(created, asked)))
      throw new BrokenRange("contradicted");
    // Where it was cut while the page was under way, older rows are the next range's.
    const rows = isCutMeanwhile ? page.rows.filter(({ created }) => isWithin(created, range)) : page.rows;
    held.after = idOf(rows.at(-1)) ?? held.after;
    const seconds = rows.flatMap(({ created }) => (typeof created === "number" ? [created] : []));
    this.#ranges.came(
      range,
      {
        rows: rows.length,
        newest: seconds.length === 0 ? undefined : Math.max(...seconds),
        oldest: seconds.length === 0 ? undefined : Math.min(...seconds),
        hasMore: page.next !== undefined,
      },
      seconds.length === rows.length && seconds.every((time, index) => time <= (seconds[index - 1] ?? time)),
    );
    held.pages.push({ rows });
    this.#heldPages += 1;
  }

  #requireNew(cursor: string): void {
    if (this.#cursors.has(cursor)) throw malformedPage(this.#list.call, "The same cursor came twice.");
    this.#cursors.add(cursor);
  }

  #pagesOf(range: ListRange): RangePages {
    const known = this.#held.get(range);
    if (known !== undefined) return known;
    const held: RangePages = { pages: [], after: undefined };
    this.#held.set(range, held);
    return held;
  }

  #drop(range: ListRange): void {
    this.#held.delete(range);
    this.#ranges.drop();
  }

  #change(): Promise<void> {
    return new Promise((resolve) => {
      this.#tellChange = resolve;
    });
  }
}

function isWithin(time: Json | undefined, { since, before }: TimeRange): boolean {
  return typeof time === "number" && (since === undefined || time >= since) && (before === undefined || time < before);
}

const idOf = (row: JsonObject | undefined): string | undefined =>
  typeof row?.["id"] === "string" ? row["id"] : undefined;

import type { TimeRange } from "../../../plan/scan/created-ranges.js";

/** A page of a range, as far as cutting asks: how many rows, of which seconds, and whether others follow. */
export interface PageFacts {
  readonly rows: number;
  readonly newest: number | undefined;
  readonly oldest: number | undefined;
  readonly hasMore: boolean;
}

/** Rows of a full page. */
const pageRows = 100;

/**
 * Pages of a range. A range's last page is half full in the mean, so that these cost a twentieth more than one list would;
 * and each range but the first one holds as many at most until its turn comes.
 */
const pagesEach = 10;

/** Less than this is not cut once more. */
const fewestPages = 3;

/** Of so many full pages, one that is not is the price of reading side by side. */
const wastedOf = 5;

/** Pages that are read before it is known that the list is worth cutting. */
const firstPages = 3;

/** Ranges at a time of which it is not known that they hold anything. */
const mostGuesses = 2;

/** Stripe was opened in September 2011: nothing is older. */
const earliestSeconds = 1_314_835_200;

/** A part of a list, whose pages follow one another. */
export class ListRange {
  readonly before: number | undefined;
  #since: number | undefined;
  /** No row is thought to be older. */
  readonly #earliest: number;
  /** By the pages that have come; before them, those of the range that it was cut off. */
  secondsPerRow: number | undefined;
  /** Of the oldest row that has come. */
  reached: number | undefined;
  pages = 0;
  rows = 0;
  isAsked = false;
  hasEnded = false;

  constructor(
    { since, before }: TimeRange,
    {
      earliest = earliestSeconds,
      secondsPerRow,
    }: { readonly earliest?: number; readonly secondsPerRow?: number | undefined } = {},
  ) {
    this.#since = since;
    this.before = before;
    this.#earliest = earliest;
    this.secondsPerRow = secondsPerRow;
  }

  get since(): number | undefined {
    return this.#since;
  }

  /** Where what has not come yet begins; undefined where that is not known. */
  get position(): number | undefined {
    return this.reached ?? this.before;
  }

  /** Pages that are still to come, as it looks; 0 where nothing can be told. */
  get pagesLeft(): number {
    const { position, secondsPerRow, since = this.#earliest } = this;
    if (position === undefined || secondsPerRow === undefined || position <= since) return 0;
    return (position - since) / (secondsPerRow * pageRows);
  }

  /** Leaves what is older than so many pages to a range of its own; undefined where there is no second to cut at. */
  cutAfter(pages: number): ListRange | undefined {
    const { position, secondsPerRow = 0 } = this;
    if (position === undefined) return undefined;
    // Of rows of one second there may be any number of pages.
    return this.cutAt(secondsPerRow === 0 ? position : Math.floor(position - pages * pageRows * secondsPerRow));
  }

  /** The same for what is older than a second, or than all that has come: more of the last row's second may follow. */
  cutAt(
    second: number,
    { earliest = this.#earliest, secondsPerRow = this.secondsPerRow }: Partial<Omit<KnownCuts, "at">> = {},
  ): ListRange | undefined {
    const middle = Math.min(second, this.reached ?? (this.before ?? Number.POSITIVE_INFINITY) - 1);
    if (middle <= (this.#since ?? earliest)) return undefined;
    const rest = new ListRange({ since: this.#since, before: middle }, { earliest, secondsPerRow });
    this.#since = middle;
    this.secondsPerRow ??= secondsPerRow;
    return rest;
  }

  came({ rows, newest, oldest, hasMore }: PageFacts): void {
    this.isAsked = false;
    this.pages += 1;
    this.rows += rows;
    this.hasEnded = !hasMore;
    if (newest === undefined || oldest === undefined || rows === 0) return;
    const seconds = Math.max(0, (this.reached ?? newest) - oldest) / rows;
    // Of the last pages, as rows may be denser from here on.
    this.secondsPerRow =
      this.pages === 1 || this.secondsPerRow === undefined ? seconds : (this.secondsPerRow + seconds) / 2;
    this.reached = Math.min(this.reached ?? oldest, oldest);
  }
}

/** Where a list is known to be cut well. */
export interface KnownCuts {
  /** Seconds, the latest first: a range begins with each, and ends before the one before it. */
  readonly at: readonly number[];
  readonly secondsPerRow: number;
  /** Of the oldest row. */
  readonly earliest: number;
}

/**
 * A list in ranges of its creation times, the newest first, which are cut as their pages tell how dense the rows are. Each
 * second of the list is in one range at any time, and a range is cut only where all that has come of it is newer: so no row
 * is lost or given twice, whatever the rows' times.
 *
 * What a guess costs is bounded: there are two ranges at a time of which nothing has come, and nothing is cut once pages
 * that are not full make up half of all.
 */
export class ListRanges {
  readonly #ranges: ListRange[];
  #isKnown = false;
  #pages = 0;
  #rows = 0;
  #isOrdered = true;

  constructor(whole: TimeRange) {
    this.#ranges = [new ListRange(whole)];
  }

  /** Cuts what has not come yet where the list is known to be cut well: it is then asked for at once. */
  cutAt({ at, ...known }: KnownCuts): void {
    for (const second of at) {
      const last = this.#ranges.at(-1);
      if (last === undefined || last.hasEnded || (last.reached !== undefined && second > last.reached)) continue;
      const rest = last.cutAt(second, known);
      if (rest === undefined) continue;
      this.#ranges.push(rest);
      this.#isKnown = true;
    }
  }

  /** The newest one whose rows have not all been taken; undefined at the end. */
  get first(): ListRange | undefined {
    return this.#ranges[0];
  }

  /** Told once all rows of the first one have been taken. */
  drop(): void {
    this.#ranges.shift();
  }

  get underWay(): number {
    return this.#ranges.filter(({ isAsked }) => isAsked).length;
  }

  /**
   * The range whose next page is to be asked for; undefined where that is to wait.
   *
   * @param width Ranges that may be asked for at a time.
   * @param reach "next": only what will be taken before any page that is held, "all": any.
   */
  next(width: number, reach: "next" | "all"): ListRange | undefined {
    if (this.underWay >= width) return undefined;
    const end = reach === "all" ? -1 : this.#ranges.findIndex(({ hasEnded }) => hasEnded);
    const reached = end === -1 ? this.#ranges : this.#ranges.slice(0, end);
    const waiting = reached.find((range) => !range.isAsked && !range.hasEnded && this.#mayBegin(range));
    const range = waiting ?? this.#cutOff(reached);
    if (range !== undefined) range.isAsked = true;
    return range;
  }

  /** @param isOrdered False where the page's rows were not newest first: what they tell of the next ones is nothing. */
  came(range: ListRange, facts: PageFacts, isOrdered: boolean): void {
    range.came(facts);
    this.#pages += 1;
    this.#rows += facts.rows;
    this.#isOrdered &&= isOrdered;
  }

  #mayBegin(range: ListRange): boolean {
    return range.pages > 0 || range === this.first || this.#isKnown || this.#mayGuess;
  }

  get #mayGuess(): boolean {
    return this.#guesses < Math.min(mostGuesses, this.#pages / firstPages);
  }

  /** Ranges that are asked for, of which nothing has come. */
  get #guesses(): number {
    return this.#ranges.filter(({ isAsked, pages }) => isAsked && pages === 0).length;
  }

  #cutOff(ranges: readonly ListRange[]): ListRange | undefined {
    if (!this.#isOrdered || this.#pages < firstPages || this.#isWasteful || !this.#mayGuess) return undefined;
    const known = ranges.filter((range, index) => !range.hasEnded && this.#mayBeCut(range, index));
    // The one that is needed first, so that what is read ahead of it stays small.
    const long = known.find((range) => range.pagesLeft > 1.5 * pagesEach);
    const rest = long?.cutAfter(pagesEach);
    if (long !== undefined && rest !== undefined) return this.#insert(rest, long);
    const [longest] = known.sort((one, other) => other.pagesLeft - one.pagesLeft);
    if (longest === undefined || longest.pagesLeft < fewestPages) return undefined;
    // The page that is under way takes the first of them.
    const half = longest.cutAfter((longest.pagesLeft + 1) / 2);
    return half && this.#insert(half, longest);
  }

  /** Of what nothing has come, at most a part beside rows that have: older ones there may be none. */
  #mayBeCut({ pages }: ListRange, index: number): boolean {
    return pages > 0 || (this.#ranges[index - 1]?.rows ?? 0) > 0;
  }

  #insert(rest: ListRange, after: ListRange): ListRange {
    this.#ranges.splice(this.#ranges.indexOf(after) + 1, 0, rest);
    return rest;
  }

  get #isWasteful(): boolean {
    const full = this.#rows / pageRows;
    const open = this.#ranges.filter(({ hasEnded }) => !hasEnded).length;
    return this.#pages - full + open / 2 > full / wastedOf;
  }
}

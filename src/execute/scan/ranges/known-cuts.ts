import type { TimeRange } from "../../../plan/scan/created-ranges.js";
import type { Spread } from "../../../value/spread.js";
import { rowsFrom } from "../../../value/spread.js";
import type { KnownCuts } from "./list-ranges.js";

const pageRows = 100;
/** Shorter lists are read as they come: cutting them would save a few answers' time. */
const fewestPages = 4;
/** See `list-ranges.ts`. */
const pagesEach = 10;
const fewestEach = 2;
/** So many rows of a page are left free, as a second of which some rows were seen may be that of a few more. */
const leftFree = 2;

/**
 * Where to cut a list whose times were seen: so that each range fills its pages, as far as the list is as it was. Towards
 * the end ranges become shorter, so that all of them end at about the same time. Undefined where it is not worth it.
 */
export function knownCuts(spread: Spread, { since, before }: TimeRange, width: number): KnownCuts | undefined {
  const above = before === undefined ? 0 : Math.round(rowsFrom(spread, before));
  const last = since === undefined ? (spread.ranks.at(-1) ?? 0) : Math.round(rowsFrom(spread, since));
  const rows = last - above;
  if (rows <= (fewestPages - 1) * pageRows) return undefined;
  const at: number[] = [];
  let taken = above;
  for (;;) {
    const pagesLeft = Math.ceil((last - taken) / pageRows);
    const pages = Math.min(pagesEach, Math.max(fewestEach, Math.ceil(pagesLeft / width)));
    const cut = pagesLeft <= fewestEach ? undefined : bestCut(spread, taken, pages);
    if (cut === undefined || cut.rank >= last) break;
    at.push(cut.value);
    taken = cut.rank;
  }
  const [newest = 0, oldest = 0] = [spread.values[0], spread.values.at(-1)];
  const earliest = Math.max(oldest, since ?? oldest);
  const seconds = Math.max(1, Math.min(newest, before ?? newest) - earliest);
  return at.length === 0 ? undefined : { at, secondsPerRow: seconds / rows, earliest };
}

interface Cut {
  readonly value: number;
  /** Rows that are of this second, or newer. */
  readonly rank: number;
}

/** The one that leaves the least of a page empty, of those after about so many pages. */
function bestCut({ values, ranks }: Spread, taken: number, pages: number): Cut | undefined {
  let best: (Cut & { readonly empty: number }) | undefined;
  for (let index = firstAbove(ranks, taken); index < ranks.length; index += 1) {
    const [rank = 0, value = 0] = [ranks[index], values[index]];
    if (rank - taken > pages * pageRows) break;
    // Of a second that goes on, the rank is not that of its last row.
    if (values[index + 1] === value) continue;
    const free = (pageRows - ((rank - taken) % pageRows)) % pageRows;
    const empty = free < leftFree ? pageRows : free;
    const isLong = rank - taken > (pages - fewestPages) * pageRows;
    if (best === undefined || (isLong && empty <= best.empty) || rank - best.rank > fewestPages * pageRows)
      best = { value, rank, empty };
  }
  return best;
}

/** Position of the first rank that is greater. */
function firstAbove(ranks: readonly number[], rank: number): number {
  let [low, high] = [0, ranks.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ranks[middle] ?? 0) <= rank) low = middle + 1;
    else high = middle;
  }
  return low;
}

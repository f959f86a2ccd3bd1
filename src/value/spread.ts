/** How the rows of a list are spread over a number that each of them holds, as its creation time. */
export interface Spread {
  /** Values of some of the rows, the greatest first. */
  readonly values: readonly number[];
  /** How many rows hold that value or a greater one: of the first value 1, of the last all rows that hold any. */
  readonly ranks: readonly number[];
}

/** Inclusive on both sides; undefined: without a bound. */
export interface ValueRange {
  readonly minimum: number | undefined;
  readonly maximum: number | undefined;
}

/** Rows that hold this value or a greater one. */
export function rowsFrom({ values, ranks }: Spread, value: number): number {
  const after = firstBelow(values, value);
  const [rank = 0, next] = [ranks[after - 1], ranks[after]];
  if (after === 0 || next === undefined) return rank;
  const [above = 0, below = 0] = [values[after - 1], values[after]];
  return rank + ((above - value) / (above - below)) * (next - rank - 1);
}

/** Rows within a range. */
export function rowsWithin(spread: Spread, { minimum, maximum }: ValueRange): number {
  const from = minimum === undefined ? (spread.ranks.at(-1) ?? 0) : rowsFrom(spread, minimum);
  return Math.max(0, from - (maximum === undefined ? 0 : rowsFrom(spread, maximum + 1)));
}

/** A value that about so many rows hold or a greater one; undefined where there are not as many. */
export function valueAtRank({ values, ranks }: Spread, rank: number): number | undefined {
  const after = ranks.findIndex((known) => known >= rank);
  const [next, value] = [ranks[after], values[after]];
  if (next === undefined || value === undefined) return undefined;
  const [before, above] = [ranks[after - 1] ?? 0, values[after - 1] ?? value];
  return Math.floor(above - ((above - value) * (rank - before)) / Math.max(1, next - before));
}

/** Position of the first value that is below this one. */
function firstBelow(values: readonly number[], value: number): number {
  let [low, high] = [0, values.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((values[middle] ?? 0) >= value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** So many values are kept between a list's ends: with 10,000 rows, every tenth to twentieth is. */
const mostValues = 1024;
/** So many of a list's last rows are kept one by one, as its other end is asked for by them. */
const lastRows = 100;
/** Which of them the spread tells. */
const lastRanks = [99, 74, 49, 24, 9];

/** Takes the values of a list's rows as they come, whatever their order, in memory that does not grow with the list. */
export class SpreadSampler {
  #kept: number[] = [];
  readonly #last: number[] = [];
  #every = 1;
  #count = 0;
  #falls = true;
  #previous = Number.POSITIVE_INFINITY;
  #greatest = Number.NEGATIVE_INFINITY;
  #least = Number.POSITIVE_INFINITY;

  add(value: number): void {
    if (this.#count % this.#every === 0) this.#keep(value);
    this.#last[this.#count % lastRows] = value;
    this.#count += 1;
    this.#falls &&= value <= this.#previous;
    this.#previous = value;
    if (value > this.#greatest) this.#greatest = value;
    if (value < this.#least) this.#least = value;
  }

  get count(): number {
    return this.#count;
  }

  #keep(value: number): void {
    this.#kept.push(value);
    if (this.#kept.length < mostValues) return;
    this.#kept = this.#kept.filter((_, index) => index % 2 === 0);
    this.#every *= 2;
  }

  /** What has come so far. */
  spread(): Spread {
    const total = this.#count;
    if (total === 0) return { values: [], ranks: [] };
    const points = [...this.#kept]
      .sort((one, other) => other - one)
      .map((value, index) => ({ value, rank: index * this.#every + 1 }))
      .filter(({ rank }) => rank > 1 && rank < total);
    const tail = this.#falls
      ? lastRanks.flatMap((before) => {
          const value = this.#last[(total - 1 - before) % lastRows];
          return before >= total - 1 || value === undefined ? [] : [{ value, rank: total - before }];
        })
      : [];
    const known = new Map([...points, ...tail].map((point) => [point.rank, point.value]));
    const ends = total === 1 ? [{ value: this.#greatest, rank: 1 }] : this.#ends(total);
    for (const { value, rank } of ends) known.set(rank, value);
    const ranked = [...known].sort(([one], [other]) => one - other);
    return { values: ranked.map(([, value]) => value), ranks: ranked.map(([rank]) => rank) };
  }

  #ends(total: number): readonly { readonly value: number; readonly rank: number }[] {
    return [
      { value: this.#greatest, rank: 1 },
      { value: this.#least, rank: total },
    ];
  }
}

/** So many hashes are kept: up to as many texts the count is exact, past that within about 2 %. */
const mostHashes = 4096;
const hashRange = 2 ** 32;

/**
 * How many different texts have come, in memory that does not grow with them: of their hashes the least are kept, and
 * how close those are together tells how many there are. None of the texts is.
 */
export class DistinctCount {
  #hashes = new Set<number>();
  #most = hashRange;
  /** Texts that have come, repeated ones too. */
  #count = 0;

  add(text: string): void {
    this.#count += 1;
    const hash = hashOf(text);
    if (hash >= this.#most) return;
    this.#hashes.add(hash);
    if (this.#hashes.size >= 2 * mostHashes) this.#forget();
  }

  /** Texts that have come, repeated ones too. */
  get count(): number {
    return this.#count;
  }

  get distinct(): number {
    return Math.min(this.#count, Math.round((this.#hashes.size * hashRange) / this.#most));
  }

  #forget(): void {
    const least = [...this.#hashes].sort((one, other) => one - other).slice(0, mostHashes + 1);
    this.#most = least.pop() ?? hashRange;
    this.#hashes = new Set(least);
  }
}

/** 32 bits, evenly spread: FNV-1a, and MurmurHash3's last step. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** Different texts among some of the rows, where all rows are known to hold so many: each as likely in any row. */
export function distinctAmong(rows: number, all: { readonly rows: number; readonly distinct: number }): number {
  if (rows >= all.rows) return (all.distinct * rows) / Math.max(1, all.rows);
  if (all.distinct >= all.rows) return rows;
  const choices = choicesOf(all);
  return Math.min(rows, all.distinct, choices * (1 - Math.exp(rows * Math.log1p(-1 / choices))));
}

/** Of how many texts each row takes one, so that all rows together have as many as they do: by halving. */
function choicesOf({ rows, distinct }: { readonly rows: number; readonly distinct: number }): number {
  let [low, high] = [Math.max(1.000001, distinct), 1000 * rows];
  for (let step = 0; step < 60 && high - low > 0.01; step += 1) {
    const middle = (low + high) / 2;
    if (middle * (1 - Math.exp(rows * Math.log1p(-1 / middle))) < distinct) low = middle;
    else high = middle;
  }
  return high;
}

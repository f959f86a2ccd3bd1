import type { Clock } from "../clock.js";
import type { BucketLimit, RateStore } from "./rate-store.js";

/**
 * Token buckets as the generic cell rate algorithm: a bucket is one number, the time at which it will be
 * full again, and a request takes its place in all of its buckets in one step. So requests go in the order they asked,
 * and nothing polls. Source: https://en.wikipedia.org/wiki/Generic_cell_rate_algorithm
 *
 * Our own because the libraries at hand refuse where we wait, or queue on one limit alone and cannot be cancelled.
 */
export class TokenBuckets implements RateStore {
  readonly #clock: Clock;
  readonly #fullAtMs = new Map<string, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async reserve(limits: readonly BucketLimit[]): Promise<number> {
    const now = this.#clock.now();
    this.#dropFullBuckets(now);
    const start = this.#startMs(limits, now);
    this.#take(limits, start);
    return start - now;
  }

  /** Takes a place where one is free now, and gives 0; else takes none, and gives the milliseconds until one will be. */
  tryTake(limits: readonly BucketLimit[]): number {
    const now = this.#clock.now();
    const waitMs = this.#startMs(limits, now) - now;
    if (waitMs === 0) this.#take(limits, now);
    return waitMs;
  }

  #startMs(limits: readonly BucketLimit[], now: number): number {
    return Math.max(now, ...limits.map((limit) => this.#opensAtMs(limit)));
  }

  #take(limits: readonly BucketLimit[], start: number): void {
    for (const limit of limits) {
      this.#fullAtMs.set(limit.name, Math.max(start, this.#fullAtMs.get(limit.name) ?? start) + intervalMs(limit));
    }
  }

  #opensAtMs(limit: BucketLimit): number {
    return (this.#fullAtMs.get(limit.name) ?? 0) - (limit.burst - 1) * intervalMs(limit);
  }

  /** Endpoints are many and most are asked once. */
  #dropFullBuckets(now: number): void {
    if (this.#fullAtMs.size < 500) return;
    for (const [name, fullAt] of this.#fullAtMs) if (fullAt <= now) this.#fullAtMs.delete(name);
  }
}

function intervalMs(limit: BucketLimit): number {
  return 1000 / limit.requestsPerSecond;
}

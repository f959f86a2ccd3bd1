import type { Clock } from "../../stripe/clock.js";
import { TokenBuckets } from "../../stripe/rate/token-buckets.js";

/** Refusals further apart are no longer one spell of them. */
const spellGapMs = 2000;

/**
 * Transactions that a connection takes: so many a second for each of its nodes, half a second's worth of them at once.
 *
 * Not by rate-limiter-flexible's RateLimiterMemory: its window begins with the first request after the last one ended,
 * so that twice a second's worth may pass around that moment; it counts whole transactions, by the wall clock.
 */
export class Throttle {
  readonly #perSecondPerNode: number;
  readonly #clock: Clock;
  readonly #buckets: TokenBuckets;
  #admitted = 0;
  #refusedAtMs = Number.NEGATIVE_INFINITY;

  constructor(perSecondPerNode: number, clock: Clock) {
    this.#perSecondPerNode = perSecondPerNode;
    this.#clock = clock;
    this.#buckets = new TokenBuckets(clock);
  }

  /** Transactions that were let in so far. */
  get admitted(): number {
    return this.#admitted;
  }

  /** True while transactions are refused, now and again. */
  get isRefusing(): boolean {
    return this.#clock.now() - this.#refusedAtMs < spellGapMs;
  }

  /** Transactions a second that so many nodes take. */
  perSecond(nodes: number): number {
    return this.#perSecondPerNode * nodes;
  }

  /** Undefined: it may go; else the milliseconds after which to ask again. */
  admit(nodes: number): number | undefined {
    const requestsPerSecond = this.perSecond(nodes);
    const burst = Math.max(1, Math.floor(requestsPerSecond / 2));
    const waitMs = this.#buckets.tryTake([{ name: "transactions", requestsPerSecond, burst }]);
    if (waitMs > 0) {
      this.#refusedAtMs = this.#clock.now();
      return Math.ceil(waitMs);
    }
    this.#admitted += 1;
    return undefined;
  }
}

import { EventEmitter } from "node:events";
import type { Clock } from "../clock.js";
import type { BucketLimit, RateStore, SlowDownListener } from "./rate-store.js";
import { TokenBuckets } from "./token-buckets.js";

/** The limits of all clients of a process, and of those to whom it passes them on: one 429 slows them all. */
export class SharedRateStore implements RateStore {
  readonly #buckets: TokenBuckets;
  readonly #slowDowns = new EventEmitter();

  constructor(clock: Clock) {
    this.#buckets = new TokenBuckets(clock);
    // One listener for each client: many are no leak.
    this.#slowDowns.setMaxListeners(0);
  }

  reserve(limits: readonly BucketLimit[]): Promise<number> {
    return this.#buckets.reserve(limits);
  }

  slowDown(limit: BucketLimit, pauseMs: number): void {
    this.#slowDowns.emit("slow-down", limit, pauseMs);
  }

  onSlowDown(listener: SlowDownListener, until: AbortSignal): void {
    this.#slowDowns.on("slow-down", listener);
    until.addEventListener("abort", () => this.#slowDowns.off("slow-down", listener), { once: true });
  }
}

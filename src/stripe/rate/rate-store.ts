/** One limit that a request falls under. */
export interface BucketLimit {
  /** Begins with the account whose limit it is. */
  readonly name: string;
  readonly requestsPerSecond: number;
  /** Requests that may go at once. At least 1. */
  readonly burst: number;
}

/** Where the use of the limits is kept: in this process, or where several share an account's limits. */
export interface RateStore {
  /**
   * Takes a place under every one of the limits; gives the milliseconds until it comes, 0 for now. A store that cannot
   * promise a place waits for one itself, and rejects with the signal's reason as soon as it is aborted.
   */
  reserve(limits: readonly BucketLimit[], signal: AbortSignal): Promise<number>;
  /** Tells whoever shares the limit that Stripe answered 429, and wants nothing sent for so long. */
  slowDown?(limit: BucketLimit, pauseMs: number): void;
  /** Hears of what was told by `slowDown`, until the signal is aborted. */
  onSlowDown?(listener: SlowDownListener, until: AbortSignal): void;
}

export type SlowDownListener = (limit: BucketLimit, pauseMs: number) => void;

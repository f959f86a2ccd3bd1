/** One limit that a request falls under. */
export interface BucketLimit {
  readonly name: string;
  readonly requestsPerSecond: number;
  /** Requests that may go at once. At least 1. */
  readonly burst: number;
}

/** Where the use of the limits is kept: in this process, or where several share an account's limits. */
export interface RateStore {
  /** Takes a place under every one of the limits; gives the milliseconds until it comes, 0 for now. */
  reserve(limits: readonly BucketLimit[]): Promise<number>;
}

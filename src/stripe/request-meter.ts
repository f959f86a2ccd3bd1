/** Told of each attempt of a request. It must not throw. */
export interface RequestMeter {
  /** A GET, as Stripe's read allocation counts them, and whose: see `limitedAccount`. */
  read(account: string): void;
  answered(elapsedMs: number): void;
}

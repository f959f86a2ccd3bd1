import { StripeFailure } from "./stripe-failure.js";

/** Counts requests of the current second, as Stripe's limit is stated. */
export class RateLimiter {
  readonly #requestsPerSecond: number;
  readonly #nowMs: () => number;
  #windowStartMs = Number.NEGATIVE_INFINITY;
  #count = 0;

  constructor(requestsPerSecond: number, nowMs: () => number) {
    this.#requestsPerSecond = requestsPerSecond;
    this.#nowMs = nowMs;
  }

  /** Throws 429 past the limit. Source: https://docs.stripe.com/rate-limits */
  admit(): void {
    const now = this.#nowMs();
    if (now - this.#windowStartMs >= 1000) {
      this.#windowStartMs = now;
      this.#count = 0;
    }
    this.#count += 1;
    if (this.#count > this.#requestsPerSecond) throw rateLimited();
  }
}

function rateLimited(): StripeFailure {
  const message = "Request rate limit exceeded. Learn more about rate limits here https://stripe.com/docs/rate-limits.";
  return new StripeFailure(
    429,
    { type: "invalid_request_error", code: "rate_limit", message },
    { headers: { "Stripe-Rate-Limited-Reason": "global-rate", "Retry-After": "1" } },
  );
}

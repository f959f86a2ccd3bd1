import type { AnsweredRequest } from "../stripe/request-observer.js";

/** A few in one statement are how a rate is found. */
const toldFrom = 10;

/** Counts a statement's requests that Stripe refused for their rate, and that were sent again. */
export class RateRefusals {
  #count = 0;

  answered({ status, retryInMs }: Pick<AnsweredRequest, "status" | "retryInMs">): void {
    if (status === 429 && retryInMs !== undefined) this.#count += 1;
  }

  /** What the statement's user is told; undefined where there is nothing to be done about it. */
  notice(requests: number): string | undefined {
    if (this.#count < toldFrom) return undefined;
    return `Stripe refused ${this.#count} of ${requests} requests as too many at once (429), which were sent again: the account's rate is used up by this program, or others; RequestsPerSecond lowers this one's`;
  }
}

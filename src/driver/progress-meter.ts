import { largeShareOfReads, leastReadsAMonth } from "../plan/explain-limits.js";
import type { Progress } from "./api.js";
import type { StatementWatch } from "./statement-watch.js";

const reportIntervalMs = 100;

/** Counts a statement's requests and rows, and tells of them at most every 100 ms. */
export class ProgressMeter {
  readonly #report: ((progress: Progress) => void) | undefined;
  readonly #startedAt = performance.now();
  readonly #isAllotted: boolean;
  readonly #watch: StatementWatch | undefined;
  #requests = 0;
  #rows = 0;
  #reportedAt = performance.now();
  #estimatedRequests: number | undefined;

  /** @param isAllotted True where Stripe allots the account's reads. */
  constructor(report: ((progress: Progress) => void) | undefined, isAllotted: boolean, watch?: StatementWatch) {
    this.#report = report;
    this.#isAllotted = isAllotted;
    this.#watch = watch;
  }

  /** The plan's own estimate, where it has one. */
  estimate(requests: number | undefined): void {
    this.#estimatedRequests = requests;
    this.#watch?.expect(requests);
  }

  request(): void {
    this.#requests += 1;
    this.#watch?.sent();
    this.#tell();
  }

  rows(count: number): void {
    this.#rows += count;
    this.#watch?.fetched(count);
    this.#tell();
  }

  finish(): void {
    this.#reportedAt = Number.POSITIVE_INFINITY;
  }

  #tell(): void {
    const now = performance.now();
    if (this.#report === undefined || now - this.#reportedAt < reportIntervalMs) return;
    this.#reportedAt = now;
    this.#report({
      requests: this.#requests,
      rows: this.#rows,
      estimatedRequests: this.#estimatedRequests,
      elapsedMs: now - this.#startedAt,
      readShare: this.#readShare(),
    });
  }

  #readShare(): number | undefined {
    const share = Math.max(this.#requests, this.#estimatedRequests ?? 0) / leastReadsAMonth;
    return this.#isAllotted && share >= largeShareOfReads ? share : undefined;
  }
}

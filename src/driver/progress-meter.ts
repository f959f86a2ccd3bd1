import type { Progress } from "./api.js";

const reportIntervalMs = 100;

/** Counts a statement's requests and rows, and tells of them at most every 100 ms. */
export class ProgressMeter {
  readonly #report: ((progress: Progress) => void) | undefined;
  readonly #startedAt = performance.now();
  #requests = 0;
  #rows = 0;
  #reportedAt = performance.now();
  #estimatedRequests: number | undefined;

  constructor(report: ((progress: Progress) => void) | undefined) {
    this.#report = report;
  }

  /** The plan's own estimate, where it has one. */
  estimate(requests: number | undefined): void {
    this.#estimatedRequests = requests;
  }

  request(): void {
    this.#requests += 1;
    this.#tell();
  }

  rows(count: number): void {
    this.#rows += count;
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
    });
  }
}

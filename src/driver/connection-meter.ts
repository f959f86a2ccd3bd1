import type { ReadCounts } from "../store/read-counts.js";
import type { RequestMeter } from "../stripe/request-meter.js";

/** How much one answer counts against those before it. */
const weight = 0.2;

/** What a connection's requests take: reads of the account's allocation, and time. */
export class ConnectionMeter implements RequestMeter {
  readonly #reads: ReadCounts;
  #latencyMs: number | undefined;

  constructor(reads: ReadCounts) {
    this.#reads = reads;
  }

  /** Moving average of the answers' times; undefined before the first. */
  get latencyMs(): number | undefined {
    return this.#latencyMs;
  }

  read(account: string): void {
    this.#reads.count(account);
  }

  answered(elapsedMs: number): void {
    this.#latencyMs =
      this.#latencyMs === undefined ? elapsedMs : this.#latencyMs + weight * (elapsedMs - this.#latencyMs);
  }
}

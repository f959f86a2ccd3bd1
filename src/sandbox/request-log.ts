import type { LoggedRequest, RequestLog } from "./sandbox.js";

/** A bench may send more requests than anyone reads back. */
const maximumEntries = 100_000;

/** Remembers what was asked and answered, in the order of the answers; the oldest entries give way. */
export class KeptRequestLog implements RequestLog {
  #entries: LoggedRequest[] = [];
  #total = 0;

  get entries(): readonly LoggedRequest[] {
    return this.#entries;
  }

  get total(): number {
    return this.#total;
  }

  add(entry: LoggedRequest): void {
    this.#total += 1;
    this.#entries.push(entry);
    if (this.#entries.length > maximumEntries) this.#entries = this.#entries.slice(maximumEntries / 2);
  }

  clear(): void {
    this.#entries = [];
    this.#total = 0;
  }
}

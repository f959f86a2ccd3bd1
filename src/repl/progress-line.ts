import type { Progress } from "../driver/api.js";

/** A statement that ends before this shows no progress. */
const quietMs = 1_000;

const eraseLine = "\r\u001b[K";

/** One line on a terminal that is written over while a statement runs, and erased at its end. */
export class ProgressLine {
  #isShown = false;

  constructor(private readonly terminal: NodeJS.WritableStream & { readonly columns?: number }) {}

  show(progress: Progress): void {
    if (progress.elapsedMs < quietMs) return;
    this.#isShown = true;
    this.terminal.write(`${eraseLine}${progressText(progress).slice(0, (this.terminal.columns ?? 80) - 1)}`);
  }

  erase(): void {
    if (this.#isShown) this.terminal.write(eraseLine);
    this.#isShown = false;
  }
}

/** "12 of about 40 requests, 1200 rows, 600 rows/s, about 5 s left" */
export function progressText({ requests, rows, estimatedRequests, elapsedMs, readShare }: Progress): string {
  const known = estimatedRequests !== undefined && estimatedRequests > requests ? estimatedRequests : undefined;
  const rate = Math.round((rows * 1_000) / Math.max(1, elapsedMs));
  const parts = [
    known === undefined
      ? `${requests} ${requests === 1 ? "request" : "requests"}`
      : `${requests} of about ${known} requests`,
    `${rows} rows`,
    `${rate} rows/s`,
  ];
  if (known !== undefined && requests > 0) {
    parts.push(`about ${Math.ceil(((known - requests) * elapsedMs) / requests / 1_000)} s left`);
  }
  if (readShare !== undefined) parts.push(`${Math.round(100 * readShare)} % of a month's least reads`);
  return parts.join(", ");
}

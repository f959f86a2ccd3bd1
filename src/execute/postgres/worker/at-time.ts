/**
 * Has PostgreSQL's clock stand still at a time, in milliseconds since 1970, while it does something. PGlite has it read
 * this thread's `Date.now`; a transaction's now() is the time at which the message came that began it.
 */
export function atTime(timeMs: number, run: () => void): void {
  const clock = Date.now;
  Date.now = () => timeMs;
  try {
    run();
  } finally {
    Date.now = clock;
  }
}

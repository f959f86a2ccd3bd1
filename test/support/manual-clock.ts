import type { Clock } from "../../src/stripe/clock.js";

interface Sleeper {
  readonly wakesAtMs: number;
  readonly wake: () => void;
}

/** Time that passes when the test says so; sleeps end in their order, each at its time. */
export class ManualClock implements Clock {
  readonly #sleepers = new Set<Sleeper>();
  #nowMs = 0;

  now(): number {
    return this.#nowMs;
  }

  sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason);
      if (milliseconds <= 0) return resolve();
      const stop = () => {
        this.#sleepers.delete(sleeper);
        reject(signal.reason);
      };
      const wake = () => {
        this.#sleepers.delete(sleeper);
        signal.removeEventListener("abort", stop);
        resolve();
      };
      const sleeper = { wakesAtMs: this.#nowMs + milliseconds, wake };
      this.#sleepers.add(sleeper);
      signal.addEventListener("abort", stop, { once: true });
    });
  }

  async pass(milliseconds: number): Promise<void> {
    const endMs = this.#nowMs + milliseconds;
    for (let next = this.#next(endMs); next !== undefined; next = this.#next(endMs)) {
      this.#nowMs = next.wakesAtMs;
      next.wake();
      // Whoever woke may go to sleep again.
      await new Promise((resolve) => setImmediate(resolve));
    }
    this.#nowMs = endMs;
  }

  #next(endMs: number): Sleeper | undefined {
    const due = [...this.#sleepers].filter(({ wakesAtMs }) => wakesAtMs <= endMs);
    return due.sort((one, other) => one.wakesAtMs - other.wakesAtMs)[0];
  }
}

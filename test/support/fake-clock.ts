import type { Clock } from "../../src/stripe/clock.js";

/** Time that passes only when slept through: each sleep ends at once and moves the clock on. */
export class FakeClock implements Clock {
  readonly sleeps: number[] = [];
  #nowMs = 0;

  now(): number {
    return this.#nowMs;
  }

  pass(milliseconds: number): void {
    this.#nowMs += milliseconds;
  }

  async sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    this.sleeps.push(Math.round(milliseconds));
    this.pass(milliseconds);
  }
}

/** Time that stands still: a sleep ends only by its signal. */
export class StoppedClock implements Clock {
  readonly asleep: Promise<void>;
  #fallAsleep: () => void = () => undefined;

  constructor() {
    this.asleep = new Promise((resolve) => {
      this.#fallAsleep = resolve;
    });
  }

  now(): number {
    return 0;
  }

  sleep(_milliseconds: number, signal: AbortSignal): Promise<void> {
    this.#fallAsleep();
    return new Promise((_resolve, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    });
  }
}

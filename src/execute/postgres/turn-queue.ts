import { throwIfCanceled, unlessCanceled } from "../../stripe/canceled-error.js";

/** One after the other, in the order in which they asked. */
export class TurnQueue {
  #last: Promise<void> = Promise.resolve();

  /** Waits for the turn, which lasts until the function that it gives is called. */
  async take(signal: AbortSignal | undefined): Promise<() => void> {
    throwIfCanceled(signal);
    const before = this.#last;
    let finish: () => void = () => undefined;
    this.#last = new Promise((resolve) => {
      finish = resolve;
    });
    try {
      await (signal === undefined ? before : unlessCanceled(before, signal));
      return finish;
    } catch (error) {
      // Whoever comes next still waits for those before.
      void before.then(finish);
      throw error;
    }
  }
}

import { connectionClosed } from "../stripe/canceled-error.js";
import { followAbort } from "../stripe/linked-abort.js";
import { closeAll } from "./close-all.js";
import { closedError } from "./closed-error.js";

/** Something that can be had to end early. */
export interface CancelableWork {
  /** Has it end as soon as it can, with SQLSTATE 57014. */
  cancel(): void;
  /** Waits, once it is canceled, until it holds nothing open any more. */
  end(): Promise<void>;
}

/** What runs in a session, until that is closed. */
export class RunningWork {
  readonly #running = new Set<CancelableWork>();
  #ended: Promise<void> | undefined;

  /** Fails with SQLSTATE 08006 once it has been ended. */
  requireOpen(): void {
    if (this.#ended !== undefined) throw closedError();
  }

  add(work: CancelableWork): void {
    this.requireOpen();
    this.#running.add(work);
  }

  delete(work: CancelableWork): void {
    this.#running.delete(work);
  }

  /** Runs a task that leaves nothing open; it is given what cancels it. */
  async run<Value>(task: (signal: AbortSignal) => Promise<Value>, signal: AbortSignal | undefined): Promise<Value> {
    this.requireOpen();
    const cancellation = new AbortController();
    const unlink = followAbort(cancellation, signal);
    const running = task(cancellation.signal);
    const settled = running.then(
      () => undefined,
      // Its failure is told to who waits for its value.
      () => undefined,
    );
    const work = { cancel: () => cancellation.abort(connectionClosed), end: () => settled };
    this.#running.add(work);
    try {
      return await running;
    } finally {
      unlink();
      this.delete(work);
    }
  }

  /** Takes no further work, cancels all that runs, and waits until each has ended. A second call gives the same promise. */
  end(): Promise<void> {
    this.#ended ??= this.#end();
    return this.#ended;
  }

  #end(): Promise<void> {
    const running = [...this.#running];
    for (const work of running) work.cancel();
    return closeAll(running.map((work) => () => work.end()));
  }
}

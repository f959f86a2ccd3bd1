import pLimit from "p-limit";
import { throwIfCanceled, unlessCanceled } from "../../stripe/canceled-error.js";

/** Threads on which Node does what may wait: files, names of hosts, and each run of the engine. Source: https://docs.libuv.org/en/v1.x/threadpool.html */
const threads = Number(process.env["UV_THREADPOOL_SIZE"]) || 4;

/**
 * Runs that may take as long as their statement likes. Some of Node's threads are kept free of them, so that whatever
 * else the process does goes on meanwhile; those beyond wait for their turn.
 */
export class LongRuns {
  readonly #limit = pLimit(Math.max(1, threads - 2));

  async run<Value>(work: () => Promise<Value>, signal: AbortSignal): Promise<Value> {
    const started = this.#limit(() => {
      throwIfCanceled(signal);
      return work();
    });
    return unlessCanceled(started, signal);
  }
}

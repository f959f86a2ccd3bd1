import { setMaxListeners } from "node:events";

/** One signal that follows several, until it is unlinked. */
export interface LinkedAbort {
  readonly signal: AbortSignal;
  unlink(): void;
}

/** AbortSignal.any does the same, but on Node 20 keeps every follower of a long-lived signal in memory. */
export function linkAborts(sources: readonly (AbortSignal | undefined)[]): LinkedAbort {
  const controller = new AbortController();
  const unlinks = sources.map((source) => followAbort(controller, source));
  return {
    signal: controller.signal,
    unlink: () => {
      for (const unlink of unlinks) unlink();
    },
  };
}

/** Has a controller abort when the source does, until the function that it gives is called. */
export function followAbort(controller: AbortController, source: AbortSignal | undefined): () => void {
  if (source === undefined) return () => undefined;
  const follow = () => controller.abort(source.reason);
  allowMany(source);
  if (source.aborted) follow();
  source.addEventListener("abort", follow, { once: true });
  return () => source.removeEventListener("abort", follow);
}

/** Settles as the promise does, or rejects with the signal's reason at once; what the promise does later is dropped. */
export function untilAborted<Value>(promise: Promise<Value>, signal: AbortSignal): Promise<Value> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason);
    allowMany(signal);
    if (signal.aborted) stop();
    signal.addEventListener("abort", stop, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", stop));
  });
}

/** One listener for each request under way: many at once are no leak, and no warning is due. */
function allowMany(signal: AbortSignal): void {
  setMaxListeners(0, signal);
}

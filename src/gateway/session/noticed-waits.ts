import { setImmediate } from "node:timers/promises";

/** The items of a source; where the next one is not there at once, `onWait` is called first, and awaited. */
export async function* noticedWaits<Item>(
  source: AsyncGenerator<Item>,
  onWait: () => Promise<void>,
): AsyncGenerator<Item> {
  try {
    for (;;) {
      const next = source.next();
      const isHere = await Promise.race([settled(next), setImmediate(false)]);
      if (!isHere) await onWait();
      const { done, value } = await next;
      if (done === true) return;
      yield value;
    }
  } finally {
    await source.return(undefined);
  }
}

function settled(promise: Promise<unknown>): Promise<true> {
  return promise.then(
    () => true,
    () => true,
  );
}

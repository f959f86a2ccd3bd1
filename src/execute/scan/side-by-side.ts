import { setMaxListeners } from "node:events";
import pLimit from "p-limit";
import { parallelKeys } from "../../plan/explain-limits.js";
import { followAbort } from "../../stripe/linked-abort.js";
import { scopeWithSignal } from "../../stripe/request-scope.js";
import type { StatementContext } from "../statement-context.js";
import type { RowBatch } from "./row-batch.js";

/** Reads batches on behalf of a statement whose signal ends it. */
export type ReadBatches = (context: StatementContext) => AsyncGenerator<RowBatch>;

/** Lists and objects of one statement that are asked for at a time, where each is a request of its own. */
export function requestsAtOnce({ pace }: Pick<StatementContext, "pace">): number {
  const { parallelRequests, pagesAhead } = pace();
  return Math.min(parallelRequests ?? parallelKeys, pagesAhead ?? Number.POSITIVE_INFINITY);
}

/**
 * The batches of each in turn, while the first ones of those that follow are asked for. Of each no more than that is held:
 * the others are asked for when its turn has come. Ending the iteration gives up what is under way.
 */
export async function* inTurn(several: Iterable<ReadBatches>, context: StatementContext): AsyncGenerator<RowBatch> {
  const run = stoppable(context);
  const waiting = several[Symbol.iterator]();
  const begun: Begun[] = [];
  try {
    for (;;) {
      for (let next = waiting.next(); next.done !== true; next = waiting.next()) {
        begun.push(new Begun(next.value, run.context));
        if (begun.length >= requestsAtOnce(context)) break;
      }
      const current = begun[0];
      if (current === undefined) return;
      current.isNext = true;
      const first = await current.first;
      if (first.done !== true) {
        yield first.value;
        yield* current.batches;
      }
      begun.shift();
    }
  } finally {
    run.stop();
    await Promise.all(begun.map(({ batches }) => batches.return(undefined).catch(() => undefined)));
  }
}

/** The same, each asked for when its turn has come: where the rows of one may be enough. */
export async function* oneByOne(several: Iterable<ReadBatches>, context: StatementContext): AsyncGenerator<RowBatch> {
  for (const read of several) yield* read(context);
}

/** What is made of each, in their order, some at a time. The first failure ends the others before it is thrown. */
export async function allInTurn<Item, Result>(
  items: readonly Item[],
  make: (item: Item, context: StatementContext) => Promise<Result>,
  context: StatementContext,
): Promise<readonly Result[]> {
  const run = stoppable(context);
  const within = pLimit(requestsAtOnce(context));
  let failure: { readonly error: unknown } | undefined;
  const made = await Promise.all(
    items.map((item) =>
      within(async () => {
        try {
          return failure === undefined ? [await make(item, run.context)] : [];
        } catch (error) {
          failure ??= { error };
          run.stop();
          return [];
        }
      }),
    ),
  );
  run.stop();
  if (failure !== undefined) throw failure.error;
  return made.flat();
}

/** Batches that are read ahead of their turn, or in it. */
class Begun {
  readonly batches: AsyncGenerator<RowBatch>;
  readonly first: Promise<IteratorResult<RowBatch>>;
  isNext = false;

  constructor(read: ReadBatches, context: StatementContext) {
    this.batches = read({ ...context, pace: () => ({ ...context.pace(), isAhead: !this.isNext }) });
    this.first = this.batches.next();
    // A failure is thrown where it is awaited; meanwhile it must not count as unhandled.
    this.first.catch(() => undefined);
  }
}

function stoppable(context: StatementContext): { readonly context: StatementContext; readonly stop: () => void } {
  const stopping = new AbortController();
  const unlink = followAbort(stopping, context.scope.signal);
  setMaxListeners(0, stopping.signal);
  return {
    context: { ...context, scope: scopeWithSignal(context.scope, stopping.signal) },
    stop: () => {
      unlink();
      stopping.abort();
    },
  };
}

import type { WriteCall } from "./write-call.js";
import type { WriteOutcome } from "./write-outcome.js";

/** What became of a call; "no match": its object was not there, so nothing was written. */
export type CallOutcome = WriteOutcome | { readonly state: "no match"; readonly id: string };

/**
 * Keeps what a write is about to do and what became of it, so that a process that ends on its way leaves no
 * doubt about which calls to send again, under the same keys. Calls hold their parameters as they are sent.
 */
export interface WriteJournal {
  /**
   * Told of all calls of a statement before the first is sent. When it resolves they are kept; where it
   * rejects, nothing is sent and the statement fails.
   */
  begin(calls: readonly WriteCall[]): Promise<void>;
  /**
   * Told of each call once: when its answer came, or that it will not be sent. A failure whose error says
   * `stripe.inDoubt` may have been carried out all the same. Calls that were under way at once may come in any order.
   * Where it rejects, the statement goes on and says so in a notice: what is written is written.
   */
  settled(call: WriteCall, outcome: CallOutcome): Promise<void>;
}

/** Keeps nothing. */
export const noJournal: WriteJournal = {
  begin: () => Promise.resolve(),
  settled: () => Promise.resolve(),
};

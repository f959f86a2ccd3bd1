import type { SchemaName } from "../../catalog/catalog.js";
import type { WriteCall } from "./write-call.js";
import type { WriteOutcome } from "./write-outcome.js";

/** What became of a call; "no match": its object was not there, so nothing was written. */
export type CallOutcome = WriteOutcome | { readonly state: "no match"; readonly id: string };

/** What the answers to calls mean. */
export interface AnswerReading {
  /** True where an id that is not there is no match, rather than a failure. */
  readonly missingIsNoMatch: boolean;
  /** True where each answer is an object that names itself by its id. */
  readonly answersHaveIds: boolean;
}

/** What a statement writes, as far as its calls do not tell. */
export interface WriteSubject extends AnswerReading {
  readonly kind: "insert" | "update" | "delete" | "merge" | "execute";
  /** Of the table, or of the procedure. */
  readonly name: string;
  /** Of the table; undefined for a procedure. */
  readonly schema: SchemaName | undefined;
}

/**
 * Keeps what a write is about to do and what became of it, so that a process that ends on its way leaves no
 * doubt about which calls to send again, under the same keys. Calls hold their parameters as they are sent.
 */
export interface WriteJournal {
  /**
   * Told of all calls of a statement before the first is sent. When it resolves they are kept; where it
   * rejects, nothing is sent and the statement fails.
   */
  begin(calls: readonly WriteCall[], subject: WriteSubject): Promise<void>;
  /** Told of each call before it is sent. Where it rejects, neither that call is sent nor any after it. */
  sending(call: WriteCall): Promise<void>;
  /**
   * Told of each call once: when its answer came, or that it will not be sent. A failure whose error says
   * `stripe.inDoubt` may have been carried out all the same. Calls that were under way at once may come in any order.
   * Where it rejects, the statement goes on and says so in a notice: what is written is written.
   *
   * @param requestId Stripe's, of the last answer.
   */
  settled(call: WriteCall, outcome: CallOutcome, requestId: string | undefined): Promise<void>;
  /** Told once nothing more is sent, however the statement ends. Where it rejects, that is a notice as well. */
  ended(): Promise<void>;
}

/** Keeps nothing. */
export const noJournal: WriteJournal = {
  begin: () => Promise.resolve(),
  sending: () => Promise.resolve(),
  settled: () => Promise.resolve(),
  ended: () => Promise.resolve(),
};

/**
 * Tells each of them everything, in turn. One that rejects before anything, or a call, is sent keeps it from being sent,
 * and those after it are not told; of what was done all are told.
 */
export function journalsTogether(journals: readonly WriteJournal[]): WriteJournal {
  const each = async (tell: (journal: WriteJournal) => Promise<void>): Promise<void> => {
    for (const journal of journals) await tell(journal);
  };
  const all = async (tell: (journal: WriteJournal) => Promise<void>): Promise<void> => {
    const failures: unknown[] = [];
    for (const journal of journals) await tell(journal).catch((reason: unknown) => failures.push(reason));
    if (failures.length > 0) throw failures[0];
  };
  return {
    begin: async (calls, subject) => {
      const begun: WriteJournal[] = [];
      try {
        await each(async (journal) => {
          await journal.begin(calls, subject);
          begun.push(journal);
        });
      } catch (error) {
        for (const journal of begun) await journal.ended();
        throw error;
      }
    },
    sending: (call) => each((journal) => journal.sending(call)),
    settled: (call, outcome, requestId) => all((journal) => journal.settled(call, outcome, requestId)),
    ended: () => all((journal) => journal.ended()),
  };
}

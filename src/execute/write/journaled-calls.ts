import { SqlState } from "../../error/sql-state.js";
import { StripeSqlError } from "../../error/stripe-sql-error.js";
import type { StatementContext } from "../statement-context.js";
import type { WriteCall } from "./write-call.js";
import type { CallOutcome, WriteJournal, WriteSubject } from "./write-journal.js";

interface JournalContext extends Pick<StatementContext, "notice"> {
  readonly journal: WriteJournal;
}

/** The calls of one statement in its journal, whose failures end the statement only as long as nothing was sent. */
export class JournaledCalls {
  readonly #context: JournalContext;
  readonly #failures: unknown[] = [];

  constructor(context: JournalContext) {
    this.#context = context;
  }

  static async begin(
    calls: readonly WriteCall[],
    subject: WriteSubject,
    context: JournalContext,
  ): Promise<JournaledCalls> {
    try {
      if (calls.length > 0) await context.journal.begin(calls, subject);
    } catch (error) {
      throw notKept(error, "Nothing was sent to Stripe.");
    }
    return new JournaledCalls(context);
  }

  /** The failure of a call that must not be sent, as it could not be kept; undefined where it may be. */
  async refusal(call: WriteCall): Promise<StripeSqlError | undefined> {
    try {
      await this.#context.journal.sending(call);
      return undefined;
    } catch (error) {
      return notKept(error, `${call.method} ${call.path} was not sent, and nothing after it.`);
    }
  }

  async settle(call: WriteCall, outcome: CallOutcome, requestId?: string): Promise<void> {
    try {
      await this.#context.journal.settled(call, outcome, requestId);
    } catch (error) {
      this.#failures.push(error);
    }
  }

  /** Says once for all calls what the journal missed. */
  async end(): Promise<void> {
    try {
      await this.#context.journal.ended();
    } catch (error) {
      this.#context.notice(
        `the journal of writes may not know of all that was written: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
    const [first] = this.#failures;
    if (first === undefined) return;
    const calls = `${this.#failures.length} call${this.#failures.length === 1 ? "" : "s"}`;
    this.#context.notice(
      `the journal of writes does not know what became of ${calls}: ${first instanceof Error ? first.message : String(first)}`,
    );
  }
}

function notKept(cause: unknown, consequence: string): StripeSqlError {
  if (cause instanceof StripeSqlError) return cause;
  return new StripeSqlError("the journal of writes could not be written", {
    sqlState: SqlState.upstreamError,
    phase: "execute",
    detail: `${consequence} ${cause instanceof Error ? cause.message : String(cause)}`,
    hint: "Make room where CachePath points, or choose another folder; Journal=false writes without one.",
    cause,
  });
}

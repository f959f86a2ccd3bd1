import { SqlState } from "../../error/sql-state.js";
import { StripeSqlError } from "../../error/stripe-sql-error.js";
import type { StatementContext } from "../statement-context.js";
import type { WriteCall } from "./write-call.js";
import type { CallOutcome } from "./write-journal.js";

type JournalContext = Pick<StatementContext, "journal" | "notice">;

/** The calls of one statement in its journal, whose failures end the statement only as long as nothing was sent. */
export class JournaledCalls {
  readonly #context: JournalContext;
  readonly #failures: unknown[] = [];

  private constructor(context: JournalContext) {
    this.#context = context;
  }

  static async begin(calls: readonly WriteCall[], context: JournalContext): Promise<JournaledCalls> {
    try {
      if (calls.length > 0) await context.journal.begin(calls);
    } catch (error) {
      throw error instanceof StripeSqlError ? error : notKept(error);
    }
    return new JournaledCalls(context);
  }

  async settle(call: WriteCall, outcome: CallOutcome): Promise<void> {
    try {
      await this.#context.journal.settled(call, outcome);
    } catch (error) {
      this.#failures.push(error);
    }
  }

  /** Says once for all calls what the journal missed. */
  end(): void {
    const [first] = this.#failures;
    if (first === undefined) return;
    const calls = `${this.#failures.length} call${this.#failures.length === 1 ? "" : "s"}`;
    this.#context.notice(
      `the journal of writes does not know what became of ${calls}: ${first instanceof Error ? first.message : String(first)}`,
    );
  }
}

function notKept(cause: unknown): StripeSqlError {
  return new StripeSqlError("the journal of writes could not be written", {
    sqlState: SqlState.upstreamError,
    phase: "execute",
    detail: `Nothing was sent to Stripe. ${cause instanceof Error ? cause.message : String(cause)}`,
    cause,
  });
}

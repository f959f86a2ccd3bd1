import { redact } from "../error/redact.js";
import { SqlState } from "../error/sql-state.js";
import { StripeSqlError } from "../error/stripe-sql-error.js";
import type { WriteCall } from "../execute/write/write-call.js";
import type { CallOutcome, WriteJournal } from "../execute/write/write-journal.js";
import type { AnsweredRequest } from "../stripe/request-observer.js";
import { withoutValues } from "./hide-literals.js";
import type { RecordedCall, WriteRecord } from "./write-record.js";

/** Gathers what one statement writes, to be told when it has ended. */
export class WriteAudit implements WriteJournal {
  readonly #calls: WriteCall[] = [];
  readonly #outcomes = new Map<WriteCall, CallOutcome>();
  /** By `callName`. */
  readonly #requestIds = new Map<string, string>();

  async begin(calls: readonly WriteCall[]): Promise<void> {
    for (const call of calls) this.#calls.push(call);
  }

  async sending(): Promise<void> {}

  async settled(call: WriteCall, outcome: CallOutcome): Promise<void> {
    this.#outcomes.set(call, outcome);
  }

  async ended(): Promise<void> {}

  /** What became of each call, in the order of the statement. */
  calls(): readonly RecordedCall[] {
    return this.#calls.map((call) => this.#recorded(call));
  }

  /** Stripe's answer to a request of the statement's. */
  answered(request: AnsweredRequest): void {
    if (request.method === "GET" || request.requestId === undefined) return;
    this.#requestIds.set(callName(request), request.requestId);
  }

  /** Undefined where the statement has sent no write. */
  record(statement: { readonly text: string; readonly command: string }, error: unknown): WriteRecord | undefined {
    if (this.#calls.length === 0) return undefined;
    const outcomes = [...this.#outcomes.values()];
    const failed = outcomes.find((outcome) => outcome.state === "failed");
    const failure = failed?.state === "failed" ? failed.error : error;
    return {
      command: statement.command,
      statement: redact(withoutValues(statement.text)),
      affectedRows: outcomes.filter(({ state }) => state === "written").length,
      calls: this.calls(),
      ...(failure === undefined ? {} : { failure: factsOf(failure) }),
    };
  }

  #recorded(call: WriteCall): RecordedCall {
    const { method, accountId, idempotencyKey } = call;
    const outcome = this.#outcomes.get(call);
    const error = outcome?.state === "failed" ? outcome.error : undefined;
    const known = {
      id: outcome?.id ?? call.id,
      accountId,
      idempotencyKey,
      requestId: error?.stripe.requestId ?? this.#requestIds.get(callName(call)),
    };
    const given = Object.entries(known).filter(([, value]) => value !== undefined && value !== "");
    // What was begun and never settled may be under way still.
    const state = outcome === undefined || error?.stripe.inDoubt === true ? "in doubt" : outcome.state;
    return { method, path: redact(call.path), state, ...Object.fromEntries(given) };
  }
}

function callName({
  method,
  path,
  idempotencyKey,
}: Pick<AnsweredRequest, "method" | "path" | "idempotencyKey">): string {
  return idempotencyKey ?? `${method} ${redact(path)}`;
}

function factsOf(error: unknown): NonNullable<WriteRecord["failure"]> {
  if (!(error instanceof StripeSqlError)) return { sqlState: SqlState.internalError };
  const { sqlState, stripe } = error;
  return stripe.code === undefined ? { sqlState } : { sqlState, code: stripe.code };
}

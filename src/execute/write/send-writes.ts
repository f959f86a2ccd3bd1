import { SqlState } from "../../error/sql-state.js";
import { StripeSqlError } from "../../error/stripe-sql-error.js";
import type { WriteRequest } from "../../plan/write/write-plan.js";
import { isMissingObject } from "../../stripe/is-missing-object.js";
import type { JsonObject } from "../../value/json.js";
import type { StatementContext } from "../statement-context.js";
import { JournaledCalls } from "./journaled-calls.js";
import type { WriteCall } from "./write-call.js";
import { writeCalls } from "./write-call.js";
import type { CallOutcome } from "./write-journal.js";
import type { WriteOutcome } from "./write-outcome.js";

export interface WriteReport {
  readonly outcomes: readonly WriteOutcome[];
  /** The objects written, as Stripe gave them back, in the order of the calls. */
  readonly objects: readonly JsonObject[];
}

export interface SendOptions {
  /** Calls under way at once. */
  readonly parallel: number;
  /** True where an id that is not there is no match, rather than a failure. */
  readonly missingIsNoMatch: boolean;
  /** True where each answer is an object that names itself by its id. */
  readonly answersHaveIds: boolean;
}

/** Failures after which the calls that are left would fail alike, or must not be sent. */
const endingStates: ReadonlySet<string> = new Set([
  SqlState.queryCanceled,
  SqlState.configurationLimitExceeded,
  SqlState.invalidAuthorization,
  SqlState.connectionFailure,
]);

/**
 * Sends each request once, under a key of its own that the journal knows before. One that fails does not hide the
 * others: every one has its outcome.
 */
export async function sendWrites(
  requests: readonly WriteRequest[],
  options: SendOptions,
  context: StatementContext,
): Promise<WriteReport> {
  const calls = writeCalls(requests, context.idempotencyKey);
  const journal = await JournaledCalls.begin(calls, context);
  const attempts: (Attempt | undefined)[] = calls.map(() => undefined);
  const waiting = calls.values();
  let ended = false;
  async function work(): Promise<void> {
    // The workers share one iterator: each call is taken by one of them.
    for (const call of waiting) {
      const attempted = await attempt(call, options, context).catch((error: unknown) => {
        ended = true;
        throw error;
      });
      attempts[call.index] = attempted;
      ended ||= endsWriting(attempted.outcome);
      await journal.settle(call, attempted.outcome);
      if (ended) return;
    }
  }
  await Promise.all(Array.from({ length: Math.min(options.parallel, calls.length) }, work));
  for (const call of calls) if (attempts[call.index] === undefined) await journal.settle(call, notTried(call));
  journal.end();
  const outcomes = calls.map((call) => attempts[call.index]?.outcome ?? notTried(call));
  return {
    outcomes: outcomes.filter((outcome) => outcome.state !== "no match"),
    objects: attempts.map((attempted) => attempted?.object).filter((object) => object !== undefined),
  };
}

const notTried = ({ id }: Pick<WriteCall, "id">): WriteOutcome => ({ state: "not tried", id });

function endsWriting(outcome: CallOutcome): boolean {
  return outcome.state === "failed" && endingStates.has(outcome.error.sqlState);
}

interface Attempt {
  readonly outcome: CallOutcome;
  readonly object: JsonObject | undefined;
}

async function attempt(call: WriteCall, options: SendOptions, context: StatementContext): Promise<Attempt> {
  const { id } = call;
  try {
    const object = await context.client.request({ ...call, budget: "write" }, context.scope);
    const problem = options.answersHaveIds ? problemOf(call, object) : undefined;
    if (problem !== undefined)
      return { outcome: { state: "failed", id, error: doubtfulWrite(call, problem) }, object: undefined };
    return { outcome: { state: "written", id: idOf(object) ?? id ?? "" }, object };
  } catch (error) {
    if (!(error instanceof StripeSqlError)) throw error;
    if (id !== undefined && isDeletedUnseen(call, error)) {
      context.notice(`the reply to the deletion of ${id} was lost; it is gone now`);
      return { outcome: { state: "written", id }, object: { id, deleted: true } };
    }
    const noMatch = options.missingIsNoMatch && id !== undefined && isMissingObject(error);
    const failed = { state: "failed", id, error: onlyRepeatedByKey(error, context) } as const;
    return { outcome: noMatch ? { state: "no match", id } : failed, object: undefined };
  }
}

/** What may have been carried out is done twice by running its statement again, unless that has the caller's own key. */
function onlyRepeatedByKey(error: StripeSqlError, { idempotencyKey }: StatementContext): StripeSqlError {
  const isUnsafe = error.retryable && error.stripe.inDoubt === true && idempotencyKey === undefined;
  return isUnsafe ? error.with({ retryable: false, cause: error }) : error;
}

/** A deletion whose reply was lost, and which was sent again: what it was to delete is not there any more. */
function isDeletedUnseen({ method }: WriteCall, error: StripeSqlError): boolean {
  return method === "DELETE" && error.stripe.inDoubt === true && isMissingObject(error);
}

/** What is wrong with an answer to a write; undefined where it is the object that was written. */
function problemOf({ id, method }: WriteCall, object: JsonObject): string | undefined {
  const answered = idOf(object);
  if (answered === undefined || answered === "") return "The answer is no object with an id.";
  if (method === "DELETE" && object["deleted"] === false) return "The answer says that it is not deleted.";
  return id === undefined || answered === id ? undefined : `The answer is the object "${answered}".`;
}

function doubtfulWrite({ method, path, idempotencyKey }: WriteCall, problem: string): StripeSqlError {
  return new StripeSqlError("Stripe answered a write with something else than what was written", {
    sqlState: SqlState.upstreamError,
    phase: "execute",
    detail: `${problem} ${method} ${path} may have been carried out all the same.`,
    hint:
      idempotencyKey === undefined
        ? "Read the object before you write it again."
        : `Look for it at Stripe before you write again: its idempotency key is ${idempotencyKey}.`,
    stripe: { inDoubt: true, ...(idempotencyKey === undefined ? {} : { idempotencyKey }) },
  });
}

function idOf(object: JsonObject): string | undefined {
  return typeof object["id"] === "string" ? object["id"] : undefined;
}

import { SqlState } from "../../error/sql-state.js";
import { StripeSqlError } from "../../error/stripe-sql-error.js";
import { parallelWidth } from "../../plan/cost/parallel-width.js";
import type { WriteRequest } from "../../plan/write/write-plan.js";
import { isMissingObject } from "../../stripe/is-missing-object.js";
import { observedScope } from "../../stripe/request-scope.js";
import type { JsonObject } from "../../value/json.js";
import type { StatementContext } from "../statement-context.js";
import { JournaledCalls } from "./journaled-calls.js";
import { laneOfCall } from "./lane-of-call.js";
import { sendInLanes } from "./send-in-lanes.js";
import type { WriteCall } from "./write-call.js";
import { writeCalls } from "./write-call.js";
import type { AnswerReading, CallOutcome, WriteSubject } from "./write-journal.js";
import type { WriteOutcome } from "./write-outcome.js";

export interface WriteReport {
  readonly outcomes: readonly WriteOutcome[];
  /** The objects written, as Stripe gave them back, in the order of the calls; none where they are not wanted. */
  readonly objects: readonly JsonObject[];
}

/** Failures after which the calls that are left would fail alike, or must not be sent. */
export const endingStates: ReadonlySet<string> = new Set([
  SqlState.queryCanceled,
  SqlState.configurationLimitExceeded,
  SqlState.invalidAuthorization,
  SqlState.connectionFailure,
]);

export interface WriteSending {
  readonly subject: WriteSubject;
  /** False where nobody reads what Stripe answers: of many calls that is not to be held. */
  readonly answersAreWanted: boolean;
}

/**
 * Sends each request once, under a key of its own that the journal knows before. One that fails does not hide the
 * others: every one has its outcome.
 */
export async function sendWrites(
  requests: readonly WriteRequest[],
  { subject, answersAreWanted }: WriteSending,
  context: StatementContext,
): Promise<WriteReport> {
  const calls = writeCalls(requests, context.idempotencyKey);
  const journal = await JournaledCalls.begin(calls, subject, context);
  const attempts = await sendCalls(calls, { ...subject, journal, answersAreWanted }, context);
  return {
    outcomes: attempts.map(({ outcome }) => outcome).filter((outcome) => outcome.state !== "no match"),
    objects: attempts.map(({ object }) => object).filter((object) => object !== undefined),
  };
}

export interface CallSending extends AnswerReading {
  readonly journal: JournaledCalls;
  /** Default: they are not held. */
  readonly answersAreWanted?: boolean;
  /** Places of calls that may have been carried out before: what is refused now tells nothing of that. */
  readonly doubted?: ReadonlySet<number>;
}

/** What a call came to. */
export interface Attempt {
  readonly outcome: CallOutcome;
  readonly object: JsonObject | undefined;
  readonly requestId: string | undefined;
  /** It was not sent, as the journal could not keep that. */
  readonly isUnkept?: true;
}

/**
 * Sends calls that their journal knows, and ends the journal: as many at once as the rate and the answers' time call for,
 * of one object one after the other. After a failure that the others would meet alike none begins any more; what is under
 * way then is waited for, and told of as it ends. The attempts are in the order of the calls.
 */
export async function sendCalls(
  calls: readonly WriteCall[],
  options: CallSending,
  context: StatementContext,
): Promise<readonly Attempt[]> {
  const { journal } = options;
  const attempts = new Map<WriteCall, Attempt>();
  let hasEnded = false;
  async function work(call: WriteCall): Promise<void> {
    const attempted = await sendOne(call, options, context);
    attempts.set(call, options.answersAreWanted === true ? attempted : { ...attempted, object: undefined });
    hasEnded ||= attempted.isUnkept === true || endsWriting(attempted.outcome);
    // What was not sent may still be, by whoever goes on with the write.
    await journal.settle(call, attempted.isUnkept ? notTried(call) : attempted.outcome, attempted.requestId);
  }
  try {
    const width = () => parallelWidth(context.pace());
    await sendInLanes(calls, { width, laneOf: laneOfCall, work, hasEnded: () => hasEnded });
    for (const call of calls) if (!attempts.has(call)) await journal.settle(call, notTried(call));
  } finally {
    await journal.end();
  }
  return calls.map((call) => attempts.get(call) ?? unsent(notTried(call)));
}

async function sendOne(call: WriteCall, options: CallSending, context: StatementContext): Promise<Attempt> {
  const refusal = await options.journal.refusal(call);
  if (refusal !== undefined) return { ...unsent({ state: "failed", id: call.id, error: refusal }), isUnkept: true };
  const attempted = await attempt(call, options, context);
  return options.doubted?.has(call.index) === true
    ? { ...attempted, outcome: stillDoubted(call, attempted) }
    : attempted;
}

const unsent = (outcome: CallOutcome): Attempt => ({ outcome, object: undefined, requestId: undefined });

const notTried = ({ id }: Pick<WriteCall, "id">): WriteOutcome => ({ state: "not tried", id });

function endsWriting(outcome: CallOutcome): boolean {
  return outcome.state === "failed" && endingStates.has(outcome.error.sqlState);
}

async function attempt(call: WriteCall, options: CallSending, context: StatementContext): Promise<Attempt> {
  const { id } = call;
  let requestId: string | undefined;
  const scope = observedScope(context.scope, (answered) => {
    requestId = answered.requestId ?? requestId;
  });
  try {
    const object = await context.client.request({ ...call, budget: "write" }, scope);
    const problem = options.answersHaveIds ? problemOf(call, object) : undefined;
    if (problem !== undefined)
      return { outcome: { state: "failed", id, error: doubtfulWrite(call, problem) }, object: undefined, requestId };
    return { outcome: { state: "written", id: idOf(object) ?? id ?? "" }, object, requestId };
  } catch (error) {
    if (!(error instanceof StripeSqlError)) throw error;
    if (id !== undefined && isDeletedUnseen(call, error)) {
      context.notice(`the reply to the deletion of ${id} was lost; it is gone now`);
      return { outcome: { state: "written", id }, object: { id, deleted: true }, requestId };
    }
    const noMatch = options.missingIsNoMatch && id !== undefined && isMissingObject(error);
    const failed = { state: "failed", id, error: onlyRepeatedByKey(error, context) } as const;
    return { outcome: noMatch ? { state: "no match", id } : failed, object: undefined, requestId };
  }
}

/** Answers on the merits of a request, which under its key are those of the first time it was carried out. */
const settlingStatuses: ReadonlySet<number | undefined> = new Set([400, 402, 404]);

/** A call that may have been carried out before stays in doubt, unless this answer is the outcome of that too. */
function stillDoubted(call: WriteCall, { outcome }: Pick<Attempt, "outcome">): CallOutcome {
  const isMissing = outcome.state === "no match" || (outcome.state === "failed" && isMissingObject(outcome.error));
  if (call.method === "DELETE" && isMissing) return { state: "written", id: call.id ?? "" };
  if (outcome.state !== "failed") return outcome;
  const { error } = outcome;
  const { status, type } = error.stripe;
  const isOutcome = call.idempotencyKey !== undefined && settlingStatuses.has(status) && type !== "idempotency_error";
  if (isOutcome || error.stripe.inDoubt === true) return outcome;
  const key = call.idempotencyKey === undefined ? {} : { idempotencyKey: call.idempotencyKey };
  return { ...outcome, error: error.with({ stripe: { ...error.stripe, inDoubt: true, ...key }, cause: error }) };
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

import { SqlState } from "../../error/sql-state.js";
import { StripeSqlError } from "../../error/stripe-sql-error.js";
import { isMissingObject } from "../../stripe/is-missing-object.js";
import type { JsonObject } from "../../value/json.js";
import type { StatementContext } from "../statement-context.js";
import type { WriteCall } from "./write-call.js";
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
}

/** Failures after which the calls that are left would fail alike, or must not be sent. */
const endingStates: ReadonlySet<string> = new Set([
  SqlState.queryCanceled,
  SqlState.configurationLimitExceeded,
  SqlState.invalidAuthorization,
  SqlState.connectionFailure,
]);

/** Sends each call once. One that fails does not hide the others: every call has its outcome. */
export async function sendWrites(
  calls: readonly WriteCall[],
  options: SendOptions,
  context: StatementContext,
): Promise<WriteReport> {
  const outcomes: (WriteOutcome | "no match")[] = calls.map(({ id }) => ({ state: "not tried", id }));
  const objects: (JsonObject | undefined)[] = calls.map(() => undefined);
  const waiting = calls.entries();
  let ended = false;
  async function work(): Promise<void> {
    // The workers share one iterator: each call is taken by one of them.
    for (const [index, call] of waiting) {
      const { outcome, object } = await attempt(call, options, {
        ...context,
        idempotencyKey: keyOf(call, index, context),
      });
      outcomes[index] = outcome;
      objects[index] = object;
      ended ||= outcome !== "no match" && outcome.state === "failed" && endingStates.has(outcome.error.sqlState);
      if (ended) return;
    }
  }
  await Promise.all(Array.from({ length: Math.min(options.parallel, calls.length) }, work));
  return {
    outcomes: outcomes.filter((outcome) => outcome !== "no match"),
    objects: objects.filter((object) => object !== undefined),
  };
}

interface Attempt {
  readonly outcome: WriteOutcome | "no match";
  readonly object: JsonObject | undefined;
}

async function attempt(call: WriteCall, options: SendOptions, context: StatementContext): Promise<Attempt> {
  try {
    const object = await send(call, context);
    return { outcome: { state: "written", id: idOf(object) ?? call.id ?? "" }, object };
  } catch (error) {
    if (!(error instanceof StripeSqlError)) throw error;
    if (call.id !== undefined && isDeletedUnseen(call, error)) {
      context.notice(`the reply to the deletion of ${call.id} was lost; it is gone now`);
      return { outcome: { state: "written", id: call.id }, object: { id: call.id, deleted: true } };
    }
    const noMatch = options.missingIsNoMatch && isMissingObject(error);
    return { outcome: noMatch ? "no match" : { state: "failed", id: call.id, error }, object: undefined };
  }
}

/** A deletion whose reply was lost, and which was sent again: what it was to delete is not there any more. */
function isDeletedUnseen({ endpoint }: WriteCall, error: StripeSqlError): boolean {
  return endpoint.method === "DELETE" && error.stripe.inDoubt === true && isMissingObject(error);
}

function send(call: WriteCall, context: StatementContext): Promise<JsonObject> {
  const { endpoint, path, parameters, accountId } = call;
  return context.client.request(
    {
      method: endpoint.method,
      path,
      endpointPath: endpoint.path,
      parameters,
      budget: "write",
      apiBase: endpoint.apiBase,
      accountId,
      // A deletion needs none: what is gone stays gone.
      idempotencyKey: endpoint.method === "POST" ? context.idempotencyKey : undefined,
    },
    context.scope,
  );
}

/** The statement's key is one object's alone: of several, each has its id or its place behind it. */
function keyOf({ id }: WriteCall, index: number, { idempotencyKey }: StatementContext): string | undefined {
  if (idempotencyKey === undefined || (id === undefined && index === 0)) return idempotencyKey;
  return `${idempotencyKey}-${id ?? index}`;
}

function idOf(object: JsonObject): string | undefined {
  return typeof object["id"] === "string" ? object["id"] : undefined;
}

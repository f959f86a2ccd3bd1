import { SqlState } from "../../../error/sql-state.js";
import { StripeSqlError } from "../../../error/stripe-sql-error.js";
import { isMissingObject } from "../../../stripe/is-missing-object.js";
import type { JsonObject } from "../../../value/json.js";
import type { StatementContext } from "../../statement-context.js";
import { mayStillBeTold, provingEvent } from "./absence-proof.js";
import { decideDeletion } from "./decide-deletion.js";
import type { Decision } from "./decision.js";
import { holdsParameters } from "./holds-parameters.js";
import type { KeyEvents } from "./key-events.js";
import { eventTypes, findKeyEvents, objectIn } from "./key-events.js";
import { isKeyKept, isV2 } from "./key-lifetime.js";
import { readObject } from "./read-object.js";
import type { UnsettledCall, UnsettledWrite } from "./unsettled-write.js";
import { writingKind } from "./writing-kind.js";

/**
 * Decides what is to become of each call that a write left open, in their order. A call that was not sent is; one that may
 * have been is sent again as long as Stripe knows its key, which then answers as it did the first time. Of others
 * Stripe is asked: for the events of their keys, and for the objects that they were to change.
 */
export async function decideCalls(write: UnsettledWrite, context: StatementContext): Promise<readonly Decision[]> {
  const events = await eventsOf(write, context);
  const decisions: Decision[] = [];
  for (const unsettled of write.calls) decisions.push(await decide(write, unsettled, { events, context }));
  return decisions;
}

interface Evidence {
  /** By account; undefined for one whose events may not be read. */
  readonly events: ReadonlyMap<string, KeyEvents | undefined>;
  readonly context: StatementContext;
}

async function decide(write: UnsettledWrite, unsettled: UnsettledCall, evidence: Evidence): Promise<Decision> {
  const { call, mayBeDone, isWhole, sentMs } = unsettled;
  if (!mayBeDone) return isWhole ? { kind: "send", unsettled } : notSent(unsettled, "it was not sent");
  if (call.idempotencyKey === undefined) return decideDeletion(write, unsettled, evidence.context);
  if (isWhole && isKeyKept(call, sentMs, write.nowMs)) return { kind: "send", unsettled };
  return decideByEvidence(write, unsettled, evidence);
}

/** Whether a write whose key Stripe may have forgotten was carried out. */
async function decideByEvidence(
  write: UnsettledWrite,
  unsettled: UnsettledCall,
  { events, context }: Evidence,
): Promise<Decision> {
  const { call, isWhole } = unsettled;
  const known = events.get(accountOf(unsettled));
  const told = known?.get(call.idempotencyKey ?? "") ?? [];
  if (told.length > 0) {
    const id = call.id ?? objectIn(told, write.table?.objectType);
    return { kind: "settled", unsettled, state: "written", id, message: `told by its events: ${eventTypes(told)}` };
  }
  const isUpdate = writingKind(write.subject, call) === "update";
  const object = isUpdate && isWhole ? await objectNow(unsettled, context) : undefined;
  if (object !== undefined && holdsParameters(object, call.parameters))
    return { kind: "settled", unsettled, state: "written", id: call.id, message: "the object is as it was to be" };
  if (known !== undefined && provingEvent(write, unsettled) !== undefined)
    return isWhole ? { kind: "send", unsettled, isUndone: true } : notSent(unsettled, "it was not carried out");
  return { kind: "undecided", unsettled, message: undecidedReason(write, unsettled, known) };
}

function notSent(unsettled: UnsettledCall, what: string): Decision {
  const message = `${what}, and cannot be sent: its secrets are not kept; write it anew`;
  return { kind: "settled", unsettled, state: "failed", id: unsettled.call.id, message };
}

function undecidedReason(write: UnsettledWrite, unsettled: UnsettledCall, events: KeyEvents | undefined): string {
  if (events !== undefined && mayStillBeTold(write, unsettled))
    return "it may have been carried out a moment ago, and its event be still to come: resume the write in a quarter of an hour";
  const looked =
    events === undefined ? "its events cannot be read" : "no event has its key, which need not mean anything";
  const reason = isV2(unsettled.call) ? "there are no events to tell" : looked;
  const since = new Date(unsettled.sentMs).toISOString();
  const key = isKeyKept(unsettled.call, unsettled.sentMs, write.nowMs)
    ? "its secrets are not kept"
    : "Stripe may have forgotten its key";
  return `it may have been carried out at ${since} or soon after: ${key}, and ${reason}; look for it at Stripe before it is written anew`;
}

async function objectNow({ call }: UnsettledCall, context: StatementContext): Promise<JsonObject | undefined> {
  try {
    return await readObject(call, context);
  } catch (error) {
    if (isMissingObject(error)) return undefined;
    throw error;
  }
}

const accountOf = ({ call }: UnsettledCall): string => call.accountId ?? "";

/** Of each account that events are needed of. */
async function eventsOf(write: UnsettledWrite, context: StatementContext): Promise<Evidence["events"]> {
  const needed = write.calls.filter((unsettled) => needsEvents(write, unsettled));
  const found = new Map<string, KeyEvents | undefined>();
  for (const account of new Set(needed.map(accountOf))) {
    const calls = needed.filter((unsettled) => accountOf(unsettled) === account);
    found.set(account, await readableEvents(write, calls, context));
  }
  return found;
}

function needsEvents({ nowMs }: UnsettledWrite, { call, mayBeDone, isWhole, sentMs }: UnsettledCall): boolean {
  if (!mayBeDone || call.idempotencyKey === undefined || isV2(call)) return false;
  return !isWhole || !isKeyKept(call, sentMs, nowMs);
}

async function readableEvents(
  write: UnsettledWrite,
  calls: readonly UnsettledCall[],
  context: StatementContext,
): Promise<KeyEvents | undefined> {
  try {
    return await findKeyEvents(write, calls, context);
  } catch (error) {
    if (error instanceof StripeSqlError && error.sqlState === SqlState.insufficientPrivilege) return undefined;
    throw error;
  }
}

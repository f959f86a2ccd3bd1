import { SqlState } from "../../../error/sql-state.js";
import { StripeSqlError } from "../../../error/stripe-sql-error.js";
import type { StatementContext } from "../../statement-context.js";
import { JournaledCalls } from "../journaled-calls.js";
import { sendCalls } from "../send-writes.js";
import type { CallOutcome } from "../write-journal.js";
import { decideCalls } from "./decide-calls.js";
import type { Decision } from "./decision.js";
import type { UnsettledWrite } from "./unsettled-write.js";

/** What a call that was left open came to. */
export interface ResumedCall {
  readonly place: number;
  readonly outcome: CallOutcome;
}

/** Told of what is known of calls before any is sent. */
export type TellKnown = (decision: Decision) => void;

/** Settles what a write left open, each call once, and ends its journal. */
export async function resumeCalls(
  write: UnsettledWrite,
  context: StatementContext,
  tellKnown: TellKnown,
): Promise<readonly ResumedCall[]> {
  const decisions = await decideCalls(write, context);
  const known = decisions.filter((decision) => decision.kind !== "send");
  for (const decision of decisions) tellKnown(decision);
  const wanted = decisions.filter((decision) => decision.kind === "send");
  const calls = wanted.map(({ unsettled }) => unsettled.call);
  const journal = await JournaledCalls.begin(calls, write.subject, context);
  const doubted = new Set(wanted.filter(isDoubted).map(({ unsettled }) => unsettled.call.index));
  const attempts = await sendCalls(calls, { ...write.subject, journal, doubted }, context);
  const sent = attempts.map(({ outcome }, index) => ({ place: calls[index]?.index ?? 0, outcome }));
  return [...known.map(resumedCall), ...sent].sort((one, other) => one.place - other.place);
}

const isDoubted = ({ unsettled, isUndone }: Extract<Decision, { kind: "send" }>): boolean =>
  unsettled.mayBeDone && isUndone !== true;

function resumedCall(decision: Exclude<Decision, { kind: "send" }>): ResumedCall {
  const { call } = decision.unsettled;
  if (decision.kind === "settled" && decision.state === "written")
    return { place: call.index, outcome: { state: "written", id: decision.id ?? "" } };
  const key = call.idempotencyKey === undefined ? {} : { idempotencyKey: call.idempotencyKey };
  const error = new StripeSqlError(decision.message, {
    sqlState: SqlState.upstreamError,
    phase: "execute",
    stripe: decision.kind === "undecided" ? { inDoubt: true, ...key } : key,
  });
  return { place: call.index, outcome: { state: "failed", id: call.id, error } };
}

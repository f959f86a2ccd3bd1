import type { Catalog, Table } from "../catalog/catalog.js";
import type { RowSource } from "../execute/row-source.js";
import { givenRows } from "../execute/row-source.js";
import type { StatementContext } from "../execute/statement-context.js";
import type { Decision } from "../execute/write/resume/decision.js";
import type { ResumedCall } from "../execute/write/resume/resume-calls.js";
import { resumeCalls } from "../execute/write/resume/resume-calls.js";
import type { UnsettledCall, UnsettledWrite } from "../execute/write/resume/unsettled-write.js";
import type { ConfirmWrite } from "../execute/write/run-write.js";
import { thisProcess } from "../store/process-identity.js";
import type { KeptCall, KeptWrite, Settlement } from "../store/writes/kept-write.js";
import type { KeptWrites } from "../store/writes/kept-writes.js";
import { parseJson } from "../value/exact-number.js";
import type { Json } from "../value/json.js";
import type { WriteOutcome } from "./api.js";
import type { KeptJournal } from "./kept-journal.js";
import { writeCallOf } from "./kept-journal.js";
import { noSuchWrite, takeWrite } from "./take-write.js";
import type { WriteFacts } from "./write-facts.js";
import { readWriteFacts } from "./write-facts.js";
import { callColumns, callRow } from "./write-tables.js";

/** Where a connection's writes are kept, and what is told of those that a statement sends. */
export interface ResumeParts {
  /** Undefined where nothing was ever kept. */
  readonly writes: KeptWrites | undefined;
  readonly account: string;
  readonly journal: KeptJournal;
  readonly catalog: Catalog;
  readonly context: StatementContext;
  readonly signal: AbortSignal;
  readonly nowMs: () => number;
}

export interface ResumedWrite {
  readonly rows: RowSource;
  readonly outcomes: readonly WriteOutcome[];
}

/** Goes on with a write that was left before its end. Its rows are all of the write's calls, as they are then. */
export async function resumeWrite(id: string, parts: ResumeParts, confirm: ConfirmWrite): Promise<ResumedWrite> {
  const { writes, journal, context } = parts;
  const write = ownWrite(id, parts);
  const open = (writes?.calls(id) ?? []).filter(isUnsettled);
  if (writes === undefined || open.length === 0) return nothingLeft(id, parts);
  if (!(await confirm(open.length))) return { rows: callRows(id, writes), outcomes: open.map(notTried) };
  const owner = thisProcess();
  await takeWrite(writes, id, { owner, signal: parts.signal });
  // Whoever was at it until now has settled more.
  const left = writes.calls(id).filter(isUnsettled);
  if (left.length === 0) {
    writes.release(id, owner);
    return nothingLeft(id, parts);
  }
  journal.resume({ id, owner, waiting: left.map(({ place }) => place) });
  try {
    const resumed = await resumeCalls(unsettledWrite(write, left, parts), context, (decision) => {
      const settlement = settlementOf(decision);
      if (settlement !== undefined) journal.known(settlement);
    });
    return { rows: callRows(id, writes), outcomes: outcomesOf(resumed) };
  } finally {
    await journal.ended();
  }
}

function nothingLeft(id: string, { writes, context }: ResumeParts): ResumedWrite {
  context.notice(`write ${id} is finished: nothing is left to be done`);
  return { rows: callRows(id, writes), outcomes: [] };
}

/** Undefined where nothing is known yet. */
function settlementOf(decision: Decision): Settlement | undefined {
  const { call } = decision.unsettled;
  const settlement = { place: call.index, id: call.id, requestId: undefined, message: undefined };
  switch (decision.kind) {
    case "send":
      // What was sent before does not count: its key is as good as new.
      return decision.isUndone === true ? { ...settlement, state: "planned" } : undefined;
    case "settled":
      return { ...settlement, state: decision.state, id: decision.id, message: decision.message };
    case "undecided":
      return { ...settlement, state: "in doubt", message: decision.message };
  }
}

/** SHOW WRITE: all of a write's calls. */
export function shownWrite(id: string, parts: Pick<ResumeParts, "writes" | "account">): RowSource {
  ownWrite(id, parts);
  return callRows(id, parts.writes);
}

/** Forgets a write of the account's: it can then not be resumed. */
export async function forgetWrite(id: string, parts: ResumeParts): Promise<void> {
  ownWrite(id, parts);
  if (parts.writes === undefined) return;
  await takeWrite(parts.writes, id, { owner: thisProcess(), signal: parts.signal });
  parts.writes.forget(id);
}

function ownWrite(id: string, { writes, account }: Pick<ResumeParts, "writes" | "account">): KeptWrite {
  const write = writes?.find(account, id);
  if (write !== undefined) return write;
  throw noSuchWrite(
    id,
    writes?.has(id) === true ? "One of that name is another key's, or another AccountId's." : undefined,
  );
}

/** How many calls of a write are still to be settled. */
export function openCalls(id: string, parts: Pick<ResumeParts, "writes" | "account">): number {
  ownWrite(id, parts);
  return (parts.writes?.calls(id) ?? []).filter(isUnsettled).length;
}

function isUnsettled({ state }: KeptCall): boolean {
  return state === "planned" || state === "sent" || state === "in doubt";
}

function unsettledWrite(write: KeptWrite, calls: readonly KeptCall[], parts: ResumeParts): UnsettledWrite {
  const facts = readWriteFacts(write.facts);
  const { kind, name, schema, missingIsNoMatch, answersHaveIds } = facts;
  const events = parts.catalog.findTable("Event")?.table;
  return {
    subject: { kind, name, schema, missingIsNoMatch, answersHaveIds },
    calls: calls.map((call) => unsettledCall(call, write, facts)),
    lastMs: Math.max(write.beatMs, write.endedMs ?? 0),
    nowMs: parts.nowMs(),
    table: tableOf(facts, parts.catalog),
    events: {
      path: events?.lists[0]?.path ?? "/v1/events",
      types: new Set(events?.columns.find(({ stripeName }) => stripeName === "type")?.enumValues ?? []),
    },
  };
}

function unsettledCall(kept: KeptCall, write: KeptWrite, facts: WriteFacts): UnsettledCall {
  // Parameters were written by `jsonText`, from such a record.
  const parameters = parseJson(kept.parameters) as Readonly<Record<string, Json>>;
  return {
    call: writeCallOf(kept, { statement: facts.statementKey, parameters }),
    mayBeDone: kept.state !== "planned",
    isWhole: kept.isWhole,
    sentMs: kept.sentMs ?? write.begunMs,
  };
}

function tableOf({ kind, name, schema }: WriteFacts, catalog: Catalog): Table | undefined {
  if (kind !== "execute") return catalog.findTable(name, schema)?.table;
  const result = catalog.findProcedure(name)?.result;
  return result?.kind === "table" ? catalog.findTable(result.table, result.schema)?.table : undefined;
}

const notTried = ({ objectId }: KeptCall): WriteOutcome => ({ state: "not tried", id: objectId });

function outcomesOf(resumed: readonly ResumedCall[]): readonly WriteOutcome[] {
  return resumed.map(({ outcome }) => outcome).filter((outcome) => outcome.state !== "no match");
}

function callRows(id: string, writes: KeptWrites | undefined): RowSource {
  return givenRows(
    callColumns,
    (writes?.calls(id) ?? []).map((call) => callRow(id, call)),
  );
}

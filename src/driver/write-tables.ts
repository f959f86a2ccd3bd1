import { callColumnTypes, writeColumnTypes } from "../catalog/kept-write-columns.js";
import type { SystemTable } from "../catalog/system-table.js";
import type { OutputColumn, RowSource } from "../execute/row-source.js";
import { givenRows } from "../execute/row-source.js";
import type { KeptCall, KeptWrite } from "../store/writes/kept-write.js";
import { isUnderWay, unsettledCalls } from "../store/writes/kept-write.js";
import type { WritesStore } from "../store/writes/writes-store.js";
import { dataType } from "../value/data-type.js";
import type { SqlType } from "../value/sql-type.js";
import type { Server } from "./open-server.js";

/** Where the writes of a connection's account are kept. */
export interface OwnWrites {
  readonly writes: WritesStore;
  readonly server: Pick<Server, "writer">;
}

/** What the journal of writes knows of the connection's account. */
export function writeTables(own: OwnWrites): readonly SystemTable[] {
  return [
    {
      schema: undefined,
      name: "sys_writes",
      columns: namedColumns(writeColumnTypes),
      rows: () => writesOf(own).map(writeRow),
    },
    {
      schema: undefined,
      name: "sys_writecalls",
      columns: namedColumns(callColumnTypes),
      rows: () =>
        writesOf(own).flatMap(({ id }) => (own.writes.ifAny()?.calls(id) ?? []).map((call) => callRow(id, call))),
    },
  ];
}

const namedColumns = (columns: Readonly<Record<string, SqlType>>) =>
  Object.entries(columns).map(([name, type]) => ({ name, type }));

function writesOf({ writes, server }: OwnWrites): readonly KeptWrite[] {
  return writes.ifAny()?.writes(server.writer) ?? [];
}

/** "under way": somebody is at it; "unfinished": nobody is, and something is left. */
function stateOf(write: KeptWrite): string {
  if (unsettledCalls(write) === 0) return "finished";
  return isUnderWay(write) ? "under way" : "unfinished";
}

function writeRow(write: KeptWrite) {
  const { id, command, statement, begunMs, endedMs, counts } = write;
  const calls = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const doubted = counts.sent + counts["in doubt"];
  const done = [counts.written, counts["no match"], counts.failed, doubted, counts.planned];
  return [id, stateOf(write), command, timeOf(begunMs), timeOf(endedMs), calls, ...done, statement];
}

/** Those of `sys_writecalls`, as a statement's. */
export const callColumns = outputColumns(callColumnTypes);

/** A call as `sys_writecalls` shows it. */
export function callRow(writeId: string, call: KeptCall) {
  const { place, state, id, objectId, idempotencyKey, requestId, message, method, path, accountId } = call;
  const known = [id ?? objectId, idempotencyKey, requestId, message, method, path, accountId];
  return [
    ...[writeId, place + 1, state, ...known.map((value) => value ?? null)],
    ...[call.parameters, call.isWhole, timeOf(call.sentMs), timeOf(call.settledMs)],
  ];
}

/** In microseconds. */
const timeOf = (ms: number | undefined): number | null => (ms === undefined ? null : ms * 1000);

/** Those of `sys_writes`, as a statement's. */
const writeColumns = outputColumns(writeColumnTypes);

/** SHOW WRITES: what `sys_writes` holds. */
export function shownWrites(own: OwnWrites): RowSource {
  return givenRows(writeColumns, writesOf(own).map(writeRow));
}

function outputColumns(columns: Readonly<Record<string, SqlType>>): readonly OutputColumn[] {
  return Object.entries(columns).map(([name, type]) => ({ name, type: dataType(type) }));
}

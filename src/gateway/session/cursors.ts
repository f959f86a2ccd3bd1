import type { Format } from "../../protocol/format-code.js";
import { formatAt } from "../../protocol/format-code.js";
import type { FetchStatement } from "../../syntax/postgres/postgres-statement.js";
import type { DataRows } from "./data-rows.js";
import type { Portal } from "./portal.js";
import type { StatementResult } from "./statement-result.js";

/** FETCH and MOVE. Source: DoPortalRunFetch in tcop/pquery.c, for what each count means. */
export function fetchRows(
  portal: Portal,
  statement: FetchStatement,
  { signal, formats }: { readonly signal: AbortSignal; readonly formats: readonly Format[] },
): StatementResult {
  const { isMove } = statement;
  if (!isMove) portal.useFormats(formats);
  const rows = fetched(portal, statement, signal);
  return {
    fields: isMove ? undefined : portal.fields?.map((field, index) => ({ ...field, format: formatAt(formats, index) })),
    rows: isMove ? movedRows(rows) : rows,
    tag: (count) => `${isMove ? "MOVE" : "FETCH"} ${count}`,
  };
}

async function* fetched(
  portal: Portal,
  { direction, count: given, isMove }: FetchStatement,
  signal: AbortSignal,
): AsyncGenerator<DataRows> {
  const count = given === "all" ? Number.POSITIVE_INFINITY : given;
  switch (direction) {
    case "forward":
      return yield* fetchAway(portal, { count, isMove }, signal);
    case "backward":
      return yield* fetchAway(portal, { count: count === 0 ? 0 : -count, isMove }, signal);
    case "absolute":
      await goBefore(portal, count, signal);
      if (count < 0) yield* portal.takeBack(1, signal);
      else if (count > 0) yield* portal.take(1, signal);
      return;
    case "relative":
      if (count === 0) return yield* fetchAway(portal, { count, isMove }, signal);
      if (count > 0) await passOver(portal.take(count - 1, signal));
      else await passOver(portal.takeBack(-count - 1, signal));
      yield* count > 0 ? portal.take(1, signal) : portal.takeBack(1, signal);
  }
}

/** So many rows from here on, or back; 0 gives the one again that the cursor stands on. */
async function* fetchAway(
  portal: Portal,
  { count, isMove }: { readonly count: number; readonly isMove: boolean },
  signal: AbortSignal,
): AsyncGenerator<DataRows> {
  if (count > 0) yield* portal.take(count, signal);
  else if (count === Number.NEGATIVE_INFINITY && isMove) yield* moveToStart(portal);
  else if (count < 0) yield* portal.takeBack(-count, signal);
  else if (portal.isOnRow && isMove) yield { bytes: nothing, count: 1 };
  else if (portal.isOnRow) {
    await passOver(portal.takeBack(1, signal));
    yield* portal.take(1, signal);
  }
}

/** At the start already, that is nothing to any cursor. */
async function* moveToStart(portal: Portal): AsyncGenerator<DataRows> {
  const count = Math.max(0, portal.place - 1);
  portal.rewind();
  yield { bytes: nothing, count };
}

/** Goes to where the next row, or the one before where it is counted from the end, is the one meant. */
async function goBefore(portal: Portal, count: number, signal: AbortSignal): Promise<void> {
  if (count < 0) {
    await passOver(portal.take(Number.POSITIVE_INFINITY, signal));
    return passOver(portal.takeBack(-count - 1, signal));
  }
  if (count <= portal.place) portal.rewind();
  const { place } = portal;
  await passOver(portal.take(count - 1 - place, signal));
}

/** What a cursor passes over to get where it is sent. */
async function passOver(rows: AsyncGenerator<DataRows>): Promise<void> {
  for await (const _ of rows);
}

/** Rows that are gone over: counted, not sent. */
async function* movedRows(rows: AsyncGenerator<DataRows>): AsyncGenerator<DataRows> {
  for await (const { count } of rows) yield { bytes: nothing, count };
}

const nothing = new Uint8Array(0);

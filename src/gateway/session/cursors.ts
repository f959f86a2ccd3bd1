import type { FetchStatement } from "../../syntax/postgres/postgres-statement.js";
import type { DataRows } from "./data-rows.js";
import type { Portal } from "./portal.js";
import { sessionError } from "./session-error.js";
import { SessionState } from "./session-state.js";
import type { StatementResult } from "./statement-result.js";

/** FETCH and MOVE: a cursor's rows come once, in their order. */
export function fetchRows(
  portal: Portal,
  { direction, count, isMove }: FetchStatement,
  signal: AbortSignal,
): StatementResult {
  const wanted = count === "all" ? Number.POSITIVE_INFINITY : count;
  if (direction !== "forward" || wanted < 0) throw forwardOnly();
  return {
    fields: isMove ? undefined : portal.fields,
    rows: isMove ? movedRows(portal.take(wanted, signal)) : portal.take(wanted, signal),
    tag: (rows) => `${isMove ? "MOVE" : "FETCH"} ${rows}`,
  };
}

/** Rows that are gone over: counted, not sent. */
async function* movedRows(rows: AsyncGenerator<DataRows>): AsyncGenerator<DataRows> {
  for await (const { count } of rows) yield { bytes: new Uint8Array(0), count };
}

function forwardOnly() {
  return sessionError("cursor can only scan forward", SessionState.objectNotInPrerequisiteState, {
    hint: "Rows come from Stripe once, in their order: declare the cursor anew to read them again.",
  });
}

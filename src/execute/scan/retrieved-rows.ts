import type { Table } from "../../catalog/catalog.js";
import type { RetrieveAccess } from "../../plan/scan/scan.js";
import { isMissingObject } from "../../stripe/is-missing-object.js";
import type { JsonObject } from "../../value/json.js";
import type { AskedObject } from "../kept/kept-objects.js";
import { keepingObject, keptObject } from "../kept/kept-objects.js";
import type { StatementContext } from "../statement-context.js";
import { addressOf, constantsOf } from "./access-call.js";
import type { RowBatch } from "./row-batch.js";
import { isObjectAsked } from "./row-check.js";

/** Ids fetched side by side. */
const parallelRetrieves = 8;

interface Retrieves {
  readonly accesses: readonly RetrieveAccess[];
  readonly limit: number | undefined;
}

export async function* retrievedRows(
  table: Table,
  { accesses, limit }: Retrieves,
  context: StatementContext,
): AsyncGenerator<RowBatch> {
  const width = Math.min(parallelRetrieves, limit ?? parallelRetrieves);
  const inFlight: Promise<RowBatch>[] = [];
  for (const access of accesses) {
    const started = retrieve({ table, access }, context);
    // A failure is thrown where it is awaited; meanwhile it must not count as unhandled.
    started.catch(() => undefined);
    inFlight.push(started);
    const next = inFlight.length >= width ? inFlight.shift() : undefined;
    if (next !== undefined) yield await next;
  }
  for (const rest of inFlight) yield await rest;
}

async function rowAsked(asked: AskedObject, context: StatementContext): Promise<JsonObject | undefined> {
  const { parameters } = asked.access;
  const object = await context.client.request(
    { ...addressOf(asked.access), method: "GET", parameters, budget: "read" },
    context.scope,
  );
  return isObjectAsked(asked, object) && object["deleted"] !== true ? object : undefined;
}

/** An id that is not there, or whose object is deleted, is no row. */
async function retrieve({ table, access }: AskedObject, context: StatementContext): Promise<RowBatch> {
  const constants = constantsOf(access, context);
  const kept = keptObject({ table, access }, context);
  if (kept !== undefined) {
    context.kept?.used(table.name, kept.list, 1);
    return { objects: [kept.object], constants };
  }
  try {
    const row = await keepingObject({ table, access }, () => rowAsked({ table, access }, context), context);
    return { objects: row === undefined ? [] : [row], constants };
  } catch (error) {
    if (isMissingObject(error)) return { objects: [], constants };
    throw error;
  }
}

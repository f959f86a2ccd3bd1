import { accountColumn } from "../../plan/access/account-rule.js";
import { fillPath, withParameter } from "../../plan/access/request-template.js";
import type { Access, Binding, Constants, ListAccess, RetrieveAccess, Scan, Scanned } from "../../plan/access/scan.js";
import { accessesOf, limitOf, sourceOf } from "../../plan/access/scan.js";
import { isMissingObject, isMissingReference } from "../../stripe/is-missing-object.js";
import type { ListCall } from "../../stripe/list-call.js";
import { listPages } from "../../stripe/pager.js";
import type { Json, JsonObject } from "../../value/json.js";
import { isJsonObject, jsonAt } from "../../value/json.js";
import type { StatementContext } from "../statement-context.js";
import { columnReader } from "./relation-reader.js";
import type { RowBatch } from "./row-batch.js";

/** Ids fetched side by side. */
const parallelRetrieves = 8;

export interface ReadOptions {
  /** True where every row will be wanted: the next page is then asked for while one is consumed. */
  readonly readAll: boolean;
}

/** Rows of the accesses that wait for nothing. Ending the iteration stops the paging. */
export async function* freeRows(
  scan: Scan,
  { readAll }: ReadOptions,
  context: StatementContext,
): AsyncGenerator<RowBatch> {
  const limit = limitOf(scan);
  if (limit === 0) return;
  const free = accessesOf(scan).filter((access) => sourceOf(access) === undefined);
  const retrieves = free.filter((access): access is RetrieveAccess => access.kind === "retrieve");
  yield* retrievedRows(retrieves, limit, context);
  for (const access of free) if (access.kind === "list") yield* listedRows(access, { readAll, limit }, context);
}

async function* retrievedRows(
  accesses: readonly RetrieveAccess[],
  limit: number | undefined,
  context: StatementContext,
): AsyncGenerator<RowBatch> {
  const width = Math.min(parallelRetrieves, limit ?? parallelRetrieves);
  const inFlight: Promise<RowBatch>[] = [];
  for (const access of accesses) {
    const started = retrieve(access, context);
    // A failure is thrown where it is awaited; meanwhile it must not count as unhandled.
    started.catch(() => undefined);
    inFlight.push(started);
    const next = inFlight.length >= width ? inFlight.shift() : undefined;
    if (next !== undefined) yield await next;
  }
  for (const rest of inFlight) yield await rest;
}

/** An id that is not there, or whose object is deleted, is no row. */
async function retrieve(access: RetrieveAccess, context: StatementContext): Promise<RowBatch> {
  const constants = constantsOf(access, context);
  try {
    const object = await context.client.request(
      { ...addressOf(access), method: "GET", parameters: access.parameters, budget: "read" },
      context.scope,
    );
    return { objects: object["deleted"] === true ? [] : [object], constants };
  } catch (error) {
    if (isMissingObject(error)) return { objects: [], constants };
    throw error;
  }
}

async function* listedRows(
  access: ListAccess,
  { readAll, limit }: ReadOptions & { readonly limit?: number | undefined },
  context: StatementContext,
): AsyncGenerator<RowBatch> {
  const { parameters, pagination, maximumPageSize: pageSize, budget } = access;
  const call = { ...addressOf(access), parameters, pagination, pageSize, budget, readAll, limit };
  yield* pagesOf(call, constantsOf(access, context), context);
}

/** `Customer = 'cus_x'` where there is no such customer: Stripe refuses the list, and no row equals it. */
async function* pagesOf(call: ListCall, constants: Constants, context: StatementContext): AsyncGenerator<RowBatch> {
  let started = false;
  try {
    for await (const page of listPages(context.client, call, context.scope)) {
      started = true;
      yield { objects: page.rows, constants };
    }
  } catch (error) {
    if (started || !isMissingReference(error)) throw error;
    context.notice(error.message);
  }
}

/** Rows of another relation, in the order in which they came. */
export interface SourceRows {
  readonly source: Scanned;
  readonly rows: RowBatch;
}

/** Rows of the accesses that wait for a relation, for some of its rows: what those hold, then the pages of what follows. */
export async function* boundRows(
  scan: Scan,
  { source, rows }: SourceRows,
  context: StatementContext,
): AsyncGenerator<RowBatch> {
  const bound = accessesOf(scan)
    .filter((access) => sourceOf(access) === source.id)
    .map((access) => ({ access, readers: access.bindings.map((binding) => bindingReader(binding, source)) }));
  for (const object of rows.objects) {
    for (const { access, readers } of bound) {
      const values = readers.map((read) => read(object, rows.constants));
      if (values.includes(undefined)) continue;
      const own = boundAccess(access, { values, constants: rows.constants });
      yield* childRows(own, object, context);
    }
  }
}

type ReadValue = (object: JsonObject, constants: Constants) => string | undefined;

/** A row that has no value for the binding leads to no request. */
function bindingReader({ source: { column: name } }: Binding, { table }: Scanned): ReadValue {
  const column = table.columns.find((candidate) => candidate.name === name);
  if (column === undefined) throw new RangeError(`${table.name} has no column ${name} to bind to`);
  const read = columnReader({ name, column, constant: column.parentKey });
  return (object, constants) => {
    const value = read(object, constants);
    return typeof value === "string" ? value : undefined;
  };
}

interface BoundValues {
  readonly values: readonly (string | undefined)[];
  /** What the source's rows hold beside their objects. */
  readonly constants: Constants;
}

/** The access with a value for each of its bindings. */
function boundAccess(access: Access, { values, constants }: BoundValues): Access {
  const start: Access = { ...access, bindings: [], constants: { ...access.constants, ...constants } };
  return access.bindings.reduce(
    (filled, { target, column }, index) => withValue(filled, { target, column, value: values[index] ?? "" }),
    start,
  );
}

function withValue(
  access: Access,
  { target, column, value }: { readonly target: string; readonly column: string; readonly value: string },
): Access {
  const inPath = access.path.includes(`{${target}}`);
  return {
    ...access,
    path: fillPath(access.path, { [target]: value }),
    parameters: inPath ? access.parameters : withParameter(access.parameters, target, value),
    constants: { ...access.constants, [column]: value },
  };
}

async function* childRows(access: Access, parent: JsonObject, context: StatementContext): AsyncGenerator<RowBatch> {
  if (access.kind === "retrieve") {
    yield retrieve(access, context);
    return;
  }
  const embedded = access.embeddedAt && embeddedList(jsonAt(parent, access.embeddedAt));
  const after = access.pagination === "cursor" ? embedded?.rows.at(-1)?.["id"] : undefined;
  const isWhole = embedded !== undefined && !embedded.hasMore;
  if (isWhole || typeof after === "string")
    yield { objects: embedded?.rows ?? [], constants: constantsOf(access, context) };
  if (isWhole) return;
  const parameters = typeof after === "string" ? { ...access.parameters, starting_after: after } : access.parameters;
  yield* listedRows({ ...access, parameters }, { readAll: false }, context);
}

function embeddedList(
  value: Json | undefined,
): { readonly rows: readonly JsonObject[]; readonly hasMore: boolean } | undefined {
  if (!isJsonObject(value) || !Array.isArray(value["data"])) return undefined;
  const rows = value["data"].filter((row: Json) => isJsonObject(row));
  return { rows, hasMore: value["has_more"] === true };
}

function constantsOf(access: Access, context: StatementContext): Constants {
  return { [accountColumn]: context.accountId ?? null, ...access.constants };
}

function addressOf({
  endpoint,
  accountId,
  path,
}: Access): Pick<ListCall, "path" | "endpointPath" | "apiBase" | "accountId"> {
  return { path, endpointPath: endpoint.path, apiBase: endpoint.apiBase, accountId };
}

import { accountColumn } from "../../plan/access/account-rule.js";
import { fillPath, withParameter } from "../../plan/access/request-template.js";
import type { Access, Constants, ListAccess, NestedAccess, RetrieveAccess, Scan } from "../../plan/access/scan.js";
import { isMissingObject, isMissingReference } from "../../stripe/is-missing-object.js";
import type { ListCall } from "../../stripe/list-call.js";
import { listPages } from "../../stripe/pager.js";
import type { Json, JsonObject } from "../../value/json.js";
import { isJsonObject, jsonAt } from "../../value/json.js";
import type { StatementContext } from "../statement-context.js";
import type { ReadColumn } from "./relation-reader.js";
import type { RowBatch } from "./row-batch.js";

export interface ScanOptions {
  /** The key, then what else tells rows apart: a row that several requests give is taken once. None: rows have no key. */
  readonly identity: readonly ReadColumn[];
  /** True where every row will be wanted: the next page is then asked for while one is consumed. */
  readonly readAll: boolean;
}

/** Ids fetched side by side. */
const parallelRetrieves = 8;

/** The rows of a scan, page by page. Ending the iteration stops the paging. */
export async function* scanRows(scan: Scan, options: ScanOptions, context: StatementContext): AsyncGenerator<RowBatch> {
  if (scan.kind === "empty") return;
  const limit = scan.kind === "exact" ? scan.limit : undefined;
  if (limit === 0) return;
  const seen = scan.accesses.length > 1 && options.identity.length > 0 ? new Set<string>() : undefined;
  for await (const batch of accessRows(scan.accesses, { limit, readAll: options.readAll }, context)) {
    const objects =
      seen === undefined
        ? batch.objects
        : batch.objects.filter((object) => isNew(object, batch.constants, { seen, options }));
    context.onRows(objects.length);
    if (objects.length > 0) yield { objects, constants: batch.constants };
  }
}

function isNew(
  object: JsonObject,
  constants: Constants,
  { seen, options }: { readonly seen: Set<string>; readonly options: ScanOptions },
): boolean {
  const key = options.identity.map((read) => read(object, constants));
  if (key[0] === null) return true;
  const identity = JSON.stringify([constants[accountColumn] ?? null, ...key.map(String)]);
  if (seen.has(identity)) return false;
  seen.add(identity);
  return true;
}

interface AccessOptions {
  readonly limit: number | undefined;
  readonly readAll: boolean;
}

async function* accessRows(
  accesses: readonly Access[],
  options: AccessOptions,
  context: StatementContext,
): AsyncGenerator<RowBatch> {
  const retrieves = accesses.filter((access): access is RetrieveAccess => access.kind === "retrieve");
  yield* retrievedRows(retrieves, options, context);
  for (const access of accesses) {
    if (access.kind === "list") yield* listedRows(access, options, context);
    if (access.kind === "nested") yield* nestedRows(access, context);
  }
}

async function* retrievedRows(
  accesses: readonly RetrieveAccess[],
  options: AccessOptions,
  context: StatementContext,
): AsyncGenerator<RowBatch> {
  const width = Math.min(parallelRetrieves, options.limit ?? parallelRetrieves);
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
      { ...addressOf(access), method: "GET", path: access.path, parameters: access.parameters, budget: "read" },
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
  options: AccessOptions,
  context: StatementContext,
): AsyncGenerator<RowBatch> {
  const constants = constantsOf(access, context);
  const call = {
    ...addressOf(access),
    path: access.path,
    parameters: access.parameters,
    pagination: access.pagination,
    pageSize: access.maximumPageSize,
    budget: access.budget,
    readAll: options.readAll,
    limit: options.limit,
  };
  yield* pagesOf(call, constants, context);
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

/** Each parent's children: those that the parent holds, then the pages of its list where there are more. */
async function* nestedRows(access: NestedAccess, context: StatementContext): AsyncGenerator<RowBatch> {
  const keyPath = keyPathOf(access);
  for await (const parents of accessRows([access.parent], { limit: undefined, readAll: false }, context)) {
    for (const parent of parents.objects) {
      const key = jsonAt(parent, keyPath);
      if (typeof key !== "string") continue;
      const constants = { ...constantsOf(access, context), ...parents.constants, [access.key.column]: key };
      const embedded = access.embeddedAt === undefined ? undefined : embeddedList(jsonAt(parent, access.embeddedAt));
      if (embedded !== undefined && !embedded.hasMore) {
        yield { objects: embedded.rows, constants };
        continue;
      }
      yield* childPages(access, key, { embedded: embedded?.rows, constants, context });
    }
  }
}

function keyPathOf(access: NestedAccess): readonly string[] {
  const column = access.parentTable.columns.find((candidate) => candidate.name === access.parentTable.primaryKey);
  return column?.path ?? ["id"];
}

interface ChildOptions {
  readonly embedded: readonly JsonObject[] | undefined;
  readonly constants: Constants;
  readonly context: StatementContext;
}

async function* childPages(
  access: NestedAccess,
  key: string,
  { embedded, constants, context }: ChildOptions,
): AsyncGenerator<RowBatch> {
  const { pagination, key: parentKey } = access;
  const inPath = access.path.includes(`{${parentKey.placeholder}}`);
  const own = inPath ? access.parameters : withParameter(access.parameters, parentKey.placeholder, key);
  const path = fillPath(access.path, { [parentKey.placeholder]: key });
  if (pagination === "singleton") {
    yield retrieve(
      { kind: "retrieve", endpoint: access.endpoint, accountId: access.accountId, path, parameters: own, constants },
      context,
    );
    return;
  }
  const after = pagination === "cursor" ? lastId(embedded) : undefined;
  if (embedded !== undefined && after !== undefined) yield { objects: embedded, constants };
  const parameters = after === undefined ? own : { ...own, starting_after: after };
  const call = {
    ...addressOf(access),
    path,
    parameters,
    pagination,
    pageSize: access.maximumPageSize,
    budget: "read" as const,
    readAll: false,
  };
  yield* pagesOf(call, constants, context);
}

function lastId(rows: readonly JsonObject[] | undefined): string | undefined {
  const id = rows?.at(-1)?.["id"];
  return typeof id === "string" ? id : undefined;
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

function addressOf({ endpoint, accountId }: Access): Pick<ListCall, "endpointPath" | "apiBase" | "accountId"> {
  return { endpointPath: endpoint.path, apiBase: endpoint.apiBase, accountId };
}

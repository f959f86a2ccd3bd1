import type { Table } from "../../catalog/catalog.js";
import { StripeSqlError } from "../../error/stripe-sql-error.js";
import { accountColumn } from "../../plan/access/account-rule.js";
import { unbounded } from "../../plan/predicate/domain.js";
import { fieldTest } from "../../plan/scan/field-test.js";
import { fillPath, isPathSegment, withParameter } from "../../plan/scan/request-template.js";
import type {
  Access,
  Binding,
  Constants,
  ListAccess,
  OmittedRows,
  RetrieveAccess,
  Scanned,
  SentFilter,
} from "../../plan/scan/scan.js";
import { accessesOf, limitOf, sourceOf } from "../../plan/scan/scan.js";
import {
  isMissingObject,
  isMissingReference,
  isRefusedForGood,
  isRefusedParameter,
} from "../../stripe/is-missing-object.js";
import type { ListCall } from "../../stripe/list-call.js";
import type { Page } from "../../stripe/pager.js";
import { listPages } from "../../stripe/pager.js";
import type { Json, JsonObject } from "../../value/json.js";
import { isJsonObject, jsonAt } from "../../value/json.js";
import type { StatementContext } from "../statement-context.js";
import { DoubtfulAnswer } from "./doubtful-answer.js";
import { GivenObjects } from "./given-objects.js";
import type { KeysAsked, KeyTally } from "./keys-asked.js";
import { ListSurvey, tellOldest } from "./list-survey.js";
import { oldestRows } from "./oldest-rows.js";
import { columnReader } from "./relation-reader.js";
import type { RowBatch } from "./row-batch.js";
import type { CheckedList } from "./row-check.js";
import { isObjectAsked, RowCheck, rowsOf } from "./row-check.js";
import { withRowsOnClocks } from "./rows-on-clocks.js";

/** Ids fetched side by side. */
const parallelRetrieves = 8;

export interface ReadOptions {
  /** True where every row will be wanted: the next page is then asked for while one is consumed. */
  readonly readAll: boolean;
}

/** Rows of the accesses that wait for nothing. Ending the iteration stops the paging. */
export async function* freeRows(
  { table, scan }: Pick<Scanned, "table" | "scan">,
  { readAll }: ReadOptions,
  context: StatementContext,
): AsyncGenerator<RowBatch> {
  const limit = limitOf(scan);
  if (limit === 0) return;
  const free = accessesOf(scan).filter((access) => sourceOf(access) === undefined);
  const [access] = free;
  if (scan.kind === "exact" && scan.from !== undefined && access?.kind === "list") {
    const read = (list: ListAccess, rows: number | undefined) =>
      listedRows({ table, access: list }, { readAll: false, limit: rows }, context);
    const { from, oldestBy } = scan;
    const found = (rows: number, bySeconds: number) => tellOldest({ table, access }, { rows, bySeconds }, context);
    yield* oldestRows({ access, rows: limit ?? 0, withNewest: from === "ends", oldestBy, found, read });
    return;
  }
  yield* accessRows({ table, accesses: free }, { readAll, limit }, context);
}

interface TableAccesses {
  readonly table: Table;
  readonly accesses: readonly Access[];
}

/**
 * The rows of accesses that wait for nothing. Where all of them are wanted, lists come first: an object that one of them
 * gives is not asked for once more.
 */
export async function* accessRows(
  { table, accesses: free }: TableAccesses,
  { readAll, limit }: ReadOptions & { readonly limit: number | undefined },
  context: StatementContext,
): AsyncGenerator<RowBatch> {
  const retrieves = free.filter((access): access is RetrieveAccess => access.kind === "retrieve");
  const areListsFirst = readAll && limit === undefined && retrieves.length > 0;
  if (!areListsFirst) yield* retrievedRows(table, { accesses: retrieves, limit }, context);
  const given = new GivenObjects(table);
  for (const access of free) {
    if (access.kind !== "list") continue;
    for await (const batch of listedRows({ table, access }, { readAll, limit }, context)) {
      if (areListsFirst) given.add(batch);
      yield batch;
    }
  }
  if (!areListsFirst) return;
  const accesses = retrieves.filter((access) => !given.has(access, constantsOf(access, context)));
  yield* retrievedRows(table, { accesses, limit }, context);
}

interface Retrieves {
  readonly accesses: readonly RetrieveAccess[];
  readonly limit: number | undefined;
}

async function* retrievedRows(
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

/** An id that is not there, or whose object is deleted, is no row. */
async function retrieve(
  { table, access }: { readonly table: Table; readonly access: RetrieveAccess },
  context: StatementContext,
): Promise<RowBatch> {
  const constants = constantsOf(access, context);
  try {
    const object = await context.client.request(
      { ...addressOf(access), method: "GET", parameters: access.parameters, budget: "read" },
      context.scope,
    );
    const isRow = isObjectAsked({ table, access }, object) && object["deleted"] !== true;
    return { objects: isRow ? [object] : [], constants };
  } catch (error) {
    if (isMissingObject(error)) return { objects: [], constants };
    throw error;
  }
}

interface ListOptions extends ReadOptions {
  readonly limit?: number | undefined;
  /** What bound the list to rows of another relation that it does not belong to. */
  readonly joined?: readonly Binding[];
  /** Where the list is one of many that differ in their keys, which are told of together. */
  readonly tally?: KeyTally;
}

/**
 * The rows of a list, told of what it leaves out: at its end, as whoever ends it before has rows enough. Where the order
 * counts, a row that is left out may have been among the first, unless it is older than all.
 */
async function* listedRows(
  list: CheckedList,
  options: ListOptions,
  context: StatementContext,
): AsyncGenerator<RowBatch> {
  const { omits, newestFirstBy } = list.access;
  if (newestFirstBy !== undefined)
    tell(
      omits.filter(({ isOldest }) => !isOldest),
      context,
    );
  let count = 0;
  for await (const batch of wholeList(list, options, context)) {
    count += batch.objects.length;
    yield batch;
  }
  if (options.limit === undefined || count < options.limit) tell(omits, context);
}

function tell(omits: readonly OmittedRows[], { notice }: StatementContext): void {
  for (const omitted of omits) notice(omitted.notice);
}

async function* wholeList(
  list: CheckedList,
  options: ListOptions,
  context: StatementContext,
): AsyncGenerator<RowBatch> {
  const { table, access } = list;
  const { onClocks } = access;
  const read = (one: ListAccess) => requestedRows({ table, access: one }, options, context);
  yield* onClocks === undefined
    ? read(access)
    : withRowsOnClocks({ access, onClocks, limit: options.limit, read }, context);
}

async function* requestedRows(
  list: CheckedList,
  { readAll, limit, joined = [], tally }: ListOptions,
  context: StatementContext,
): AsyncGenerator<RowBatch> {
  const { access } = list;
  const { parameters, pagination, maximumPageSize: pageSize, budget } = access;
  const call = { ...addressOf(access), parameters, pagination, pageSize, budget, readAll, limit };
  yield* pagesOf({ call, list, joined, tally, constants: constantsOf(access, context) }, context);
}

interface PlannedCall {
  readonly call: ListCall;
  readonly list: CheckedList;
  readonly joined: readonly Binding[];
  readonly tally: KeyTally | undefined;
  readonly constants: Constants;
}

/**
 * `Customer = 'cus_x'` where there is no such customer, `Status = 'new'` where Stripe has no such status: Stripe refuses
 * the list, and no row equals it.
 */
async function* pagesOf(
  { call, list, joined, tally, constants }: PlannedCall,
  context: StatementContext,
): AsyncGenerator<RowBatch> {
  let started = false;
  const survey = tally === undefined ? new ListSurvey(list) : undefined;
  let [count, requests] = [0, 0];
  try {
    for await (const { rows } of checkedPages(call, list, context)) {
      started = true;
      survey?.page(rows);
      count += rows.length;
      requests += 1;
      if (tally !== undefined) addPage(tally, rows.length);
      yield { objects: rows, constants };
    }
    // A list that gives fewer rows than it may has come to its end.
    if (call.limit === undefined || count < call.limit) survey?.end(context, requests);
  } catch (error) {
    if (started) throw error;
    const unsearched = doubtOfSearch(error, list);
    if (unsearched !== undefined) throw unsearched;
    const isOfNoRow =
      isMissingReference(error) || isRefusedValue(error, list.access.filters) || isRefusedKey(error, joined);
    if (!isOfNoRow) throw doubtOfRefusal(error, list);
    context.notice(error.message);
  }
}

function addPage(tally: KeyTally, rows: number): void {
  tally.requests += 1;
  tally.rows += rows;
}

/** Pages that are what was asked for. Where the order counts, none goes out before rows have told that it is kept. */
async function* checkedPages(call: ListCall, list: CheckedList, context: StatementContext): AsyncGenerator<Page> {
  const check = new RowCheck(list);
  const held: Page[] = [];
  for await (const page of orderedPages(call, check, context)) {
    check.page(page.rows);
    held.push(page);
    if (check.isOrderSeen) yield* held.splice(0);
  }
  yield* held;
}

/** So many rows tell in which order a list gives them, where fewer are wanted. */
const rowsForOrder = 10;

/** The pages of a list. Rows that are all of one time have told of no order, and could not be in another. */
function orderedPages(call: ListCall, check: RowCheck, context: StatementContext): AsyncIterable<Page> {
  const { limit, pageSize, pagination } = call;
  if (check.isOrderSeen || limit === undefined || pagination !== "cursor")
    return listPages(context.client, call, context.scope);
  const shown = limit === 0 ? 0 : Math.max(limit, Math.min(rowsForOrder, pageSize));
  return listPages(context.client, { ...call, limit: shown }, context.scope);
}

/** A filter that is refused though it need not be sent: the statement can do without. */
function doubtOfRefusal(error: unknown, list: CheckedList): unknown {
  const refused = list.access.filters.find(
    ({ optional, parameter }) => optional && isRefusedParameter(error, parameter),
  );
  if (refused === undefined || !(error instanceof StripeSqlError)) return error;
  const { parameter } = refused;
  const lasting = isRefusedForGood(error);
  return new DoubtfulAnswer(
    { of: rowsOf(list), relied: { kind: "filter", parameter }, reason: "refused", lasting },
    error,
  );
}

/**
 * A search that the statement did not ask for itself, refused: to merchants in India, to a key without the permission, to
 * an API version that has none; or its query is, which says nothing of another.
 */
function doubtOfSearch(error: unknown, list: CheckedList): DoubtfulAnswer | undefined {
  const { budget, filters } = list.access;
  const isPlanned = budget === "search" && filters.some(({ optional }) => optional);
  if (!isPlanned || !(error instanceof StripeSqlError)) return undefined;
  const { status, param } = error.stripe;
  if (status !== 400 && status !== 403 && status !== 404) return undefined;
  const lasting = param !== "query";
  return new DoubtfulAnswer({ of: rowsOf(list), relied: { kind: "search" }, reason: "refused", lasting }, error);
}

/** A value that other rows hold and this list takes none of: a manual payout's transactions cannot be listed. */
function isRefusedKey(error: unknown, joined: readonly Binding[]): error is StripeSqlError {
  return joined.some(({ target }) => isRefusedParameter(error, target));
}

function isRefusedValue(error: unknown, filters: readonly SentFilter[]): error is StripeSqlError {
  return filters.some(
    ({ parameter, unknownValues }) => unknownValues.length > 0 && isRefusedParameter(error, parameter),
  );
}

/** Rows of another relation, in the order in which they came. */
export interface SourceRows {
  readonly source: Scanned;
  readonly rows: RowBatch;
  /** What the waiting relation has been asked for already: a value that several rows hold leads to one request. */
  readonly asked: KeysAsked;
}

/** What a row of another relation leads to. */
export interface KeyedRows {
  /** What that row's object holds of it. */
  readonly held: RowBatch | undefined;
  /** What has to be asked for, with the values filled in; undefined where all is held. */
  readonly rest: Access | undefined;
  readonly bindings: readonly Binding[];
  /** Counts what is asked for it, and what comes. */
  readonly tally: KeyTally;
}

/** What the accesses that wait for a relation ask for, for some of its rows. */
export function keyedRows(
  { table, scan }: Pick<Scanned, "table" | "scan">,
  { source, rows, asked }: SourceRows,
  context: StatementContext,
): readonly KeyedRows[] {
  const bound = accessesOf(scan)
    .filter((access) => sourceOf(access) === source.id)
    .map((access) => ({
      access,
      readers: access.bindings.map((binding) => bindingReader(binding, source)),
      leads: leadingTest(access.bindings),
    }));
  return rows.objects.flatMap((object) =>
    bound.flatMap(({ access, readers, leads }): readonly KeyedRows[] => {
      if (!leads(object)) return [];
      const tally = asked.of(access, source);
      tally.sourceRows += 1;
      const values = readers.map((read) => read(object, rows.constants));
      if (values.includes(undefined) || !isNew({ access, values }, asked)) return [];
      const own = boundAccess(access, { values, constants: rows.constants });
      const { held, rest } = heldRows({ table, access: own }, object, context);
      tally.keys += 1;
      tally.asked += rest === undefined ? 0 : 1;
      tally.rows += held?.objects.length ?? 0;
      return [{ held, rest, bindings: access.bindings, tally }];
    }),
  );
}

/** The rows of what has to be asked for. */
export function restRows(
  table: Table,
  { rest, bindings, tally }: KeyedRows,
  context: StatementContext,
): AsyncIterable<RowBatch> {
  if (rest === undefined) return noRows();
  if (rest.kind === "retrieve") {
    tally.requests += 1;
    return retrievedRows(table, { accesses: [rest], limit: undefined }, context);
  }
  const joined = bindings.filter(({ kind }) => kind === "join" || kind === "member");
  return listedRows({ table, access: rest }, { readAll: false, joined, tally }, context);
}

async function* noRows(): AsyncGenerator<RowBatch> {}

/** Rows of the accesses that wait for a relation, for some of its rows: what those hold, then the pages of what follows. */
export async function* boundRows(
  relation: Pick<Scanned, "table" | "scan">,
  source: SourceRows,
  context: StatementContext,
): AsyncGenerator<RowBatch> {
  for (const keyed of keyedRows(relation, source, context)) {
    if (keyed.held !== undefined) yield keyed.held;
    yield* restRows(relation.table, keyed, context);
  }
}

/** Whether a source's row satisfies its own conditions, as far as they were read; where it does not, nothing is joined to it. */
function leadingTest(bindings: readonly Binding[]): (object: JsonObject) => boolean {
  const tests = bindings.flatMap(({ source: { only = [] } }) => only).map(fieldTest);
  return (object) => tests.every((test) => test(object) !== "broken");
}

/** Two parents are never one; values that rows are joined by may be the same. */
function isNew(
  { access, values }: { readonly access: Access; readonly values: BoundValues["values"] },
  asked: KeysAsked,
): boolean {
  if (access.bindings.some(({ kind }) => kind === "parent")) return true;
  const targets = Object.fromEntries(access.bindings.map(({ target }, index) => [target, values[index] ?? ""]));
  const text = requestText({ ...access, path: fillPath(access.path, targets) }, values);
  return asked.isNew(text);
}

/** What a relation asks for without waiting: a key that comes later does not lead to it once more. */
export function askedAtOnce({ scan }: Pick<Scanned, "scan">): Set<string> {
  const retrieves = accessesOf(scan).filter((access) => access.kind === "retrieve" && access.bindings.length === 0);
  return new Set(retrieves.map((access) => requestText(access, [])));
}

/** Of objects by their paths alone; of lists by the values too, that are sent as parameters. */
function requestText({ kind, accountId, path, parameters }: Access, values: BoundValues["values"]): string {
  return JSON.stringify([accountId ?? null, path, parameters, ...(kind === "retrieve" ? [] : values)]);
}

type ReadValue = (object: JsonObject, constants: Constants) => string | undefined;

/** A row that has no value for the binding leads to no request, nor does one whose value makes another call of the path. */
function bindingReader({ source: { column: name }, reserved = [] }: Binding, { table }: Scanned): ReadValue {
  const column = table.columns.find((candidate) => candidate.name === name);
  if (column === undefined) throw new RangeError(`${table.name} has no column ${name} to bind to`);
  const read = columnReader({ column, constant: column.parentKey });
  return (object, constants) => {
    const value = read(object, constants);
    return typeof value === "string" && isPathSegment(value) && !reserved.includes(value) ? value : undefined;
  };
}

interface BoundValues {
  readonly values: readonly (string | undefined)[];
  /** What the source's rows hold beside their objects. */
  readonly constants: Constants;
}

/** The access with a value for each of its bindings, and a test of its rows for it. */
function boundAccess(access: Access, { values, constants }: BoundValues): Access {
  const inherited = access.bindings.some(({ kind }) => kind === "parent") ? constants : {};
  const start: Access = { ...access, bindings: [], constants: { ...access.constants, ...inherited } };
  const filled = access.bindings.reduce(
    (one, { target, column }, index) => withValue(one, { target, column, value: values[index] ?? "" }),
    start,
  );
  if (filled.kind !== "list") return filled;
  const sent = access.bindings.flatMap(({ filter }, index) => (filter ? [sentKey(filter, values[index] ?? "")] : []));
  return { ...filled, filters: [...filled.filters, ...sent] };
}

function sentKey({ path, exact, ...filter }: NonNullable<Binding["filter"]>, value: string): SentFilter {
  return { ...filter, expected: { path, domain: { ...unbounded, values: [value] }, exact } };
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

/** What an object holds of an access that it leads to. */
function heldRows(
  { table, access }: { readonly table: Table; readonly access: Access },
  holder: JsonObject,
  context: StatementContext,
): Pick<KeyedRows, "held" | "rest"> {
  const value = access.embeddedAt && jsonAt(holder, access.embeddedAt);
  const constants = constantsOf(access, context);
  if (access.kind === "retrieve") {
    if (!isJsonObject(value)) return { held: undefined, rest: access };
    const isRow = isObjectAsked({ table, access }, value) && value["deleted"] !== true;
    return { held: { objects: isRow ? [value] : [], constants }, rest: undefined };
  }
  const embedded = embeddedList(value);
  if (embedded === undefined) return { held: undefined, rest: access };
  const { rows, hasMore } = embedded;
  new RowCheck({ table, access }).page(rows);
  if (!hasMore) return { held: { objects: rows, constants }, rest: undefined };
  const after = access.pagination === "cursor" ? rows.at(-1)?.["id"] : undefined;
  if (typeof after !== "string") return { held: undefined, rest: access };
  const parameters = { ...access.parameters, starting_after: after };
  return { held: { objects: rows, constants }, rest: { ...access, parameters } };
}

function embeddedList(
  value: Json | undefined,
): { readonly rows: readonly JsonObject[]; readonly hasMore: boolean } | undefined {
  if (!isJsonObject(value) || !Array.isArray(value["data"])) return undefined;
  const rows = value["data"].filter((row: Json) => isJsonObject(row));
  if (rows.length !== value["data"].length) return undefined;
  return { rows, hasMore: value["has_more"] === true };
}

/** What the rows of an access hold beside their objects. */
export function constantsOf(access: Access, context: StatementContext): Constants {
  return { [accountColumn]: context.accountId ?? null, ...access.constants };
}

function addressOf({
  endpoint,
  accountId,
  path,
}: Access): Pick<ListCall, "path" | "endpointPath" | "apiBase" | "accountId"> {
  return { path, endpointPath: endpoint.path, apiBase: endpoint.apiBase, accountId };
}

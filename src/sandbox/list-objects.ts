import type { ListEndpoint, Table } from "../catalog/catalog.js";
import type { JsonObject } from "../value/json.js";
import type { AccountState } from "./account-state.js";
import { filterConditions, refuseUnknownFilters } from "./list-filters.js";
import type { PageRequest } from "./list-paging.js";
import { cursorCondition, isPagingParameter, pageToken, readPage } from "./list-paging.js";
import { typeOf } from "./object-shape.js";
import type { Condition, StoredRow } from "./object-store.js";
import { jsonAtPath } from "./object-store.js";
import { defaultConditions } from "./pseudo-filters.js";

export interface ListRequest {
  readonly table: Table;
  readonly endpoint: ListEndpoint;
  /** Values of the path's placeholders, in order. */
  readonly keys: readonly string[];
  /** The request's own path, "/v1/invoices/in_1/lines". */
  readonly path: string;
  /** The query, without `expand`. */
  readonly raw: JsonObject;
}

export interface ObjectPage {
  readonly rows: readonly StoredRow[];
  readonly hasMore: boolean;
  readonly page: PageRequest;
}

/** One page of a list, as Stripe would choose and order its rows. */
export function listObjects(state: AccountState, request: ListRequest): ObjectPage {
  const { table, endpoint, raw } = request;
  const type = typeOf(table);
  refuseUnknownFilters(endpoint.filters, raw, (name) => isPagingParameter(endpoint, name));
  const conditions = [
    ...parentConditions(state, request),
    ...filterConditions(state, table, { filters: endpoint.filters, raw }),
    ...defaultConditions(state, type, (parameter) => parameter in raw),
  ];
  const cut = atMost(endpoint, raw);
  if (cut !== undefined) conditions.push(newestOf(state, { type, conditions, limit: cut }));
  if (endpoint.pagination === "none") return wholeList(state, request, conditions);
  const page = readPage(state, type, endpoint, raw);
  return readRows(state, { type, order: orderOf(request), conditions, page });
}

/** Some filters leave out all but the newest matches. */
function atMost({ filters }: ListEndpoint, raw: JsonObject): number | undefined {
  return filters.find(({ parameter, atMost: limit }) => limit !== undefined && parameter in raw)?.atMost;
}

function newestOf(
  state: AccountState,
  {
    type,
    conditions,
    limit,
  }: { readonly type: string; readonly conditions: readonly Condition[]; readonly limit: number },
): Condition {
  const rows = state.world.store.select({ type, account: state.account, conditions, order: "newest", limit });
  return { sql: `id IN (${rows.map(() => "?").join(", ")})`, bindings: rows.map(({ id }) => id) };
}

function wholeList(state: AccountState, request: ListRequest, conditions: readonly Condition[]): ObjectPage {
  const selection = { type: typeOf(request.table), account: state.account, conditions, order: orderOf(request) };
  const rows = state.world.store.select(selection);
  return { rows, hasMore: false, page: { limit: rows.length, direction: "forward", cursor: undefined } };
}

interface RowsRequest {
  readonly type: string;
  readonly order: "newest" | "oldest";
  readonly conditions: readonly Condition[];
  readonly page: PageRequest;
}

/** One row more than the page tells whether there is another page; backwards, rows are read in reverse. */
function readRows(state: AccountState, { type, order, conditions, page }: RowsRequest): ObjectPage {
  const isForward = page.direction === "forward";
  const rows = state.world.store.select({
    type,
    account: state.account,
    conditions: [...conditions, ...cursorCondition(page, order)],
    order: isForward ? order : order === "newest" ? "oldest" : "newest",
    limit: page.limit + 1,
  });
  const kept = rows.slice(0, page.limit);
  return { rows: isForward ? kept : [...kept].reverse(), hasMore: rows.length > page.limit, page };
}

/** Lines stand in the order in which they were added; everything else newest first. */
function orderOf({ table, endpoint }: ListRequest): "newest" | "oldest" {
  if (endpoint.order === "created-descending") return "newest";
  return endpoint.embeddedAt !== undefined || table.name.endsWith("LineItem") ? "oldest" : "newest";
}

/** The path's placeholders name the parents of a nested list; they must exist. */
function parentConditions(state: AccountState, request: ListRequest): readonly Condition[] {
  const placeholders = [...request.endpoint.path.matchAll(/\{([^}]+)\}/g)].map((match) => match[1]);
  return placeholders.flatMap((placeholder, position) => {
    const key = request.keys[position] ?? "";
    const parent = request.endpoint.parents.find((one) => one.placeholder === placeholder);
    if (parent === undefined) return [{ sql: "parent = ?", bindings: [key] }];
    requireParent(state, request.table, parent.table, key);
    return [parentCondition(request.table, parent.column, key)];
  });
}

function requireParent(state: AccountState, table: Table, parentName: string, key: string): void {
  const type = typeOf({ schema: table.schema, name: parentName });
  if (state.world.shapes.tables.has(type)) state.require(type, key);
}

function parentCondition(table: Table, columnName: string, key: string): Condition {
  const column = table.columns.find(({ name }) => name === columnName);
  if (column === undefined || column.parentKey || column.path.length === 0)
    return { sql: "parent = ?", bindings: [key] };
  return { sql: `${jsonAtPath(column.path)} = ?`, bindings: [key] };
}

/** The answer around the rows' texts; these are joined, never parsed. */
export function listAnswer(
  request: ListRequest,
  { rows, hasMore, page }: ObjectPage,
  texts: readonly string[],
): string {
  const data = `[${texts.join(",")}]`;
  if (request.endpoint.pagination !== "v2") {
    return `{"object":"list","data":${data},"has_more":${hasMore},"url":${JSON.stringify(request.path)}}`;
  }
  const first = rows[0];
  const last = rows[rows.length - 1];
  const hasNext = page.direction === "forward" ? hasMore : true;
  const hasPrevious = page.direction === "forward" ? page.cursor !== undefined : hasMore;
  const next = hasNext && last !== undefined ? pageUrl(request, page, pageToken("forward", last.id)) : null;
  const previous = hasPrevious && first !== undefined ? pageUrl(request, page, pageToken("backward", first.id)) : null;
  return `{"data":${data},"next_page_url":${JSON.stringify(next)},"previous_page_url":${JSON.stringify(previous)}}`;
}

function pageUrl(request: ListRequest, page: PageRequest, token: string): string {
  const query = new URLSearchParams({ limit: String(page.limit), page: token });
  for (const [name, value] of Object.entries(request.raw)) {
    if (name !== "limit" && name !== "page" && typeof value === "string") query.set(name, value);
  }
  return `${request.path}?${query}`;
}

import type { ListEndpoint } from "../catalog/catalog.js";
import type { Json, JsonObject } from "../value/json.js";
import type { AccountState } from "./account-state.js";
import type { Condition, StoredRow } from "./object-store.js";
import { readInteger } from "./parameter-reader.js";
import { invalidRequest, noSuchObject } from "./refusals.js";

/** Where a page begins and which way it goes. */
export interface PageRequest {
  readonly limit: number;
  readonly direction: "forward" | "backward";
  readonly cursor: StoredRow | undefined;
}

/** Paging parameters that each way of paging accepts. */
const pagingParameters: Readonly<Record<ListEndpoint["pagination"], readonly string[]>> = {
  cursor: ["limit", "starting_after", "ending_before"],
  v2: ["limit", "page"],
  page: ["limit", "page"],
  none: [],
  singleton: [],
};

export function isPagingParameter(endpoint: ListEndpoint, name: string): boolean {
  return pagingParameters[endpoint.pagination].includes(name);
}

/** Stripe's bounds: 1 to 100, 10 where nothing is said (20 in API v2). */
export function readLimit(value: Json | undefined, defaultLimit: number): number {
  if (value === undefined) return defaultLimit;
  const limit = readInteger(String(value), "limit");
  if (limit > 100) throw limitOutOfRange(`This value must be less than or equal to 100 (it currently is '${limit}').`);
  if (limit < 1) throw limitOutOfRange(`This value must be greater than or equal to 1 (it currently is '${limit}').`);
  return limit;
}

function limitOutOfRange(message: string): Error {
  return invalidRequest(message, { code: "parameter_invalid_integer", param: "limit" });
}

export function readPage(state: AccountState, type: string, endpoint: ListEndpoint, raw: JsonObject): PageRequest {
  const limit = readLimit(raw["limit"], endpoint.pagination === "v2" ? 20 : 10);
  if (endpoint.pagination === "v2") return readV2Page(state, type, raw, limit);
  const { starting_after: after, ending_before: before } = raw;
  if (after !== undefined && before !== undefined) {
    throw invalidRequest("You can only use one of starting_after or ending_before, not both.");
  }
  if (typeof before === "string") {
    return { limit, direction: "backward", cursor: requireCursor(state, type, before, "ending_before") };
  }
  const cursor = typeof after === "string" ? requireCursor(state, type, after, "starting_after") : undefined;
  return { limit, direction: "forward", cursor };
}

/** A deleted object is still a place in the list. */
function requireCursor(state: AccountState, type: string, id: string, param: string): StoredRow {
  const row = state.row(type, id);
  if (row === undefined) throw noSuchObject(state.world.shapes.resourceName(type), id, param);
  return row;
}

function readV2Page(state: AccountState, type: string, raw: JsonObject, limit: number): PageRequest {
  const token = raw["page"];
  if (token === undefined) return { limit, direction: "forward", cursor: undefined };
  const [, direction, id] = /^(forward|backward):(.*)$/s.exec(Buffer.from(String(token), "base64url").toString()) ?? [];
  const cursor = id === undefined ? undefined : state.row(type, id);
  if (cursor === undefined) throw invalidRequest("The page token is invalid.", { param: "page" });
  return { limit, direction: direction === "backward" ? "backward" : "forward", cursor };
}

/** An API v2 page token; opaque to clients. */
export function pageToken(direction: PageRequest["direction"], id: string): string {
  return Buffer.from(`${direction}:${id}`).toString("base64url");
}

/** Rows beyond the cursor in reading order, given in which order the list reads. */
export function cursorCondition(page: PageRequest, order: "newest" | "oldest"): readonly Condition[] {
  if (page.cursor === undefined) return [];
  const comparison = (page.direction === "forward") === (order === "newest") ? "<" : ">";
  return [{ sql: `(created, sequence) ${comparison} (?, ?)`, bindings: [page.cursor.created, page.cursor.sequence] }];
}

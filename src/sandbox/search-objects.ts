import type { SearchEndpoint, Table } from "../catalog/catalog.js";
import type { JsonObject } from "../value/json.js";
import type { AccountState } from "./account-state.js";
import { parseRow } from "./account-state.js";
import { expandObject, readExpansions, rowExpansions } from "./expansion.js";
import { readLimit } from "./list-paging.js";
import { typeOf } from "./object-shape.js";
import type { Condition, StoredRow } from "./object-store.js";
import { invalidRequest, missingParameter, unknownParameters } from "./refusals.js";
import { searchCondition } from "./search-evaluator.js";

export interface SearchRequest {
  readonly table: Table;
  readonly endpoint: SearchEndpoint;
  readonly path: string;
  readonly raw: JsonObject;
}

/** One page of search results, newest first. Source: https://docs.stripe.com/api/pagination/search */
export function searchAnswer(state: AccountState, request: SearchRequest): string {
  const { raw, table, endpoint } = request;
  const unknown = Object.keys(raw).filter((key) => !["query", "limit", "page", "expand"].includes(key));
  if (unknown.length > 0) throw unknownParameters(unknown);
  if (typeof raw["query"] !== "string" || raw["query"] === "") throw missingParameter("query");
  const expansions = readExpansions(raw["expand"]);
  const conditions = [searchCondition(table, endpoint, raw["query"]), ...lagCondition(state)];
  const limit = readLimit(raw["limit"], 10);
  const selection = { type: typeOf(table), account: state.account, conditions };
  const found = state.world.store.select({
    ...selection,
    conditions: [...conditions, ...afterCondition(raw["page"])],
    order: "newest",
    limit: limit + 1,
  });
  const rows = found.slice(0, limit);
  const last = rows[rows.length - 1];
  return answer(request, {
    texts: textsOf(state, table, rows, rowExpansions(expansions.filter((path) => path !== "total_count"))),
    nextPage: found.length > limit && last !== undefined ? tokenOf(last) : null,
    totalCount: expansions.includes("total_count") ? state.world.store.count(selection) : undefined,
  });
}

/** At Stripe an object is found up to a minute after its creation. */
function lagCondition(state: AccountState): readonly Condition[] {
  const { searchLagSeconds } = state.world;
  return searchLagSeconds === 0 ? [] : [{ sql: "created <= ?", bindings: [state.now() - searchLagSeconds] }];
}

function textsOf(
  state: AccountState,
  table: Table,
  rows: readonly StoredRow[],
  expansions: readonly string[],
): readonly string[] {
  if (expansions.length === 0) return rows.map(({ json }) => json);
  return rows.map((row) => JSON.stringify(expandObject(state, table, parseRow(row), expansions)));
}

function tokenOf(row: StoredRow): string {
  return Buffer.from(`${row.created}:${row.sequence}`).toString("base64url");
}

function afterCondition(page: unknown): readonly Condition[] {
  if (page === undefined) return [];
  const match = /^(-?\d+):(\d+)$/.exec(Buffer.from(String(page), "base64url").toString());
  if (match === null) throw invalidRequest("Invalid page token.", { param: "page" });
  return [{ sql: "(created, sequence) < (?, ?)", bindings: [Number(match[1]), Number(match[2])] }];
}

function answer(
  request: SearchRequest,
  page: {
    readonly texts: readonly string[];
    readonly nextPage: string | null;
    readonly totalCount: number | undefined;
  },
): string {
  const total = page.totalCount === undefined ? "" : `,"total_count":${page.totalCount}`;
  const head = `{"object":"search_result","url":${JSON.stringify(request.path)},"has_more":${page.nextPage !== null}`;
  return `${head},"next_page":${JSON.stringify(page.nextPage)}${total},"data":[${page.texts.join(",")}]}`;
}

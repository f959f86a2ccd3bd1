import type { Json, JsonObject } from "../value/json.js";
import { isJsonObject } from "../value/json.js";
import type { ListCall } from "./list-call.js";
import { malformedPage } from "./malformed-page.js";

/** One answer of a list: its rows, and how to ask for the next ones. */
export interface ListPage {
  readonly rows: readonly JsonObject[];
  readonly next: NextPage | undefined;
}

export interface NextPage {
  /** Names the place in the list; the same one twice would be an endless list. */
  readonly cursor: string;
  readonly parameters: Readonly<Record<string, Json>>;
}

/** Reads an answer as a page of `call`, strictly: whatever might make the result shorter than the list is an error. */
export function readPage(call: ListCall, answer: JsonObject): ListPage {
  const rows = readRows(call, answer);
  return { rows, next: readNext(call, answer, rows) };
}

/** API v2 gives its lists no `object`. */
function readRows(call: ListCall, answer: JsonObject): readonly JsonObject[] {
  const { object, data } = answer;
  if (call.pagination !== "v2" && object !== "list" && object !== "search_result") {
    throw malformedPage(call, `The answer's object is ${JSON.stringify(object ?? null)}, not "list".`);
  }
  if (!isArray(data)) throw malformedPage(call, "The answer's data is no array.");
  const rows = data.filter(isJsonObject);
  if (rows.length !== data.length) throw malformedPage(call, "The answer's data holds something other than objects.");
  return rows;
}

function readNext(call: ListCall, answer: JsonObject, rows: readonly JsonObject[]): NextPage | undefined {
  switch (call.pagination) {
    case "cursor":
      return hasMore(call, answer) ? nextByCursor(call, rows) : undefined;
    case "page":
      return hasMore(call, answer) ? nextByToken(call, answer, rows) : undefined;
    case "v2":
      return nextByUrl(call, answer["next_page_url"]);
    case "none":
      if (answer["has_more"] === true) throw malformedPage(call, "The list has more rows but cannot be paged.");
      return undefined;
  }
}

function hasMore(call: ListCall, answer: JsonObject): boolean {
  const more = answer["has_more"];
  if (typeof more !== "boolean") throw malformedPage(call, "The answer's has_more is neither true nor false.");
  return more;
}

function nextByCursor(call: ListCall, rows: readonly JsonObject[]): NextPage {
  const id = requireLastRow(call, rows)["id"];
  if (typeof id !== "string" || id === "") throw malformedPage(call, "has_more is true, but the last row has no id.");
  return { cursor: id, parameters: { ...call.parameters, starting_after: id } };
}

function nextByToken(call: ListCall, answer: JsonObject, rows: readonly JsonObject[]): NextPage {
  requireLastRow(call, rows);
  const token = answer["next_page"];
  if (typeof token !== "string" || token === "")
    throw malformedPage(call, "has_more is true, but next_page is missing.");
  return { cursor: token, parameters: { ...call.parameters, page: token } };
}

function requireLastRow(call: ListCall, rows: readonly JsonObject[]): JsonObject {
  const last = rows.at(-1);
  if (last === undefined) throw malformedPage(call, "has_more is true, but the page is empty.");
  return last;
}

/** The URL is a path with a query, and has to stay within the list. Pages of API v2 may be empty midway. */
function nextByUrl(call: ListCall, url: Json | undefined): NextPage | undefined {
  if (url === null) return undefined;
  if (url === undefined) throw malformedPage(call, "The answer has no next_page_url.");
  const [path, query] = typeof url === "string" ? url.split("?", 2) : [];
  if (path !== call.path || query === undefined) throw malformedPage(call, "next_page_url leads away from the list.");
  return { cursor: query, parameters: Object.fromEntries(new URLSearchParams(query)) };
}

/** Array.isArray does not narrow readonly arrays. */
function isArray(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

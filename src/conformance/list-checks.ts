import type { JsonObject } from "../value/json.js";
import type { AskedServer } from "./asked-server.js";
import { answerText } from "./asked-server.js";
import { missingFields, undeclaredNulls, unknownFields, unknownWords, wrongTypes } from "./declared-fields.js";
import type { Verdict } from "./finding.js";
import { agrees, disagreesWhere, untold } from "./finding.js";
import type { TableSample } from "./sampled-table.js";
import { answeredRows, hasMore, limitOf } from "./sampled-table.js";

/** A check of a table's list; undefined where it does not apply. */
export type TableCheck = (
  sample: TableSample,
  server: AskedServer,
) => Verdict | undefined | Promise<Verdict | undefined>;

/** Checks that look at the page that is there, and those that ask for another. */
export const listChecks: Readonly<Record<string, TableCheck>> = {
  "answer's form": checkForm,
  "rows' kind": checkKind,
  "unique ids": checkUniqueIds,
  "unknown fields": overRows(unknownFields),
  "missing fields": overRows(missingFields),
  nulls: overRows(undeclaredNulls),
  types: overRows(wrongTypes),
  "enum values": overRows(unknownWords),
  order: checkOrder,
  limit: checkLimit,
  pages: checkPages,
  "limit beyond the largest": checkLargestLimit,
  "unknown parameter": checkUnknownParameter,
};

const isPaged = ({ list: { pagination } }: TableSample): boolean => pagination === "cursor" || pagination === "v2";

function checkForm({ list: { pagination }, answer, rows }: TableSample): Verdict {
  if (pagination === "singleton") return agrees;
  const data = answer["data"];
  const faults: string[] = [];
  if (!Array.isArray(data)) faults.push("it has no array `data`");
  else if (data.length !== rows.length) faults.push("`data` holds what is no object");
  if (pagination === "cursor" && answer["object"] !== "list")
    faults.push(`its \`object\` is ${JSON.stringify(answer["object"])}`);
  if (pagination === "cursor" && typeof answer["has_more"] !== "boolean") faults.push("it has no boolean `has_more`");
  if (pagination === "v2" && answer["next_page_url"] === undefined) faults.push("it has no `next_page_url`");
  return disagreesWhere(faults);
}

function checkKind({ table, rows }: TableSample): Verdict | undefined {
  const { objectType, primaryKey } = table;
  if (rows.length === 0) return undefined;
  return disagreesWhere(
    rows.flatMap((row) => [
      ...(objectType === undefined || row["object"] === objectType
        ? []
        : [`its \`object\` is ${JSON.stringify(row["object"])}`]),
      ...(primaryKey !== "Id" || typeof row["id"] === "string" ? [] : ["a row has no `id`"]),
      ...(row["livemode"] === true ? ["`livemode` is true"] : []),
    ]),
  );
}

function checkUniqueIds({ rows }: TableSample): Verdict | undefined {
  const ids = rows.flatMap(({ id }) => (typeof id === "string" ? [id] : []));
  if (ids.length < 2) return undefined;
  return disagreesWhere(ids.filter((id, index) => ids.indexOf(id) < index).map((id) => `${id} comes twice`));
}

function overRows(faultsOf: (table: TableSample["table"], row: JsonObject) => readonly string[]): TableCheck {
  return ({ table, rows }) =>
    rows.length === 0 ? untold("no rows") : disagreesWhere(rows.flatMap((row) => faultsOf(table, row)));
}

function checkOrder({ list, rows }: TableSample): Verdict | undefined {
  if (list.order === undefined) return undefined;
  const times = rows.flatMap(({ created }) => (typeof created === "number" ? [created] : []));
  if (times.length < 2) return untold("fewer than two rows");
  const isNewestFirst = times.every((time, index) => index === 0 || time <= (times[index - 1] ?? time));
  return disagreesWhere(isNewestFirst ? [] : ["a row is followed by a newer one"]);
}

async function checkLimit(sample: TableSample, server: AskedServer): Promise<Verdict | undefined> {
  if (!isPaged(sample)) return undefined;
  const answer = await server.get(sample.path, { ...sample.parameters, ...limitOf(sample.list, 1) });
  const rows = answeredRows(sample.list, answer);
  if (rows === undefined || answer.kind !== "object") return disagreesWhere([answerText(answer)]);
  const faults = rows.length > 1 ? [`${rows.length} rows where one was asked for`] : [];
  if (rows.length === 0 && sample.rows.length > 0) faults.push("no row where there is one");
  if (sample.rows.length > 1 && !hasMore(answer.object)) faults.push("it says that no more rows follow");
  if (sample.rows.length === 1 && !sample.hasMore && hasMore(answer.object))
    faults.push("it says that more rows follow");
  return disagreesWhere(faults);
}

async function checkPages(sample: TableSample, server: AskedServer): Promise<Verdict | undefined> {
  const [first, second] = sample.rows;
  if (!isPaged(sample)) return undefined;
  if (first === undefined || second === undefined) return untold("fewer than two rows");
  const next = await secondPage(sample, first, server);
  if (typeof next === "string") return disagreesWhere([next]);
  const answer = await server.get(sample.path, next);
  const [found, another] = answeredRows(sample.list, answer) ?? [];
  if (found === undefined) return disagreesWhere([`the second page is ${answerText(answer)}`]);
  const faults =
    found["id"] === second["id"]
      ? []
      : [`the second page begins with ${String(found["id"])}, not ${String(second["id"])}`];
  return disagreesWhere(another === undefined ? faults : [...faults, "the second page has more rows than asked for"]);
}

/** Parameters of the page behind the first row; else what is wrong with the first. */
async function secondPage(sample: TableSample, first: JsonObject, server: AskedServer): Promise<JsonObject | string> {
  const one = { ...sample.parameters, ...limitOf(sample.list, 1) };
  if (sample.list.pagination === "cursor") return { ...one, starting_after: first["id"] ?? null };
  const answer = await server.get(sample.path, one);
  const next = answer.kind === "object" ? answer.object["next_page_url"] : undefined;
  if (typeof next !== "string") return "the first page names no second";
  const page = new URL(next, "http://localhost").searchParams.get("page");
  return page === null ? "its next_page_url has no page" : { ...one, page };
}

async function checkLargestLimit(
  { path, parameters, list, rows }: TableSample,
  server: AskedServer,
): Promise<Verdict | undefined> {
  if (list.pagination !== "cursor" || rows.length === 0) return undefined;
  const answer = await server.get(path, { ...parameters, limit: list.maximumPageSize + 1 });
  return disagreesWhere(answer.kind === "refused" ? [] : [`limit=${list.maximumPageSize + 1} is taken`]);
}

async function checkUnknownParameter(
  { path, parameters, list }: TableSample,
  server: AskedServer,
): Promise<Verdict | undefined> {
  if (list.pagination === "singleton") return undefined;
  const answer = await server.get(path, { ...parameters, stripe_sql_conformance: "1" });
  return answer.kind === "refused" && answer.status === 400
    ? agrees
    : disagreesWhere([`a parameter that is none is answered by ${answerText(answer)}`]);
}

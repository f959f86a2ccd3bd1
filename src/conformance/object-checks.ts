import type { Column, RetrieveEndpoint, SearchField } from "../catalog/catalog.js";
import { jsonText } from "../value/exact-number.js";
import type { Json, JsonObject } from "../value/json.js";
import { isJsonObject } from "../value/json.js";
import type { AskedServer } from "./asked-server.js";
import { answerText } from "./asked-server.js";
import { fieldValue } from "./declared-fields.js";
import type { Verdict } from "./finding.js";
import { agrees, disagreesWhere, untold } from "./finding.js";
import type { TableCheck } from "./list-checks.js";
import type { TableSample } from "./sampled-table.js";
import { filledPath } from "./sampled-table.js";

export const objectChecks: Readonly<Record<string, TableCheck>> = {
  retrieve: checkRetrieve,
  "retrieve of no object": checkMissing,
  expand: checkExpand,
};

/** The path to a row's object; undefined where the row does not tell it. */
function retrievePath({ keys, path }: RetrieveEndpoint, sample: TableSample, row: JsonObject): string | undefined {
  const filled = filledPath(path, (placeholder) => {
    const key = keys.find((one) => one.placeholder === placeholder);
    const column = sample.table.columns.find(({ name }) => name === key?.column);
    if (column === undefined) return undefined;
    const value = column.parentKey ? sample.parents[column.name] : fieldValue(row, column);
    return typeof value === "string" ? value : undefined;
  });
  return filled.includes("{") ? undefined : filled;
}

async function checkRetrieve(sample: TableSample, server: AskedServer): Promise<Verdict | undefined> {
  const { retrieve } = sample.table;
  const [row] = sample.rows;
  if (retrieve === undefined) return undefined;
  if (row === undefined) return untold("no rows");
  const path = retrievePath(retrieve, sample, row);
  if (path === undefined) return untold("the row does not tell its keys");
  const answer = await server.get(path);
  if (answer.kind === "refused") return disagreesWhere([answerText(answer)]);
  const included = new Set(sample.table.columns.filter(({ includable }) => includable).map(({ path: [key] }) => key));
  const keys = [...new Set([...Object.keys(row), ...Object.keys(answer.object)])].filter((key) => !included.has(key));
  return disagreesWhere(
    keys.filter((key) => !isSame(row[key], answer.object[key])).map((key) => `${key} is not as in the list`),
  );
}

async function checkMissing(sample: TableSample, server: AskedServer): Promise<Verdict | undefined> {
  const { retrieve } = sample.table;
  const [row] = sample.rows;
  const id = row?.["id"];
  if (retrieve === undefined || sample.table.primaryKey !== "Id") return undefined;
  if (row === undefined || typeof id !== "string") return untold("no rows");
  const path = retrievePath(retrieve, sample, { ...row, id: `${id.replace(/[^_]*$/, "")}stripesqlnone` });
  if (path === undefined) return untold("the row does not tell its keys");
  const answer = await server.get(path);
  if (answer.kind === "refused" && answer.status === 404) return agrees;
  return disagreesWhere([`an id of nothing is answered by ${answerText(answer)}`]);
}

async function checkExpand(sample: TableSample, server: AskedServer): Promise<Verdict | undefined> {
  const { retrieve, columns, schema } = sample.table;
  if (retrieve === undefined || schema === "v2" || !columns.some(isReference)) return undefined;
  for (const row of sample.rows) {
    const column = columns.find((one) => isReference(one) && typeof row[one.path[0] ?? ""] === "string");
    const path = column === undefined ? undefined : retrievePath(retrieve, sample, row);
    if (column !== undefined && path !== undefined) return checkExpanded(path, { row, column }, server);
  }
  return untold("no row refers to another");
}

const isReference = ({ references, path, includable, parentKey }: Column): boolean =>
  references !== undefined && path.length === 1 && !includable && !parentKey;

async function checkExpanded(
  path: string,
  { row, column }: { readonly row: JsonObject; readonly column: Column },
  server: AskedServer,
): Promise<Verdict> {
  const [field = ""] = column.path;
  const answer = await server.get(path, { expand: [field] });
  if (answer.kind === "refused") return disagreesWhere([`expand[]=${field} is refused: ${answerText(answer)}`]);
  const found = answer.object[field];
  if (!isJsonObject(found)) return disagreesWhere([`${field} is not expanded`]);
  return disagreesWhere(found["id"] === row[field] ? [] : [`${field} is expanded to another object`]);
}

/** Searches for a row's own value: a row that contradicts it is wrong; one that is not found may be too new. */
export async function checkSearch(field: SearchField, sample: TableSample, server: AskedServer): Promise<Verdict> {
  const { search, columns } = sample.table;
  const column = columns.find(({ name }) => name === field.column);
  if (search === undefined || column === undefined || field.type === "metadata")
    return untold("no field tells its value");
  const row = sample.rows.find((one) => isSearchable(fieldValue(one, column), field));
  const value = row === undefined ? undefined : fieldValue(row, column);
  if (row === undefined || value === undefined) return untold("no row has a value");
  const text = field.type === "numeric" ? String(value) : `"${String(value)}"`;
  const answer = await server.get(search.path, { query: `${field.field}:${text}`, limit: 100 });
  if (answer.kind === "refused") return disagreesWhere([`the query is refused: ${answerText(answer)}`]);
  const data = answer.object["data"];
  const found = Array.isArray(data) ? data.filter((one: Json) => isJsonObject(one)) : [];
  const faults = found.filter((one) => !isFound(fieldValue(one, column), value, field));
  if (faults.length > 0) return disagreesWhere([`rows with another ${field.field} are found`]);
  return found.some((one) => one["id"] === row["id"]) ? agrees : untold("the row is not found, as it may be new");
}

function isSearchable(value: Json | undefined, { type }: SearchField): boolean {
  return type === "numeric" ? typeof value === "number" : typeof value === "string" && /^[\w.@+-]{2,60}$/.test(value);
}

/** Strings are searched by their words, whatever their case. */
function isFound(found: Json | undefined, wanted: Json, { type }: SearchField): boolean {
  if (type !== "string") return found === wanted;
  return typeof found === "string" && found.toLowerCase().includes(String(wanted).toLowerCase());
}

function isSame(one: Json | undefined, other: Json | undefined): boolean {
  if (one === other) return true;
  if (Array.isArray(one) && Array.isArray(other))
    return one.length === other.length && one.every((item: Json, index) => isSame(item, other[index]));
  if (!isJsonObject(one) || !isJsonObject(other)) return jsonText(one) === jsonText(other);
  return [...new Set([...Object.keys(one), ...Object.keys(other)])].every((key) => isSame(one[key], other[key]));
}

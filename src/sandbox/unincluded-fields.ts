import type { Table } from "../catalog/catalog.js";
import type { Json, JsonObject } from "../value/json.js";
import { isJsonObject } from "../value/json.js";

/** An object of API v2 as it is sent: what only `include` asks for is null where that does not. */
export function withoutUnincluded(table: Table, object: JsonObject, include: readonly string[]): JsonObject {
  return hiddenPaths(table, include).reduce((shown, path) => withNull(shown, path), object);
}

/** True where every object of the table is sent whole. */
export const isSentWhole = (table: Table): boolean => hiddenPaths(table, []).length === 0;

function hiddenPaths({ schema, columns }: Table, include: readonly string[]): readonly (readonly string[])[] {
  if (schema !== "v2") return [];
  const paths = columns.flatMap(({ includePath }) => (includePath === undefined ? [] : [includePath]));
  return [...new Map(paths.map((path) => [path.join("."), path])).entries()]
    .filter(([name]) => !include.includes(name))
    .map(([, path]) => path);
}

function withNull(value: JsonObject, [key, ...rest]: readonly string[]): JsonObject {
  const inner: Json | undefined = key === undefined ? undefined : value[key];
  if (key === undefined || inner === undefined) return value;
  if (rest.length === 0) return { ...value, [key]: null };
  return isJsonObject(inner) ? { ...value, [key]: withNull(inner, rest) } : value;
}

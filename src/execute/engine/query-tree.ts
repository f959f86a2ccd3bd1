import { SqlState } from "../../error/sql-state.js";
import { StripeSqlError } from "../../error/stripe-sql-error.js";
import type { Json, JsonObject } from "../../value/json.js";
import { isJsonObject } from "../../value/json.js";

export interface NamedTable {
  readonly schema: string | undefined;
  readonly name: string;
}

/**
 * The base tables in a query as DuckDB's json_serialize_sql prints it, each once; names of common table
 * expressions are none. Source: https://duckdb.org/docs/stable/data/json/sql_to_and_from_json
 */
export function tablesInTree(serialized: string, sql: string): readonly NamedTable[] {
  const tree = JSON.parse(serialized) as Json;
  if (isJsonObject(tree) && tree["error"] === true) throw refusal(tree, sql);
  const nodes = objectsIn(tree);
  const common = new Set(nodes.flatMap(commonNames));
  const tables = nodes.flatMap((node): readonly NamedTable[] => {
    const { type, schema_name: schema, table_name: name } = node;
    if (type !== "BASE_TABLE" || typeof name !== "string") return [];
    const qualified = typeof schema === "string" && schema !== "";
    if (!qualified && common.has(name.toLowerCase())) return [];
    return [{ schema: qualified ? schema : undefined, name }];
  });
  return [...new Map(tables.map((table) => [`${table.schema ?? ""}.${table.name}`.toLowerCase(), table])).values()];
}

/** The names after FROM, JOIN and PIVOT that no common table expression has. */
export function tablesOfPivot(sql: string): readonly NamedTable[] {
  const name = String.raw`"(?:[^"]|"")+"|[A-Za-z_]\w*`;
  const common = new Set(
    [...sql.matchAll(new RegExp(`(${name})\\s+AS\\s*\\(`, "gi"))].map(([, cte = ""]) => unquoted(cte).toLowerCase()),
  );
  const places = sql.matchAll(new RegExp(`\\b(?:FROM|JOIN|PIVOT)\\s+(?:(${name})\\s*\\.\\s*)?(${name})`, "gi"));
  return [...places]
    .map(([, schema, table = ""]) => ({
      schema: schema === undefined ? undefined : unquoted(schema),
      name: unquoted(table),
    }))
    .filter((table) => table.schema !== undefined || !common.has(table.name.toLowerCase()));
}

const unquoted = (name: string): string => (name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name);

function objectsIn(value: Json): readonly JsonObject[] {
  if (typeof value !== "object" || value === null) return [];
  const children = Object.values(value).flatMap(objectsIn);
  return isJsonObject(value) ? [value, ...children] : children;
}

function commonNames({ cte_map: common }: JsonObject): readonly string[] {
  const entries = isJsonObject(common) && Array.isArray(common["map"]) ? (common["map"] as readonly Json[]) : [];
  return entries.flatMap((entry) =>
    isJsonObject(entry) && typeof entry["key"] === "string" ? [entry["key"].toLowerCase()] : [],
  );
}

function refusal(tree: JsonObject, sql: string): StripeSqlError {
  const position = Number(tree["position"]);
  return new StripeSqlError(String(tree["error_message"]), {
    sqlState: tree["error_type"] === "not implemented" ? SqlState.featureNotSupported : SqlState.syntaxError,
    phase: "syntax",
    position: Number.isInteger(position) && position <= sql.length ? position : undefined,
  });
}

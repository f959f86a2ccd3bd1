import { SqlState } from "../../error/sql-state.js";
import { StripeSqlError } from "../../error/stripe-sql-error.js";
import { didYouMean } from "../../error/suggestion.js";
import type { SerializedNode } from "./serialized-node.js";
import { isNode, nodeAt, textAt } from "./serialized-node.js";
import type { SourceText } from "./source-text.js";

/** Functions in FROM that make rows of their arguments alone, or tell what the language has. */
const alwaysKnown = new Set([
  ...["generate_series", "json_each", "json_tree", "range", "repeat", "repeat_row", "unnest"],
  ...["duckdb_functions", "duckdb_keywords", "duckdb_types", "icu_calendar_names", "pg_timezone_names"],
  ...["pragma_collations", "pragma_version"],
]);

/** Those that read files, or tell of the engine itself: for who may see this machine. */
const knownWithFiles = new Set([
  ...["glob", "read_blob", "read_csv", "read_csv_auto", "read_text", "sniff_csv"],
  ...["read_json", "read_json_auto", "read_json_objects", "read_json_objects_auto"],
  ...["read_ndjson", "read_ndjson_auto", "read_ndjson_objects"],
  ...["parquet_bloom_probe", "parquet_file_metadata", "parquet_full_metadata", "parquet_kv_metadata"],
  ...["parquet_metadata", "parquet_scan", "parquet_schema", "read_parquet"],
  ...["duckdb_databases", "duckdb_memory", "duckdb_settings", "duckdb_temporary_files"],
]);

/** Functions of values that act, wait, or tell of the engine rather than of rows. */
const neverCalled = new Set([
  ...["currval", "nextval", "setseed", "sleep_ms", "pg_sleep", "write_log"],
  ...["current_query", "parse_duckdb_log_message", "stats"],
]);

/** It tells folders of this machine. */
const calledWithFiles = new Set(["current_setting"]);

/** The local engine has others in their place, which make no more than a million: by a schema's name they would be passed by. */
const bounded = new Set([
  "repeat",
  "lpad",
  "rpad",
  "range",
  "generate_series",
  "list_resize",
  "array_resize",
  "bitstring",
]);

/** DuckDB's own, which trust that their arguments were made by its optimizer. */
const inner = /^__internal_/;

export interface KnownFunctions {
  /** True where a statement may read files of this machine. */
  readonly fileAccess: boolean;
}

/**
 * Refuses a tree that calls what no statement needs. Functions in FROM are called only where they are known (42883), as
 * DuckDB has some that write files, switch its engine off or run a text past the planner: new ones of a later DuckDB are
 * refused until they have been looked at. 42501 for those that the connection's user may not call.
 */
export function requireKnownFunctions(node: SerializedNode, source: SourceText, known: KnownFunctions): void {
  const visit = (value: unknown): void => {
    if (isNode(value)) requireKnown(value, source, known);
    if (typeof value === "object" && value !== null) for (const part of Object.values(value)) visit(part);
  };
  visit(node);
}

function requireKnown(node: SerializedNode, source: SourceText, known: KnownFunctions): void {
  const type = textAt(node, "type");
  const call = type === "TABLE_FUNCTION" ? nodeAt(node, "function") : undefined;
  if (call !== undefined) requireKnownInFrom(call, source, known);
  if (textAt(node, "class") === "FUNCTION") requireCallable(node, source, known);
  if (type === "SHOW_REF" && nodeAt(node, "query") === undefined) throw engineShown();
}

function requireKnownInFrom(call: SerializedNode, source: SourceText, { fileAccess }: KnownFunctions): void {
  const name = functionName(call);
  if (alwaysKnown.has(name) || (fileAccess && knownWithFiles.has(name))) return;
  const position = source.tokenAt(call)?.position;
  if (knownWithFiles.has(name)) throw denied(name, position, "Functions that read files need FileAccess=true.");
  throw new StripeSqlError(`"${name}" is no function that FROM may call`, {
    sqlState: SqlState.undefinedFunction,
    phase: "syntax",
    position,
    hint: counterparts.get(name) ?? didYouMean(name, [...alwaysKnown, ...(fileAccess ? knownWithFiles : [])]),
  });
}

/** What takes the place of functions that PostgreSQL has. */
const counterparts: ReadonlyMap<string, string> = new Map(
  ["json", "jsonb"].flatMap((kind) => [
    [`${kind}_each`, "json_each(x) gives keys and values."],
    [`${kind}_each_text`, "json_each(x) gives keys and values; value->>'$' is one's text."],
    [`${kind}_array_elements`, "json_each(x) gives the elements, in its columns key and value."],
    [`${kind}_array_elements_text`, "json_each(x) gives the elements; value->>'$' is one's text."],
    [`${kind}_object_keys`, "json_each(x) gives keys and values."],
    [`${kind}_to_recordset`, "json_each(x) gives the elements; value->>'name' is a field of one."],
  ]),
);

function requireCallable(call: SerializedNode, source: SourceText, { fileAccess }: KnownFunctions): void {
  const name = functionName(call);
  const isQualified = textAt(call, "schema") !== "" || textAt(call, "catalog") !== "";
  const isDenied =
    (isQualified && bounded.has(name)) ||
    neverCalled.has(name) ||
    inner.test(name) ||
    (!fileAccess && calledWithFiles.has(name));
  if (isDenied) throw denied(name, source.tokenAt(call)?.position);
}

/** `FROM (SHOW ALL TABLES)`: the engine has tables of other statements too. */
function engineShown(): StripeSqlError {
  return new StripeSqlError("what the local engine itself holds is not shown", {
    sqlState: SqlState.featureNotSupported,
    phase: "syntax",
    hint: "Write SHOW TABLES as a statement of its own, or query information_schema.",
  });
}

const functionName = (call: SerializedNode): string => textAt(call, "function_name").toLowerCase();

function denied(name: string, position: number | undefined, hint?: string): StripeSqlError {
  return new StripeSqlError(`permission denied for function ${name}`, {
    sqlState: SqlState.insufficientPrivilege,
    phase: "syntax",
    position,
    hint,
  });
}

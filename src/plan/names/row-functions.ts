import type { Expression } from "../../syntax/expression.js";
import { operandsOf } from "../../syntax/walk-expression.js";

/** DuckDB's functions of one row's values alone. */
export const duckdbRowFunctions: readonly string[] = (
  "abs age array_length ceil ceiling coalesce concat concat_ws contains date_diff date_part date_sub date_trunc datediff " +
  "datepart day dayname dayofweek dayofyear epoch epoch_ms extract floor format greatest hour if ifnull " +
  "instr json_array_length json_contains json_exists json_extract json_extract_path json_extract_path_text " +
  "json_extract_string json_keys json_type json_valid least left len length list_contains lower lpad ltrim md5 minute " +
  "money month monthname now nullif current_date current_timestamp position printf quarter regexp_extract regexp_matches " +
  "regexp_replace repeat replace reverse right round rpad rtrim second sha256 sign split_part sqrt starts_with strftime " +
  "strip_accents strlen strpos strptime substr substring to_timestamp today trim trunc timezone try_cast upper week weekday year"
).split(" ");

/** Those of PostgreSQL's that DuckDB does not have, or has as such too. */
export const postgresRowFunctions: readonly string[] = (
  "ascii bit_length cardinality cbrt char_length character_length chr current_catalog current_database current_role " +
  "current_schema current_time current_user date_bin decode encode exp initcap isfinite json_build_array json_build_object " +
  "json_typeof jsonb_array_length jsonb_build_array jsonb_build_object jsonb_extract_path jsonb_extract_path_text " +
  "jsonb_pretty jsonb_strip_nulls jsonb_typeof justify_days justify_hours justify_interval like_escape ln localtime " +
  "localtimestamp log make_date make_interval make_timestamp make_timestamptz mod num_nonnulls num_nulls octet_length " +
  "overlay pg_typeof pow power quote_ident quote_literal regexp_count regexp_instr regexp_like regexp_substr row_to_json " +
  "session_user similar_to_escape string_to_array to_char to_date to_hex to_json to_jsonb to_number translate user"
).split(" ");

/**
 * Functions of one row's values alone. A name that is not here makes a statement load all of its rows
 * first, which is right for every function; an aggregate here would be wrong.
 */
export const rowFunctions: ReadonlySet<string> = new Set([...duckdbRowFunctions, ...postgresRowFunctions]);

/** Whether an expression's value follows from those of one row: no aggregate, window or subquery in it. */
export function isRowWise(expression: Expression): boolean {
  switch (expression.kind) {
    case "in-query":
    case "subquery":
    case "exists":
      return false;
    case "other":
      return expression.perRow === true && expression.operands.every(isRowWise);
    case "call":
      return (
        rowFunctions.has(expression.name) &&
        !expression.distinct &&
        !expression.window &&
        expression.arguments.every(isRowWise)
      );
    case "column":
      // DuckDB numbers the rows of each batch anew.
      return expression.name.toLowerCase() !== "rowid";
    case "star":
    case "literal":
    case "parameter":
    case "interval":
    case "comparison":
    case "and":
    case "or":
    case "not":
    case "is-null":
    case "is-boolean":
    case "in":
    case "between":
    case "like":
    case "cast":
    case "arithmetic":
    case "json-access":
      return operandsOf(expression).every(isRowWise);
  }
}

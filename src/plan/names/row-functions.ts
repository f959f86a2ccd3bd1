import type { Expression } from "../../syntax/expression.js";
import { operandsOf } from "../../syntax/walk-expression.js";

/**
 * Functions of one row's values alone. A name that is not here makes a statement load all of its rows
 * first, which is right for every function; an aggregate here would be wrong.
 */
export const rowFunctions: ReadonlySet<string> = new Set(
  (
    "abs age array_length ceil ceiling coalesce concat concat_ws contains date_diff date_part date_sub date_trunc datediff " +
    "datepart day dayname dayofweek dayofyear epoch epoch_ms extract floor format greatest hour if ifnull " +
    "instr json_array_length json_contains json_exists json_extract json_extract_path json_extract_path_text " +
    "json_extract_string json_keys json_type json_valid least left len length list_contains lower lpad ltrim md5 minute " +
    "money month monthname now nullif current_date current_timestamp position printf quarter regexp_extract regexp_matches " +
    "regexp_replace repeat replace reverse right round rpad rtrim second sha256 sign split_part sqrt starts_with strftime " +
    "strip_accents strlen strpos strptime substr substring to_timestamp today trim trunc timezone try_cast upper week weekday year"
  ).split(" "),
);

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

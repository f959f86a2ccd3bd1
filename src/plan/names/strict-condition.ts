import type { Expression } from "../../syntax/expression.js";

/** Functions that give NULL where one of their arguments is. */
const strictFunctions = new Set(
  (
    "abs ceil ceiling date_diff date_part date_sub date_trunc day dayofweek dayofyear epoch extract floor hour json_extract " +
    "json_extract_string left len length lower ltrim minute month monthname quarter regexp_matches replace right round rpad " +
    "rtrim second split_part starts_with strftime strlen substr substring to_timestamp trim trunc upper week weekday year"
  ).split(" "),
);

/** Whether a condition fails, or is NULL, where all columns that it names are NULL. */
export function isStrict(condition: Expression): boolean {
  switch (condition.kind) {
    case "comparison":
      return isNullWith(condition.left) || isNullWith(condition.right);
    case "in":
    case "between":
    case "like":
      return isNullWith(condition.operand);
    case "is-null":
      return condition.negated && isNullWith(condition.operand);
    case "is-boolean":
      return !condition.negated && isNullWith(condition.operand);
    case "and":
      return condition.operands.some(isStrict);
    case "or":
      return condition.operands.every(isStrict);
    case "not":
      return isNullOrStrictBeneath(condition.operand);
    case "column":
      return true;
    case "cast":
    case "arithmetic":
    case "json-access":
    case "call":
      return isNullWith(condition);
    case "star":
    case "literal":
    case "parameter":
    case "interval":
    case "in-query":
    case "subquery":
    case "exists":
    case "other":
      return false;
  }
}

/** NOT of what is NULL is NULL; NOT of what is false holds. */
function isNullOrStrictBeneath(condition: Expression): boolean {
  if (condition.kind === "comparison" || condition.kind === "in" || condition.kind === "between")
    return isStrict(condition);
  return condition.kind === "like" ? isStrict(condition) : isNullWith(condition);
}

function isNullWith(expression: Expression): boolean {
  switch (expression.kind) {
    case "column":
      return true;
    case "cast":
      return isNullWith(expression.operand);
    case "arithmetic":
      return isNullWith(expression.left) || isNullWith(expression.right);
    case "json-access":
      return isNullWith(expression.operand);
    case "call":
      return strictFunctions.has(expression.name) && !expression.window && expression.arguments.some(isNullWith);
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
    case "in-query":
    case "between":
    case "like":
    case "subquery":
    case "exists":
    case "other":
      return false;
  }
}

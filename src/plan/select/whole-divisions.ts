import type { Column } from "../../catalog/catalog.js";
import type { Expression, Query } from "../../syntax/expression.js";
import { operandsOf } from "../../syntax/walk-expression.js";
import { expressionsOf } from "../../syntax/walk-query.js";
import type { BoundTable } from "../names/bound-query.js";

type Division = Extract<Expression, { kind: "arithmetic" }>;
type Call = Extract<Expression, { kind: "call" }>;

/**
 * Tells where a sum of whole numbers is divided by one, as in `sum(Amount) / 100`: the result is whole here, while
 * PostgreSQL's sum of BIGINT is a NUMERIC, whose quotient has decimals.
 */
export function wholeDivisionNotices(query: Query, tables: readonly BoundTable[]): readonly string[] {
  const columns = tables.flatMap(({ target }) => (target.kind === "table" ? target.table.columns : []));
  const divisions = expressionsOf(query).filter(
    (expression): expression is Division => expression.kind === "arithmetic" && expression.operator === "/",
  );
  return divisions.flatMap(({ left, right }) => {
    const sum = sumOf(left);
    if (sum === undefined || !isWholeSum(sum, columns) || !isWhole(right, columns)) return [];
    const [added] = sum.arguments;
    const shown = added?.kind === "column" ? `sum(${added.name})` : "a sum";
    return [`${shown} is divided to a whole number here: divide by a decimal such as 100.0, or use money(…)`];
  });
}

/** A sum, or one under a sign. */
function sumOf(expression: Expression): Call | undefined {
  if (expression.kind === "call") return expression.name === "sum" ? expression : undefined;
  const [only, ...others] = expression.kind === "other" ? expression.operands : [];
  return only === undefined || others.length > 0 ? undefined : sumOf(only);
}

/** Sums of expressions other than columns, literals and arithmetic of those are not judged. */
function isWholeSum({ arguments: [added] }: Call, columns: readonly Column[]): boolean {
  return added !== undefined && isWhole(added, columns);
}

function isWhole(expression: Expression, columns: readonly Column[]): boolean {
  if (expression.kind === "literal") return expression.value.type === "number" && /^\d+$/.test(expression.value.text);
  if (expression.kind === "column") {
    const known = columns.filter(({ name, stripeName }) => isOneOf(expression.name, [name, stripeName]));
    return known.length > 0 && known.every(({ type }) => type === "BIGINT");
  }
  if (expression.kind === "arithmetic") return operandsOf(expression).every((operand) => isWhole(operand, columns));
  if (expression.kind !== "call") return false;
  return expression.name === "count" || (expression.name === "sum" && isWholeSum(expression, columns));
}

function isOneOf(name: string, names: readonly string[]): boolean {
  return names.some((known) => known.toLowerCase() === name.toLowerCase());
}

import type { ComparisonOperator, Expression } from "../../syntax/expression.js";
import { foldConstant, timeOfText } from "./constant.js";
import { flipped } from "./flipped.js";
import type { Predicate } from "./predicate.js";
import type { PredicateContext } from "./predicate-context.js";

/**
 * `(Created, Id) < ('2026-10-25', 'ch_7')` -> also `Created <= '2026-10-25'`. Nothing is lost: rows of values are compared by
 * their first ones, and by the next where those are equal. NULL is the largest there, so that of a column that may hold
 * it nothing follows from `>`.
 */
export function impliedByRow(expression: Expression, context: PredicateContext): readonly Predicate[] {
  if (expression.kind !== "comparison") return [];
  const { left, right, operator } = expression;
  const [first, other] = [firstOf(left), firstOf(right)];
  if (first === undefined || other === undefined) return [];
  return (
    boundOf({ subject: first, operator, constant: other }, context) ??
    boundOf({ subject: other, operator: flipped[operator], constant: first }, context) ??
    []
  );
}

const firstOf = (expression: Expression): Expression | undefined =>
  expression.kind === "other" && expression.form === "row" ? expression.operands[0] : undefined;

const loose: Readonly<Partial<Record<ComparisonOperator, ComparisonOperator>>> = {
  "=": "=",
  "<": "<=",
  "<=": "<=",
  ">": ">=",
  ">=": ">=",
};

interface FirstValues {
  readonly subject: Expression;
  readonly operator: ComparisonOperator;
  readonly constant: Expression;
}

function boundOf(
  { subject, operator: given, constant }: FirstValues,
  context: PredicateContext,
): readonly Predicate[] | undefined {
  const column = subject.kind === "column" ? context.resolve(subject) : undefined;
  const operator = loose[given];
  if (column === undefined || operator === undefined || context.typeOf(column) !== "TIMESTAMPTZ") return undefined;
  if (operator === ">=" && context.isNullable?.(column) !== false) return undefined;
  const value = foldConstant(constant, context);
  const time = value?.type === "string" ? timeOfText(value.value, context) : value;
  return time?.type === "timestamp" ? [{ kind: "compare", column, operator, value: time }] : undefined;
}

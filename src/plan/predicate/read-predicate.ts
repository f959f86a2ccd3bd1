import type { ComparisonOperator, Expression } from "../../syntax/expression.js";
import { columnNodes, conjuncts } from "../../syntax/walk-expression.js";
import { calendarPart, rangeOfParts } from "./calendar-parts.js";
import { constantTruth, foldConstant, timeOfText } from "./constant.js";
import { flipped } from "./flipped.js";
import { impliedByRow } from "./implied-by-row.js";
import { impliedRange } from "./implied-range.js";
import { impliedText } from "./implied-text.js";
import { itemsOf } from "./list-items.js";
import type { Predicate } from "./predicate.js";
import type { PredicateContext } from "./predicate-context.js";
import type { Scalar } from "./scalar.js";

/** Reads one conjunct as a table sees it. */
function readPredicate(expression: Expression, context: PredicateContext): Predicate {
  return (
    readComparison(expression, context) ??
    readMembership(asMembership(expression, context), context) ??
    readEmptyMembership(expression, context) ??
    readBoolean(expression, context) ??
    readConstant(expression, context) ??
    readDisjunction(expression, context) ?? { kind: "opaque", columns: columnsOf(expression, context) }
  );
}

/** BETWEEN is two comparisons, `1 = 1` is none; every other conjunct is one predicate. */
export function readPredicates(expression: Expression, context: PredicateContext): readonly Predicate[] {
  if (constantTruth(expression, context) === true) return [];
  if (expression.kind === "and") return readConjuncts(conjuncts(expression), context);
  if (expression.kind === "in" && expression.negated) return readExclusion(expression, context);
  if (expression.kind !== "between" || expression.negated)
    return [
      readPredicate(expression, context),
      ...impliedRange(expression, context),
      ...impliedText(expression, context),
      ...impliedByRow(expression, context),
      ...impliedOfPresent(expression, context),
    ];
  const { operand, low, high } = expression;
  return [
    ...readPredicates({ kind: "comparison", operator: ">=", left: operand, right: low }, context),
    ...readPredicates({ kind: "comparison", operator: "<=", left: operand, right: high }, context),
  ];
}

/**
 * `Created < '2025-01-01' OR Created IS NULL`, the first of Spark's partitions -> also `Created < '2025-01-01'`, of a
 * column that is never NULL. Nothing is lost: no row is without it, what is deleted being none, and the condition itself is
 * still to be applied.
 */
function impliedOfPresent(expression: Expression, context: PredicateContext): readonly Predicate[] {
  if (expression.kind !== "or" || expression.operands.length !== 2) return [];
  const isNull = expression.operands.find((operand) => operand.kind === "is-null" && !operand.negated);
  const other = expression.operands.find((operand) => operand !== isNull);
  if (isNull?.kind !== "is-null" || other === undefined || isNull.operand.kind !== "column") return [];
  const column = context.resolve(isNull.operand);
  const predicate = readComparison(other, context);
  const isBound = predicate?.kind === "compare" && predicate.column === column && predicate.operator.startsWith("<");
  return isBound && predicate.operator !== "<>" && context.isNullable?.(predicate.column) === false ? [predicate] : [];
}

/** `col NOT IN (a, b)` is `col <> a AND col <> b`, and true of no row where one of them is NULL. */
function readExclusion(
  expression: Extract<Expression, { kind: "in" }>,
  context: PredicateContext,
): readonly Predicate[] {
  const others = itemsOf(expression, context)?.map((item) => compare(expression.operand, "<>", item, context));
  const known = others?.filter((predicate) => predicate !== undefined);
  return known !== undefined && known.length === others?.length
    ? known
    : [{ kind: "opaque", columns: columnsOf(expression, context) }];
}

const complement: Readonly<Record<ComparisonOperator, ComparisonOperator>> = {
  "=": "<>",
  "<>": "=",
  "<": ">=",
  "<=": ">",
  ">": "<=",
  ">=": "<",
};

/**
 * `col op constant`, `constant op col`, and NOT of either. NOT (a op b) is a complement(op) b: both are
 * NULL where a is, so neither holds there.
 */
function readComparison(expression: Expression, context: PredicateContext): Predicate | undefined {
  if (expression.kind === "not" && expression.operand.kind === "comparison") {
    const inner = expression.operand;
    return readComparison({ ...inner, operator: complement[inner.operator] }, context);
  }
  if (expression.kind !== "comparison") return undefined;
  return (
    compare(expression.left, expression.operator, expression.right, context) ??
    compare(expression.right, flipped[expression.operator], expression.left, context)
  );
}

function compare(
  subject: Expression,
  operator: ComparisonOperator,
  constant: Expression,
  context: PredicateContext,
): Predicate | undefined {
  const column = subject.kind === "column" ? context.resolve(subject) : undefined;
  if (column === undefined) return undefined;
  const value = foldFor(column, constant, context);
  if (value === undefined) return undefined;
  return value.type === "null" ? { kind: "never" } : { kind: "compare", column, operator, value };
}

/** A text that is compared with a column of times is a time; one that only DuckDB can read stays a text. */
function foldFor(column: string, constant: Expression, context: PredicateContext): Scalar | undefined {
  const value = foldConstant(constant, context);
  if (value?.type !== "string" || context.typeOf(column) !== "TIMESTAMPTZ") return value;
  const time = timeOfText(value.value, context);
  return time === undefined ? value : { ...time, text: value.value };
}

/** `col IN (constants)`: a NULL among them makes it true of no further row, so it is left out. */
function readMembership(expression: Expression, context: PredicateContext): Predicate | undefined {
  if (expression.kind !== "in" || expression.negated || expression.operand.kind !== "column") return undefined;
  const column = context.resolve(expression.operand);
  const items = column === undefined ? undefined : itemsOf(expression, context);
  if (column === undefined || items === undefined) return undefined;
  const values = items.map((item) => foldFor(column, item, context));
  if (values.some((value) => value === undefined)) return undefined;
  const present = values.filter((value): value is Scalar => value !== undefined && value.type !== "null");
  return present.length === 0 ? { kind: "never" } : { kind: "any-of", column, values: present };
}

/** `list_contains(['open'], Status)`, and `Status LIKE 'open'`, in which nothing stands for other texts. */
function asMembership(expression: Expression, context: PredicateContext): Expression {
  if (expression.kind === "call" && listMembership.has(expression.name)) {
    const [list, operand, another] = expression.arguments;
    const isList = list?.kind === "other" && list.form === "list" && another === undefined;
    return isList && operand !== undefined ? { kind: "in", operand, items: list.operands, negated: false } : expression;
  }
  if (expression.kind !== "like" || expression.negated || expression.caseInsensitive) return expression;
  const pattern = foldConstant(expression.pattern, context);
  return pattern?.type === "string" && !/[%_\\]/.test(pattern.value)
    ? { kind: "in", operand: expression.operand, items: [expression.pattern], negated: false }
    : expression;
}

const listMembership: ReadonlySet<string> = new Set("list_contains array_contains list_has array_has".split(" "));

/** `col IN (SELECT NULL WHERE FALSE)`: nothing is a member of no rows. Without FROM, a constant gives no row there. */
function readEmptyMembership(expression: Expression, context: PredicateContext): Predicate | undefined {
  if (expression.kind !== "in-query" || expression.negated || expression.query.kind !== "select") return undefined;
  const { from, where, items, groupBy, having } = expression.query;
  const isBare = from === undefined && groupBy.length === 0 && having === undefined;
  const areConstants = items.every((item) => foldConstant(item.expression, context) !== undefined);
  const isEmpty = where !== undefined && constantTruth(where, context) === false;
  return isBare && areConstants && isEmpty ? { kind: "never" } : undefined;
}

/** `Active`, `NOT Active`, `Active IS TRUE`, `Active IS FALSE` of a BOOLEAN column: it stands alone as a condition. */
function readBoolean(expression: Expression, context: PredicateContext): Predicate | undefined {
  const [operand, value] =
    expression.kind === "not"
      ? [expression.operand, false]
      : expression.kind === "is-boolean" && !expression.negated
        ? [expression.operand, expression.value]
        : [expression, true];
  if (operand.kind !== "column") return undefined;
  const column = context.resolve(operand);
  if (column === undefined || context.typeOf(column) !== "BOOLEAN") return undefined;
  return { kind: "compare", column, operator: "=", value: { type: "boolean", value } };
}

/** `WHERE FALSE`, `WHERE NULL`, `WHERE 1 = 0`. */
function readConstant(expression: Expression, context: PredicateContext): Predicate | undefined {
  const truth = constantTruth(expression, context);
  return truth === undefined || truth ? undefined : { kind: "never" };
}

function readConjuncts(operands: readonly Expression[], context: PredicateContext): readonly Predicate[] {
  const parts = operands.flatMap((operand) => calendarPart(operand, context) ?? []);
  return [...operands.flatMap((operand) => readPredicates(operand, context)), ...rangeOfParts(parts, context)];
}

/** OR: a branch that never holds falls away; equalities on one column are one membership. */
function readDisjunction(expression: Expression, context: PredicateContext): Predicate | undefined {
  if (expression.kind !== "or") return undefined;
  const branches = expression.operands
    .map((operand) => readConjuncts(conjuncts(operand), context))
    .filter((branch) => !branch.some((predicate) => predicate.kind === "never"));
  if (branches.length === 0) return { kind: "never" };
  return sameColumnMembership(branches) ?? { kind: "or", branches };
}

function sameColumnMembership(branches: readonly (readonly Predicate[])[]): Predicate | undefined {
  const values: Scalar[] = [];
  let column: string | undefined;
  for (const branch of branches) {
    const [only, ...rest] = branch;
    if (only === undefined || rest.length > 0) return undefined;
    const equal = equalityOf(only);
    if (equal === undefined || (column !== undefined && equal.column !== column)) return undefined;
    column = equal.column;
    values.push(...equal.values);
  }
  return column === undefined ? undefined : { kind: "any-of", column, values };
}

function equalityOf(predicate: Predicate): { column: string; values: readonly Scalar[] } | undefined {
  if (predicate.kind === "any-of") return predicate;
  if (predicate.kind === "compare" && predicate.operator === "=")
    return { column: predicate.column, values: [predicate.value] };
  return undefined;
}

function columnsOf(expression: Expression, context: PredicateContext): readonly string[] {
  return columnNodes(expression).flatMap((node) => context.resolve(node) ?? []);
}

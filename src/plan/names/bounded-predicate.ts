import type { ComparisonOperator, Expression, Query, TableReference } from "../../syntax/expression.js";
import { wholeNumber } from "../predicate/constant.js";
import { flipped } from "../predicate/flipped.js";
import type { Predicate } from "../predicate/predicate.js";
import { commonTableOf } from "./column-origin.js";
import { computedRangeOf } from "./computed-keys.js";
import type { ConjunctContext } from "./joined-predicate.js";

/**
 * `Created > (SELECT max(Created) FROM Payout)`, `(SELECT …) >= Created`, `Created IN (SELECT Created FROM Invoice …)`: a time
 * by which a list is bounded, compared with what a subquery of its own gives, whose values the local engine computes.
 */
export function boundedPredicate(expression: Expression, context: ConjunctContext): Predicate | undefined {
  if (context.environment.without.has("keys")) return undefined;
  if (expression.kind === "in-query" && !expression.negated && !isEmptyList(expression.query))
    return predicateOf({ subject: expression.operand, operator: "=", query: expression.query }, context);
  if (expression.kind !== "comparison") return undefined;
  const { left, right, operator } = expression;
  if (operator === "<>") return undefined;
  if (right.kind === "subquery") return predicateOf({ subject: left, operator, query: right.query }, context);
  return left.kind === "subquery"
    ? predicateOf({ subject: right, operator: flipped[operator], query: left.query }, context)
    : undefined;
}

/** `IN (SELECT … WHERE false)`, which an empty array is made: no row is asked for. */
const isEmptyList = (query: Query): boolean =>
  query.kind === "select" && query.from === undefined && query.where !== undefined;

interface ComparedQuery {
  readonly subject: Expression;
  readonly operator: ComparisonOperator;
  readonly query: Query;
}

function predicateOf(
  { subject, operator, query }: ComparedQuery,
  context: ConjunctContext,
): Extract<Predicate, { kind: "bounded" }> | undefined {
  const column = operator === "<>" ? undefined : boundedColumn(subject, context);
  const source = column === undefined ? undefined : computedRangeOf(query, context);
  return column === undefined || source === undefined || operator === "<>"
    ? undefined
    : { kind: "bounded", column, operator, source, greatestOf: greatestOf(query, context) };
}

/** `SELECT max(Created) FROM t`, `SELECT Created FROM t ORDER BY Created DESC LIMIT 1`. */
function greatestOf(query: Query, { ctes, environment }: ConjunctContext): TableReference | undefined {
  if (query.kind !== "select" || query.ctes.length > 0 || query.from?.kind !== "table") return undefined;
  const { from, items, orderBy, limit, offset } = query;
  const [item, another] = items;
  if (item === undefined || another !== undefined || commonTableOf(from, ctes) !== undefined) return undefined;
  const { expression } = item;
  if (expression.kind === "call") return expression.name === "max" ? from : undefined;
  const [order] = orderBy;
  const isFirst = limit !== undefined && offset === undefined && wholeNumber(limit, environment.constants) === 1;
  const isGiven =
    expression.kind === "column" &&
    item.alias === undefined &&
    order?.expression.kind === "column" &&
    order.expression.name.toLowerCase() === expression.name.toLowerCase();
  return isFirst && isGiven && order.direction === "descending" ? from : undefined;
}

/** A time that some list takes bounds of. */
function boundedColumn(subject: Expression, { source, resolve }: ConjunctContext): string | undefined {
  const name = subject.kind === "column" ? resolve(subject) : undefined;
  if (name === undefined || source.target.kind !== "table") return undefined;
  const { columns, lists } = source.target.table;
  const isTime = columns.some((column) => column.name === name && column.type === "TIMESTAMPTZ");
  const isFiltered = lists.some(({ filters }) =>
    filters.some(({ column, operators, pseudo }) => column === name && operators === "range" && !pseudo),
  );
  return isTime && isFiltered ? name : undefined;
}

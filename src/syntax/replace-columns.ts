import type { Expression } from "./expression.js";

type ColumnNode = Extract<Expression, { kind: "column" }>;

/** The expression with each of its column names replaced; undefined where one has no replacement, and where a query stands in it. */
export function replaceColumns(
  expression: Expression,
  replacement: (node: ColumnNode) => Expression | undefined,
): Expression | undefined {
  const replaced = (inner: Expression): Expression | undefined => replaceColumns(inner, replacement);
  switch (expression.kind) {
    case "column":
      return replacement(expression);
    case "literal":
    case "parameter":
    case "interval":
      return expression;
    case "comparison":
    case "arithmetic":
      return withBoth(replaced(expression.left), replaced(expression.right), (left, right) => ({
        ...expression,
        left,
        right,
      }));
    case "and":
    case "or":
    case "other":
      return withAll(expression.operands.map(replaced), (operands) => ({ ...expression, operands }));
    case "not":
    case "is-null":
    case "is-boolean":
    case "cast":
      return withAll([replaced(expression.operand)], ([operand = expression.operand]) => ({ ...expression, operand }));
    case "in":
      return withAll([expression.operand, ...expression.items].map(replaced), ([operand, ...items]) => ({
        ...expression,
        operand: operand ?? expression.operand,
        items,
      }));
    case "between":
      return withAll(
        [expression.operand, expression.low, expression.high].map(replaced),
        ([operand = expression.operand, low = expression.low, high = expression.high]) => ({
          ...expression,
          operand,
          low,
          high,
        }),
      );
    case "like":
      return withBoth(replaced(expression.operand), replaced(expression.pattern), (operand, pattern) => ({
        ...expression,
        operand,
        pattern,
      }));
    case "json-access":
      return withBoth(replaced(expression.operand), replaced(expression.key), (operand, key) => ({
        ...expression,
        operand,
        key,
      }));
    case "call":
      return withAll(expression.arguments.map(replaced), (operands) => ({ ...expression, arguments: operands }));
    case "star":
    case "in-query":
    case "subquery":
    case "exists":
      return undefined;
  }
}

function withBoth(
  one: Expression | undefined,
  other: Expression | undefined,
  make: (one: Expression, other: Expression) => Expression,
): Expression | undefined {
  return one === undefined || other === undefined ? undefined : make(one, other);
}

function withAll(
  operands: readonly (Expression | undefined)[],
  make: (operands: readonly Expression[]) => Expression,
): Expression | undefined {
  const given = operands.filter((operand) => operand !== undefined);
  return given.length === operands.length ? make(given) : undefined;
}

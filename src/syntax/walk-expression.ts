import type { Expression } from "./expression.js";

/** The operands of nested ANDs, in order. */
export function conjuncts(expression: Expression | undefined): readonly Expression[] {
  if (expression === undefined) return [];
  return expression.kind === "and" ? expression.operands.flatMap(conjuncts) : [expression];
}

/** Every column node beneath an expression, subqueries left out. */
export function columnNodes(expression: Expression): readonly Extract<Expression, { kind: "column" }>[] {
  if (expression.kind === "column") return [expression];
  return operandsOf(expression).flatMap(columnNodes);
}

/** The direct operands of an expression; a subquery's own expressions are not among them. */
export function operandsOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case "column":
    case "star":
    case "literal":
    case "parameter":
    case "interval":
    case "subquery":
    case "exists":
      return [];
    case "comparison":
    case "arithmetic":
      return [expression.left, expression.right];
    case "and":
    case "or":
    case "other":
      return expression.operands;
    case "not":
    case "is-null":
    case "is-boolean":
    case "cast":
    case "in-query":
      return [expression.operand];
    case "in":
      return [expression.operand, ...expression.items];
    case "between":
      return [expression.operand, expression.low, expression.high];
    case "like":
      return [expression.operand, expression.pattern];
    case "json-access":
      return [expression.operand, expression.key];
    case "call":
      return expression.arguments;
  }
}

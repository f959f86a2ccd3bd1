import type { Expression } from "../../src/syntax/expression.js";

/** A value of three-valued logic, a whole number or a text. */
export type Constant = boolean | number | string | null;

/** Thrown for what this evaluator does not know: an `other`, a column. */
export class Unevaluable extends Error {}

/** What SQL makes of an expression without columns: an evaluator of its own, to hold against DuckDB's. */
export function evaluateConstant(expression: Expression): Constant {
  switch (expression.kind) {
    case "literal":
      return literal(expression.value);
    case "and":
      return conjunction(expression.operands.map(evaluateConstant), false);
    case "or":
      return conjunction(expression.operands.map(evaluateConstant), true);
    case "not":
      return negate(evaluateConstant(expression.operand), true);
    case "comparison":
      return compare(expression.operator, evaluateConstant(expression.left), evaluateConstant(expression.right));
    case "is-null":
      return (evaluateConstant(expression.operand) === null) !== expression.negated;
    case "is-boolean":
      return (evaluateConstant(expression.operand) === expression.value) !== expression.negated;
    case "in":
      return negate(membership(expression.operand, expression.items), expression.negated);
    case "between":
      return negate(within(expression.operand, expression.low, expression.high), expression.negated);
    case "like":
      return negate(
        like(evaluateConstant(expression.operand), evaluateConstant(expression.pattern)),
        expression.negated,
      );
    case "arithmetic":
      return calculate(expression.operator, evaluateConstant(expression.left), evaluateConstant(expression.right));
    case "json-access":
      return jsonField(evaluateConstant(expression.operand), evaluateConstant(expression.key), expression.asText);
    case "cast":
      return evaluateConstant(expression.operand);
    default:
      throw new Unevaluable(expression.kind);
  }
}

function literal(value: Extract<Expression, { kind: "literal" }>["value"]): Constant {
  if (value.type === "null") return null;
  return value.type === "number" ? Number(value.text) : value.value;
}

function conjunction(values: readonly Constant[], deciding: boolean): Constant {
  if (values.includes(deciding)) return deciding;
  return values.includes(null) ? null : !deciding;
}

function negate(value: Constant, negated: boolean): Constant {
  return value === null || !negated ? value : value !== true;
}

function compare(operator: string, left: Constant, right: Constant): Constant {
  if (left === null || right === null) return null;
  if (typeof left !== typeof right) throw new Unevaluable("types");
  const order = left < right ? -1 : left > right ? 1 : 0;
  return (
    { "=": order === 0, "<>": order !== 0, "<": order < 0, "<=": order <= 0, ">": order > 0, ">=": order >= 0 }[
      operator
    ] ?? null
  );
}

function membership(operand: Expression, items: readonly Expression[]): Constant {
  const value = evaluateConstant(operand);
  return conjunction(
    items.map((item) => compare("=", value, evaluateConstant(item))),
    true,
  );
}

function within(operand: Expression, low: Expression, high: Expression): Constant {
  const value = evaluateConstant(operand);
  return conjunction(
    [compare(">=", value, evaluateConstant(low)), compare("<=", value, evaluateConstant(high))],
    false,
  );
}

function like(value: Constant, pattern: Constant): Constant {
  if (value === null || pattern === null) return null;
  const source = String(pattern).replaceAll(/[%_]/g, (wildcard) => (wildcard === "%" ? ".*" : "."));
  return new RegExp(`^${source}$`, "s").test(String(value));
}

function calculate(operator: string, left: Constant, right: Constant): Constant {
  if (left === null || right === null) return null;
  const [a, b] = [Number(left), Number(right)];
  const isDivision = operator === "/" || operator === "%";
  if (isDivision && b === 0) return null;
  return { "+": a + b, "-": a - b, "*": a * b, "/": Math.trunc(a / b), "%": a % b }[operator] ?? null;
}

function jsonField(json: Constant, key: Constant, asText: boolean): Constant {
  if (json === null) return null;
  const parsed: unknown = JSON.parse(String(json));
  const field: unknown = typeof parsed === "object" && parsed !== null ? Reflect.get(parsed, String(key)) : undefined;
  if (field === undefined) return null;
  return asText && typeof field === "string" ? field : JSON.stringify(field);
}

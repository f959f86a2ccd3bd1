import type { ComparisonOperator, Expression } from "../expression.js";
import { isValueWord } from "../value-word.js";
import { readBeneath, readOther } from "./read-beneath.js";
import { readCast } from "./read-cast.js";
import { readConstant } from "./read-constant.js";
import { readArrow, readFunction, readWindow } from "./read-function.js";
import type { Reading } from "./reading.js";
import type { SerializedNode } from "./serialized-node.js";
import { nameAt, nodeAt, nodesAt, subqueryAt, textAt, textsAt } from "./serialized-node.js";

type ExpressionReader = (node: SerializedNode, reading: Reading) => Expression;

const readers: ReadonlyMap<string, ExpressionReader> = new Map<string, ExpressionReader>([
  ["BETWEEN", readBetween],
  ["CASE", readCase],
  ["CAST", readCast],
  ["COLUMN_REF", readColumn],
  ["COMPARISON", readComparison],
  ["CONJUNCTION", readConjunction],
  ["CONSTANT", readConstant],
  ["FUNCTION", readFunction],
  ["LAMBDA", readArrow],
  ["OPERATOR", readOperator],
  ["PARAMETER", readParameter],
  ["POSITIONAL_REFERENCE", () => ({ kind: "other", operands: [allColumns] })],
  ["STAR", readStar],
  ["SUBQUERY", readSubquery],
  ["WINDOW", readWindow],
]);

/** An expression's node; what no rule reads is an `other` of all that is found beneath it. */
export function readExpression(node: SerializedNode, reading: Reading): Expression {
  return (readers.get(textAt(node, "class")) ?? readOther)(node, reading);
}

const allColumns: Expression = { kind: "star", table: undefined };

function childrenOf(node: SerializedNode, reading: Reading): readonly Expression[] {
  return nodesAt(node, "children").map((child) => reading.expression(child, reading));
}

function readColumn(node: SerializedNode, reading: Reading): Expression {
  const names = textsAt(node, "column_names");
  const [first = "", second, ...rest] = names;
  if (reading.parameters.has(first.toLowerCase())) return { kind: "other", operands: [] };
  // `a.b.c` may be a column of a schema's table, or what a structure in a table's column, or in a column, holds.
  if (second !== undefined && rest.length > 0)
    return { kind: "other", operands: [qualified(first, second), qualified(second, rest[0] ?? "")] };
  const token = reading.source.lastNameAt(node, names.length);
  const quoted = token?.sql.startsWith('"') === true;
  if (second === undefined && !quoted && isValueWord(first.toUpperCase()))
    return { kind: "call", name: first.toLowerCase(), arguments: [], distinct: false, window: false };
  return {
    kind: "column",
    table: second === undefined ? undefined : first,
    name: second ?? first,
    quoted,
    position: token?.position,
  };
}

function qualified(table: string, name: string): Expression {
  return { kind: "column", table, name, quoted: false, position: undefined };
}

function readParameter(node: SerializedNode): Expression {
  return { kind: "parameter", index: Number(textAt(node, "identifier")) - 1 };
}

/** `*` and `t.*`; with EXCLUDE, REPLACE, RENAME or inside COLUMNS(…) it is an `other` of all columns and more. */
function readStar(node: SerializedNode, reading: Reading): Expression {
  const star: Expression = { kind: "star", table: nameAt(node, "relation_name") };
  const lists = ["exclude_list", "qualified_exclude_list", "replace_list", "rename_list"];
  const isChanged = lists.some((field) => nodesAt(node, field).length > 0 || textsAt(node, field).length > 0);
  if (node["columns"] !== true && !isChanged && nodeAt(node, "expr") === undefined) return star;
  return { kind: "other", operands: [star, ...readBeneath([node["replace_list"], node["expr"]], reading)] };
}

const comparisons: ReadonlyMap<string, ComparisonOperator> = new Map([
  ["COMPARE_EQUAL", "="],
  ["COMPARE_NOTEQUAL", "<>"],
  ["COMPARE_LESSTHAN", "<"],
  ["COMPARE_LESSTHANOREQUALTO", "<="],
  ["COMPARE_GREATERTHAN", ">"],
  ["COMPARE_GREATERTHANOREQUALTO", ">="],
]);

function readComparison(node: SerializedNode, reading: Reading): Expression {
  const [left, right] = [nodeAt(node, "left"), nodeAt(node, "right")];
  if (left === undefined || right === undefined) return readOther(node, reading);
  const operator = comparisons.get(textAt(node, "type"));
  if (operator === undefined) return readBooleanTest(node, reading) ?? readOther(node, reading);
  return {
    kind: "comparison",
    operator,
    left: reading.expression(left, reading),
    right: reading.expression(right, reading),
  };
}

/** `a IS [NOT] TRUE`, which is CAST(a AS BOOLEAN) IS [NOT] DISTINCT FROM a constant that no word TRUE gives. */
function readBooleanTest(node: SerializedNode, reading: Reading): Expression | undefined {
  const operand = nodeAt(nodeAt(node, "left") ?? {}, "child");
  const value = nodeAt(nodeAt(node, "right") ?? {}, "value")?.["value"];
  if (operand === undefined || typeof value !== "boolean") return undefined;
  const negated = textAt(node, "type") === "COMPARE_DISTINCT_FROM";
  return { kind: "is-boolean", operand: reading.expression(operand, reading), value, negated };
}

function readConjunction(node: SerializedNode, reading: Reading): Expression {
  const kind = textAt(node, "type") === "CONJUNCTION_OR" ? "or" : "and";
  return { kind, operands: childrenOf(node, reading) };
}

function readBetween(node: SerializedNode, reading: Reading): Expression {
  const [operand, low, high] = ["input", "lower", "upper"].map((field) => {
    const held = nodeAt(node, field);
    return held === undefined ? undefined : reading.expression(held, reading);
  });
  if (operand === undefined || low === undefined || high === undefined) return readOther(node, reading);
  return { kind: "between", operand, low, high, negated: false };
}

function readOperator(node: SerializedNode, reading: Reading): Expression {
  const operands = childrenOf(node, reading);
  const [operand, ...items] = operands;
  if (operand === undefined) return { kind: "other", operands };
  switch (textAt(node, "type")) {
    case "OPERATOR_NOT":
      return negation(operand);
    case "OPERATOR_IS_NULL":
      return { kind: "is-null", operand, negated: false };
    case "OPERATOR_IS_NOT_NULL":
      return { kind: "is-null", operand, negated: true };
    case "COMPARE_IN":
      return { kind: "in", operand, items, negated: false };
    case "COMPARE_NOT_IN":
      return { kind: "in", operand, items, negated: true };
    case "ARRAY_CONSTRUCTOR":
      return { kind: "other", operands, perRow: true, form: "list" };
    case "OPERATOR_COALESCE":
      return { kind: "call", name: "coalesce", arguments: operands, distinct: false, window: false };
  }
  return perRowOperators.has(textAt(node, "type"))
    ? { kind: "other", operands, perRow: true }
    : { kind: "other", operands };
}

const perRowOperators: ReadonlySet<string> = new Set([
  ...["ARRAY_EXTRACT", "ARRAY_SLICE", "OPERATOR_NULLIF", "STRUCT_EXTRACT"],
]);

/** NOT BETWEEN and NOT IN of a query have no node of their own. */
function negation(operand: Expression): Expression {
  const isPositive = (operand.kind === "between" || operand.kind === "in-query") && !operand.negated;
  return isPositive ? { ...operand, negated: true } : { kind: "not", operand };
}

/** `if(a, b, c)` is a CASE that stands at no word; one without ELSE has a NULL there that stands at none. */
function readCase(node: SerializedNode, reading: Reading): Expression {
  const isWritten = reading.source.tokenAt(node) !== undefined;
  const otherwise = nodeAt(node, "else_expr");
  const hasElse = otherwise !== undefined && !isMadeNull(otherwise, reading);
  const operands = readBeneath([node["case_checks"], hasElse ? otherwise : []], reading);
  if (isWritten) return { kind: "other", operands, perRow: true, form: "case" };
  return { kind: "call", name: "if", arguments: operands, distinct: false, window: false };
}

function isMadeNull(node: SerializedNode, reading: Reading): boolean {
  return nodeAt(node, "value")?.["is_null"] === true && reading.source.tokenAt(node) === undefined;
}

function readSubquery(node: SerializedNode, reading: Reading): Expression {
  const held = subqueryAt(node, "subquery");
  if (held === undefined) return readOther(node, reading);
  const query = reading.query(held, reading);
  const type = textAt(node, "subquery_type");
  if (type === "SCALAR") return { kind: "subquery", query };
  if (type === "EXISTS") return { kind: "exists", query };
  const operands = readBeneath(node["child"], reading);
  const [operand] = operands;
  const isMembership = type === "ANY" && textAt(node, "comparison_type") === "COMPARE_EQUAL";
  if (isMembership && operand !== undefined) return { kind: "in-query", operand, query, negated: false };
  return { kind: "other", operands: [...operands, { kind: "subquery", query }] };
}

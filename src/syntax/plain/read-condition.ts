import type { ComparisonOperator, Expression } from "../expression.js";
import { nameForEngine } from "../normalise.js";
import type { AtomCursor } from "./atom-cursor.js";
import { NotUnderstood } from "./not-understood.js";
import type { Tree } from "./parser-tree.js";
import { asList, asText, asTree, nodeWith } from "./parser-tree.js";

/** Reads comparisons joined by AND: one of them is itself, several are one `and`. */
export function readCondition(value: unknown, cursor: AtomCursor): Expression {
  const operands = conjunctTrees(value).map((tree) => comparison(tree, cursor));
  const [only] = operands;
  return only !== undefined && operands.length === 1 ? only : { kind: "and", operands };
}

/** However the tree groups them. */
function conjunctTrees(value: unknown): readonly Tree[] {
  const tree = binaryOf(value);
  return operatorOf(tree) === "AND" ? [tree.left, tree.right].flatMap(conjunctTrees) : [tree];
}

function binaryOf(value: unknown): Tree {
  const tree = nodeWith(value, ["type", "operator", "left", "right"]);
  if (tree.type !== "binary_expr") throw new NotUnderstood("condition");
  return tree;
}

const operatorOf = (tree: Tree): string => asText(tree.operator).toUpperCase();

function comparison(tree: Tree, cursor: AtomCursor): Expression {
  const operator = operatorOf(tree);
  const left = readOperand(tree.left, cursor);
  if (isComparison(operator)) return { kind: "comparison", operator, left, right: readOperand(tree.right, cursor) };
  const [, not, word] = /^(NOT )?(IN|BETWEEN|LIKE|ILIKE)$/.exec(operator) ?? [];
  const negated = not !== undefined;
  if (word === "IN") return { kind: "in", operand: left, items: listOf(tree.right, cursor), negated };
  if (word === "BETWEEN") return { kind: "between", operand: left, ...range(tree.right, cursor), negated };
  if (word !== undefined) {
    const pattern = readOperand(tree.right, cursor);
    return { kind: "like", operand: left, pattern, negated, caseInsensitive: word === "ILIKE" };
  }
  return nullTest(operator, left, tree.right);
}

function nullTest(operator: string, operand: Expression, right: unknown): Expression {
  const isNull = nodeWith(right, ["type", "value"]).type === "null";
  if (!isNull || (operator !== "IS" && operator !== "IS NOT")) throw new NotUnderstood("operator");
  return { kind: "is-null", operand, negated: operator === "IS NOT" };
}

const comparisons: ReadonlySet<string> = new Set<ComparisonOperator>(["=", "<>", "<", "<=", ">", ">="]);

function isComparison(operator: string): operator is ComparisonOperator {
  return comparisons.has(operator);
}

function range(value: unknown, cursor: AtomCursor): { readonly low: Expression; readonly high: Expression } {
  const [low, high, ...rest] = listOf(value, cursor);
  if (low === undefined || high === undefined || rest.length > 0) throw new NotUnderstood("BETWEEN");
  return { low, high };
}

function listOf(value: unknown, cursor: AtomCursor): readonly Expression[] {
  return asList(nodeWith(value, ["type", "value"]).value).map((item) => readOperand(item, cursor));
}

/** "7", "7"."8", *, "7".*, $7 */
export function readOperand(value: unknown, cursor: AtomCursor): Expression {
  const tree = asTree(value);
  if (tree.type === "var") {
    const { name, prefix } = nodeWith(tree, ["type", "name", "prefix"]);
    return cursor.constant(prefix === "$" ? name : undefined);
  }
  if (tree.type !== "column_ref") throw new NotUnderstood("operand");
  const { table, column } = nodeWith(tree, ["type", "table", "column"]);
  const qualifier = table === undefined || table === null ? undefined : nameForEngine(cursor.name(table));
  if (column === "*") return { kind: "star", table: qualifier };
  const token = cursor.name(asTree(column).expr);
  return {
    kind: "column",
    table: qualifier,
    name: nameForEngine(token),
    quoted: token.kind === "name",
    position: token.start,
  };
}

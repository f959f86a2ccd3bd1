import type { Atom, CallAtom, NameAtom } from "./atom.js";
import type { ComparisonOperator, Expression, Query } from "./expression.js";
import { NotUnderstood } from "./not-understood.js";
import type { Tree } from "./parser-tree.js";
import { asList, asText, asTree, nodeWith } from "./parser-tree.js";

/** What an expression is read with: the placeholders, and the reader of the queries inside it. */
export interface Reading {
  /** The placeholder's atom. Each is to be met once. */
  atom(index: unknown): Atom;
  readonly query: (value: unknown) => Query;
}

/** Reads an expression of node-sql-parser's tree over a planner's copy. */
export function convertExpression(value: unknown, reading: Reading): Expression {
  const tree = asTree(value);
  if ("ast" in tree) return { kind: "subquery", query: reading.query(nodeWith(tree, ["ast"]).ast) };
  switch (tree.type) {
    case "expr":
      return convertExpression(nodeWith(tree, ["type", "expr"]).expr, reading);
    case "var":
      return placeholder(tree, reading);
    case "column_ref":
      return column(tree, reading);
    case "function":
      return call(tree, reading);
    case "binary_expr":
      return binary(nodeWith(tree, ["type", "operator", "left", "right"]), reading);
    case "unary_expr":
      return unary(nodeWith(tree, ["type", "operator", "expr"]), reading);
    case "case":
      return choice(tree, reading);
    case "expr_list":
      return row(tree, reading);
    case "bool":
      return { kind: "literal", value: { type: "boolean", value: tree.value === true } };
    case "null":
      return { kind: "literal", value: { type: "null" } };
  }
  throw new NotUnderstood("expression");
}

export function expressions(value: unknown, reading: Reading): readonly Expression[] {
  return asList(value).map((item) => convertExpression(item, reading));
}

/** `(a, b)`. Without parentheses it is a clause's comma misread, as in `JOIN b ON a, c`. */
function row(tree: Tree, reading: Reading): Expression {
  if (tree.parentheses !== true) throw new NotUnderstood("comma");
  return { kind: "other", operands: expressions(nodeWith(tree, ["type", "value"]).value, reading) };
}

/** $7 */
function placeholder(tree: Tree, reading: Reading): Expression {
  const { name, prefix } = nodeWith(tree, ["type", "name", "prefix"]);
  const atom = reading.atom(prefix === "$" ? name : undefined);
  if (atom.kind !== "expression") throw new NotUnderstood("placeholder");
  return atom.expression;
}

/** "7", "7"."8", *, "7".* */
function column(tree: Tree, reading: Reading): Expression {
  const { schema, table, column } = nodeWith(tree, ["type", "schema", "table", "column"]);
  if (schema !== undefined && schema !== null) readName(schema, reading);
  const tableName = table === undefined || table === null ? undefined : readName(table, reading).name;
  if (column === "*") return { kind: "star", table: tableName };
  const { name, quoted, position } = readName(asTree(column).expr, reading);
  return { kind: "column", table: tableName, name, quoted, ...(position === undefined ? {} : { position }) };
}

/** A name's placeholder, bare or in a node of its own. */
export function readName(value: unknown, reading: Reading): NameAtom {
  const text = typeof value === "string" ? value : nodeWith(value, ["type", "value"]).value;
  const atom = reading.atom(text);
  if (atom.kind !== "name") throw new NotUnderstood("name");
  return atom;
}

/** "7"(…): the call's own operands make it; those of its clauses stand beside it. */
function call(tree: Tree, reading: Reading): Expression {
  const { name, args } = nodeWith(tree, ["type", "name", "args"]);
  const atom = callAtom(name, reading);
  const operands = expressions(nodeWith(args, ["type", "value"]).value, reading);
  const built = atom.build(operands.slice(0, atom.own));
  return operands.length === atom.own ? built : { kind: "other", operands: [built, ...operands.slice(atom.own)] };
}

function callAtom(name: unknown, reading: Reading): CallAtom {
  const [part, ...rest] = asList(nodeWith(name, ["name"]).name);
  const { type, value } = nodeWith(part, ["type", "value"]);
  const atom = reading.atom(type === "double_quote_string" && rest.length === 0 ? value : undefined);
  if (atom.kind !== "call") throw new NotUnderstood("call");
  return atom;
}

function unary(tree: Tree, reading: Reading): Expression {
  const operand = convertExpression(tree.expr, reading);
  if (
    tree.operator === "-" &&
    operand.kind === "literal" &&
    operand.value.type === "number" &&
    !operand.value.text.startsWith("-")
  ) {
    return { kind: "literal", value: { type: "number", text: `-${operand.value.text}` } };
  }
  if (tree.operator !== "-" && tree.operator !== "+") throw new NotUnderstood("operator");
  return { kind: "other", operands: [operand] };
}

function choice(tree: Tree, reading: Reading): Expression {
  const { expr, args } = nodeWith(tree, ["type", "expr", "args"]);
  const branches = asList(args).flatMap((branch) => {
    const { cond, result } = nodeWith(branch, ["type", "cond", "result"]);
    return [cond, result];
  });
  const operands = [expr, ...branches].filter((operand) => operand !== undefined && operand !== null);
  return { kind: "other", operands: operands.map((operand) => convertExpression(operand, reading)) };
}

function binary(tree: Tree, reading: Reading): Expression {
  const operator = asText(tree.operator).toUpperCase();
  if (operator === "AND" || operator === "OR") throw new NotUnderstood("connective");
  if (operator === "IS" || operator === "IS NOT") return is(tree, operator === "IS NOT", reading);
  if (operator === "IN" || operator === "NOT IN") return membership(tree, operator === "NOT IN", reading);
  if (operator === "BETWEEN" || operator === "NOT BETWEEN") return between(tree, operator === "NOT BETWEEN", reading);
  const left = convertExpression(tree.left, reading);
  const right = convertExpression(tree.right, reading);
  if (isComparison(operator)) return { kind: "comparison", operator, left, right };
  if (isArithmetic(operator)) return { kind: "arithmetic", operator, left, right };
  const like = likeManners[operator];
  if (like !== undefined) return { kind: "like", operand: left, pattern: right, ...like };
  return { kind: "other", operands: [left, right] };
}

const likeManners: Readonly<Record<string, { readonly negated: boolean; readonly caseInsensitive: boolean }>> = {
  LIKE: { negated: false, caseInsensitive: false },
  "NOT LIKE": { negated: true, caseInsensitive: false },
  ILIKE: { negated: false, caseInsensitive: true },
  "NOT ILIKE": { negated: true, caseInsensitive: true },
};

function isComparison(operator: string): operator is ComparisonOperator {
  return (
    operator === "=" ||
    operator === "<>" ||
    operator === "<" ||
    operator === "<=" ||
    operator === ">" ||
    operator === ">="
  );
}

function isArithmetic(operator: string): operator is "+" | "-" | "*" | "/" | "%" {
  return operator === "+" || operator === "-" || operator === "*" || operator === "/" || operator === "%";
}

/** IS [NOT] NULL, TRUE or FALSE. */
function is(tree: Tree, negated: boolean, reading: Reading): Expression {
  const operand = convertExpression(tree.left, reading);
  const right = convertExpression(tree.right, reading);
  if (right.kind !== "literal") throw new NotUnderstood("IS");
  if (right.value.type === "null") return { kind: "is-null", operand, negated };
  if (right.value.type === "boolean") return { kind: "is-boolean", operand, value: right.value.value, negated };
  throw new NotUnderstood("IS");
}

function between(tree: Tree, negated: boolean, reading: Reading): Expression {
  const operand = convertExpression(tree.left, reading);
  const [low, high, ...rest] = expressions(nodeWith(tree.right, ["type", "value"]).value, reading);
  if (low === undefined || high === undefined || rest.length > 0) throw new NotUnderstood("BETWEEN");
  return { kind: "between", operand, low, high, negated };
}

function membership(tree: Tree, negated: boolean, reading: Reading): Expression {
  const operand = convertExpression(tree.left, reading);
  const listed = asList(nodeWith(tree.right, ["type", "value"]).value);
  const [only] = listed;
  const list = listed.length === 1 ? constantList(only, reading) : undefined;
  const items = list ?? listed.map((item) => convertExpression(item, reading));
  const [first] = items;
  if (first?.kind === "subquery" && items.length === 1)
    return { kind: "in-query", operand, query: first.query, negated };
  return { kind: "in", operand, items, negated };
}

/** The items of `IN ($7)` where the placeholder stands for a list of constants. */
function constantList(value: unknown, reading: Reading): readonly Expression[] | undefined {
  const tree = asTree(value);
  if (tree.type !== "var") return undefined;
  const atom = reading.atom(tree.name);
  if (atom.kind === "name" || atom.kind === "call") throw new NotUnderstood("IN");
  return atom.kind === "list" ? atom.items : [atom.expression];
}

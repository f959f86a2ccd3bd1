import type { Expression } from "../expression.js";
import { readBeneath, readOther } from "./read-beneath.js";
import { readInterval } from "./read-cast.js";
import { readOrder } from "./read-order.js";
import type { Reading } from "./reading.js";
import type { SerializedNode } from "./serialized-node.js";
import { nameAt, nodeAt, nodesAt, textAt } from "./serialized-node.js";

/** A call or an operator: with FILTER or ORDER BY it is an `other` of the call and of what stands in those. */
export function readFunction(node: SerializedNode, reading: Reading): Expression {
  if (node["is_operator"] === true) return readOperator(node, reading);
  return (
    readInterval(node, reading) ?? withClauses(callOf(node, reading), [node["filter"], node["order_bys"]], reading)
  );
}

function callOf(node: SerializedNode, reading: Reading): Expression {
  const name = textAt(node, "function_name").toLowerCase();
  const operands = argumentsOf(node, name, reading);
  if (textAt(node, "schema") === "main" && literalMakers.has(name)) return madeLiteral(name, operands);
  const isCountOfAll = name === "count_star";
  return {
    kind: "call",
    name: isCountOfAll ? "count" : name,
    arguments: isCountOfAll ? [star] : operands,
    distinct: node["distinct"] === true,
    window: false,
  };
}

const star: Expression = { kind: "star", table: undefined };

/** What `(a, b)`, `[a, b]`, `{'a': b}` and `MAP {…}` are made by; written out as calls they have no schema. */
const literalMakers = new Set(["row", "list_value", "struct_pack", "map"]);

function madeLiteral(name: string, operands: readonly Expression[]): Expression {
  const form = name === "row" ? "row" : name === "list_value" ? "list" : undefined;
  return { kind: "other", operands, perRow: true, ...(form === undefined ? {} : { form }) };
}

/** Functions of DuckDB that take a lambda behind their first argument. */
export const lambdaFunctions: ReadonlySet<string> = new Set(
  "apply filter reduce list_apply list_filter list_reduce list_transform array_apply array_filter array_reduce array_transform".split(
    " ",
  ),
);

function argumentsOf(node: SerializedNode, name: string, reading: Reading): readonly Expression[] {
  const receiver = receiverOf(node, reading);
  const children = nodesAt(node, "children").map((child, index) =>
    index + receiver.length > 0 && textAt(child, "class") === "LAMBDA" && lambdaFunctions.has(name)
      ? readLambda(child, reading)
      : reading.expression(child, reading),
  );
  return [...receiver, ...children];
}

const schemas = new Set(["main", "pg_catalog", "system", "temp"]);

/** `a.upper()` and `t.a.upper()` are calls of upper with a column, where no schema is called so. */
function receiverOf(node: SerializedNode, reading: Reading): readonly Expression[] {
  const name = nameAt(node, "schema");
  if (name === undefined || schemas.has(name.toLowerCase())) return [];
  if (reading.parameters.has(name.toLowerCase())) return [{ kind: "other", operands: [] }];
  return [{ kind: "column", table: nameAt(node, "catalog"), name, quoted: false, position: undefined }];
}

/** `x -> x + y`: an `other` of its body, in which its parameters are no columns. */
function readLambda(node: SerializedNode, reading: Reading): Expression {
  const left = nodeAt(node, "lhs");
  const named = left === undefined ? [] : [left, ...nodesAt(left, "children")];
  const names = named.flatMap((one) => parameterName(one) ?? []);
  const body = nodeAt(node, "expr");
  const inside = { ...reading, parameters: new Set([...reading.parameters, ...names]) };
  return { kind: "other", operands: body === undefined ? [] : [reading.expression(body, inside)] };
}

function parameterName(node: SerializedNode): string | undefined {
  const [name] = Array.isArray(node["column_names"]) ? node["column_names"] : [];
  return typeof name === "string" ? name.toLowerCase() : undefined;
}

const likeManners: ReadonlyMap<string, { readonly negated: boolean; readonly caseInsensitive: boolean }> = new Map([
  ["~~", { negated: false, caseInsensitive: false }],
  ["!~~", { negated: true, caseInsensitive: false }],
  ["~~*", { negated: false, caseInsensitive: true }],
  ["!~~*", { negated: true, caseInsensitive: true }],
]);

function readOperator(node: SerializedNode, reading: Reading): Expression {
  const operator = textAt(node, "function_name");
  const operands = nodesAt(node, "children").map((child) => reading.expression(child, reading));
  const [left, right, ...rest] = operands;
  if (left === undefined || rest.length > 0) return readOther(node, reading);
  if (right === undefined) return { kind: "other", operands, perRow: true };
  const like = likeManners.get(operator);
  // `* LIKE 'a%'` chooses columns by their names.
  if (like !== undefined && left.kind !== "star") return { kind: "like", operand: left, pattern: right, ...like };
  if (operator === "->>") return { kind: "json-access", operand: left, key: right, asText: true };
  if (isArithmetic(operator)) return { kind: "arithmetic", operator, left, right };
  if (left.kind === "star") return { kind: "other", operands };
  return { kind: "other", operands, perRow: true, ...(operator === "||" ? { form: "concatenation" as const } : {}) };
}

function isArithmetic(operator: string): operator is "+" | "-" | "*" | "/" | "%" {
  return operator === "+" || operator === "-" || operator === "*" || operator === "/" || operator === "%";
}

/** `->` outside of a function that takes a lambda. */
export function readArrow(node: SerializedNode, reading: Reading): Expression {
  const [operand, key] = [nodeAt(node, "lhs"), nodeAt(node, "expr")].map((side) =>
    side === undefined ? undefined : reading.expression(side, reading),
  );
  if (operand === undefined || key === undefined) return readOther(node, reading);
  return { kind: "json-access", operand, key, asText: false };
}

/** A window function: an `other` of the call and of what its OVER and FILTER hold, where they hold anything. */
export function readWindow(node: SerializedNode, reading: Reading): Expression {
  const own = [...nodesAt(node, "children"), nodeAt(node, "offset_expr"), nodeAt(node, "default_expr")];
  const call: Expression = {
    kind: "call",
    name: windowName(node),
    arguments: own.flatMap((child) => (child === undefined ? [] : [reading.expression(child, reading)])),
    distinct: node["distinct"] === true,
    window: true,
  };
  const clauses = ["partitions", "orders", "start_expr", "end_expr", "filter_expr", "arg_orders"];
  const window = withClauses(
    call,
    clauses.map((field) => node[field]),
    reading,
  );
  if (window.kind !== "other") return window;
  return {
    ...window,
    partitions: nodesAt(node, "partitions").map((child) => reading.expression(child, reading)),
    orders: nodesAt(node, "orders").map((child) => readOrder(child, reading)),
  };
}

function windowName(node: SerializedNode): string {
  const name = textAt(node, "function_name").toLowerCase();
  return name === "count_star" ? "count" : name;
}

function withClauses(call: Expression, clauses: readonly unknown[], reading: Reading): Expression {
  const operands = readBeneath(clauses, reading);
  return operands.length === 0 ? call : { kind: "other", operands: [call, ...operands] };
}

import type { Node } from "libpg-query";
import type { ComparisonOperator, Expression } from "../expression.js";
import type { NodeOf } from "./node.js";
import { namesOf } from "./node.js";
import { readBeneath } from "./read-beneath.js";
import { readMembershipInArray } from "./read-membership.js";
import type { Reading } from "./reading.js";

type OperatorNode = NodeOf<"A_Expr">;

/** An operator, or what is spelled like one: IN, BETWEEN, LIKE. One that no rule knows is of its operands' row alone. */
export function readOperator(node: OperatorNode, reading: Reading): Expression {
  const { kind = "AEXPR_OP" } = node;
  switch (kind) {
    case "AEXPR_OP":
      return readPlainOperator(node, reading);
    case "AEXPR_IN":
      return readIn(node, reading);
    case "AEXPR_LIKE":
    case "AEXPR_ILIKE":
      return readLike(node, reading);
    case "AEXPR_BETWEEN":
    case "AEXPR_NOT_BETWEEN":
    case "AEXPR_BETWEEN_SYM":
    case "AEXPR_NOT_BETWEEN_SYM":
      return readBetween(node, reading);
    case "AEXPR_OP_ANY":
    case "AEXPR_OP_ALL":
      return readMembershipInArray(node, operatorOf(node), reading) ?? otherOf(node, reading);
    case "AEXPR_NULLIF":
      return {
        kind: "call",
        name: "nullif",
        arguments: readBeneath([node.lexpr, node.rexpr], reading),
        distinct: false,
        window: false,
      };
    case "AEXPR_DISTINCT":
    case "AEXPR_NOT_DISTINCT":
    case "AEXPR_SIMILAR":
      return otherOf(node, reading);
  }
}

function otherOf({ lexpr, rexpr }: OperatorNode, reading: Reading): Expression {
  return { kind: "other", operands: readBeneath([lexpr, rexpr], reading), perRow: true };
}

/** Of PostgreSQL's own: one of another schema may mean anything. */
function operatorOf({ name }: OperatorNode): string {
  const names = namesOf(name);
  return names.length === 2 && names[0] === "pg_catalog" ? (names[1] ?? "") : names.join(".");
}

const comparisons: ReadonlySet<string> = new Set(["=", "<>", "<", "<=", ">", ">="]);
const isComparison = (operator: string): operator is ComparisonOperator => comparisons.has(operator);

const likes: ReadonlySet<string> = new Set(["~~", "!~~", "~~*", "!~~*"]);

function readPlainOperator(node: OperatorNode, reading: Reading): Expression {
  const operator = operatorOf(node);
  const { lexpr, rexpr } = node;
  if (lexpr === undefined || rexpr === undefined) return readSign(operator, node, reading);
  if (likes.has(operator)) return readLike(node, reading);
  if (isComparison(operator)) return readComparison(operator, [lexpr, rexpr], reading);
  const [left, right] = [reading.expression(lexpr, reading), reading.expression(rexpr, reading)];
  switch (operator) {
    // Of `/` and `%` the planner knows DuckDB's: a sum of whole numbers, divided, keeps its decimals in PostgreSQL.
    case "+":
    case "-":
    case "*":
      return { kind: "arithmetic", operator, left, right };
    case "->":
    case "->>":
      return { kind: "json-access", operand: left, key: right, asText: operator === "->>" };
    case "#>":
    case "#>>":
      return readPath(left, right, operator === "#>>");
    case "||":
      return { kind: "other", operands: [left, right], perRow: true, form: "concatenation" };
    case "^@":
      return { kind: "call", name: "starts_with", arguments: [left, right], distinct: false, window: false };
  }
  return { kind: "other", operands: [left, right], perRow: true };
}

/** `-5` is a constant to the parser already. */
function readSign(operator: string, { rexpr, lexpr }: OperatorNode, reading: Reading): Expression {
  const operands = readBeneath([lexpr, rexpr], reading);
  const [only] = operands;
  const isNumber = only?.kind === "literal" && only.value.type === "number";
  return operator === "+" && isNumber ? only : { kind: "other", operands, perRow: true };
}

/** `metadata #>> '{a,b}'` is `metadata -> 'a' ->> 'b'`, where no key may be an array's index. */
function readPath(operand: Expression, path: Expression, asText: boolean): Expression {
  const text = path.kind === "literal" && path.value.type === "string" ? path.value.value : "";
  const keys =
    /^\{[a-z_]\w*(?:,[a-z_]\w*)*\}$/i.test(text) && !/\bnull\b/i.test(text) ? text.slice(1, -1).split(",") : [];
  if (keys.length === 0) return { kind: "other", operands: [operand, path], perRow: true };
  return keys.reduce<Expression>(
    (held, key, index) => ({
      kind: "json-access",
      operand: held,
      key: { kind: "literal", value: { type: "string", value: key } },
      asText: asText && index === keys.length - 1,
    }),
    operand,
  );
}

/** `(a, b) = (1, 2)` is `a = 1 AND b = 2` to PostgreSQL too, and `<>` is OR; by `<` rows are compared as wholes. */
function readComparison(operator: ComparisonOperator, sides: readonly [Node, Node], reading: Reading): Expression {
  const [lefts, rights] = sides.map((side) => ("RowExpr" in side ? (side.RowExpr.args ?? []) : undefined));
  const isByColumn = operator === "=" || operator === "<>";
  if (isByColumn && lefts !== undefined && lefts.length > 0 && rights?.length === lefts.length) {
    const operands = lefts.map((left, index) => readComparison(operator, [left, rights[index] ?? left], reading));
    const [only, another] = operands;
    return only !== undefined && another === undefined ? only : { kind: operator === "=" ? "and" : "or", operands };
  }
  const [left, right] = sides;
  return {
    kind: "comparison",
    operator,
    left: reading.expression(left, reading),
    right: reading.expression(right, reading),
  };
}

function listOf(node: Node | undefined): readonly Node[] {
  return node !== undefined && "List" in node ? (node.List.items ?? []) : [];
}

function readIn(node: OperatorNode, reading: Reading): Expression {
  if (node.lexpr === undefined) return otherOf(node, reading);
  return {
    kind: "in",
    operand: reading.expression(node.lexpr, reading),
    items: listOf(node.rexpr).map((item) => reading.expression(item, reading)),
    negated: operatorOf(node) === "<>",
  };
}

/** The pattern of an explicit ESCAPE is a call: no rule knows what it becomes. */
function readLike(node: OperatorNode, reading: Reading): Expression {
  if (node.lexpr === undefined || node.rexpr === undefined) return otherOf(node, reading);
  const operator = operatorOf(node);
  const operand = reading.expression(node.lexpr, reading);
  const isWritten = operand.kind === "cast" && !reading.writesIsoDates;
  return {
    kind: "like",
    // A time's text says little of the time where a session has it written in another order.
    operand: isWritten ? { kind: "other", operands: [operand], perRow: true } : operand,
    pattern: reading.expression(node.rexpr, reading),
    negated: operator.startsWith("!"),
    caseInsensitive: operator.endsWith("*"),
    backslashEscapes: true,
  };
}

/** `x BETWEEN SYMMETRIC a AND b` is `x BETWEEN a AND b OR x BETWEEN b AND a`, as PostgreSQL itself has it. */
function readBetween(node: OperatorNode, reading: Reading): Expression {
  const [low, high] = listOf(node.rexpr).map((bound) => reading.expression(bound, reading));
  if (node.lexpr === undefined || low === undefined || high === undefined) return otherOf(node, reading);
  const operand = reading.expression(node.lexpr, reading);
  const negated = node.kind === "AEXPR_NOT_BETWEEN" || node.kind === "AEXPR_NOT_BETWEEN_SYM";
  const between: Expression = { kind: "between", operand, low, high, negated };
  if (node.kind === "AEXPR_BETWEEN" || node.kind === "AEXPR_NOT_BETWEEN") return between;
  return { kind: negated ? "and" : "or", operands: [between, { ...between, low: high, high: low }] };
}

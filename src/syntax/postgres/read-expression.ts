import type { Node, SQLValueFunctionOp } from "libpg-query";
import type { ComparisonOperator, Expression, Query } from "../expression.js";
import { onlyValue } from "../only-value.js";
import type { NodeKind, NodeOf } from "./node.js";
import { namesOf, openNode } from "./node.js";
import { rememberPlace } from "./query-text.js";
import { readBeneath, readUnknown } from "./read-beneath.js";
import { readCast } from "./read-cast.js";
import { readConstant } from "./read-constant.js";
import { readFunction } from "./read-function.js";
import { readOperator } from "./read-operator.js";
import type { Reading } from "./reading.js";

type Readers = { readonly [Kind in NodeKind]?: (node: NodeOf<Kind>, reading: Reading) => Expression };

const readers: Readers = {
  A_ArrayExpr: (node, reading) => perRow(node.elements, reading),
  A_Const: readConstant,
  A_Expr: readOperator,
  A_Indirection: readIndirection,
  BoolExpr: readBoolean,
  BooleanTest: readBooleanTest,
  CaseExpr: readCase,
  CoalesceExpr: (node, reading) => call("coalesce", readBeneath(node.args, reading)),
  CollateClause: (node, reading) => perRow(node.arg, reading),
  ColumnRef: readColumn,
  FuncCall: readFunction,
  MinMaxExpr: (node, reading) => call(node.op === "IS_LEAST" ? "least" : "greatest", readBeneath(node.args, reading)),
  NullTest: readNullTest,
  ParamRef: readParameter,
  RowExpr: (node, reading) => ({ ...perRow(node.args, reading), form: "row" }),
  SQLValueFunction: ({ op }) => readValueWord(op),
  SetToDefault: () => ({ kind: "other", operands: [], perRow: true }),
  SubLink: readSubquery,
  TypeCast: readCast,
};

/** An expression's node. What no rule reads is a call of nobody's function, of all that is found beneath it. */
export function readExpression(node: Node, reading: Reading): Expression {
  const opened = openNode(node);
  if (opened === undefined) return { kind: "other", operands: [], perRow: true };
  const [kind, content] = opened;
  // Of each kind the reader takes what a node of that kind holds.
  const read = (readers as Readonly<Record<string, ((content: object, reading: Reading) => Expression) | undefined>>)[
    kind
  ];
  return read === undefined ? readUnknown(kind, content, reading) : read(content, reading);
}

function perRow(held: unknown, reading: Reading): Extract<Expression, { kind: "other" }> {
  return { kind: "other", operands: readBeneath(held, reading), perRow: true };
}

function call(name: string, operands: readonly Expression[]): Expression {
  return { kind: "call", name, arguments: operands, distinct: false, window: false };
}

/**
 * `a`, `t.a`, `s.t.a`, `t.*`. Names are in lower case already where they were not quoted. With a schema the relation is
 * taken for the one that is called so, unless the statement has another of that name: then it may be any.
 */
function readColumn({ fields = [], location }: NodeOf<"ColumnRef">, reading: Reading): Expression {
  const names = namesOf(fields);
  const isStar = fields.some((field) => "A_Star" in field);
  const [name = "", table, schema] = isStar ? [undefined, ...[...names].reverse()] : [...names].reverse();
  const isAmbiguous = schema !== undefined && table !== undefined && !reading.uses.isOneRelation(table);
  if (isStar) return isAmbiguous ? { kind: "other", operands: [allColumns] } : { kind: "star", table };
  // postgres_fdw asks what reading it would cost before it knows whether it has to.
  if (reading.explained && name === "ctid") return { kind: "literal", value: { type: "null" } };
  const position = reading.offsets.ofByte(location);
  const quoted = table === undefined && position !== undefined && reading.text.charAt(position) === '"';
  const column = { kind: "column", name, quoted, position } as const;
  if (!isAmbiguous) return { ...column, table };
  return {
    kind: "other",
    operands: [
      { ...column, table },
      { ...column, table: undefined },
    ],
  };
}

const allColumns: Expression = { kind: "star", table: undefined };

/** `$0` is none: the engine says so. */
function readParameter({ number = 0 }: NodeOf<"ParamRef">, { mentions }: Reading): Expression {
  if (number < 1) return { kind: "other", operands: [], perRow: true };
  mentions.addParameter(number);
  return { kind: "parameter", index: number - 1 };
}

/** `a[1]`, `(c).field`, `(c).*`. */
function readIndirection({ arg, indirection }: NodeOf<"A_Indirection">, reading: Reading): Expression {
  return perRow([arg, indirection], reading);
}

function readBoolean({ boolop, args = [] }: NodeOf<"BoolExpr">, reading: Reading): Expression {
  const operands = args.map((node) => reading.expression(node, reading));
  if (boolop !== "NOT_EXPR") return { kind: boolop === "OR_EXPR" ? "or" : "and", operands };
  const [operand] = operands;
  return operand === undefined ? { kind: "other", operands } : negation(operand);
}

const opposites: Readonly<Record<ComparisonOperator, ComparisonOperator>> = {
  "=": "<>",
  "<>": "=",
  "<": ">=",
  "<=": ">",
  ">": "<=",
  ">=": "<",
};

/** `CASE a WHEN b …` compares a with b, by an equality. */
function readCase({ arg, args = [], defresult }: NodeOf<"CaseExpr">, reading: Reading): Expression {
  const [subject] = readBeneath(arg, reading);
  const branches = args.flatMap((branch) => {
    const [condition, value] = readBeneath(branch, reading);
    if (condition === undefined || value === undefined) return [];
    const compared: Expression =
      subject === undefined ? condition : { kind: "comparison", operator: "=", left: subject, right: condition };
    return [compared, value];
  });
  return { kind: "other", operands: [...branches, ...readBeneath(defresult, reading)], perRow: true, form: "case" };
}

/** Both forms are NULL of the same rows; of rows that are compared as wholes too. */
function negation(operand: Expression): Expression {
  switch (operand.kind) {
    case "comparison":
      return { ...operand, operator: opposites[operand.operator] };
    case "between":
    case "in":
    case "in-query":
      return { ...operand, negated: !operand.negated };
    default:
      return { kind: "not", operand };
  }
}

/** Of a row, IS NULL and IS NOT NULL may both be false: what the planner takes from either holds of rows too. */
function readNullTest({ arg, nulltesttype }: NodeOf<"NullTest">, reading: Reading): Expression {
  const [operand] = readBeneath(arg, reading);
  if (operand === undefined) return { kind: "other", operands: [] };
  return { kind: "is-null", operand, negated: nulltesttype === "IS_NOT_NULL" };
}

function readBooleanTest({ arg, booltesttype = "IS_TRUE" }: NodeOf<"BooleanTest">, reading: Reading): Expression {
  const [operand] = readBeneath(arg, reading);
  if (operand === undefined) return { kind: "other", operands: [] };
  const negated = booltesttype.startsWith("IS_NOT");
  if (booltesttype.endsWith("UNKNOWN")) return { kind: "is-null", operand, negated };
  return { kind: "is-boolean", operand, value: booltesttype.endsWith("TRUE"), negated };
}

const valueWords: Partial<Readonly<Record<SQLValueFunctionOp, string>>> = {
  SVFOP_CURRENT_CATALOG: "current_catalog",
  SVFOP_CURRENT_DATE: "current_date",
  SVFOP_CURRENT_ROLE: "current_role",
  SVFOP_CURRENT_SCHEMA: "current_schema",
  SVFOP_CURRENT_TIME: "current_time",
  SVFOP_CURRENT_TIMESTAMP: "current_timestamp",
  SVFOP_CURRENT_USER: "current_user",
  SVFOP_LOCALTIME: "localtime",
  SVFOP_LOCALTIMESTAMP: "localtimestamp",
  SVFOP_SESSION_USER: "session_user",
  SVFOP_USER: "user",
};

/** With a precision the clock is rounded, up too: what the planner knows of it would not hold. */
function readValueWord(op: SQLValueFunctionOp | undefined): Expression {
  const name = op && valueWords[op];
  return name === undefined ? { kind: "other", operands: [], perRow: true } : call(name, []);
}

/** Whichever: the plan is the same for any. */
const textToCome: Expression = { kind: "literal", value: { type: "string", value: "value" } };

/** `(SELECT NULL::text)`, which postgres_fdw has in place of a value of another relation's rows. */
function isTextToCome(query: Query): boolean {
  const value = onlyValue(query);
  return (
    value?.kind === "cast" &&
    value.operand.kind === "literal" &&
    value.operand.value.type === "null" &&
    /^(TEXT|VARCHAR)/i.test(value.type)
  );
}

function readSubquery(node: NodeOf<"SubLink">, reading: Reading): Expression {
  const { subLinkType, testexpr, operName, subselect } = node;
  if (subselect === undefined || !("SelectStmt" in subselect))
    return { kind: "other", operands: readBeneath([testexpr, subselect], reading) };
  const query = reading.query(subselect.SelectStmt, reading);
  // Apart from its statement it would not find the statement's common tables.
  if (reading.commonTables.size === 0)
    rememberPlace(query, { text: reading.text, start: reading.offsets.ofByte(node.location) });
  const subquery: Expression = { kind: "subquery", query };
  const [operand] = readBeneath(testexpr, reading);
  const operator = namesOf(operName).join(".");
  switch (subLinkType) {
    case "EXISTS_SUBLINK":
      return { kind: "exists", query };
    case "EXPR_SUBLINK":
      return reading.explained && isTextToCome(query) ? textToCome : subquery;
    case "ANY_SUBLINK":
      if (operand !== undefined && (operator === "" || operator === "="))
        return { kind: "in-query", operand, query, negated: false };
      break;
    case "ALL_SUBLINK":
      if (operand !== undefined && operator === "<>") return { kind: "in-query", operand, query, negated: true };
      break;
    case "ARRAY_SUBLINK":
    case "ROWCOMPARE_SUBLINK":
    case "MULTIEXPR_SUBLINK":
    case "CTE_SUBLINK":
    case undefined:
  }
  return { kind: "other", operands: operand === undefined ? [subquery] : [operand, subquery] };
}

import type { Node, SelectStmt } from "libpg-query";
import type { Expression } from "../expression.js";
import { openNode } from "./node.js";
import type { Reading } from "./reading.js";

/**
 * Every expression and query beneath a part of a tree of which no rule knows the form, so that none is lost: a query as
 * a subquery.
 */
export function readBeneath(value: unknown, reading: Reading): readonly Expression[] {
  if (Array.isArray(value)) return value.flatMap((item) => readBeneath(item, reading));
  if (typeof value !== "object" || value === null) return [];
  if (isSelect(value)) return [{ kind: "subquery", query: reading.query(value, reading) }];
  return isNode(value) ? readNode(value, reading) : readFields(value, reading);
}

/** What is beneath a node's fields, the node itself apart. */
function readFields(content: object, reading: Reading): readonly Expression[] {
  return Object.values(content).flatMap((value) => readBeneath(value, reading));
}

/**
 * An expression of which no rule knows the form: as a call of a function that nobody knows it may be an aggregate, and
 * nothing is taken for granted of its value. Its name can be no function's.
 */
export function readUnknown(kind: string, content: object, reading: Reading): Expression {
  return { kind: "call", name: `<${kind}>`, arguments: readFields(content, reading), distinct: false, window: false };
}

/** Nodes that are wrapped in their kind, which begins with a capital as no field's name does. */
const isNode = (value: object): value is Node => {
  const [key, another] = Object.keys(value);
  return key !== undefined && another === undefined && /^[A-Z]/.test(key);
};

const isSelect = (value: object): value is SelectStmt => "limitOption" in value && "op" in value;

/** Nodes that are no expressions, but hold some. */
const holders: ReadonlySet<string> = new Set([
  ...[
    "CaseWhen",
    "GroupingSet",
    "JsonTableColumn",
    "JsonTablePathSpec",
    "JsonArgument",
    "JsonKeyValue",
    "JsonBehavior",
  ],
  ...["List", "NamedArgExpr", "RangeTableFuncCol", "ResTarget", "SelectStmt", "SortBy", "WindowDef", "A_Indices"],
  ...["ColumnDef", "JsonOutput", "JsonValueExpr", "JsonReturning"],
]);
/** Nodes that are names and options. */
const leaves: ReadonlySet<string> = new Set([
  "A_Star",
  "Alias",
  "BitString",
  "Boolean",
  "Float",
  "Integer",
  "String",
  "TypeName",
]);

function readNode(node: Node, reading: Reading): readonly Expression[] {
  const opened = openNode(node);
  if (opened === undefined || leaves.has(opened[0])) return [];
  if (holders.has(opened[0]))
    return "SelectStmt" in node ? readBeneath(node.SelectStmt, reading) : readFields(opened[1], reading);
  return [reading.expression(node, reading)];
}

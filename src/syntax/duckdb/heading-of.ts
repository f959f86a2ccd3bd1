import type { SelectItem } from "../expression.js";
import { noName } from "../no-name.js";
import type { Reading } from "./reading.js";
import type { SerializedNode } from "./serialized-node.js";
import { isNode, nameAt, nodeAt, nodesAt, subqueryAt, textAt, textsAt } from "./serialized-node.js";

/**
 * The heading of a select list's item. Undefined where the engine's own is right: an alias, a column, and what may be
 * several columns. Source: FigureColname in PostgreSQL's parse_target.c
 */
export function headingOf(node: SerializedNode, reading: Reading): Pick<SelectItem, "heading" | "isSpread"> {
  const isSpread = spreads(node);
  const isNamed = isSpread || nameAt(node, "alias") !== undefined || ownNames.has(textAt(node, "class"));
  return { heading: isNamed ? undefined : (named(node, reading)?.name ?? noName), isSpread };
}

const ownNames = new Set(["COLUMN_REF", "POSITIONAL_REFERENCE"]);

/** A star, COLUMNS(…) or unnest of a structure, wherever it stands: it may be any number of columns. */
function spreads(node: unknown): boolean {
  if (Array.isArray(node)) return node.some(spreads);
  if (!isNode(node) || subqueryAt(node, "subquery") !== undefined) return false;
  if (textAt(node, "class") === "STAR" || textAt(node, "function_name") === "unnest") return true;
  return Object.values(node).some(spreads);
}

/** A weak name gives way to that of what stands around it. */
interface Name {
  readonly name: string;
  readonly isWeak: boolean;
}

const strong = (name: string): Name => ({ name, isWeak: false });
const weak = (name: string): Name => ({ name, isWeak: true });

function named(node: SerializedNode, reading: Reading): Name | undefined {
  switch (textAt(node, "class")) {
    case "COLUMN_REF":
      return strong(textsAt(node, "column_names").at(-1) ?? noName);
    case "FUNCTION":
      return functionName(node, reading);
    case "WINDOW":
      return strong(plainName(textAt(node, "function_name")));
    case "CAST":
      return castName(node, reading);
    case "CASE":
      return caseName(node, reading);
    case "OPERATOR":
      return operatorName(node, reading);
    case "SUBQUERY":
      return subqueryName(node, reading);
  }
  return undefined;
}

/** DuckDB's names of what the text spells otherwise. */
const otherNames: ReadonlyMap<string, string> = new Map([
  ["count_star", "count"],
  ["date_part", "extract"],
  ["list_value", "array"],
  ["trim", "btrim"],
]);

const plainName = (name: string): string => otherNames.get(name.toLowerCase()) ?? name.toLowerCase();

/** `{'a': 1}` has no counterpart in PostgreSQL. */
function functionName(node: SerializedNode, reading: Reading): Name | undefined {
  const name = textAt(node, "function_name").toLowerCase();
  if (node["is_operator"] === true || (name === "struct_pack" && textAt(node, "schema") === "main")) return undefined;
  const token = reading.source.tokenAt(node);
  const spelling = token?.sql.toLowerCase();
  // An operator, and a name of PostgreSQL's that DuckDB's parser replaces.
  if (name === "regexp_full_match" && spelling !== name) return undefined;
  if (spelling?.startsWith("percentile_")) return strong(spelling);
  const isDatePart = name === "date_part" && token !== undefined && token.sql.toLowerCase() !== "extract";
  return strong(isDatePart ? name : plainName(name));
}

const typeNames: ReadonlyMap<string, string> = new Map([
  ["INTEGER", "int4"],
  ["BIGINT", "int8"],
  ["SMALLINT", "int2"],
  ["DOUBLE", "float8"],
  ["FLOAT", "float4"],
  ["DECIMAL", "numeric"],
  ["BOOLEAN", "bool"],
  ["TIMESTAMP WITH TIME ZONE", "timestamptz"],
  ["TIME WITH TIME ZONE", "timetz"],
  ["BLOB", "bytea"],
]);

/** TRUE and FALSE are casts of DuckDB's making. A cast of an expression without a name has the type's. */
function castName(node: SerializedNode, reading: Reading): Name | undefined {
  const child = nodeAt(node, "child");
  const inner = child === undefined ? undefined : named(child, reading);
  if (inner !== undefined && !inner.isWeak) return inner;
  if (child !== undefined && /^(true|false)$/i.test(reading.source.tokenAt(child)?.sql ?? "")) return undefined;
  const type = nodeAt(node, "cast_type") ?? {};
  const id = textAt(type, "id");
  const name = id === "UNBOUND" ? textAt(nodeAt(type, "type_info") ?? {}, "name") : id;
  return name === "" ? undefined : weak(typeNames.get(name.toUpperCase()) ?? name.toLowerCase());
}

/** As its ELSE is called, where that is a column or a call. */
function caseName(node: SerializedNode, reading: Reading): Name {
  const otherwise = nodeAt(node, "else_expr");
  const inner = otherwise === undefined ? undefined : named(otherwise, reading);
  return inner !== undefined && !inner.isWeak ? inner : weak("case");
}

function operatorName(node: SerializedNode, reading: Reading): Name | undefined {
  const [first, second] = nodesAt(node, "children");
  switch (textAt(node, "type")) {
    case "OPERATOR_COALESCE":
      return strong("coalesce");
    case "OPERATOR_NULLIF":
      return strong("nullif");
    case "GROUPING_FUNCTION":
      return strong("grouping");
    case "ARRAY_CONSTRUCTOR":
      return strong("array");
    case "ARRAY_EXTRACT":
    case "ARRAY_SLICE":
      return first === undefined ? undefined : named(first, reading);
    case "STRUCT_EXTRACT":
      return second === undefined ? undefined : fieldName(second);
  }
  return undefined;
}

function fieldName(node: SerializedNode): Name | undefined {
  const value = nodeAt(node, "value")?.["value"];
  return typeof value === "string" ? strong(value) : undefined;
}

function subqueryName(node: SerializedNode, reading: Reading): Name | undefined {
  const type = textAt(node, "subquery_type");
  if (type === "EXISTS" || type === "NOT_EXISTS") return strong("exists");
  const [item] = nodesAt(subqueryAt(node, "subquery") ?? {}, "select_list");
  if (type !== "SCALAR" || item === undefined) return undefined;
  const alias = nameAt(item, "alias");
  return alias === undefined ? named(item, reading) : strong(alias);
}

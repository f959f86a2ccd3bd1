import { SqlState } from "../../error/sql-state.js";
import { StripeSqlError } from "../../error/stripe-sql-error.js";
import type { FromItem, Join, TableReference } from "../expression.js";
import { readBeneath, readFields } from "./read-beneath.js";
import type { Reading } from "./reading.js";
import type { SerializedNode } from "./serialized-node.js";
import { nameAt, nodeAt, subqueryAt, textAt, textsAt } from "./serialized-node.js";

type FromReader = (node: SerializedNode, reading: Reading) => FromItem | undefined;

const readers: ReadonlyMap<string, FromReader> = new Map<string, FromReader>([
  ["EMPTY", () => undefined],
  ["BASE_TABLE", readTable],
  ["SUBQUERY", (node, reading) => readDerived(node, subqueryAt(node, "subquery"), reading)],
  ["SHOW_REF", (node, reading) => readDerived(node, nodeAt(node, "query"), reading)],
  ["TABLE_FUNCTION", readTableFunction],
  ["EXPRESSION_LIST", readValues],
  ["PIVOT", readPivot],
  ["JOIN", readJoin],
]);

/** What FROM's node reads; undefined for a SELECT without FROM. */
export function readFrom(node: SerializedNode, reading: Reading): FromItem | undefined {
  const inside = nodeAt(node, "sample") === undefined ? reading : { ...reading, sampled: true };
  return (readers.get(textAt(node, "type")) ?? readUnknown)(node, inside);
}

function naming(node: SerializedNode): Pick<TableReference, "alias" | "columns"> {
  return { alias: nameAt(node, "alias"), columns: textsAt(node, "column_name_alias") };
}

/** The engine's own tables have no versions, and would be read as if none had been asked for. */
function readTable(node: SerializedNode, reading: Reading): FromItem {
  if (nodeAt(node, "at_clause") !== undefined) throw noVersions(node, reading);
  const names = ["catalog_name", "schema_name", "table_name"].flatMap((field) => nameAt(node, field) ?? []);
  const schema = names.slice(0, -1).join(".");
  return {
    kind: "table",
    schema: schema === "" ? undefined : schema,
    name: textAt(node, "table_name"),
    position: reading.source.lastNameAt(node, names.length)?.position,
    sampled: reading.sampled,
    ...naming(node),
  };
}

function noVersions(node: SerializedNode, { source }: Reading): StripeSqlError {
  return new StripeSqlError("AT is not supported: tables have no versions", {
    sqlState: SqlState.featureNotSupported,
    phase: "syntax",
    position: source.tokenAt(node)?.position,
  });
}

function readDerived(node: SerializedNode, query: SerializedNode | undefined, reading: Reading): FromItem {
  if (query === undefined) return readUnknown(node, reading);
  return { kind: "derived", query: reading.query(query, reading), ...naming(node) };
}

function readTableFunction(node: SerializedNode, reading: Reading): FromItem {
  const call = nodeAt(node, "function");
  if (call === undefined) return readUnknown(node, reading);
  return { kind: "function", expression: reading.expression(call, reading), ...naming(node) };
}

/** A list of rows has an alias of DuckDB's own. */
function readValues(node: SerializedNode, reading: Reading): FromItem {
  const rows = Array.isArray(node["values"]) ? node["values"] : [];
  const alias = nameAt(node, "alias");
  return {
    kind: "values",
    rows: rows.map((row) => readBeneath(row, reading)),
    ...naming(node),
    alias: alias === "valueslist" ? undefined : alias,
  };
}

function readPivot(node: SerializedNode, reading: Reading): FromItem {
  const source = nodeAt(node, "source");
  const from = source === undefined ? undefined : reading.from(source, reading);
  if (from === undefined) return readUnknown(node, reading);
  const expressions = readBeneath([node["aggregates"], node["pivots"]], reading);
  return { kind: "pivot", source: from, expressions, ...naming(node) };
}

const joinKinds: ReadonlyMap<string, Join["join"]> = new Map([
  ["INNER", "inner"],
  ["LEFT", "left"],
  ["RIGHT", "right"],
  ["FULL", "full"],
  ["SEMI", "semi"],
  ["ANTI", "anti"],
]);

function readJoin(node: SerializedNode, reading: Reading): FromItem {
  const [left, right] = [nodeAt(node, "left"), nodeAt(node, "right")].map((side) =>
    side === undefined ? undefined : reading.from(side, reading),
  );
  if (left === undefined || right === undefined) return readUnknown(node, reading);
  const condition = nodeAt(node, "condition");
  return {
    kind: "join",
    join: joinKind(node),
    left,
    right,
    on: condition === undefined ? undefined : reading.expression(condition, reading),
    using: textsAt(node, "using_columns"),
    natural: textAt(node, "ref_type") === "NATURAL",
  };
}

function joinKind(node: SerializedNode): Join["join"] {
  const manner = textAt(node, "ref_type");
  if (manner === "CROSS") return "cross";
  const kind = manner === "REGULAR" || manner === "NATURAL" ? joinKinds.get(textAt(node, "join_type")) : undefined;
  return kind ?? "other";
}

/** Rows that come from what no rule knows. */
function readUnknown(node: SerializedNode, reading: Reading): FromItem {
  return { kind: "function", expression: { kind: "other", operands: readFields(node, reading) }, ...naming(node) };
}

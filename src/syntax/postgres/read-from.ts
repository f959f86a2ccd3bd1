import type { Alias, JoinType, Node, RangeVar, SelectStmt } from "libpg-query";
import { emptyBlock } from "../empty-block.js";
import type { Expression, FromItem, Join, Query, SelectItem, TableFunction, TableReference } from "../expression.js";
import type { NodeOf } from "./node.js";
import { namesOf, openNode } from "./node.js";
import { readBeneath, readUnknown } from "./read-beneath.js";
import { readCall } from "./read-function.js";
import type { Reading } from "./reading.js";

/** What stands between FROM's commas. */
export function readFrom(node: Node, reading: Reading): FromItem {
  if ("RangeVar" in node) return readTable(node.RangeVar, reading);
  if ("RangeSubselect" in node) return readDerived(node.RangeSubselect, reading);
  if ("RangeFunction" in node) return readTableFunction(node.RangeFunction, reading);
  if ("JoinExpr" in node) return readJoin(node.JoinExpr, reading);
  if ("RangeTableSample" in node) return readSample(node.RangeTableSample, reading);
  return readOtherRelation(node, reading);
}

/** FROM's whole list: a comma is a cross join. */
export function readFromList(nodes: readonly Node[] | undefined, reading: Reading): FromItem | undefined {
  const [first, ...others] = (nodes ?? []).map((node) => reading.from(node, reading));
  return first && others.reduce((left, right) => crossJoin(left, right), first);
}

function crossJoin(left: FromItem, right: FromItem): Join {
  return { kind: "join", join: "cross", left, right, on: undefined, using: [], natural: false };
}

function naming(alias: Alias | undefined): Pick<TableReference, "alias" | "columns"> {
  return { alias: alias?.aliasname, columns: namesOf(alias?.colnames) };
}

/** ONLY makes no difference: no table of Stripe's has heirs. */
function readTable(relation: RangeVar, reading: Reading): FromItem {
  const view = reading.views.get(`${relation.schemaname}.${relation.relname}`);
  if (view !== undefined) return readView(relation, view, reading);
  return { kind: "table", ...readRelationName(relation, reading), sampled: reading.sampled, ...naming(relation.alias) };
}

/** A view as the query that it is: what it mentions is noted as well. Nothing in it has a place in the text. */
function readView(relation: RangeVar, view: SelectStmt, reading: Reading): FromItem {
  readRelationName(relation, reading);
  const outside = new Set([...reading.outside, ...reading.commonTables]);
  const inside = {
    ...reading,
    text: "",
    offsets: nowhere,
    outside,
    commonTables: new Set<string>(),
    windows: new Map(),
  };
  const { alias = relation.relname, columns } = naming(relation.alias);
  return {
    kind: "derived",
    query: reading.query(view, { ...inside, sampled: false, explained: false }),
    alias,
    columns,
  };
}

const nowhere: Reading["offsets"] = { ofByte: () => undefined };

/**
 * The relation that a name means, which is noted unless it is a common table. One that is named with the schema that is
 * looked in first is the same as without, so that both are read once; only behind a common table of its name it keeps it.
 */
export function readRelationName(
  relation: RangeVar,
  { mentions, commonTables, outside, defaultSchema, offsets }: Reading,
): Pick<TableReference, "schema" | "name" | "position"> {
  const { relname: name = "", schemaname, location } = relation;
  const position = offsets.ofByte(location);
  const isCommon = commonTables.has(name);
  if (isCommon && schemaname === undefined) return { schema: undefined, name, position };
  const other = schemaname === defaultSchema ? undefined : schemaname;
  const found = { schema: other ?? (isCommon || outside.has(name) ? defaultSchema : undefined), name, position };
  mentions.addRelation(found);
  return found;
}

/** A list of rows calls its columns column1, column2 and so on. */
function readDerived({ subquery, alias }: NodeOf<"RangeSubselect">, reading: Reading): FromItem {
  if (subquery === undefined || !("SelectStmt" in subquery)) return unknownRows(readBeneath(subquery, reading), alias);
  const query = reading.query(subquery.SelectStmt, reading);
  const named = naming(alias);
  const list =
    query.kind === "select" && subquery.SelectStmt.valuesLists !== undefined && isBare(query) ? query.from : undefined;
  if (list?.kind !== "values") return { kind: "derived", query, ...named };
  return { ...list, alias: named.alias, columns: [...named.columns, ...list.columns.slice(named.columns.length)] };
}

function isBare({ ctes, orderBy, limit, offset }: Query): boolean {
  return ctes.length === 0 && orderBy.length === 0 && limit === undefined && offset === undefined;
}

/** One function, or those of ROWS FROM; the names of a column definition list are its columns'. */
function readTableFunction({ functions = [], alias, coldeflist }: NodeOf<"RangeFunction">, reading: Reading): FromItem {
  const parts = functions.flatMap((node) => ("List" in node ? (node.List.items ?? []) : [node]));
  const calls = parts.flatMap((part) => {
    if ("FuncCall" in part) return [readCall(part.FuncCall, reading, "from")];
    return "List" in part ? [] : readBeneath(part, reading);
  });
  const defined = [...(coldeflist ?? []), ...parts.flatMap((part) => ("List" in part ? (part.List.items ?? []) : []))];
  const columns = defined.flatMap((node) => ("ColumnDef" in node ? (node.ColumnDef.colname ?? "") : []));
  const named = naming(alias);
  return { ...unknownRows(calls, alias), columns: named.columns.length > 0 ? named.columns : columns };
}

function unknownRows(expressions: readonly Expression[], alias: Alias | undefined): TableFunction {
  const [only, another] = expressions;
  const expression: Expression =
    only !== undefined && another === undefined ? only : { kind: "other", operands: expressions };
  return { kind: "function", expression, ...naming(alias) };
}

/** XMLTABLE, JSON_TABLE. */
function readOtherRelation(node: Node, reading: Reading): FromItem {
  const [kind = "", content = {}] = openNode(node) ?? [];
  const alias =
    "JsonTable" in node ? node.JsonTable.alias : "RangeTableFunc" in node ? node.RangeTableFunc.alias : undefined;
  return { kind: "function", expression: readUnknown(kind, content, reading), ...naming(alias) };
}

function readSample({ relation, args, repeatable }: NodeOf<"RangeTableSample">, reading: Reading): FromItem {
  readBeneath([args, repeatable], reading);
  return relation === undefined ? unknownRows([], undefined) : reading.from(relation, { ...reading, sampled: true });
}

const joinKinds: Partial<Readonly<Record<JoinType, Join["join"]>>> = {
  JOIN_INNER: "inner",
  JOIN_LEFT: "left",
  JOIN_RIGHT: "right",
  JOIN_FULL: "full",
};

/** The alias of a join hides what it joins, as a subquery does; that of its USING names columns alone. */
function readJoin(node: NodeOf<"JoinExpr">, reading: Reading): FromItem {
  const { larg, rarg, quals, jointype = "JOIN_INNER", isNatural, alias } = node;
  if (larg === undefined || rarg === undefined) return unknownRows([], alias);
  const using = namesOf(node.usingClause);
  const natural = isNatural === true;
  const isCross = jointype === "JOIN_INNER" && quals === undefined && using.length === 0 && !natural;
  const join: Join = {
    kind: "join",
    join: isCross ? "cross" : (joinKinds[jointype] ?? "other"),
    left: reading.from(larg, reading),
    right: reading.from(rarg, reading),
    on: quals === undefined ? undefined : reading.expression(quals, reading),
    using,
    natural,
  };
  return alias === undefined
    ? join
    : { kind: "derived", query: { ...emptyBlock, items: [all], from: join }, ...naming(alias) };
}

const all: SelectItem = {
  expression: { kind: "star", table: undefined },
  alias: undefined,
  heading: undefined,
  isSpread: true,
};

import type { CommonTableExpr, Node, SelectStmt, WithClause } from "libpg-query";
import { emptyBlock } from "../empty-block.js";
import type {
  CommonTableExpression,
  Expression,
  Query,
  SelectBlock,
  SelectItem,
  SetOperation,
  ValuesList,
} from "../expression.js";
import { uniteQueries } from "../unite-queries.js";
import { namesOf } from "./node.js";
import { readBeneath } from "./read-beneath.js";
import { nullLiteral } from "./read-constant.js";
import { readFromList } from "./read-from.js";
import { readOrder } from "./read-order.js";
import type { Reading } from "./reading.js";

/** SELECT, VALUES, TABLE, and what joins them: UNION, INTERSECT, EXCEPT. */
export function readQuery(select: SelectStmt, outer: Reading): Query {
  if (select.lockingClause !== undefined) outer.mentions.locks = true;
  if (select.intoClause !== undefined) outer.mentions.makesTable = true;
  const { ctes, reading } = readCommonTables(select.withClause, outer);
  const operator = setOperator(select);
  if (operator !== undefined)
    return { ...readSetOperation(select, operator, reading), ctes, ...readEnding(select, reading) };
  if (select.valuesLists !== undefined)
    return { ...readValues(select.valuesLists, reading), ctes, ...readEnding(select, reading) };
  return readBlock(select, ctes, withWindows(select, reading));
}

function withWindows({ windowClause = [] }: SelectStmt, reading: Reading): Reading {
  const windows = windowClause.flatMap((node) =>
    "WindowDef" in node ? [[node.WindowDef.name ?? "", node.WindowDef] as const] : [],
  );
  return { ...reading, windows: new Map(windows) };
}

function readBlock(select: SelectStmt, ctes: readonly CommonTableExpression[], reading: Reading): SelectBlock {
  const { targetList = [], distinctClause = [], whereClause, havingClause } = select;
  const items = targetList.flatMap((node) => readItem(node, reading));
  return {
    kind: "select",
    ctes,
    distinct: select.distinctClause !== undefined,
    items: items.length === 0 ? [noColumn] : items,
    from: readFromList(select.fromClause, reading),
    where: optional(whereClause, reading),
    groupBy: [
      ...(select.groupClause ?? []).flatMap((node) => readGroup(node, reading)),
      ...readBeneath(distinctClause, reading),
    ],
    having: optional(havingClause, reading),
    qualify: undefined,
    ...readEnding(select, reading),
  };
}

/** `SELECT FROM t` has a row for each of t's: an item of nothing keeps it from being taken for an aggregate of none. */
const noColumn: SelectItem = {
  expression: { kind: "other", operands: [], perRow: true },
  alias: undefined,
  heading: undefined,
  isSpread: false,
};

/** The engine names its columns itself. */
export function readItem(node: Node, reading: Reading): readonly SelectItem[] {
  if (!("ResTarget" in node) || node.ResTarget.val === undefined) return [];
  const { name, val } = node.ResTarget;
  return [{ expression: reading.expression(val, reading), alias: name, heading: undefined, isSpread: spreads(val) }];
}

/** `*`, `t.*`, `(t).*`. */
function spreads(node: Node): boolean {
  const parts =
    "ColumnRef" in node ? node.ColumnRef.fields : "A_Indirection" in node ? node.A_Indirection.indirection : [];
  return (parts ?? []).some((part) => "A_Star" in part);
}

function optional(node: Node | undefined, reading: Reading): Expression | undefined {
  return node === undefined ? undefined : reading.expression(node, reading);
}

/** All expressions of grouping sets; `()` groups too, by nothing, which no expression is. `(a, b)` is two. */
function readGroup(node: Node, reading: Reading): readonly Expression[] {
  if ("GroupingSet" in node) {
    const { content = [], kind } = node.GroupingSet;
    const groups = content.flatMap((part) => readGroup(part, reading));
    return kind === "GROUPING_SET_EMPTY" || groups.length === 0 ? [groupOfAll] : groups;
  }
  if ("RowExpr" in node && node.RowExpr.row_format === "COERCE_IMPLICIT_CAST")
    return (node.RowExpr.args ?? []).flatMap((part) => readGroup(part, reading));
  return [reading.expression(node, reading)];
}

const groupOfAll: Expression = { kind: "other", operands: [nullLiteral] };

type Ending = Pick<SelectBlock, "orderBy" | "limit" | "offset">;

/** LIMIT ALL is LIMIT NULL: none. With ties there may be more rows than it says, and it is no number to the planner. */
function readEnding({ sortClause = [], limitCount, limitOffset, limitOption }: SelectStmt, reading: Reading): Ending {
  const count = withoutCast(optional(limitCount, reading));
  const isNone = count?.kind === "literal" && count.value.type === "null";
  const limit = isNone ? undefined : count;
  const hasTies = limitOption === "LIMIT_OPTION_WITH_TIES";
  return {
    orderBy: sortClause.flatMap((node) => readOrder(node, reading)),
    limit: limit !== undefined && hasTies ? { kind: "other", operands: [limit] } : limit,
    offset: withoutCast(optional(limitOffset, reading)),
  };
}

/** `LIMIT $1::INTEGER`, as some drivers write it: what is cast is a whole number already, or the engine refuses it. */
function withoutCast(expression: Expression | undefined): Expression | undefined {
  if (expression?.kind !== "cast" || !/^(BIGINT|INTEGER|SMALLINT)$/.test(expression.type)) return expression;
  const { operand } = expression;
  const isWhole = operand.kind === "literal" && operand.value.type === "number" && /^\d+$/.test(operand.value.text);
  return isWhole || operand.kind === "parameter" ? operand : expression;
}

/** `VALUES (1), (2)` is a SELECT of all columns of the list, which are called column1 and so on. */
function readValues(lists: readonly Node[], reading: Reading): SelectBlock {
  const rows = lists.map((list) =>
    "List" in list ? (list.List.items ?? []).map((node) => reading.expression(node, reading)) : [],
  );
  const columns = (rows[0] ?? []).map((_, index) => `column${index + 1}`);
  const from: ValuesList = { kind: "values", rows, alias: undefined, columns };
  const all: Expression = { kind: "star", table: undefined };
  return { ...emptyBlock, items: [{ expression: all, alias: undefined, heading: undefined, isSpread: true }], from };
}

const setOperators: ReadonlyMap<string, SetOperation["operator"]> = new Map([
  ["SETOP_UNION", "union"],
  ["SETOP_INTERSECT", "intersect"],
  ["SETOP_EXCEPT", "except"],
]);

function setOperator({ op = "SETOP_NONE", all }: SelectStmt): SetOperation["operator"] | undefined {
  const operator = setOperators.get(op);
  if (operator === "union") return all === true ? "union-all" : "union";
  if (operator === "intersect") return all === true ? "intersect-all" : "intersect";
  return operator === "except" && all === true ? "except-all" : operator;
}

function readSetOperation(select: SelectStmt, operator: SetOperation["operator"], reading: Reading): SetOperation {
  const isAssociative = operator === "union" || operator === "union-all";
  const sides: SelectStmt[] = [];
  const pending = [select.rarg, select.larg];
  // The sides of `a UNION ALL b UNION ALL c`, which nest as deep as the chain is long.
  while (pending.length > 0) {
    const side = pending.pop();
    if (side === undefined) continue;
    if (isAssociative && setOperator(side) === operator && hasNoClauses(side)) pending.push(side.rarg, side.larg);
    else sides.push(side);
  }
  return uniteQueries(
    sides.map((side) => reading.query(side, reading)),
    operator,
  );
}

function hasNoClauses({
  withClause,
  sortClause,
  limitCount,
  limitOffset,
  lockingClause,
  intoClause,
}: SelectStmt): boolean {
  return [withClause, sortClause, limitCount, limitOffset, lockingClause, intoClause].every(
    (clause) => clause === undefined,
  );
}

export interface CommonTables {
  readonly ctes: readonly CommonTableExpression[];
  /** With them in scope. */
  readonly reading: Reading;
}

/** Each sees those before it; behind RECURSIVE all of them, which are put in an order in which each stands behind what it reads. */
export function readCommonTables(clause: WithClause | undefined, outer: Reading): CommonTables {
  if (clause === undefined) return { ctes: [], reading: outer };
  const nodes = (clause.ctes ?? []).flatMap((node) => ("CommonTableExpr" in node ? [node.CommonTableExpr] : []));
  const names = nodes.map(({ ctename = "" }) => ctename);
  if (clause.recursive === true) {
    const within = { ...outer, commonTables: new Set([...outer.commonTables, ...names]) };
    const read = relationsRead(nodes);
    const ctes = byDependence(nodes, read).map((node) =>
      readCommonTable(node, read.get(node)?.has(node.ctename ?? "") === true, within),
    );
    return { ctes, reading: within };
  }
  const known = new Set(outer.commonTables);
  const within = { ...outer, commonTables: known };
  const ctes = nodes.map((node) => {
    const table = readCommonTable(node, false, within);
    known.add(table.name);
    return table;
  });
  return { ctes, reading: within };
}

function readCommonTable(node: CommonTableExpr, recursive: boolean, reading: Reading): CommonTableExpression {
  const { ctename: name = "", aliascolnames, ctequery } = node;
  const isQuery = ctequery !== undefined && "SelectStmt" in ctequery;
  if (!isQuery) reading.mentions.writingCommonTable = Object.keys(ctequery ?? {})[0] ?? "";
  const query = isQuery ? reading.query(ctequery.SelectStmt, reading) : emptyBlock;
  return { name, columns: namesOf(aliascolnames), recursive, query };
}

type RelationsRead = ReadonlyMap<CommonTableExpr, ReadonlySet<string>>;

/** Names without a schema of the relations that stand in each, for all that is known. */
function relationsRead(nodes: readonly CommonTableExpr[]): RelationsRead {
  return new Map(nodes.map((node) => [node, new Set(relationNames(node.ctequery))]));
}

function relationNames(part: unknown): readonly string[] {
  if (typeof part !== "object" || part === null) return [];
  const own = "relname" in part && typeof part.relname === "string" && !("schemaname" in part) ? [part.relname] : [];
  return [...own, ...Object.values(part).flatMap(relationNames)];
}

/** PostgreSQL refuses those that read each other in a circle: they keep their order. */
function byDependence(nodes: readonly CommonTableExpr[], read: RelationsRead): readonly CommonTableExpr[] {
  const byName = new Map(nodes.map((node) => [node.ctename ?? "", node]));
  const sorted: CommonTableExpr[] = [];
  const seen = new Set<CommonTableExpr>();
  const visit = (node: CommonTableExpr): void => {
    if (seen.has(node)) return;
    seen.add(node);
    for (const name of read.get(node) ?? []) {
      const other = byName.get(name);
      if (other !== undefined) visit(other);
    }
    sorted.push(node);
  };
  for (const node of nodes) visit(node);
  return sorted;
}

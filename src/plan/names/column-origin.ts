import type { CommonTableExpression, Expression, Query, SelectBlock } from "../../syntax/expression.js";
import { columnNodes } from "../../syntax/walk-expression.js";
import type { SqlType } from "../../value/sql-type.js";
import type { PlanEnvironment } from "../environment.js";
import type { ColumnSource } from "../predicate/predicate.js";
import { aliasOf, leavesOf } from "./join-tree.js";
import { itemNames, outputNames } from "./output-columns.js";
import { findRelation, findRelationColumn, relationColumnName, relationKey } from "./relation.js";
import type { FromLeaf } from "./scope.js";

/** Common tables by lower-case name. */
export type CommonTables = ReadonlyMap<string, CommonTable>;

export interface CommonTable {
  readonly definition: CommonTableExpression;
  /** Those before it, which its query can name. */
  readonly ctes: CommonTables;
}

/**
 * Where all values of a column come from: a column of a table, whose rows are read for it, or constants. NULL may be
 * among them in either case, whatever stands in between: joins, groups, limits.
 */
export type ColumnOrigin =
  | { readonly kind: "column"; readonly source: ColumnSource; readonly type: SqlType }
  | { readonly kind: "constants"; readonly values: readonly Expression[] };

export interface OriginContext {
  readonly ctes: CommonTables;
  readonly environment: PlanEnvironment;
  /** Given, a computed value has an origin too: the first that this accepts of those of the columns in it. */
  readonly accepts?: (origin: ColumnOrigin) => boolean;
}

/** Of a column that a leaf of FROM is asked for by name; undefined where it is computed, or the name is none of its. */
export function originInLeaf(leaf: FromLeaf, name: string, context: OriginContext): ColumnOrigin | undefined {
  switch (leaf.kind) {
    case "table": {
      const common = commonTableOf(leaf, context.ctes);
      if (common !== undefined) return originInCommon(common, { leaf, name }, context);
      return leaf.columns.length > 0 ? undefined : originInTable(leaf, name, context);
    }
    case "derived":
      return originNamed(leaf.query, name, { ...context, names: leaf.columns });
    case "values":
      return originInValues(leaf, name);
    case "function":
    case "pivot":
      return undefined;
  }
}

/** Names of a derived or a common table's columns, as far as its text gives them. */
export function namedOutputs(leaf: FromLeaf, ctes: CommonTables): readonly string[] {
  if (leaf.kind === "derived") return renamedOutputs(leaf.query, leaf.columns);
  const common = leaf.kind === "table" ? commonTableOf(leaf, ctes)?.definition : undefined;
  if (common === undefined) return leaf.columns;
  return renamedOutputs(common.query, leaf.columns.length > 0 ? leaf.columns : common.columns);
}

/** @param columns Names of the first. */
function renamedOutputs(query: Query, columns: readonly string[]): readonly string[] {
  if (columns.length === 0) return itemNames(query);
  return [...columns, ...(outputNames(query) ?? []).slice(columns.length)];
}

type TableLeaf = Extract<FromLeaf, { kind: "table" }>;

function originInCommon(
  { definition, ctes }: CommonTable,
  { leaf, name }: { readonly leaf: FromLeaf; readonly name: string },
  context: OriginContext,
): ColumnOrigin | undefined {
  if (definition.recursive) return undefined;
  const names = leaf.columns.length > 0 ? leaf.columns : definition.columns;
  return originNamed(definition.query, name, { ...context, ctes, names });
}

function originInTable(leaf: TableLeaf, name: string, { environment }: OriginContext): ColumnOrigin | undefined {
  const column = findRelationColumn(findRelation(leaf, environment), name);
  if (column?.kind !== "column") return undefined;
  const shown = `${leaf.alias ?? leaf.name}.${column.name}`;
  return { kind: "column", source: { relation: relationKey(leaf), column: column.name, shown }, type: column.type };
}

/** DuckDB calls the columns of VALUES col0, col1 and so on. */
function originInValues(leaf: Extract<FromLeaf, { kind: "values" }>, name: string): ColumnOrigin | undefined {
  const wanted = name.toLowerCase();
  const given = leaf.columns.findIndex((column) => column.toLowerCase() === wanted);
  if (given >= 0) return constantsAt(leaf, given);
  const index = Number(/^col(\d+)$/.exec(wanted)?.[1] ?? -1);
  return index >= leaf.columns.length ? constantsAt(leaf, index) : undefined;
}

interface NamedQuery extends OriginContext {
  /** Names given to its first columns. */
  readonly names: readonly string[];
}

function originNamed(query: Query, name: string, context: NamedQuery): ColumnOrigin | undefined {
  const wanted = name.toLowerCase();
  const given = context.names.findIndex((column) => column.toLowerCase() === wanted);
  if (given >= 0) return originAt(query, given, context);
  if (query.kind === "set-operation") {
    if (context.accepts !== undefined) return originNamed(query.left, name, context);
    const index = outputNames(query.left)?.findIndex((column) => column.toLowerCase() === wanted) ?? -1;
    return index < 0 ? undefined : originAt(query, index, context);
  }
  const within = { ...context, ctes: withCommonTables(query, context.ctes) };
  const index = query.items.findIndex(
    ({ alias, expression }) =>
      (alias ?? (expression.kind === "column" ? expression.name : undefined))?.toLowerCase() === wanted,
  );
  if (index >= 0)
    return index < context.names.length ? undefined : originOf(query.items[index]?.expression, query, within);
  const isStar = query.items.some(({ expression }) => expression.kind === "star" && expression.table === undefined);
  if (!isStar || context.names.length > 0) return undefined;
  return originOf({ kind: "column", table: undefined, name, quoted: true, position: undefined }, query, within);
}

/**
 * Of a query's column by its place; undefined where two queries give it, and behind a star but that of one source. What
 * EXCEPT and INTERSECT leave is of their left side.
 */
export function originAt(query: Query, index: number, context: OriginContext): ColumnOrigin | undefined {
  if (query.kind === "set-operation") {
    const isOfLeft = /^(except|intersect)/.test(query.operator);
    return isOfLeft
      ? originAt(query.left, index, { ...context, ctes: withCommonTables(query, context.ctes) })
      : undefined;
  }
  if (isStarAlone(query)) {
    const [leaf] = leavesOf(query.from);
    return leaf && originInPlace(leaf, index, { ...context, ctes: withCommonTables(query, context.ctes) });
  }
  const list = listUnnested(query);
  if (list !== undefined) return { kind: "constants", values: list };
  if (query.items.slice(0, index + 1).some(({ isSpread }) => isSpread)) return undefined;
  return originOf(query.items[index]?.expression, query, { ...context, ctes: withCommonTables(query, context.ctes) });
}

/** `SELECT * FROM x`: its columns are those of x, in their places. */
function isStarAlone({ items, from }: SelectBlock): boolean {
  const [item, another] = items;
  return another === undefined && item?.expression.kind === "star" && from !== undefined && from.kind !== "join";
}

/** Of a leaf's column by its place. A table's columns are in the catalog's order, the hidden and those of WHERE alone left out. */
function originInPlace(leaf: FromLeaf, index: number, context: OriginContext): ColumnOrigin | undefined {
  switch (leaf.kind) {
    case "values":
      return constantsAt(leaf, index);
    case "derived":
      return originAt(leaf.query, index, context);
    case "table": {
      const common = commonTableOf(leaf, context.ctes);
      if (common !== undefined) {
        const { definition, ctes } = common;
        return definition.recursive ? undefined : originAt(definition.query, index, { ...context, ctes });
      }
      const target = findRelation(leaf, context.environment);
      const visible = target.kind === "table" ? target.table.columns.filter(({ hidden }) => !hidden) : [];
      const column = visible[index];
      const name = column && target.kind === "table" ? relationColumnName(column, target.naming) : undefined;
      return name === undefined ? undefined : originInTable(leaf, name, context);
    }
    case "function":
    case "pivot":
      return undefined;
  }
}

function constantsAt({ rows }: Extract<FromLeaf, { kind: "values" }>, index: number): ColumnOrigin | undefined {
  const values = rows.flatMap((row) => row[index] ?? []);
  return values.length === rows.length ? { kind: "constants", values } : undefined;
}

/** The values of `SELECT unnest(['open', 'draft'])`, as which `Status = ANY (['open', 'draft'])` is read. */
function listUnnested({ items, from }: SelectBlock): readonly Expression[] | undefined {
  const [item, another] = items;
  const isAlone = from === undefined && another === undefined && item?.expression.kind === "call";
  const list = isAlone && item.expression.name === "unnest" ? item.expression.arguments[0] : undefined;
  return list?.kind === "other" && list.form === "list" ? list.operands : undefined;
}

/** Aggregates that give one of their first argument's values. */
const choosing = new Set("min max first last any_value arbitrary arg_min arg_max min_by max_by".split(" "));

/** Of an expression of a block; what chooses one of a column's values has it for its origin. */
export function originOf(
  expression: Expression | undefined,
  block: SelectBlock,
  context: OriginContext,
): ColumnOrigin | undefined {
  const { accepts } = context;
  if (expression !== undefined && expression.kind !== "column" && accepts !== undefined)
    return columnNodes(expression)
      .flatMap((node) => originOf(node, block, context) ?? [])
      .find(accepts);
  if (expression?.kind === "call" && choosing.has(expression.name))
    return originOf(expression.arguments[0], block, context);
  if (expression?.kind !== "column") return undefined;
  const { table, name } = expression;
  const leaves = leavesOf(block.from).filter((leaf) => table === undefined || aliasOf(leaf) === table.toLowerCase());
  const [only, another] = leaves;
  if (only !== undefined && another === undefined) return originInLeaf(only, name, context);
  // Of several tables the one that has the column, where no other can have it.
  const found = leaves.flatMap((leaf) => originInLeaf(leaf, name, context) ?? []);
  const areAllTables = leaves.every((leaf) => leaf.kind === "table" && commonTableOf(leaf, context.ctes) === undefined);
  return areAllTables && found.length === 1 ? found[0] : undefined;
}

/** The common table that a leaf reads; undefined where it reads another thing. */
export function commonTableOf(leaf: FromLeaf, ctes: CommonTables): CommonTable | undefined {
  return leaf.kind === "table" && leaf.schema === undefined ? ctes.get(leaf.name.toLowerCase()) : undefined;
}

/** The origin as one whose values a request can take as they are: texts. */
export function textOrigin(origin: ColumnOrigin | undefined): ColumnOrigin | undefined {
  return origin?.kind === "column" && origin.type !== "VARCHAR" ? undefined : origin;
}

/** The common tables that stand within a query, its own among them. */
export function withCommonTables(query: Query, outer: CommonTables): CommonTables {
  if (query.ctes.length === 0) return outer;
  const ctes = new Map(outer);
  for (const definition of query.ctes) {
    ctes.set(definition.name.toLowerCase(), { definition, ctes: new Map(ctes) });
  }
  return ctes;
}

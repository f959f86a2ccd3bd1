import type { PartQuery } from "../../syntax/duckdb/engine-nodes.js";
import { queryOfColumn, queryOfLeaf } from "../../syntax/duckdb/engine-nodes.js";
import type { Expression, FromItem, Query, SelectBlock } from "../../syntax/expression.js";
import { textOfQuery } from "../../syntax/postgres/query-text.js";
import { columnNodes, operandsOf } from "../../syntax/walk-expression.js";
import { expressionsOf, subqueriesOf } from "../../syntax/walk-query.js";
import type { PlanEnvironment } from "../environment.js";
import { wholeNumber } from "../predicate/constant.js";
import type { ColumnSource, ComputedKeys } from "../predicate/predicate.js";
import type { CommonTables } from "./column-origin.js";
import { commonTableOf, withCommonTables } from "./column-origin.js";
import { aliasOf, leavesOf } from "./join-tree.js";
import { findRelation, hasRelationColumn, relationKey } from "./relation.js";
import { rowFunctions } from "./row-functions.js";
import type { FromLeaf } from "./scope.js";

interface PartContext {
  readonly ctes: CommonTables;
  readonly environment: PlanEnvironment;
}

/**
 * `Payout = (SELECT Id FROM Payout ORDER BY ArrivalDate DESC LIMIT 1)`, `Customer IN (SELECT … UNION SELECT …)`: the local
 * engine is asked for the subquery's values as soon as the rows are there that it reads, and they are the keys. Nothing is
 * lost: the statement's own run of it over the same rows gives no other values, where it follows from them alone. So it
 * has no function that may give another value the next time, takes nothing of the queries around it, and of rows that its
 * order leaves equal at a LIMIT's end all are taken.
 */
export function computedKeysOf(query: Query, column: number, context: PartContext): ColumnSource | undefined {
  const reads = readsOf(query, context);
  const limit = limitOf(query, context.environment);
  if (reads === undefined || limit === "unknown") return undefined;
  const part = queryOfColumn(query, column) ?? plainQueryOf(query, column);
  return (
    part &&
    sourceOf(part, {
      form: "texts",
      reads,
      limit,
      most: limit ?? mostRows(query) ?? mostOfTemp(query, context),
      shown: "a subquery",
    })
  );
}

/** One that PostgreSQL has read runs as its text stands: without a LIMIT, at whose end other rows may be as far in its order. */
function plainQueryOf(query: Query, column: number): PartQuery | undefined {
  const text = query.limit === undefined && query.offset === undefined ? textOfQuery(query) : undefined;
  return text === undefined ? undefined : { tree: text, column, orderColumns: 0 };
}

/** `Created > (SELECT max(Created) FROM Payout)`: the same of the least and the greatest of times. */
export function computedRangeOf(query: Query, context: PartContext): ColumnSource | undefined {
  const keys = computedKeysOf(query, 0, context);
  return (
    keys?.computed && {
      ...keys,
      relation: `range of ${keys.relation}`,
      column: leastColumn,
      computed: { ...keys.computed, form: "range", most: 1 },
    }
  );
}

/** `read_csv('ids.csv') v JOIN BalanceTransaction b ON b.Id = v.id`: the same of an item of FROM, by its column's name. */
export function computedKeysIn(leaf: FromLeaf, name: string, context: PartContext): ColumnSource | undefined {
  const query = queryOf(leaf, context);
  if (query !== undefined && (query.query.limit !== undefined || query.query.offset !== undefined)) {
    const place = placeOf(query.query, name);
    return leaf.columns.length > 0 || place === undefined
      ? undefined
      : computedKeysOf(query.query, place, { ...context, ctes: query.ctes });
  }
  const reads = leafReads(leaf, context);
  const part = reads && queryOfLeaf(leaf, name);
  return (
    part &&
    sourceOf(part, {
      form: "texts",
      reads,
      limit: undefined,
      most: rowsOfTemp(leaf, context),
      shown: shownColumn(leaf, name, context),
    })
  );
}

interface KeysPart extends Pick<ComputedKeys, "form" | "reads" | "limit" | "most"> {
  readonly shown: string;
}

/** As EXPLAIN calls it: a table's own column, or one of what stands in parentheses. */
function shownColumn(leaf: FromLeaf, name: string, { ctes }: PartContext): string {
  const isTable = leaf.kind === "table" && commonTableOf(leaf, ctes) === undefined;
  return isTable ? `${leaf.alias ?? leaf.name}.${name}` : `${name} of a subquery`;
}

function sourceOf(part: PartQuery, { shown, ...of }: KeysPart): ColumnSource {
  const computed: ComputedKeys = { ...part, ...of };
  return { relation: `keys ${JSON.stringify([part.tree, part.column])}`, column: keyColumn, shown, computed };
}

/** The one column of the texts that the local engine gives. */
export const keyColumn = "key";

/** The columns of a range that it gives: seconds since the epoch as texts, the one rounded down and the other up. */
export const leastColumn = "least";
export const greatestColumn = "greatest";

/** Of constants, and of aggregates over all rows, there is one row. */
export function mostRows(query: Query): number | undefined {
  if (query.kind === "set-operation") {
    const [left, right] = [mostRows(query.left), mostRows(query.right)];
    return left === undefined || right === undefined ? undefined : left + right;
  }
  const { from, items, groupBy } = query;
  const isAggregate = groupBy.length === 0 && items.every(({ expression }) => isAggregateAlone(expression));
  const isConstant = from === undefined && items.every(({ expression }) => expression.kind === "literal");
  return isAggregate || isConstant ? 1 : undefined;
}

/** A temp table's rows are counted: of its columns there are no more values. */
function mostOfTemp(query: Query, context: PartContext): number | undefined {
  if (query.kind === "set-operation" || query.from === undefined || query.from.kind === "join") return undefined;
  const within = { ...context, ctes: withCommonTables(query, context.ctes) };
  const areColumns = query.items.every(({ expression: { kind } }) => kind === "column" || kind === "star");
  return areColumns ? rowsOfTemp(query.from, within) : undefined;
}

function rowsOfTemp(leaf: FromLeaf, { ctes, environment }: PartContext): number | undefined {
  if (leaf.kind !== "table" || commonTableOf(leaf, ctes) !== undefined) return undefined;
  const target = findRelation(leaf, environment);
  return target.kind === "temp" ? target.table.rowCount : undefined;
}

const isAggregateAlone = (expression: Expression): boolean =>
  expression.kind === "call" && steadyAggregates.has(expression.name) && !expression.window;

/** Whether a query leaves out rows that its tables have, so that its values are fewer than its column's. */
export function isNarrowing(query: Query): boolean {
  if (query.limit !== undefined || query.offset !== undefined || query.kind === "set-operation") return true;
  return query.having !== undefined;
}

/** The query that a leaf stands for. */
export function queryOf(
  leaf: FromLeaf,
  { ctes }: Pick<PartContext, "ctes">,
): { readonly query: Query; readonly ctes: CommonTables } | undefined {
  if (leaf.kind === "derived") return { query: leaf.query, ctes };
  const common = commonTableOf(leaf, ctes);
  return common && !common.definition.recursive && common.definition.columns.length === 0
    ? { query: common.definition.query, ctes: common.ctes }
    : undefined;
}

function placeOf(query: Query, name: string): number | undefined {
  if (query.kind !== "select" || query.items.some(({ isSpread }) => isSpread)) return undefined;
  const place = query.items.findIndex(
    ({ alias, expression }) =>
      (alias ?? (expression.kind === "column" ? expression.name : undefined))?.toLowerCase() === name.toLowerCase(),
  );
  return place < 0 ? undefined : place;
}

/** Rows up to the end of LIMIT; "unknown" where that is not told, or nothing orders them. */
function limitOf({ limit, offset, orderBy }: Query, { constants }: PlanEnvironment): number | undefined | "unknown" {
  if (limit === undefined && offset === undefined) return undefined;
  const rows = limit && wholeNumber(limit, constants);
  const before = offset === undefined ? 0 : wholeNumber(offset, constants);
  return rows === undefined || before === undefined || orderBy.length === 0 ? "unknown" : rows + before;
}

/** Keys of the relations that a query reads; undefined where it may take more than their rows into account. */
function readsOf(query: Query, context: PartContext, outer: readonly FromLeaf[] = []): readonly string[] | undefined {
  const ctes = withCommonTables(query, context.ctes);
  const within = { ...context, ctes };
  if (query.ctes.some(({ recursive }) => recursive)) return undefined;
  if (query.kind === "set-operation") {
    const sides = [query.left, query.right].map((side) => innerReads(side, within, outer));
    return joined(sides);
  }
  const leaves = leavesOf(query.from);
  const sources = [...outer, ...leaves];
  const isSteady =
    (query.distinct ? query.groupBy.length === 0 : true) &&
    query.qualify === undefined &&
    ownExpressions(query).every(
      (expression) =>
        isSteadyAlone(expression) && (isOutput(expression, query) || isNamed(expression, sources, within)),
    );
  if (!isSteady) return undefined;
  return joined([
    ...leaves.map((leaf) => leafReads(leaf, within, sources)),
    ...subqueriesOf(query).map((inner) => innerReads(inner, within, sources)),
  ]);
}

/** A query within, whose LIMIT may take one row or another. */
function innerReads(query: Query, context: PartContext, outer: readonly FromLeaf[]): readonly string[] | undefined {
  return query.limit === undefined && query.offset === undefined ? readsOf(query, context, outer) : undefined;
}

function leafReads(
  leaf: FromLeaf,
  context: PartContext,
  outer: readonly FromLeaf[] = [],
): readonly string[] | undefined {
  switch (leaf.kind) {
    case "table": {
      if (leaf.sampled) return undefined;
      const common = commonTableOf(leaf, context.ctes);
      if (common === undefined) return [relationKey(leaf)];
      const { definition, ctes } = common;
      return definition.recursive ? undefined : innerReads(definition.query, { ...context, ctes }, []);
    }
    case "derived":
      return innerReads(leaf.query, context, outer);
    case "function":
    case "values":
      return [];
    case "pivot":
      return undefined;
  }
}

function joined(parts: readonly (readonly string[] | undefined)[]): readonly string[] | undefined {
  const known = parts.flatMap((part) => part ?? []);
  return parts.includes(undefined) ? undefined : [...new Set(known)];
}

/** Those of a block itself, with all that stand beneath them; its tables' and subqueries' own left out. */
function ownExpressions(block: SelectBlock): readonly Expression[] {
  const alone: SelectBlock = { ...block, ctes: [], from: withoutQueries(block.from) };
  const inner = new Set(subqueriesOf(block).flatMap((query) => expressionsOf(query)));
  return expressionsOf(alone).filter((expression) => !inner.has(expression));
}

/** Its conditions alone. */
function withoutQueries(from: FromItem | undefined): FromItem | undefined {
  if (from?.kind !== "join") return from?.kind === "function" || from?.kind === "values" ? from : undefined;
  const [left, right] = [withoutQueries(from.left), withoutQueries(from.right)];
  return { ...from, left: left ?? nothingRead, right: right ?? nothingRead };
}

const nothingRead: FromItem = { kind: "values", rows: [], alias: undefined, columns: [] };

/** Aggregates of which no order of the rows, and no choice among equal ones, makes another value. */
const steadyAggregates = new Set("count sum avg min max bool_and bool_or".split(" "));
/** Of which rounding makes another value where the rows are added in another order. */
const summing = new Set(["sum", "avg"]);
const steadyFunctions = new Set(
  "unnest read_csv read_csv_auto read_parquet read_json range generate_series".split(" "),
);

/** Whether the expression itself, whatever stands beneath it, gives the same of the same rows each time. */
function isSteadyAlone(expression: Expression): boolean {
  if (expression.kind === "other") return expression.partitions === undefined;
  if (expression.kind !== "call") return expression.kind !== "column" || expression.name.toLowerCase() !== "rowid";
  const { name, window } = expression;
  if (summing.has(name) && expression.arguments.some(isRounded)) return false;
  return !window && (rowFunctions.has(name) || steadyAggregates.has(name) || steadyFunctions.has(name));
}

const isRounded = (expression: Expression): boolean =>
  (expression.kind === "arithmetic" && expression.operator === "/") ||
  (expression.kind === "cast" && /DOUBLE|FLOAT|REAL/.test(expression.type)) ||
  operandsOf(expression).some(isRounded);

const isOutput = (expression: Expression, { items }: SelectBlock): boolean =>
  expression.kind === "column" &&
  expression.table === undefined &&
  items.some(({ alias }) => alias?.toLowerCase() === expression.name.toLowerCase());

/** Whether each column that is named is one of the query's own sources. */
function isNamed(expression: Expression, sources: readonly FromLeaf[], context: PartContext): boolean {
  if (expression.kind !== "column") return true;
  return columnNodes(expression).every(({ table, name }) => {
    if (table !== undefined) return sources.some((leaf) => aliasOf(leaf) === table.toLowerCase());
    return sources.some((leaf) => {
      const isTable =
        leaf.kind === "table" && leaf.columns.length === 0 && commonTableOf(leaf, context.ctes) === undefined;
      return !isTable || hasRelationColumn(findRelation(leaf, context.environment), name);
    });
  });
}

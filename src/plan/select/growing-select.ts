import type { Expression, FromItem, Query, SelectBlock, TableReference } from "../../syntax/expression.js";
import { tableReferencesIn } from "../../syntax/walk-query.js";
import type { PlanEnvironment } from "../environment.js";
import type { CommonTables } from "../names/column-origin.js";
import { commonTableOf, withCommonTables } from "../names/column-origin.js";
import { isOfRows } from "../names/group-keys.js";
import { aliasOf, leavesOf } from "../names/join-tree.js";
import { orderedBy } from "../names/output-columns.js";
import { findRelation, findRelationColumn } from "../names/relation.js";
import type { FromLeaf } from "../names/scope.js";
import { wholeNumber } from "../predicate/constant.js";

/**
 * A SELECT with a LIMIT to which each row of one table adds its own rows, and changes no other's: once enough have come
 * of the table's first rows, the others are not needed.
 */
export interface GrowingSelect {
  /** Rows wanted. */
  readonly limit: number;
  /** Any of the tables whose rows may come bit by bit, one of which is to be chosen. */
  readonly drivers: readonly TableReference[];
  /** Undefined where any rows will do; else the order's table, newest rows first. */
  readonly newestOf: TableReference | undefined;
  /** True where rows of one time are ordered by more: then all of a time must be there. */
  readonly ordersTies: boolean;
}

/** Undefined where a row may count for the whole: aggregates, windows, DISTINCT, set operations, no LIMIT. */
export function growingSelect(query: Query, environment: PlanEnvironment): GrowingSelect | undefined {
  if (query.kind !== "select" || query.limit === undefined || environment.without.has("growth")) return undefined;
  const limit = wholeNumber(query.limit, environment.constants);
  const offset = query.offset === undefined ? 0 : wholeNumber(query.offset, environment.constants);
  if (limit === undefined || offset === undefined || !isOfRows(query)) return undefined;
  const reading: Reading = { environment, references: tableReferencesIn(query) };
  const ctes = withCommonTables(query, new Map());
  const drivers = driversOf(query.from, ctes, reading);
  const order = orderOf(query, ctes, reading);
  if (drivers.length === 0 || order === undefined) return undefined;
  const { newestOf, ordersTies } = order;
  if (newestOf !== undefined && !drivers.includes(newestOf)) return undefined;
  return { limit, drivers: newestOf === undefined ? drivers : [newestOf], newestOf, ordersTies };
}

interface Reading {
  readonly environment: PlanEnvironment;
  /** Every mention of a table in the statement. */
  readonly references: readonly TableReference[];
}

/**
 * The tables whose further rows only add to what a FROM gives: both sides of an inner join, the kept one of an outer or
 * SEMI join. A table that is mentioned twice is none, as its rows would have to be there for the other mention.
 */
function driversOf(from: FromItem | undefined, ctes: CommonTables, reading: Reading): readonly TableReference[] {
  switch (from?.kind) {
    case "join":
      switch (from.join) {
        case "inner":
        case "cross":
          return [...driversOf(from.left, ctes, reading), ...driversOf(from.right, ctes, reading)];
        case "left":
        case "semi":
        case "anti":
          return driversOf(from.left, ctes, reading);
        case "right":
          return driversOf(from.right, ctes, reading);
        case "full":
        case "other":
          return [];
      }
      break;
    case "derived":
      return driversOfQuery(from.query, ctes, reading);
    case "table": {
      if (from.sampled || from.columns.length > 0 || isMentionedTwice(from, reading)) return [];
      const common = commonTableOf(from, ctes);
      if (common === undefined) return [from];
      return common.definition.recursive ? [] : driversOfQuery(common.definition.query, common.ctes, reading);
    }
    case "values":
    case "function":
    case "pivot":
    case undefined:
      return [];
  }
}

function driversOfQuery(query: Query, ctes: CommonTables, reading: Reading): readonly TableReference[] {
  const isPlain = query.kind === "select" && query.limit === undefined && query.offset === undefined;
  if (!isPlain || query.orderBy.length > 0 || !isOfRows(query)) return [];
  return driversOf(query.from, withCommonTables(query, ctes), reading);
}

function isMentionedTwice({ name }: TableReference, { references }: Reading): boolean {
  return references.filter((other) => other.name.toLowerCase() === name.toLowerCase()).length > 1;
}

interface Order {
  readonly newestOf: TableReference | undefined;
  readonly ordersTies: boolean;
}

/** Undefined for an order that is not by a table's creation, newest first. */
function orderOf(query: SelectBlock, ctes: CommonTables, reading: Reading): Order | undefined {
  const [first, ...others] = query.orderBy;
  if (first === undefined) return { newestOf: undefined, ordersTies: false };
  const newestOf =
    first.direction === "descending"
      ? creationOf(orderedBy(first.expression, query), query, { ctes, reading })
      : undefined;
  return newestOf && { newestOf, ordersTies: others.length > 0 };
}

/** The table whose row's creation time an expression is. */
function creationOf(
  expression: Expression | undefined,
  block: SelectBlock,
  { ctes, reading }: { readonly ctes: CommonTables; readonly reading: Reading },
): TableReference | undefined {
  if (expression?.kind !== "column") return undefined;
  const { table, name } = expression;
  const leaves = leavesOf(block.from);
  const named = table === undefined ? leaves : leaves.filter((leaf) => aliasOf(leaf) === table.toLowerCase());
  const [leaf, another] = named;
  return leaf === undefined || another !== undefined ? undefined : creationIn(leaf, name, { ctes, reading });
}

function creationIn(
  leaf: FromLeaf,
  name: string,
  { ctes, reading }: { readonly ctes: CommonTables; readonly reading: Reading },
): TableReference | undefined {
  if (leaf.columns.length > 0) return undefined;
  const common = commonTableOf(leaf, ctes);
  if (common !== undefined)
    return common.definition.columns.length > 0
      ? undefined
      : creationNamed(common.definition.query, name, { ctes: common.ctes, reading });
  if (leaf.kind === "derived") return creationNamed(leaf.query, name, { ctes, reading });
  if (leaf.kind !== "table") return undefined;
  const column = findRelationColumn(findRelation(leaf, reading.environment), name);
  return column?.kind === "column" && column.stripeName === "created" ? leaf : undefined;
}

function creationNamed(
  query: Query,
  name: string,
  { ctes, reading }: { readonly ctes: CommonTables; readonly reading: Reading },
): TableReference | undefined {
  if (query.kind !== "select") return undefined;
  const within = { ctes: withCommonTables(query, ctes), reading };
  const item = query.items.find(
    ({ alias, expression }) =>
      (alias ?? (expression.kind === "column" ? expression.name : undefined))?.toLowerCase() === name.toLowerCase(),
  );
  if (item !== undefined) return creationOf(item.expression, query, within);
  const [star, another] = query.items.filter(({ isSpread }) => isSpread);
  if (star?.expression.kind !== "star" || another !== undefined) return undefined;
  const { table } = star.expression;
  return creationOf({ kind: "column", table, name, quoted: true, position: undefined }, query, within);
}

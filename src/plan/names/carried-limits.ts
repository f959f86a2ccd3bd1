import type { Expression, Query, SelectBlock, TableReference } from "../../syntax/expression.js";
import { conjuncts } from "../../syntax/walk-expression.js";
import { expressionsOf, subqueriesOf, tableReferencesIn } from "../../syntax/walk-query.js";
import type { PlanEnvironment } from "../environment.js";
import { wholeNumber } from "../predicate/constant.js";
import type { CarriedConditions } from "./carried-conditions.js";
import type { CommonTables } from "./column-origin.js";
import { commonTableOf, withCommonTables } from "./column-origin.js";
import { isOfRows } from "./group-keys.js";
import { aliasOf } from "./join-tree.js";
import type { NeededOrder, NeededRows } from "./needed-rows.js";
import { expressionNamed, orderedBy, outputNames } from "./output-columns.js";
import type { FromLeaf } from "./scope.js";
import { topOfWindow } from "./window-top.js";

type ColumnNode = Extract<Expression, { kind: "column" }>;

export interface CarriedLimits {
  /** What is needed of the rows that a block reads, in the names of its FROM; undefined where all are. */
  readonly of: (block: SelectBlock) => NeededRows | undefined;
}

/**
 * `SELECT * FROM (SELECT Id FROM Charge UNION ALL SELECT Id FROM Refund) q LIMIT 5` -> five rows of each. Nothing is lost: a
 * LIMIT is carried from a query to those whose rows it gives unchanged, where each of their rows stands by itself and
 * meets all conditions that stand in between; of the sides of UNION ALL the first rows of each hold the first of both.
 * The newest of all rows is the newest of each side's newest. EXISTS asks for one row. Ranks up to n are those of the
 * first n rows in the window's order, and of the rows equal to the last.
 */
export function carriedLimits(query: Query, carried: CarriedConditions, environment: PlanEnvironment): CarriedLimits {
  const walk = new Walk(query, carried, environment);
  walk.visit(query, {}, new Map());
  return { of: (block) => walk.needed.get(block) };
}

/** What the query around asks of a query's rows, by the names that it gives its columns. */
interface Asked {
  readonly needed?: NeededRows | undefined;
  /** Conditions of the query around, whatever else becomes of them. */
  readonly conditions?: readonly Expression[];
}

class Walk {
  readonly needed = new Map<SelectBlock, NeededRows>();
  readonly #carried: CarriedConditions;
  readonly #environment: PlanEnvironment;
  readonly #references: readonly TableReference[];
  readonly #tested: ReadonlySet<Query>;

  constructor(query: Query, carried: CarriedConditions, environment: PlanEnvironment) {
    this.#carried = carried;
    this.#environment = environment;
    this.#references = tableReferencesIn(query);
    this.#tested = new Set(
      expressionsOf(query).flatMap((expression) => (expression.kind === "exists" ? [expression.query] : [])),
    );
  }

  visit(query: Query, asked: Asked, outer: CommonTables): void {
    const ctes = withCommonTables(query, outer);
    if (query.kind === "select") this.#visitBlock(query, asked, ctes);
    else this.#visitSides(query, asked, ctes);
    for (const inner of subqueriesOf(query))
      this.visit(inner, this.#tested.has(inner) ? { needed: { rows: 1, order: undefined } } : {}, ctes);
    // A common table that is read once is visited where it is read.
    for (const { name, query: common } of query.ctes)
      if (this.#mentions(name) !== 1) this.visit(common, {}, ctes.get(name.toLowerCase())?.ctes ?? ctes);
  }

  #visitSides(query: Extract<Query, { kind: "set-operation" }>, asked: Asked, ctes: CommonTables): void {
    const names = outputNames(query.left);
    const orderNamed = (expression: Expression): Expression | undefined => {
      if (expression.kind !== "literal" || expression.value.type !== "number") return expression;
      const name = names?.[Number(expression.value.text) - 1];
      return name === undefined ? undefined : columnNamed(name);
    };
    const needed = this.#neededOf(query, asked, orderNamed);
    const isSum = query.operator === "union-all" || query.operator === "union-all-by-name";
    const ofLeft = isSum && this.#carried.meetsAll(query) ? needed : undefined;
    const isByName = query.operator === "union-all-by-name";
    const others = outputNames(query.right);
    const ofRight = isByName
      ? renamed(ofLeft, (name) => others?.find((other) => isSame(other, name)))
      : renamed(ofLeft, (name) => others?.[names?.findIndex((own) => isSame(own, name)) ?? -1]);
    this.visit(query.left, { needed: ofLeft }, ctes);
    this.visit(query.right, { needed: this.#carried.meetsAll(query.right) ? ofRight : undefined }, ctes);
  }

  #visitBlock(block: SelectBlock, asked: Asked, ctes: CommonTables): void {
    const own = this.#environment.without.has("carrying")
      ? undefined
      : topOfWindow(block, asked.conditions ?? [], this.#environment.constants);
    const needed = own ?? extremesOf(block) ?? this.#neededOfRows(block, asked);
    if (needed !== undefined) this.needed.set(block, needed);
    this.#visitFrom(block.from, { block, needed }, ctes);
  }

  #neededOfRows(block: SelectBlock, asked: Asked): NeededRows | undefined {
    const isLimited = block.limit !== undefined || block.offset !== undefined;
    if (!isOfRows(block) || (!isLimited && !this.#carried.meetsAll(block))) return undefined;
    return this.#neededOf(block, asked, (expression) => orderedBy(expression, block));
  }

  #visitFrom(
    from: SelectBlock["from"],
    { block, needed }: { readonly block: SelectBlock; readonly needed: NeededRows | undefined },
    ctes: CommonTables,
  ): void {
    switch (from?.kind) {
      case "join":
        this.#visitFrom(from.left, { block, needed: undefined }, ctes);
        this.#visitFrom(from.right, { block, needed: undefined }, ctes);
        return;
      case "pivot":
        this.#visitFrom(from.source, { block, needed: undefined }, ctes);
        return;
      case "derived":
        this.visit(from.query, this.#askedOf(from, block, needed), ctes);
        return;
      case "table": {
        const common = commonTableOf(from, ctes);
        if (common === undefined || this.#mentions(from.name) !== 1) return;
        const { definition } = common;
        const isPlain = !definition.recursive && definition.columns.length === 0;
        this.visit(definition.query, isPlain ? this.#askedOf(from, block, needed) : {}, common.ctes);
        return;
      }
      case "values":
      case "function":
      case undefined:
    }
  }

  #askedOf(leaf: FromLeaf, block: SelectBlock, needed: NeededRows | undefined): Asked {
    if (leaf.columns.length > 0 || block.from !== leaf) return {};
    const alias = aliasOf(leaf);
    const isOwn = ({ table }: ColumnNode): boolean => table === undefined || table.toLowerCase() === alias;
    const { order } = needed ?? {};
    const isNamed = order === undefined || [order.column, ...order.present].every(isOwn);
    const isMet = this.#carried.meetsAll(leaf);
    return { needed: isNamed && isMet ? needed : undefined, conditions: conjuncts(block.where) };
  }

  /** By its own LIMIT, or by that of the query around: then its own ORDER BY tells which rows come first. */
  #neededOf(
    query: Query,
    { needed }: Asked,
    orderedBy: (expression: Expression) => Expression | undefined,
  ): NeededRows | undefined {
    const { constants } = this.#environment;
    const isLimited = query.limit !== undefined || query.offset !== undefined;
    const limit = wholeNumber(query.limit, constants);
    const offset = query.offset === undefined ? 0 : wholeNumber(query.offset, constants);
    const rows = isLimited ? limit !== undefined && offset !== undefined && limit + offset : needed?.rows;
    if (rows === undefined || rows === false) return undefined;
    if (!isLimited && needed?.order !== undefined)
      return query.kind === "select" ? throughBlock(needed, query) : needed;
    const [first, ...others] = query.orderBy;
    if (first === undefined) return { rows, order: undefined };
    const column = orderedBy(first.expression);
    if (column?.kind !== "column") return undefined;
    return { rows, order: { column, from: first.direction, ties: others.length > 0, present: [] } };
  }

  #mentions(name: string): number {
    return this.#references.filter((one) => one.schema === undefined && isSame(one.name, name)).length;
  }
}

const isSame = (name: string, other: string): boolean => name.toLowerCase() === other.toLowerCase();

const columnNamed = (name: string): ColumnNode => ({
  kind: "column",
  table: undefined,
  name,
  quoted: true,
  position: undefined,
});

/** Of the columns that a block gives, as of what it reads. */
function throughBlock(needed: NeededRows, block: SelectBlock): NeededRows | undefined {
  const within = ({ name }: ColumnNode): ColumnNode | undefined => {
    const expression = expressionNamed(name, block);
    return expression?.kind === "column" ? expression : undefined;
  };
  return withColumns(needed, within);
}

function renamed(needed: NeededRows | undefined, nameOf: (name: string) => string | undefined): NeededRows | undefined {
  return (
    needed &&
    withColumns(needed, (column) => {
      const name = nameOf(column.name);
      return name === undefined ? undefined : { ...column, name };
    })
  );
}

function withColumns(
  { rows, order }: NeededRows,
  within: (column: ColumnNode) => ColumnNode | undefined,
): NeededRows | undefined {
  if (order === undefined) return { rows, order };
  const column = within(order.column);
  const present = order.present.flatMap((one) => within(one) ?? []);
  if (column === undefined || present.length < order.present.length) return undefined;
  return { rows, order: { ...order, column, present } };
}

/** `SELECT min(Created), max(Created)`, `SELECT arg_max(Id, Created)`, and nothing else. */
function extremesOf(block: SelectBlock): NeededRows | undefined {
  const { groupBy, having, qualify, distinct, orderBy, limit, offset, items } = block;
  const isPlain = groupBy.length === 0 && orderBy.length === 0 && !distinct;
  if (!isPlain || [having, qualify, limit, offset].some((clause) => clause !== undefined)) return undefined;
  const found = items.flatMap(({ expression }) => extremeOf(expression) ?? []);
  const [first, ...others] = found;
  if (first === undefined || found.length < items.length) return undefined;
  const isOfOne = others.every(
    ({ column }) => isSame(column.name, first.column.name) && column.table === first.column.table,
  );
  if (!isOfOne) return undefined;
  const from = found.every((extreme) => extreme.from === first.from) ? first.from : "ends";
  const present = found.flatMap((extreme) => extreme.present);
  return { rows: 1, order: { column: first.column, from, ties: false, present } };
}

interface Extreme {
  readonly from: "ascending" | "descending";
  /** True where it gives another column's value of that row, but for NULL. */
  readonly ofOther: boolean;
}

const least: Extreme = { from: "ascending", ofOther: false };
const greatest: Extreme = { from: "descending", ofOther: false };

const extremes: ReadonlyMap<string, Extreme> = new Map([
  ["min", least],
  ["max", greatest],
  ...["arg_min", "argmin", "min_by"].map((name): [string, Extreme] => [name, { ...least, ofOther: true }]),
  ...["arg_max", "argmax", "max_by"].map((name): [string, Extreme] => [name, { ...greatest, ofOther: true }]),
]);

function extremeOf(expression: Expression): Pick<NeededOrder, "column" | "from" | "present"> | undefined {
  if (expression.kind !== "call" || expression.distinct || expression.window) return undefined;
  const extreme = extremes.get(expression.name);
  const [first, second, another] = expression.arguments;
  if (extreme === undefined || another !== undefined || first?.kind !== "column") return undefined;
  const { from, ofOther } = extreme;
  if (!ofOther) return second === undefined ? { column: first, from, present: [] } : undefined;
  return second?.kind === "column" ? { column: second, from, present: [first] } : undefined;
}

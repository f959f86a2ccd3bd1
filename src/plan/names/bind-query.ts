import type { Expression, FromItem, Query, SelectBlock, TableReference } from "../../syntax/expression.js";
import { operandsOf } from "../../syntax/walk-expression.js";
import type { PlanEnvironment } from "../environment.js";
import type { BindState, Enclosing, Inside } from "./bind-state.js";
import type { BoundQuery } from "./bound-query.js";
import { boundTables } from "./bound-tables.js";
import { carriedConditions } from "./carried-conditions.js";
import { carriedLimits } from "./carried-limits.js";
import { namedOutputs, withCommonTables } from "./column-origin.js";
import { joinsOf, leafMeant, leavesOf } from "./join-tree.js";
import { addNames, markAll, markColumn, markUsed, markWhole } from "./mark-names.js";
import { findRelation, relationKey } from "./relation.js";
import type { FromLeaf, Source } from "./scope.js";
import { isTableSource } from "./scope.js";

/** Reads a statement's tree once. Errors: 42P01 and 42703 for names that mean nothing, 22P02 and 42804 for values. */
export function bindQuery(query: Query, environment: PlanEnvironment): BoundQuery {
  const carried = carriedConditions(query, environment);
  const state: BindState = {
    environment,
    tables: [],
    blocks: [],
    columnNames: new Set(),
    selectedNames: new Set(),
    wholeRelations: new Set(),
    pseudoNodes: [],
    isOrdering: false,
    carried,
    limits: carriedLimits(query, carried, environment),
  };
  visitQuery(query, { ctes: new Map(), parent: undefined }, state);
  return state;
}

function visitQuery(query: Query, enclosing: Enclosing, state: BindState): void {
  const inside = visitCommonTables(query, enclosing, state);
  if (query.kind === "select") {
    visitBlock(query, inside, state);
    return;
  }
  visitQuery(query.left, inside, state);
  visitQuery(query.right, inside, state);
  const clauses = [...query.orderBy.map((item) => item.expression), query.limit, query.offset];
  for (const expression of clauses) if (expression !== undefined) visitExpression(expression, inside, state);
}

function visitCommonTables(query: Query, enclosing: Enclosing, state: BindState): Enclosing {
  const ctes = withCommonTables(query, enclosing.ctes);
  for (const { name, columns, recursive, query: common } of query.ctes) {
    const key = name.toLowerCase();
    const own = ctes.get(key);
    const before = own?.ctes ?? enclosing.ctes;
    visitQuery(common, { ...enclosing, ctes: recursive && own ? new Map([...before, [key, own]]) : before }, state);
    addNames(columns, state);
  }
  return { ...enclosing, ctes };
}

function visitBlock(block: SelectBlock, enclosing: Enclosing, state: BindState): void {
  const aliases = new Set(block.items.flatMap((item) => item.alias?.toLowerCase() ?? []));
  const inside = visitFrom(block.from, { enclosing, aliases }, state);
  for (const item of block.items) visitSelectItem(item.expression, inside, state);
  for (const alias of aliases) state.selectedNames.add(alias);
  for (const expression of clausesOf(block)) visitExpression(expression, inside, state);
  state.isOrdering = true;
  for (const { expression } of block.orderBy) visitExpression(expression, inside, state);
  state.isOrdering = false;
  state.blocks.push({ block, ctes: inside.ctes });
  state.tables.push(...boundTables(block, inside, state));
}

function clausesOf(block: SelectBlock): readonly Expression[] {
  return [
    ...block.groupBy,
    ...[block.where, block.having, block.qualify, block.limit, block.offset].filter((clause) => clause !== undefined),
  ];
}

/** FROM's sources as a scope, and all that stands in them. */
function visitFrom(
  from: FromItem | undefined,
  { enclosing, aliases }: { readonly enclosing: Enclosing; readonly aliases: ReadonlySet<string> },
  state: BindState,
): Inside {
  const sources = leavesOf(from).map((item) => sourceOf(item, enclosing, state));
  const inside: Inside = {
    ctes: enclosing.ctes,
    parent: { sources, aliases, meant: (name) => leafMeant(from, name), parent: enclosing.parent },
  };
  for (const { item } of sources) visitLeaf(item, { enclosing, inside }, state);
  for (const join of joinsOf(from)) {
    if (join.on !== undefined) visitExpression(join.on, inside, state);
    for (const name of join.using) markUsed(name, leavesOf(join), { inside, state });
    // Which columns both sides have is judged of those that are there.
    if (join.natural) markAll(leavesOf(join), inside, state);
  }
  return inside;
}

function sourceOf(item: FromLeaf, enclosing: Enclosing, state: BindState): Source {
  const outputs = new Set(namedOutputs(item, enclosing.ctes).map((name) => name.toLowerCase()));
  if (item.kind !== "table") return { alias: (item.alias ?? "").toLowerCase(), target: undefined, outputs, item };
  const alias = (item.alias ?? item.name).toLowerCase();
  const isOwn = !isCommon(item, enclosing) && item.columns.length === 0;
  return { alias, target: isOwn ? findRelation(item, state.environment) : undefined, outputs, item };
}

function isCommon({ schema, name }: TableReference, { ctes }: Enclosing): boolean {
  return schema === undefined && ctes.has(name.toLowerCase());
}

function visitLeaf(
  item: FromLeaf,
  { enclosing, inside }: { readonly enclosing: Enclosing; readonly inside: Inside },
  state: BindState,
): void {
  addNames(item.columns, state);
  switch (item.kind) {
    case "table":
      // Columns are given other names by their place: all must be in theirs.
      if (item.columns.length > 0 && !isCommon(item, enclosing)) bindWhole(item, state);
      return;
    case "derived":
      visitQuery(item.query, inside, state);
      return;
    case "function":
      visitExpression(item.expression, inside, state);
      return;
    case "values":
      for (const row of item.rows) for (const value of row) visitExpression(value, inside, state);
      return;
    case "pivot":
      visitPivot(item, enclosing, state);
  }
}

/** Every column of the source that the pivot does not name comes out of it, or groups its rows. */
function visitPivot(item: Extract<FromLeaf, { kind: "pivot" }>, enclosing: Enclosing, state: BindState): void {
  const inside = visitFrom(item.source, { enclosing, aliases: new Set() }, state);
  for (const expression of item.expressions) visitExpression(expression, inside, state);
  for (const source of inside.parent.sources) if (isTableSource(source)) bindWhole(source.item, state);
}

/** A table of which every row and column may matter. */
function bindWhole(reference: TableReference, state: BindState): void {
  state.wholeRelations.add(relationKey(reference));
  const target = findRelation(reference, state.environment);
  state.tables.push({ reference, target, predicates: [], wanted: undefined, pseudoReads: [] });
}

function visitSelectItem(expression: Expression, inside: Inside, state: BindState): void {
  const before = new Set(state.columnNames);
  state.columnNames.clear();
  visitExpression(expression, inside, state);
  for (const name of state.columnNames) state.selectedNames.add(name);
  for (const name of before) state.columnNames.add(name);
}

function visitExpression(expression: Expression, inside: Enclosing, state: BindState): void {
  if (expression.kind === "star") markWhole(expression.table, inside.parent, state);
  if (expression.kind === "column") markColumn(expression, inside.parent, state);
  if (expression.kind === "subquery" || expression.kind === "exists" || expression.kind === "in-query") {
    visitQuery(expression.query, inside, state);
  }
  const operands = operandsOf(expression);
  // count(*) reads no column.
  const isCount = expression.kind === "call" && operands.length === 1 && operands[0]?.kind === "star";
  if (!isCount) for (const operand of operands) visitExpression(operand, inside, state);
}

import type { Expression, FromItem, Query, SelectBlock, TableReference } from "../../syntax/expression.js";
import type { PlanEnvironment } from "../environment.js";
import { rejectMistypedComparisons } from "../predicate/comparison-type.js";
import type { Predicate } from "../predicate/predicate.js";
import type { ResolveColumn } from "../predicate/read-predicate.js";
import { conjuncts, operandsOf, readPredicates } from "../predicate/read-predicate.js";
import { applyJoinEqualities } from "./join-equality.js";
import type { RelationTarget } from "./relation.js";
import { findRelation, findRelationColumn, relationColumnNames } from "./relation.js";
import type { Scope, Source } from "./scope.js";
import { rejectUndefinedColumn } from "./undefined-column.js";

/** One mention of a table in a FROM clause, with the predicates that its rows must satisfy to matter. */
export interface TableUse {
  readonly reference: TableReference;
  readonly target: RelationTarget;
  readonly predicates: readonly Predicate[];
}

export interface QueryAnalysis {
  readonly uses: readonly TableUse[];
  /** Lower-case names of every column that the statement mentions anywhere. */
  readonly columnNames: ReadonlySet<string>;
  /** Lower-case names that select lists mention or give: a pseudo-column among them is wanted in the result. */
  readonly selectedNames: ReadonlySet<string>;
  /** Lower-case keys of relations that a star, or the row as a whole, asks all columns of. */
  readonly wholeRelations: ReadonlySet<string>;
}

export const relationKey = (reference: { readonly schema: string | undefined; readonly name: string }): string =>
  `${reference.schema ?? ""}.${reference.name}`.toLowerCase();

/** Reads a whole statement once: which tables, which columns of them, and which predicates bind each. */
export function analyseQuery(query: Query, environment: PlanEnvironment): QueryAnalysis {
  const state: AnalysisState = {
    environment,
    uses: [],
    columnNames: new Set(),
    selectedNames: new Set(),
    wholeRelations: new Set(),
  };
  visitQuery(query, { ctes: new Set(), parent: undefined }, state);
  return state;
}

interface AnalysisState {
  readonly environment: PlanEnvironment;
  readonly uses: TableUse[];
  readonly columnNames: Set<string>;
  readonly selectedNames: Set<string>;
  readonly wholeRelations: Set<string>;
}

interface Surroundings {
  readonly ctes: ReadonlySet<string>;
  readonly parent: Scope | undefined;
}

function visitQuery(query: Query, outside: Surroundings, state: AnalysisState): void {
  const inside = visitCommonTables(query, outside, state);
  if (query.kind === "select") {
    visitBlock(query, inside, state);
    return;
  }
  visitQuery(query.left, inside, state);
  visitQuery(query.right, inside, state);
  for (const item of query.orderBy) visitExpression(item.expression, inside, state);
}

function visitCommonTables(query: Query, outside: Surroundings, state: AnalysisState): Surroundings {
  const ctes = new Set(outside.ctes);
  for (const cte of query.ctes) {
    if (cte.recursive) ctes.add(cte.name.toLowerCase());
    visitQuery(cte.query, { ...outside, ctes: new Set(ctes) }, state);
    ctes.add(cte.name.toLowerCase());
  }
  return { ...outside, ctes };
}

function visitBlock(block: SelectBlock, outside: Surroundings, state: AnalysisState): void {
  const sources = block.from.map((item): Source => sourceOf(item, outside, state));
  const scope: Scope = {
    sources,
    aliases: new Set(block.items.flatMap((item) => item.alias?.toLowerCase() ?? [])),
    parent: outside.parent,
  };
  const inside = { ctes: outside.ctes, parent: scope };
  for (const item of block.from) visitFromItem(item, inside, state);
  for (const item of block.items) visitSelectItem(item.expression, inside, state);
  for (const alias of scope.aliases) state.selectedNames.add(alias);
  for (const expression of clausesOf(block)) visitExpression(expression, inside, state);
  state.uses.push(...tableUses(block, scope, state.environment));
}

function clausesOf(block: SelectBlock): readonly Expression[] {
  return [
    ...block.groupBy,
    ...block.orderBy.map((item) => item.expression),
    ...[block.where, block.having, block.limit, block.offset].filter((clause) => clause !== undefined),
  ];
}

function sourceOf(item: FromItem, outside: Surroundings, state: AnalysisState): Source {
  if (item.kind !== "table") return { alias: (item.alias ?? "").toLowerCase(), target: undefined, item };
  const alias = (item.alias ?? item.name).toLowerCase();
  const isCommon = item.schema === undefined && outside.ctes.has(item.name.toLowerCase());
  return { alias, target: isCommon ? undefined : findRelation(item, state.environment), item };
}

function visitFromItem(item: FromItem, inside: Surroundings, state: AnalysisState): void {
  if (item.kind === "derived") visitQuery(item.query, inside, state);
  if (item.kind === "function") visitExpression(item.expression, inside, state);
  if (item.on !== undefined) visitExpression(item.on, inside, state);
  for (const name of item.using) state.columnNames.add(name.toLowerCase());
}

function visitSelectItem(expression: Expression, inside: Surroundings, state: AnalysisState): void {
  const before = new Set(state.columnNames);
  state.columnNames.clear();
  visitExpression(expression, inside, state);
  for (const name of state.columnNames) state.selectedNames.add(name);
  for (const name of before) state.columnNames.add(name);
}

function visitExpression(expression: Expression, inside: Surroundings, state: AnalysisState): void {
  if (expression.kind === "star") markWhole(expression.table, inside.parent, state);
  if (expression.kind === "column") visitColumn(expression, inside.parent, state);
  if (expression.kind === "subquery" || expression.kind === "exists" || expression.kind === "in-query") {
    visitQuery(expression.query, inside, state);
  }
  // count(*) reads no column; COLUMNS('…') may read any.
  if (expression.kind === "call" && expression.name === "columns") markWhole(undefined, inside.parent, state);
  const operands = operandsOf(expression);
  const isCount = expression.kind === "call" && operands.length === 1 && operands[0]?.kind === "star";
  if (!isCount) for (const operand of operands) visitExpression(operand, inside, state);
}

function visitColumn(
  node: Extract<Expression, { kind: "column" }>,
  scope: Scope | undefined,
  state: AnalysisState,
): void {
  state.columnNames.add(node.name.toLowerCase());
  // `Metadata.order_id` reads a column's key: what looks like the table may be the column.
  if (node.table !== undefined) state.columnNames.add(node.table.toLowerCase());
  if (scope === undefined) return;
  markWholeRow(node.name.toLowerCase(), scope, state);
  rejectUndefinedColumn(node, scope);
}

/** `SELECT c FROM Customer c` is the row as a whole. */
function markWholeRow(name: string, scope: Scope, state: AnalysisState): void {
  for (let at: Scope | undefined = scope; at !== undefined; at = at.parent) {
    const source = at.sources.find((candidate) => candidate.alias === name && candidate.target !== undefined);
    if (source?.item.kind === "table") state.wholeRelations.add(relationKey(source.item));
  }
}

function markWhole(table: string | undefined, scope: Scope | undefined, state: AnalysisState): void {
  for (const source of scope?.sources ?? []) {
    if (source.item.kind !== "table" || (table !== undefined && source.alias !== table.toLowerCase())) continue;
    state.wholeRelations.add(relationKey(source.item));
  }
}

/**
 * The predicates of each table in a block. A conjunct of WHERE binds every table it reads, an outer join's
 * null side too: all predicates but "opaque" are false of NULL, so a row that a scan leaves out could only
 * have come back as NULLs, which the same WHERE then removes. ON binds as `bindingSides` says.
 */
function tableUses(block: SelectBlock, scope: Scope, environment: PlanEnvironment): readonly TableUse[] {
  const tables = scope.sources.flatMap((source) =>
    source.item.kind === "table" && source.target !== undefined
      ? [{ source, reference: source.item, target: source.target }]
      : [],
  );
  const own = tables.map(({ source, target }) => {
    const resolve = resolverFor(source, target, scope);
    const expressions = bindingConjuncts(block, scope, source);
    for (const expression of expressions) rejectMistypedComparisons(expression, target, resolve, environment);
    const context = {
      ...environment.constants,
      resolve,
      isBoolean: (name: string) => columnType(target, name) === "BOOLEAN",
    };
    return expressions.flatMap((expression) => readPredicates(expression, context));
  });
  const bound = applyJoinEqualities(block, scope, own);
  return tables.map(({ reference, target }, index) => ({ reference, target, predicates: bound[index] ?? [] }));
}

function columnType(target: RelationTarget, name: string): string | undefined {
  if (target.kind === "system") return undefined;
  return target.table.columns.find((column) => column.name === name)?.type;
}

/** Reads a column node as this source's column, by the catalog's name, where it can be no other's. */
function resolverFor(source: Source, target: RelationTarget, scope: Scope): ResolveColumn {
  return (node) => {
    const column = findRelationColumn(target, node.name);
    if (column === undefined) return undefined;
    if (node.table !== undefined) return node.table.toLowerCase() === source.alias ? column.name : undefined;
    const others = scope.sources.filter((other) => other !== source && other.target !== undefined);
    const ambiguous = others.some((other) => other.target !== undefined && hasColumn(other.target, node.name));
    return ambiguous ? undefined : column.name;
  };
}

function hasColumn(target: RelationTarget, name: string): boolean {
  const wanted = name.toLowerCase();
  return relationColumnNames(target).some((candidate) => candidate.toLowerCase() === wanted);
}

function bindingConjuncts(block: SelectBlock, scope: Scope, source: Source): readonly Expression[] {
  // A join that pairs rows by nearness or position may pair others once rows are missing.
  if (scope.sources.some((joined) => joined.item.join === "other")) return [];
  const fromJoins = scope.sources.flatMap((joined, index) =>
    bindsThrough(scope.sources, index, source) ? conjuncts(joined.item.on) : [],
  );
  return [...conjuncts(block.where), ...fromJoins];
}

/**
 * Whether the ON of the join at `index` removes rows of `source`. Inner: both sides, for the join keeps only
 * rows that satisfy it. Left: the right side only, for a right row that fails it never matches, while a left
 * row that fails it stays. Right: the left side only, likewise. Full and others: neither.
 */
function bindsThrough(sources: readonly Source[], index: number, source: Source): boolean {
  const position = sources.indexOf(source);
  switch (sources[index]?.item.join) {
    case "inner":
      return position <= index;
    case "left":
      return position === index;
    case "right":
      return position < index;
    case "first":
    case "cross":
    case "full":
    case "other":
    case undefined:
      return false;
  }
}

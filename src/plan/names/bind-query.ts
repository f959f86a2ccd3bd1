import type { PseudoColumn } from "../../catalog/catalog.js";
import type { Expression, FromItem, Query, SelectBlock, TableReference } from "../../syntax/expression.js";
import { columnNodes, operandsOf } from "../../syntax/walk-expression.js";
import type { SqlType } from "../../value/sql-type.js";
import { accountColumn } from "../access/account-rule.js";
import type { PlanEnvironment } from "../environment.js";
import { isPseudoColumn } from "../predicate/conjunction.js";
import type { Predicate } from "../predicate/predicate.js";
import { columnsOfPredicate } from "../predicate/predicate.js";
import type { ResolveColumn } from "../predicate/predicate-context.js";
import { predicateContext } from "../predicate/predicate-context.js";
import { readPredicates } from "../predicate/read-predicate.js";
import type { CarriedConditions } from "./carried-conditions.js";
import { carriedConditions, withCarried } from "./carried-conditions.js";
import type { CommonTables } from "./column-origin.js";
import { withCommonTables } from "./column-origin.js";
import { rejectMistypedComparisons } from "./comparison-type.js";
import type { BoundSource } from "./join-equality.js";
import { carryEqualities } from "./join-equality.js";
import type { PlacedConjunct } from "./join-tree.js";
import { conjunctsByLeaf, joinsOf, leavesOf } from "./join-tree.js";
import { carriedJoin, joinedPredicate } from "./joined-predicate.js";
import type { RelationTarget } from "./relation.js";
import { findRelation, findRelationColumn, relationColumnNames, relationKey } from "./relation.js";
import type { FromLeaf, Scope, Source, TableSource } from "./scope.js";
import { isTableSource } from "./scope.js";
import { rejectUndefinedColumn } from "./undefined-column.js";
import type { WantedRows } from "./wanted-rows.js";
import { wantedRows } from "./wanted-rows.js";

/** One mention of a table in a FROM clause, with the predicates that its rows must satisfy to matter. */
export interface BoundTable {
  readonly reference: TableReference;
  readonly target: RelationTarget;
  readonly predicates: readonly Predicate[];
  /** Undefined where all rows that satisfy them count. */
  readonly wanted: WantedRows | undefined;
  /** Where the statement reads a filter that is no column as a value, not as a condition on this table. */
  readonly pseudoReads: readonly PseudoRead[];
}

export interface PseudoRead {
  readonly column: PseudoColumn;
  readonly position: number | undefined;
}

/** A whole statement's names: which tables, which columns of them, and which predicates bind each. */
export interface BoundQuery {
  readonly tables: readonly BoundTable[];
  /** Lower-case names of every column that the statement mentions anywhere. */
  readonly columnNames: ReadonlySet<string>;
  /** Lower-case names that select lists mention or give: a pseudo-column among them is wanted in the result. */
  readonly selectedNames: ReadonlySet<string>;
  /** Lower-case keys of relations that a star, or the row as a whole, asks all columns of. */
  readonly wholeRelations: ReadonlySet<string>;
}

/** Reads a statement's tree once. Errors: 42P01 and 42703 for names that mean nothing, 22P02 and 42804 for values. */
export function bindQuery(query: Query, environment: PlanEnvironment): BoundQuery {
  const state: BindState = {
    environment,
    tables: [],
    columnNames: new Set(),
    selectedNames: new Set(),
    wholeRelations: new Set(),
    pseudoNodes: [],
    isOrdering: false,
    carried: carriedConditions(query, environment),
  };
  visitQuery(query, { ctes: new Map(), parent: undefined }, state);
  return state;
}

interface BindState {
  readonly environment: PlanEnvironment;
  readonly tables: BoundTable[];
  readonly columnNames: Set<string>;
  readonly selectedNames: Set<string>;
  readonly wholeRelations: Set<string>;
  readonly pseudoNodes: PseudoNode[];
  /** In ORDER BY an output's name goes before a column's. */
  isOrdering: boolean;
  readonly carried: CarriedConditions;
}

/** A name that means a filter of a table. */
interface PseudoNode {
  readonly node: ColumnNode;
  readonly item: TableReference;
  readonly column: PseudoColumn;
}

type ColumnNode = Extract<Expression, { kind: "column" }>;

/** What a query may name beside its own tables. */
interface Enclosing {
  readonly ctes: CommonTables;
  readonly parent: Scope | undefined;
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

/** Names given to columns are wanted wherever they are said. */
function addNames(names: readonly string[], state: BindState): void {
  for (const name of names) state.selectedNames.add(name.toLowerCase());
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
  state.tables.push(...boundTables(block, inside, state));
}

function clausesOf(block: SelectBlock): readonly Expression[] {
  return [
    ...block.groupBy,
    ...[block.where, block.having, block.qualify, block.limit, block.offset].filter((clause) => clause !== undefined),
  ];
}

type Inside = Enclosing & { readonly parent: Scope };

/** FROM's sources as a scope, and all that stands in them. */
function visitFrom(
  from: FromItem | undefined,
  { enclosing, aliases }: { readonly enclosing: Enclosing; readonly aliases: ReadonlySet<string> },
  state: BindState,
): Inside {
  const sources = leavesOf(from).map((item) => sourceOf(item, enclosing, state));
  const inside: Inside = { ctes: enclosing.ctes, parent: { sources, aliases, parent: enclosing.parent } };
  for (const { item } of sources) visitLeaf(item, { enclosing, inside }, state);
  for (const join of joinsOf(from)) {
    if (join.on !== undefined) visitExpression(join.on, inside, state);
    for (const name of join.using) visitUsed(name, leavesOf(join), { inside, state });
    // Which columns both sides have is judged of those that are there.
    if (join.natural) markAll(leavesOf(join), inside, state);
  }
  return inside;
}

/** USING compares the column of that name on both sides. */
function visitUsed(
  name: string,
  leaves: readonly FromLeaf[],
  { inside, state }: { readonly inside: Inside; readonly state: BindState },
): void {
  state.columnNames.add(name.toLowerCase());
  const node: ColumnNode = { kind: "column", table: undefined, name, quoted: true, position: undefined };
  for (const source of inside.parent.sources.filter(({ item }) => leaves.includes(item))) {
    const column = pseudoColumnOf(source, name);
    if (column !== undefined && isTableSource(source)) state.pseudoNodes.push({ node, item: source.item, column });
  }
}

function sourceOf(item: FromLeaf, enclosing: Enclosing, state: BindState): Source {
  if (item.kind !== "table") return { alias: (item.alias ?? "").toLowerCase(), target: undefined, item };
  const alias = (item.alias ?? item.name).toLowerCase();
  const isOwn = !isCommon(item, enclosing) && item.columns.length === 0;
  return { alias, target: isOwn ? findRelation(item, state.environment) : undefined, item };
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
  if (expression.kind === "column") visitColumn(expression, inside.parent, state);
  if (expression.kind === "subquery" || expression.kind === "exists" || expression.kind === "in-query") {
    visitQuery(expression.query, inside, state);
  }
  const operands = operandsOf(expression);
  // count(*) reads no column.
  const isCount = expression.kind === "call" && operands.length === 1 && operands[0]?.kind === "star";
  if (!isCount) for (const operand of operands) visitExpression(operand, inside, state);
}

function visitColumn(node: Extract<Expression, { kind: "column" }>, scope: Scope | undefined, state: BindState): void {
  state.columnNames.add(node.name.toLowerCase());
  // `Metadata.order_id` reads a column's key: what looks like the table may be the column.
  if (node.table !== undefined) state.columnNames.add(node.table.toLowerCase());
  if (scope === undefined) return;
  recordPseudoNode(node, scope, state);
  markWholeRow(node.name.toLowerCase(), scope, state);
  rejectUndefinedColumn(node, scope);
}

function recordPseudoNode(node: ColumnNode, scope: Scope, { pseudoNodes, isOrdering }: BindState): void {
  if (isOrdering && node.table === undefined && scope.aliases.has(node.name.toLowerCase())) return;
  const source = sourceNamed(node, scope);
  const column = source && pseudoColumnOf(source, node.name);
  if (column !== undefined && source !== undefined && isTableSource(source))
    pseudoNodes.push({ node, item: source.item, column });
}

/** The innermost source that a column's name can mean. */
function sourceNamed(node: ColumnNode, scope: Scope | undefined): Source | undefined {
  if (scope === undefined) return undefined;
  const { table, name } = node;
  const qualifier = table?.toLowerCase();
  const found = scope.sources.find(({ alias, target }) =>
    qualifier === undefined ? target !== undefined && hasColumn(target, name) : alias === qualifier,
  );
  return found ?? sourceNamed(node, scope.parent);
}

/** Every row knows the account that it was read from. */
function pseudoColumnOf({ target }: Source, name: string): PseudoColumn | undefined {
  const column = target && findRelationColumn(target, name);
  return column?.kind === "pseudo-column" && column.name !== accountColumn ? column : undefined;
}

/** `SELECT c FROM Customer c` is the row as a whole. */
function markWholeRow(name: string, scope: Scope, state: BindState): void {
  for (let at: Scope | undefined = scope; at !== undefined; at = at.parent) {
    const source = at.sources.find((candidate) => candidate.alias === name && isTableSource(candidate));
    if (source?.item.kind === "table") state.wholeRelations.add(relationKey(source.item));
  }
}

function markWhole(table: string | undefined, scope: Scope | undefined, state: BindState): void {
  for (const source of scope?.sources ?? []) {
    if (source.item.kind !== "table" || (table !== undefined && source.alias !== table.toLowerCase())) continue;
    state.wholeRelations.add(relationKey(source.item));
  }
}

function markAll(leaves: readonly FromLeaf[], { parent }: Inside, state: BindState): void {
  for (const source of parent.sources.filter(({ item }) => leaves.includes(item)))
    if (isTableSource(source)) state.wholeRelations.add(relationKey(source.item));
}

function boundTables(block: SelectBlock, { parent: scope, ctes }: Inside, state: BindState): readonly BoundTable[] {
  const { environment, pseudoNodes, carried: outer } = state;
  const byLeaf = conjunctsByLeaf(withCarried(block, outer));
  const bound = scope.sources.filter(isTableSource).map((source): BoundSource => {
    const conjuncts = byLeaf.get(source.item) ?? [];
    return {
      source,
      conjuncts,
      predicates: predicatesOf(source, conjuncts, { scope, ctes, environment, carried: outer }),
    };
  });
  const carried = carryEqualities(bound);
  return bound.map(({ source: { item, target }, conjuncts }, index) => {
    const conditions = new Set(conjuncts.flatMap(({ expression }) => columnNodes(expression)));
    return {
      reference: item,
      target,
      // Which rows a sample takes depends on all that there are.
      predicates: item.sampled ? [] : distinctPredicates(carried[index] ?? []),
      wanted: block.from === item && !item.sampled ? wantedOf({ item, target }, block, environment) : undefined,
      pseudoReads: pseudoNodes
        .filter((read) => read.item === item && !conditions.has(read.node))
        .map(({ node, column }) => ({ column, position: node.position })),
    };
  });
}

/** Of two that say the same, one. */
function distinctPredicates(predicates: readonly Predicate[]): readonly Predicate[] {
  if (predicates.length < 2) return predicates;
  return [...new Map(predicates.map((predicate) => [textOf(predicate), predicate])).values()];
}

/** What is not read is told apart: no two of those say the same for all that is known. */
const textOf = (predicate: Predicate): unknown =>
  predicate.kind === "opaque"
    ? predicate
    : JSON.stringify(predicate, (_, value: unknown) => (typeof value === "number" ? String(value) : value));

function wantedOf(
  { item, target }: Pick<TableSource, "item" | "target">,
  block: SelectBlock,
  environment: PlanEnvironment,
): WantedRows | undefined {
  const alias = (item.alias ?? item.name).toLowerCase();
  const isCreated = ({ table, name }: ColumnNode): boolean => {
    const column = table === undefined || table.toLowerCase() === alias ? findRelationColumn(target, name) : undefined;
    return column?.kind === "column" && column.stripeName === "created";
  };
  return wantedRows({ block, isCreated }, environment.constants);
}

function predicatesOf(
  source: TableSource,
  conjuncts: readonly PlacedConjunct[],
  {
    scope,
    ctes,
    environment,
    carried,
  }: {
    readonly scope: Scope;
    readonly ctes: CommonTables;
    readonly environment: PlanEnvironment;
    readonly carried: CarriedConditions;
  },
): readonly Predicate[] {
  return conjuncts.flatMap(({ expression, visible }) => {
    const resolve = resolverFor(source, scope, visible);
    const context = { source, scope, visible, ctes, environment, resolve };
    const condition = carried.joined(expression);
    if (condition !== undefined) return carriedJoin(condition, context) ?? [];
    rejectMistypedComparisons(expression, source.target, resolve, environment);
    const joined = joinedPredicate(expression, context);
    if (joined !== undefined) return [joined];
    const typeOf = (name: string): SqlType | undefined => columnType(source.target, name);
    const predicates = readPredicates(expression, predicateContext(environment, { resolve, typeOf }));
    // Without it the value that the request put there is compared: with it the request would have to be another.
    return carried.has(expression) ? predicates.filter((one) => !namesPseudoColumn(one, source.target)) : predicates;
  });
}

function namesPseudoColumn(predicate: Predicate, target: RelationTarget): boolean {
  const names = columnsOfPredicate(predicate);
  return target.kind === "table" && names.some((name) => isPseudoColumn(target.table, name));
}

function columnType(target: RelationTarget, name: string): SqlType | undefined {
  if (target.kind === "system") return undefined;
  const { columns, pseudoColumns } = target.table;
  return [...columns, ...pseudoColumns].find((column) => column.name === name)?.type;
}

/** Reads a column node as this source's column, by the catalog's name, where it can be no other's. */
function resolverFor({ item, target, alias }: TableSource, scope: Scope, visible: readonly FromLeaf[]): ResolveColumn {
  const others = scope.sources.filter((other) => other.item !== item && visible.includes(other.item));
  return (node) => {
    const column = findRelationColumn(target, node.name);
    if (column === undefined) return undefined;
    if (node.table !== undefined) return node.table.toLowerCase() === alias ? column.name : undefined;
    const isAmbiguous = others.some((other) => other.target !== undefined && hasColumn(other.target, node.name));
    return isAmbiguous ? undefined : column.name;
  };
}

function hasColumn(target: RelationTarget, name: string): boolean {
  const wanted = name.toLowerCase();
  return relationColumnNames(target).some((candidate) => candidate.toLowerCase() === wanted);
}

import type { Expression, Query, TableReference } from "../../syntax/expression.js";
import type { PlanEnvironment } from "../environment.js";
import type { ColumnSource, Predicate } from "../predicate/predicate.js";
import type { ResolveColumn } from "../predicate/read-predicate.js";
import { leavesOf } from "./join-tree.js";
import { findRelation, findRelationColumn, relationKey } from "./relation.js";
import type { FromLeaf, Scope, Source, TableSource } from "./scope.js";
import { isTableSource } from "./scope.js";

/** A table of FROM, and all that a conjunct of its block may name. */
export interface ConjunctContext {
  readonly source: TableSource;
  readonly scope: Scope;
  readonly visible: readonly FromLeaf[];
  readonly ctes: ReadonlySet<string>;
  readonly environment: PlanEnvironment;
  readonly resolve: ResolveColumn;
}

type ColumnNode = Extract<Expression, { kind: "column" }>;

/**
 * `b.Payout = p.Id`, `Payout IN (SELECT Id FROM Payout …)`, `Payout = (SELECT max(Id) FROM Payout …)`: a filter that is
 * no column, compared with a column that another relation is read for. Whatever the subquery does with the values of
 * that column, it gives no other.
 */
export function joinedPredicate(expression: Expression, context: ConjunctContext): Predicate | undefined {
  if (expression.kind === "in-query" && !expression.negated)
    return memberPredicate(expression.operand, expression.query, context);
  if (expression.kind !== "comparison" || expression.operator !== "=") return undefined;
  const { left, right } = expression;
  return equalityPredicate(left, right, context) ?? equalityPredicate(right, left, context);
}

function equalityPredicate(subject: Expression, value: Expression, context: ConjunctContext): Predicate | undefined {
  if (value.kind === "subquery") return memberPredicate(subject, value.query, context);
  const column = pseudoColumn(subject, context);
  const source = column === undefined || value.kind !== "column" ? undefined : columnOfOther(value, context);
  return column === undefined || source === undefined ? undefined : { kind: "joined", column, source, isMember: false };
}

function memberPredicate(subject: Expression, query: Query, context: ConjunctContext): Predicate | undefined {
  const column = pseudoColumn(subject, context);
  const source = column === undefined ? undefined : columnOfQuery(query, context);
  return column === undefined || source === undefined ? undefined : { kind: "joined", column, source, isMember: true };
}

function pseudoColumn(subject: Expression, { source, resolve }: ConjunctContext): string | undefined {
  const name = subject.kind === "column" ? resolve(subject) : undefined;
  if (name === undefined || source.target.kind !== "table") return undefined;
  return source.target.table.pseudoColumns.find((column) => column.name === name && column.type === "VARCHAR")?.name;
}

/** The column of another table in the same FROM, or in one around it. */
function columnOfOther(node: ColumnNode, { source, scope, visible }: ConjunctContext): ColumnSource | undefined {
  const beside = scope.sources.filter(({ item }) => item !== source.item && visible.includes(item));
  for (let at: readonly Source[] = beside, outer = scope.parent; ; at = outer.sources, outer = outer.parent) {
    const named = at.filter(({ alias }) => node.table === undefined || node.table.toLowerCase() === alias);
    const found = named.filter(isTableSource).flatMap(({ item, target }) => columnIn(item, target, node));
    if (found.length > 0 || outer === undefined) return found.length === 1 ? found[0] : undefined;
  }
}

/** The one column whose values a subquery gives: itself, or the least or any of them. */
function columnOfQuery(query: Query, { ctes, environment }: ConjunctContext): ColumnSource | undefined {
  if (query.kind !== "select" || query.ctes.length > 0 || query.items.length !== 1) return undefined;
  const node = givenColumn(query.items[0]?.expression);
  if (node === undefined) return undefined;
  const tables = leavesOf(query.from).filter((leaf) => leaf.kind === "table");
  const isPlain = tables.length === leavesOf(query.from).length && tables.every((table) => isOwnTable(table, ctes));
  const found = isPlain
    ? tables
        .filter((table) => node.table === undefined || node.table.toLowerCase() === aliasOf(table))
        .flatMap((table) => columnIn(table, findRelation(table, environment), node))
    : [];
  return found.length === 1 ? found[0] : undefined;
}

const aliasOf = ({ alias, name }: TableReference): string => (alias ?? name).toLowerCase();

function isOwnTable({ schema, name, columns }: TableReference, ctes: ReadonlySet<string>): boolean {
  return columns.length === 0 && !(schema === undefined && ctes.has(name.toLowerCase()));
}

/** Aggregates that give one of their first argument's values. */
const choosing = new Set("min max first last any_value arbitrary arg_min arg_max min_by max_by".split(" "));

function givenColumn(expression: Expression | undefined): ColumnNode | undefined {
  if (expression?.kind === "column") return expression;
  if (expression?.kind !== "call" || !choosing.has(expression.name)) return undefined;
  const [first] = expression.arguments;
  return first?.kind === "column" ? first : undefined;
}

/** Text columns only: a request takes their values as they are. */
function columnIn(item: TableReference, target: TableSource["target"], node: ColumnNode): readonly ColumnSource[] {
  const column = findRelationColumn(target, node.name);
  if (column?.kind !== "column" || column.type !== "VARCHAR") return [];
  return [{ relation: relationKey(item), column: column.name, shown: `${item.alias ?? item.name}.${column.name}` }];
}

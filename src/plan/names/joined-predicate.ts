import type { Table } from "../../catalog/catalog.js";
import type { Expression, Query, SelectItem } from "../../syntax/expression.js";
import { conjuncts } from "../../syntax/walk-expression.js";
import type { PlanEnvironment } from "../environment.js";
import type { Predicate } from "../predicate/predicate.js";
import type { ResolveColumn } from "../predicate/predicate-context.js";
import { predicateContext } from "../predicate/predicate-context.js";
import { readPredicates } from "../predicate/read-predicate.js";
import type { JoinedCondition } from "./carried-conditions.js";
import type { ColumnOrigin, CommonTables } from "./column-origin.js";
import { originAt, originInLeaf, textOrigin } from "./column-origin.js";
import { isOfRows } from "./group-keys.js";
import { aliasOf, leavesOf } from "./join-tree.js";
import type { FromLeaf, Scope, Source, TableSource } from "./scope.js";
import { isTableSource } from "./scope.js";

/** A table of FROM, and all that a conjunct of its block may name. */
export interface ConjunctContext {
  readonly source: TableSource;
  readonly scope: Scope;
  readonly visible: readonly FromLeaf[];
  readonly ctes: CommonTables;
  readonly environment: PlanEnvironment;
  readonly resolve: ResolveColumn;
}

type ColumnNode = Extract<Expression, { kind: "column" }>;

/**
 * `c.Id = s.Customer`, `b.Payout = p.Id`, `Payout IN (SELECT Id FROM Payout …)`, `Payout = (SELECT max(Id) FROM Payout …)`: a
 * column that a request takes values for, compared with one that another relation is read for. Whatever the subquery
 * does with the values of that column, it gives no other.
 */
export function joinedPredicate(expression: Expression, context: ConjunctContext): Predicate | undefined {
  if (expression.kind === "in-query" && !expression.negated)
    return memberPredicate(expression.operand, expression.query, context);
  if (expression.kind === "exists") return existsPredicate(expression.query, context);
  if (expression.kind !== "comparison" || expression.operator !== "=") return undefined;
  const { left, right } = expression;
  return equalityPredicate(left, right, context) ?? equalityPredicate(right, left, context);
}

function equalityPredicate(subject: Expression, value: Expression, context: ConjunctContext): Predicate | undefined {
  if (value.kind === "subquery") return memberPredicate(subject, value.query, context);
  const origin = value.kind === "column" ? originOfOther(value, context) : undefined;
  return predicateOf(subject, { origin, isMember: false }, context);
}

function memberPredicate(subject: Expression, query: Query, context: ConjunctContext): Predicate | undefined {
  return predicateOf(subject, { origin: originAt(query, 0, context), isMember: true }, context);
}

/**
 * `EXISTS (SELECT 1 FROM Customer c WHERE c.Id = i.Customer AND …)` -> `i.Customer IN (SELECT c.Id FROM Customer c WHERE …)`.
 * Where a row of the subquery's FROM satisfies its WHERE, it satisfies the equality too: its value is one of that column's.
 * A subquery that gives a row of no rows, as an aggregate does, is none.
 */
function existsPredicate(query: Query, context: ConjunctContext): Predicate | undefined {
  if (query.kind !== "select" || !isOfRows(query)) return undefined;
  const { alias } = context.source;
  if (leavesOf(query.from).some((leaf) => aliasOf(leaf) === alias)) return undefined;
  const isOuter = (one: Expression): boolean => one.kind === "column" && one.table?.toLowerCase() === alias;
  for (const condition of conjuncts(query.where)) {
    if (condition.kind !== "comparison" || condition.operator !== "=") continue;
    const { left, right } = condition;
    for (const [subject, value] of [[left, right] as const, [right, left] as const]) {
      const item: SelectItem = { expression: value, alias: undefined, heading: undefined, isSpread: false };
      const found = isOuter(subject) && memberPredicate(subject, { ...query, items: [item] }, context);
      if (found) return found;
    }
  }
  return undefined;
}

/** The same of a condition that a query around the block has. */
export function carriedJoin(
  { subject, source, isMember }: JoinedCondition,
  context: ConjunctContext,
): Predicate | undefined {
  return predicateOf(subject, { origin: { kind: "column", source, type: "VARCHAR" }, isMember }, context);
}

interface Given {
  readonly origin: ColumnOrigin | undefined;
  readonly isMember: boolean;
}

function predicateOf(
  subject: Expression,
  { origin, isMember }: Given,
  context: ConjunctContext,
): Predicate | undefined {
  const column = textOrigin(origin) && requestedColumn(subject, context);
  if (column === undefined) return undefined;
  if (origin?.kind === "column") return { kind: "joined", column, source: origin.source, isMember };
  const items = origin?.values ?? [];
  const [read] = readPredicates(
    { kind: "in", operand: subject, items, negated: false },
    predicateContext(context.environment, { resolve: context.resolve, typeOf: () => "VARCHAR" }),
  );
  return read?.kind === "any-of" || read?.kind === "never" ? read : undefined;
}

export function requestedColumn(subject: Expression, { source, resolve }: ConjunctContext): string | undefined {
  const name = subject.kind === "column" ? resolve(subject) : undefined;
  if (name === undefined || source.target.kind !== "table") return undefined;
  return isRequested(name, source.target.table) ? name : undefined;
}

/** Texts that a request names rows by: their key, their parent's, and what a list is filtered by. */
function isRequested(name: string, { columns, pseudoColumns, retrieve, lists }: Table): boolean {
  const column = [...columns, ...pseudoColumns].find((candidate) => candidate.name === name);
  if (column?.type !== "VARCHAR") return false;
  if (column.kind === "pseudo-column") return true;
  const keys = [...(retrieve?.keys ?? []), ...lists.flatMap(({ parents }) => parents)];
  return (
    keys.some((key) => key.column === name) ||
    lists.some(({ filters }) => filters.some((filter) => filter.column === name && filter.operators === "equality"))
  );
}

/** The column of another source of the same FROM, or of one around it: which table's it is. */
function originOfOther(
  node: ColumnNode,
  { source, scope, visible, ctes, environment }: ConjunctContext,
): ColumnOrigin | undefined {
  const beside = scope.sources.filter(({ item }) => item !== source.item && visible.includes(item));
  for (let at: readonly Source[] = beside, outer = scope.parent; ; at = outer.sources, outer = outer.parent) {
    const named = at.filter(({ alias }) => node.table === undefined || node.table.toLowerCase() === alias);
    const isSure = node.table !== undefined || named.every(isTableSource);
    const found = named.flatMap(({ item }) => originInLeaf(item, node.name, { ctes, environment }) ?? []);
    if (found.length > 0 || outer === undefined) return isSure && found.length === 1 ? found[0] : undefined;
  }
}

import type { Expression, Query } from "../../syntax/expression.js";
import type { ColumnSource, Predicate } from "../predicate/predicate.js";
import { commonTableOf, originAt, originInLeaf, textOrigin } from "./column-origin.js";
import { computedKeysIn, computedKeysOf, isNarrowing, queryOf } from "./computed-keys.js";
import { aliasOf } from "./join-tree.js";
import type { ConjunctContext } from "./joined-predicate.js";
import { requestedColumn } from "./joined-predicate.js";
import { findRelation } from "./relation.js";
import type { FromLeaf } from "./scope.js";

/**
 * What `joinedPredicate` says, of values that the local engine computes: where they are fewer than those of the column that
 * they come from, or come from none.
 */
export function computedPredicate(expression: Expression, context: ConjunctContext): Predicate | undefined {
  if (context.environment.without.has("keys")) return undefined;
  if (expression.kind === "in-query" && !expression.negated)
    return predicateOf(expression.operand, ofQuery(expression.query, context), context);
  if (expression.kind !== "comparison" || expression.operator !== "=") return undefined;
  const { left, right } = expression;
  return equalityPredicate(left, right, context) ?? equalityPredicate(right, left, context);
}

interface GivenKeys {
  readonly source: () => ColumnSource | undefined;
  readonly isMember: boolean;
}

function equalityPredicate(subject: Expression, value: Expression, context: ConjunctContext): Predicate | undefined {
  if (value.kind === "subquery") {
    const read = predicateOf(subject, ofQuery(value.query, context), context);
    return read && asScalar(read);
  }
  return value.kind === "column" ? predicateOf(subject, ofLeaf(value, context), context) : undefined;
}

/** A subquery that stands for a value gives one row, or the statement fails. */
function asScalar(predicate: Extract<Predicate, { kind: "joined" }>): Predicate {
  const { computed } = predicate.source;
  return computed === undefined
    ? predicate
    : { ...predicate, source: { ...predicate.source, computed: { ...computed, most: 1 } } };
}

function ofQuery(query: Query, context: ConjunctContext): GivenKeys | undefined {
  const isKnown = textOrigin(originAt(query, 0, context)) !== undefined;
  if (isKnown && !isNarrowing(query)) return undefined;
  return { source: () => computedKeysOf(query, 0, context), isMember: true };
}

/** A column of another source of the same FROM that no request fills itself. */
function ofLeaf(
  { table, name }: Extract<Expression, { kind: "column" }>,
  context: ConjunctContext,
): GivenKeys | undefined {
  const { source, scope, visible } = context;
  const beside = scope.sources.filter(({ item }) => item !== source.item && visible.includes(item));
  const [leaf, another] = beside.map(({ item }) => item).filter((item) => aliasOf(item) === table?.toLowerCase());
  if (leaf === undefined || another !== undefined) return undefined;
  const read = queryOf(leaf, context);
  const isKnown = textOrigin(originInLeaf(leaf, name, context)) !== undefined;
  if (read === undefined ? !isLocal(leaf, context) : isKnown && !isNarrowing(read.query)) return undefined;
  return { source: () => computedKeysIn(leaf, name, context), isMember: false };
}

/** What the local engine has without a request: a file's rows, a temp table's, the metadata's. */
function isLocal(leaf: FromLeaf, { environment, ctes }: ConjunctContext): boolean {
  if (leaf.kind !== "table") return leaf.kind === "function";
  if (commonTableOf(leaf, ctes) !== undefined) return false;
  return leaf.columns.length === 0 && findRelation(leaf, environment).kind !== "table";
}

function predicateOf(
  subject: Expression,
  given: GivenKeys | undefined,
  context: ConjunctContext,
): Extract<Predicate, { kind: "joined" }> | undefined {
  const column = given && requestedColumn(subject, context);
  const source = column === undefined ? undefined : given?.source();
  return column === undefined || source === undefined || given === undefined
    ? undefined
    : { kind: "joined", column, source, isMember: given.isMember };
}

import type { Column, PseudoColumn } from "../../catalog/catalog.js";
import type { Expression } from "../../syntax/expression.js";
import type { PlanEnvironment } from "../environment.js";
import { calendarPart, rangeOfParts } from "../predicate/calendar-parts.js";
import { isPseudoColumn } from "../predicate/conjunction.js";
import type { Predicate } from "../predicate/predicate.js";
import { columnsOfPredicate } from "../predicate/predicate.js";
import type { PredicateContext } from "../predicate/predicate-context.js";
import { predicateContext } from "../predicate/predicate-context.js";
import { readPredicates } from "../predicate/read-predicate.js";
import { boundedPredicate } from "./bounded-predicate.js";
import type { CarriedConditions } from "./carried-conditions.js";
import type { CommonTables } from "./column-origin.js";
import { resolverFor } from "./column-resolver.js";
import { rejectMistypedComparisons } from "./comparison-type.js";
import { computedPredicate } from "./computed-predicate.js";
import type { PlacedConjunct } from "./join-tree.js";
import type { ConjunctContext } from "./joined-predicate.js";
import { carriedJoin, joinedPredicate } from "./joined-predicate.js";
import type { RelationTarget } from "./relation.js";
import type { Scope, TableSource } from "./scope.js";

/** What the conjuncts that a block places at a table say of its rows. Errors: 22P02 and 42804 for values. */
export function predicatesOf(
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
  const contextOf = ({ visible }: PlacedConjunct): PredicateContext => {
    const columnOf = (name: string): Column | PseudoColumn | undefined => columnNamed(source.target, name);
    return predicateContext(environment, {
      resolve: resolverFor(source, scope, visible),
      typeOf: (name) => columnOf(name)?.type,
      // Beside others a row may be one of NULLs, of an outer join.
      isNullable: (name) => {
        const column = visible.length === 1 ? columnOf(name) : undefined;
        return column?.kind !== "column" || column.nullable;
      },
    });
  };
  const parts = conjuncts.flatMap((conjunct) => calendarPart(conjunct.expression, contextOf(conjunct)) ?? []);
  const read = conjuncts.flatMap((conjunct) => {
    const { expression, visible } = conjunct;
    const within = contextOf(conjunct);
    const { resolve } = within;
    const context = { source, scope, visible, ctes, environment, resolve };
    const condition = carried.joined(expression);
    if (condition !== undefined) return carriedJoin(condition, context) ?? [];
    // PostgreSQL has judged a text of its own, and reads more as a time or a truth value.
    if (environment.dialect === "duckdb") rejectMistypedComparisons(expression, source.target, resolve, environment);
    const told = toldPredicates(expression, context, carried);
    if (told.length > 0) return told;
    const predicates = readPredicates(expression, within);
    // Without it the value that the request put there is compared: with it the request would have to be another.
    return carried.has(expression) ? predicates.filter((one) => !namesPseudoColumn(one, source.target)) : predicates;
  });
  const [first] = conjuncts;
  return first === undefined || parts.length < 2 ? read : [...read, ...rangeOfParts(parts, contextOf(first))];
}

/** What values of other relations say of the table's rows. */
function toldPredicates(
  expression: Expression,
  context: ConjunctContext,
  carried: CarriedConditions,
): readonly Predicate[] {
  // What is carried names what the block around does, where a subquery may mean other common tables by it.
  const bounded = carried.has(expression) ? undefined : boundedPredicate(expression, context);
  const told = [joinedPredicate(expression, context), computedPredicate(expression, context), bounded];
  return told.filter((predicate) => predicate !== undefined);
}

function namesPseudoColumn(predicate: Predicate, target: RelationTarget): boolean {
  const names = columnsOfPredicate(predicate);
  return target.kind === "table" && names.some((name) => isPseudoColumn(target.table, name));
}

function columnNamed(target: RelationTarget, name: string): Column | PseudoColumn | undefined {
  if (target.kind !== "table") return undefined;
  const { columns, pseudoColumns } = target.table;
  return [...columns, ...pseudoColumns].find((column) => column.name === name);
}

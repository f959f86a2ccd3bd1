import type { SqlType } from "../../value/sql-type.js";
import type { PlanEnvironment } from "../environment.js";
import { isPseudoColumn } from "../predicate/conjunction.js";
import type { Predicate } from "../predicate/predicate.js";
import { columnsOfPredicate } from "../predicate/predicate.js";
import { predicateContext } from "../predicate/predicate-context.js";
import { readPredicates } from "../predicate/read-predicate.js";
import type { CarriedConditions } from "./carried-conditions.js";
import type { CommonTables } from "./column-origin.js";
import { resolverFor } from "./column-resolver.js";
import { rejectMistypedComparisons } from "./comparison-type.js";
import type { PlacedConjunct } from "./join-tree.js";
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

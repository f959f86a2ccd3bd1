import type { PseudoColumn, Table } from "../../catalog/catalog.js";
import { SqlState } from "../../error/sql-state.js";
import { StripeSqlError } from "../../error/stripe-sql-error.js";
import type { AccessAnswer } from "../access/candidate.js";
import type { PlanEnvironment } from "../environment.js";
import type { BoundTable, PseudoRead } from "../names/bound-query.js";
import type { Predicate } from "../predicate/predicate.js";
import { accessesOf } from "../scan/scan.js";

/**
 * A filter that is no column has no value in Stripe's objects. What the scan puts there makes the statement's own
 * condition hold; as a value of the row it is right only where the condition says that it is that one.
 */
export function rejectPseudoReads(
  { target, predicates, pseudoReads }: BoundTable,
  { scan }: Pick<AccessAnswer, "scan">,
  environment: PlanEnvironment,
): void {
  if (target.kind !== "table") return;
  const bound = new Set(accessesOf(scan).flatMap(({ bindings }) => bindings.map(({ column }) => column)));
  const read = pseudoReads.find(({ column: { name } }) => !bound.has(name) && !isGiven(name, predicates));
  if (read !== undefined) throw noValue(read, target.table, environment);
}

function isGiven(column: string, predicates: readonly Predicate[]): boolean {
  return predicates.some(
    (predicate) =>
      (predicate.kind === "compare" && predicate.operator === "=" && predicate.column === column) ||
      (predicate.kind === "any-of" && predicate.values.length === 1 && predicate.column === column),
  );
}

function noValue({ column, position }: PseudoRead, table: Table, environment: PlanEnvironment): StripeSqlError {
  return new StripeSqlError(`column "${column.name}" of "${table.name}" has no value to read`, {
    sqlState: SqlState.featureNotSupported,
    phase: "plan",
    detail: `"${column.name}" is a filter of Stripe's list, not a field of its rows.`,
    hint: wayOut(column, table, environment),
    position,
  });
}

/** Rows that belong to the table's may have the field: those of SubscriptionItem `CurrentPeriodEnd`. */
function wayOut({ name }: PseudoColumn, table: Table, { catalog }: PlanEnvironment): string {
  const holder = catalog
    .tables()
    .find(
      ({ schema, columns }) =>
        schema === table.schema &&
        columns.some((column) => column.name === name) &&
        columns.some(({ references }) => references === table.name),
    );
  return holder === undefined
    ? `Use it as a condition of WHERE alone; where that is ${name} = '…', it has that value.`
    : `Use it as a condition of WHERE alone, or read "${name}" of "${holder.name}".`;
}

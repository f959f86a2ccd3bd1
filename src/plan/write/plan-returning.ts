import { SqlState } from "../../error/sql-state.js";
import { StripeSqlError } from "../../error/stripe-sql-error.js";
import type { SqlText } from "../../syntax/sql-text.js";
import { composeSql } from "../../syntax/sql-text.js";
import type { Returning, TableName, WriteSource } from "../../syntax/statement.js";
import { columnNodes } from "../../syntax/walk-expression.js";
import type { PlanEnvironment } from "../environment.js";
import { planSelect } from "../select/plan-select.js";
import type { SelectPlan } from "../select/select-plan.js";
import { scanRelations } from "../select/select-plan.js";
import { composeSelect, fromTable } from "./compose-query.js";
import { targetName } from "./target-items.js";

/** RETURNING runs as a SELECT over the objects as Stripe gave them back; its relation is filled by the write. */
export function planReturning(
  statement: {
    readonly table: TableName;
    readonly alias: string | undefined;
    readonly returning: Returning | undefined;
    readonly source?: WriteSource | undefined;
  },
  environment: PlanEnvironment,
): SelectPlan | undefined {
  const { table, alias, returning } = statement;
  if (returning === undefined) return undefined;
  if (statement.source !== undefined) rejectOtherColumns(returning, targetName(statement));
  const { sql, query } = composeSelect({
    items: returning.items,
    list: returning.sql,
    from: fromTable(table, alias),
    where: undefined,
  });
  const mentioned = parametersMentioned(returning.sql, environment);
  const plan = planSelect({ sql: composeSql([sql, mentioned]), query }, { ...environment, directWay: true });
  rejectOtherRelations(plan, table.name, returning);
  return plan;
}

/** Every relation is filled with what the write gave back: another table's rows would be these. */
function rejectOtherRelations(plan: SelectPlan, target: string, { position }: Returning): void {
  const other = scanRelations(plan).find(({ name }) => name.toLowerCase() !== target.toLowerCase());
  if (other === undefined) return;
  throw new StripeSqlError(`RETURNING reads the written objects, not "${other.name}"`, {
    sqlState: SqlState.featureNotSupported,
    phase: "plan",
    hint: "Read the other table in a statement of its own, or keep its rows by CREATE TEMP TABLE … AS before.",
    position,
  });
}

/** What was written is all that there is when RETURNING runs. */
function rejectOtherColumns({ items, position }: Returning, called: string): void {
  const other = items
    .flatMap(({ expression }) => columnNodes(expression))
    .find(({ table }) => table !== undefined && table.toLowerCase() !== called.toLowerCase());
  if (other === undefined) return;
  throw new StripeSqlError(`RETURNING of "${other.table}" is not supported`, {
    sqlState: SqlState.featureNotSupported,
    phase: "plan",
    position: other.position ?? position,
    hint: `It gives the objects of "${called}" as Stripe answered them.`,
  });
}

/**
 * DuckDB binds no `$2` in a text without `$1`, and the earlier parameters stand in the statement's other
 * parts: so all are mentioned, in conditions that are always true.
 */
function parametersMentioned({ sql }: SqlText, { constants }: PlanEnvironment): string {
  if (!/\$\d/.test(sql)) return "";
  return ` WHERE ${constants.parameters.map((_, index) => `($${index + 1} IS NULL) IS NOT NULL`).join(" AND ")}`;
}

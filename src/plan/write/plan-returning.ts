import type { SqlText } from "../../syntax/sql-text.js";
import { composeSql } from "../../syntax/sql-text.js";
import type { Returning, TableName } from "../../syntax/statement.js";
import type { PlanEnvironment } from "../environment.js";
import { planSelect } from "../select/plan-select.js";
import type { SelectPlan } from "../select/select-plan.js";
import { composeSelect } from "./compose-query.js";

/** RETURNING runs as a SELECT over the objects as Stripe gave them back; its relation is filled by the write. */
export function planReturning(
  statement: {
    readonly table: TableName;
    readonly alias: string | undefined;
    readonly returning: Returning | undefined;
  },
  environment: PlanEnvironment,
): SelectPlan | undefined {
  const { table, alias, returning } = statement;
  if (returning === undefined) return undefined;
  const { sql, query } = composeSelect({ items: returning.items, list: returning.sql, table, alias, where: undefined });
  const mentioned = parametersMentioned(returning.sql, environment);
  return planSelect({ sql: composeSql([sql, mentioned]), query }, { ...environment, directWay: true });
}

/**
 * DuckDB binds no `$2` in a text without `$1`, and the earlier parameters stand in the statement's other
 * parts: so all are mentioned, in conditions that are always true.
 */
function parametersMentioned({ sql }: SqlText, { constants }: PlanEnvironment): string {
  if (!/\$\d/.test(sql)) return "";
  return ` WHERE ${constants.parameters.map((_, index) => `($${index + 1} IS NULL) IS NOT NULL`).join(" AND ")}`;
}

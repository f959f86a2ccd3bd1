import { SqlState } from "../../error/sql-state.js";
import { StripeSqlError } from "../../error/stripe-sql-error.js";
import { describeSelect } from "../../execute/select/describe-select.js";
import type { StatementContext } from "../../execute/statement-context.js";
import type { PlanEnvironment } from "../../plan/environment.js";
import { planSelect } from "../../plan/select/plan-select.js";
import type { CreateViewStatement, ViewStatement } from "../../syntax/statement.js";
import type { SessionViews } from "./session-views.js";

export interface ViewParts {
  readonly environment: PlanEnvironment;
  readonly context: StatementContext;
  readonly views: SessionViews;
}

/** CREATE TEMP VIEW and DROP VIEW. No request is sent: a view's query is known to be sound before it has a name. */
export async function runViewStatement(statement: ViewStatement, parts: ViewParts): Promise<void> {
  if (statement.kind === "drop-view") {
    parts.views.drop(statement.name, statement.isOptional);
    return;
  }
  const { name, replaces, sql, select } = statement;
  requireFreeName(statement, parts.environment);
  const { columns } = await describeSelect(planSelect(select, parts.environment), parts.context, []);
  parts.views.create({ name: name.name, sql, columns: columns ?? [] }, { position: name.position, replaces });
}

/** A view hides no table: whoever reads it would not see that it is another's rows. */
function requireFreeName({ name }: CreateViewStatement, { catalog, systemTables }: PlanEnvironment): void {
  const { name: given, schema, position } = name;
  if (schema !== undefined) throw nameFailure(`a view stands in no schema`, position);
  const isSystem = systemTables.some((table) => table.name.toLowerCase() === given.toLowerCase());
  const table = catalog.findTable(given)?.table;
  if (isSystem || table !== undefined) throw nameFailure(`"${given}" is a table's name`, position);
}

function nameFailure(message: string, position: number): StripeSqlError {
  return new StripeSqlError(message, {
    sqlState: SqlState.duplicateTable,
    phase: "plan",
    hint: "Give the view a name that no table has; SHOW TABLES lists them.",
    position,
  });
}

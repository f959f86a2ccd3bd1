import { SqlState } from "../../error/sql-state.js";
import { StripeSqlError } from "../../error/stripe-sql-error.js";
import type { PlanEnvironment } from "../../plan/environment.js";
import type { TableName } from "../../syntax/statement.js";
import type { SessionTempTables } from "../temp-tables/session-temp-tables.js";
import type { SessionViews } from "./session-views.js";

export interface KnownNames {
  readonly environment: PlanEnvironment;
  readonly views: SessionViews;
  readonly tempTables: SessionTempTables;
}

/** A view or a temp table hides no other relation: whoever reads it would not see that these are other rows. */
export function requireFreeName(
  name: TableName,
  what: "view" | "temp table",
  { environment: { catalog, systemTables }, views, tempTables }: KnownNames,
): void {
  const { name: given, schema, position } = name;
  if (schema !== undefined) throw nameFailure(`a ${what} stands in no schema`, what, position);
  const isSystem = systemTables.some((table) => table.name.toLowerCase() === given.toLowerCase());
  if (isSystem || catalog.findTable(given) !== undefined)
    throw nameFailure(`"${given}" is a table's name`, what, position);
  if (what === "view" && tempTables.find(name) !== undefined)
    throw nameFailure(`"${given}" is a temp table's name`, what, position);
  if (what === "temp table" && views.find(name) !== undefined)
    throw nameFailure(`"${given}" is a view's name`, what, position);
}

function nameFailure(message: string, what: string, position: number): StripeSqlError {
  return new StripeSqlError(message, {
    sqlState: SqlState.duplicateTable,
    phase: "plan",
    hint: `Give the ${what} a name that no other table has; SHOW TABLES lists them.`,
    position,
  });
}

import type { Table } from "../catalog/catalog.js";
import { SqlState } from "../error/sql-state.js";
import { StripeSqlError } from "../error/stripe-sql-error.js";
import { entityName } from "./entity-table.js";

export function missingEntity(table: Table, entityId: string): StripeSqlError {
  return new StripeSqlError(`${entityName(table)} "${entityId}" does not exist`, {
    sqlState: SqlState.noData,
    phase: "execute",
  });
}

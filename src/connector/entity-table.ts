import type { Catalog, Table } from "../catalog/catalog.js";
import { SqlState } from "../error/sql-state.js";
import { StripeSqlError } from "../error/stripe-sql-error.js";
import { didYouMean } from "../error/suggestion.js";
import { quoteName } from "../value/quote.js";
import type { Operation } from "./connector.js";

/** The name that an entity goes by: its table's, "v2.Account" for one of API v2. */
export function entityName({ schema, name }: Pick<Table, "schema" | "name">): string {
  return schema === "v2" ? `v2.${name}` : name;
}

/** The table of an entity; 42P01 where there is none of the name. */
export function entityTable(name: string, catalog: Catalog): Table {
  const [, schema, table = ""] = /^(?:([^.]*)\.)?([^.]*)$/.exec(name) ?? [];
  const match = catalog.findTable(table, schema);
  if (match !== undefined) return match.table;
  throw new StripeSqlError(`entity "${name}" does not exist`, {
    sqlState: SqlState.undefinedTable,
    phase: "plan",
    hint: didYouMean(name, catalog.tableNames().map(entityName)) ?? "List the entity types to see them all.",
  });
}

/** What can be done with an entity: what Stripe has calls for. */
export function operationsOf(table: Table): readonly Operation[] {
  const has: Readonly<Record<Operation, boolean>> = {
    LIST: table.lists.length > 0,
    GET: table.retrieve !== undefined && table.primaryKey !== undefined,
    CREATE: table.create !== undefined,
    UPDATE: table.update !== undefined,
    DELETE: table.delete !== undefined,
  };
  return operations.filter((operation) => has[operation]);
}

const operations: readonly Operation[] = ["LIST", "GET", "CREATE", "UPDATE", "DELETE"];

/** Refuses what Stripe has no call for, with SQLSTATE 0A000. */
export function requireOperation(table: Table, operation: Operation): void {
  const offered = operationsOf(table);
  if (offered.includes(operation)) return;
  throw new StripeSqlError(`entity ${entityName(table)} has no operation ${operation}`, {
    sqlState: SqlState.featureNotSupported,
    phase: "plan",
    detail: `Its operations are ${offered.join(", ")}.`,
  });
}

/** The column that an entity's id stands in. */
export function keyColumn(table: Table): string {
  if (table.primaryKey !== undefined) return table.primaryKey;
  throw new StripeSqlError(`entity ${entityName(table)} has no id`, {
    sqlState: SqlState.featureNotSupported,
    phase: "plan",
    hint: "List it instead.",
  });
}

/** The table as a statement names it. */
export function tableSql({ schema, name }: Table): string {
  return `${quoteName(schema)}.${quoteName(name)}`;
}

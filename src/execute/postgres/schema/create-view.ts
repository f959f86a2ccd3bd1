import type { Column, Table } from "../../../catalog/catalog.js";
import { quoteName } from "../../../value/quote.js";
import { comment, visibleColumns } from "./create-table.js";
import { columnName, keptName, relationName } from "./kept-name.js";

/** The schema of the views; on the search path of statements that use those names. */
export const viewSchema = "sql";

/**
 * A table by its names in SQL: `SELECT AmountReceived FROM PaymentIntent` is read as `amountreceived` and `paymentintent`.
 * A schema of their own keeps them out of the lists of tables; whoever runs a statement that names tables so adds it to the
 * search path. The tables of API v2 are named with their schema, which
 * a view elsewhere would not answer to.
 */
export function createView(table: Table): readonly string[] {
  if (table.schema !== "stripe") return [];
  return [
    `CREATE VIEW ${viewOver(table, [])}`,
    ...comment(`VIEW ${viewName(table)}`, `The table ${table.schema}.${table.stripePlural}, by its names in SQL.`),
  ];
}

/** Has the view of a table show columns that the table was given as well: all that it was. */
export function widenView(table: Table, added: readonly NamedColumn[]): readonly string[] {
  return table.schema === "stripe" ? [`CREATE OR REPLACE VIEW ${viewOver(table, added)}`] : [];
}

type NamedColumn = Pick<Column, "name" | "stripeName">;

function viewOver(table: Table, added: readonly NamedColumn[]): string {
  const columns = [...visibleColumns(table), ...added].map(
    (column) => `${columnName(column)} AS ${foldedName(column.name)}`,
  );
  return `${viewName(table)} AS SELECT ${columns.join(", ")} FROM ${relationName(table)}`;
}

function viewName({ name }: Table): string {
  return `${quoteName(viewSchema)}.${foldedName(name)}`;
}

function foldedName(name: string): string {
  return quoteName(keptName(name.toLowerCase()));
}

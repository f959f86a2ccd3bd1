import type { Catalog, Column, PseudoColumn, Table } from "../../../catalog/catalog.js";
import { quoteName, quoteText } from "../../../value/quote.js";
import { columnTypes } from "./column-type.js";
import { columnName, keptName, relationName } from "./kept-name.js";
import { keyColumns, tableReferences } from "./table-keys.js";

/** The columns that `*` means. Hidden and pseudo-columns are added to a table for the statements that name them. */
export function visibleColumns(table: Table): readonly Column[] {
  return table.columns.filter(({ hidden }) => !hidden);
}

/**
 * The table with its columns and key. Only a key's columns are NOT NULL: of the others the declarations tell what Stripe
 * gives today, and a row of another API version is to be loaded all the same.
 */
export function createTable(table: Table): readonly string[] {
  const columns = visibleColumns(table).map((column) => `${columnName(column)} ${columnTypes[column.type]}`);
  const key = keyColumns(table);
  const constraint =
    key.length === 0
      ? []
      : [
          `CONSTRAINT ${quoteName(keptName(`${table.stripePlural}_pkey`))} PRIMARY KEY (${key.map(columnName).join(", ")})`,
        ];
  const relation = relationName(table);
  return [
    `CREATE TABLE ${relation} (${[...columns, ...constraint].join(", ")})`,
    ...comment(`TABLE ${relation}`, tableComment(table)),
    ...visibleColumns(table).flatMap((column) =>
      comment(`COLUMN ${relation}.${columnName(column)}`, columnComment(column)),
    ),
  ];
}

/**
 * References to other tables, once all are there. They are not enforced: a statement fills the tables that it names, with
 * the rows that it needs. Tools read them like any other.
 */
export function createReferences(table: Table, catalog: Catalog): readonly string[] {
  return tableReferences(table, catalog).map(({ column, referenced, key }) => {
    const name = quoteName(keptName(`${table.stripePlural}_${column.stripeName}_fkey`));
    const target = `${relationName(referenced)} (${columnName(key)})`;
    return `ALTER TABLE ${relationName(table)} ADD CONSTRAINT ${name} FOREIGN KEY (${columnName(column)}) REFERENCES ${target} NOT ENFORCED`;
  });
}

export function comment(object: string, text: string): readonly string[] {
  return text === "" ? [] : [`COMMENT ON ${object} IS ${quoteText(text)}`];
}

function tableComment({ description, pseudoColumns }: Table): string {
  const filters = pseudoColumns.map((column) => `- ${column.stripeName}: ${columnComment(column)}`);
  return [description, ...(filters.length === 0 ? [] : ["In WHERE only:", ...filters])].join("\n").trim();
}

/** The description, and the values that the SDK knows. */
export function columnComment({
  description,
  enumValues,
}: Pick<Column | PseudoColumn, "description" | "enumValues">): string {
  const values = enumValues === undefined ? "" : `One of ${enumValues.join(", ")}.`;
  return [description, values].filter((text) => text !== "").join("\n");
}

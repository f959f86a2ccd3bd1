import type { Catalog, Table } from "./catalog.js";

/** The name of the database that all tables belong to. */
export const databaseName = "stripe";

export interface ForeignKey {
  readonly name: string;
  readonly table: Table;
  readonly column: string;
  readonly referenced: Table;
  readonly referencedColumn: string;
}

/** Columns that hold the key of one other table's row. */
export function foreignKeys(catalog: Catalog): readonly ForeignKey[] {
  return catalog.tables().flatMap((table) =>
    table.columns.flatMap((column) => {
      if (column.references === undefined) return [];
      const referenced = catalog.findTable(column.references, table.schema)?.table;
      if (referenced?.primaryKey === undefined) return [];
      const name = `${table.name}_${column.name}_fkey`;
      return [{ name, table, column: column.name, referenced, referencedColumn: referenced.primaryKey }];
    }),
  );
}

export interface PrimaryKey {
  readonly name: string;
  readonly table: Table;
  readonly column: string;
}

export function primaryKeys(catalog: Catalog): readonly PrimaryKey[] {
  return catalog
    .tables()
    .flatMap((table) =>
      table.primaryKey === undefined ? [] : [{ name: primaryKeyName(table), table, column: table.primaryKey }],
    );
}

export function primaryKeyName(table: Table): string {
  return `${table.name}_pkey`;
}

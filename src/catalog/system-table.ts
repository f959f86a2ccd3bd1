import type { SqlType } from "../value/sql-type.js";

export type SystemValue = string | number | boolean | null;

/** A table of metadata, whose rows are at hand. */
export interface SystemTable {
  /** "information_schema", or undefined for the sys_ tables. */
  readonly schema: string | undefined;
  readonly name: string;
  readonly columns: readonly { readonly name: string; readonly type: SqlType }[];
  rows(): readonly (readonly SystemValue[])[];
}

/** Columns by name, in order: { TableName: "VARCHAR", … }. */
export type SystemColumns = Readonly<Record<string, SqlType>>;

/** The row as an object by column name; a column that it leaves out is NULL. */
export type SystemRow<Columns> = { readonly [Name in keyof Columns]?: SystemValue };

export interface SystemTableDefinition<Columns extends SystemColumns> {
  readonly schema?: string;
  readonly name: string;
  readonly columns: Columns;
  readonly rows: () => readonly SystemRow<Columns>[];
}

/** Rows are made when first asked for, and kept. */
export function systemTable<Columns extends SystemColumns>(definition: SystemTableDefinition<Columns>): SystemTable {
  const names = Object.keys(definition.columns);
  let rows: readonly (readonly SystemValue[])[] | undefined;
  return {
    schema: definition.schema,
    name: definition.name,
    columns: Object.entries(definition.columns).map(([name, type]) => ({ name, type })),
    rows() {
      rows ??= definition.rows().map((row) => names.map((name) => row[name] ?? null));
      return rows;
    },
  };
}

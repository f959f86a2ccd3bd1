import type { Catalog, Column, Table } from "../../../catalog/catalog.js";

/** A column that holds the key of one other table's row. */
export interface TableReference {
  readonly column: Column;
  readonly referenced: Table;
  readonly key: Column;
}

/**
 * The columns that tell rows apart, where none of them may be NULL: a primary key takes no row without them. Empty
 * where there is no such key.
 */
export function keyColumns(table: Table): readonly Column[] {
  const columns = table.identity.map((name) => columnNamed(table, name));
  return columns.every(isNeverNull) ? columns.filter(isNeverNull) : [];
}

function isNeverNull(column: Column | undefined): column is Column {
  return column !== undefined && !column.nullable;
}

/**
 * What a table's columns refer to: by their declaration, and the parents of nested lists. PostgreSQL wants a key of that
 * one column there, which rows that are told apart by their parent too do not have.
 */
export function tableReferences(table: Table, catalog: Catalog): readonly TableReference[] {
  const declared = table.columns.map(({ name, references }) => ({ name, target: references }));
  const parents = table.lists.flatMap((list) =>
    list.parents.map(({ column, table: target }) => ({ name: column, target })),
  );
  const found = new Map<string, TableReference>();
  for (const { name, target } of [...declared, ...parents]) {
    const column = columnNamed(table, name);
    const referenced = target === undefined ? undefined : catalog.findTable(target, table.schema)?.table;
    if (column === undefined || referenced === undefined || found.has(name)) continue;
    const [key, ...further] = keyColumns(referenced);
    if (key?.type === column.type && further.length === 0) found.set(name, { column, referenced, key });
  }
  return [...found.values()];
}

function columnNamed(table: Table, name: string): Column | undefined {
  return table.columns.find((column) => column.name === name);
}

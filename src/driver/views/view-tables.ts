import type { SystemTable, SystemValue } from "../../catalog/system-table.js";
import { printDataType } from "../../value/data-type.js";
import type { SessionView } from "./session-views.js";

/** Tables of metadata with rows for a session's views as well. */
export function withViewRows(tables: readonly SystemTable[], views: readonly SessionView[]): readonly SystemTable[] {
  if (views.length === 0) return tables;
  return tables.map((table) => {
    const rowsOf = viewRows[`${table.schema ?? ""}.${table.name}`];
    if (rowsOf === undefined) return table;
    const added = views.flatMap((view) => rowsOf(view));
    const tuples = added.map((row) => table.columns.map(({ name }) => row[name] ?? null));
    return { ...table, rows: () => [...table.rows(), ...tuples] };
  });
}

type Row = Readonly<Record<string, SystemValue>>;

/** Of a view, by the table's name. What is not said is NULL. */
const viewRows: Readonly<Record<string, (view: SessionView) => readonly Row[]>> = {
  ".sys_tables": ({ name }) => [
    {
      ...{ TableName: name, TableType: "VIEW", Description: "A view of this session's." },
      ...{ IsUpdateable: false, IsInsertable: false, IsDeletable: false },
    },
  ],
  ".sys_tablecolumns": (view) =>
    view.columns.map(({ name, type }, index) => ({
      ...{ TableName: view.name, ColumnName: name, DataTypeName: printDataType(type), Ordinal: index + 1 },
    })),
  "information_schema.tables": ({ name }) => [
    { table_name: name, table_type: "LOCAL TEMPORARY VIEW", is_insertable_into: "NO" },
  ],
  "information_schema.views": ({ name, sql }) => [
    { table_name: name, view_definition: sql, check_option: "NONE", is_updatable: "NO", is_insertable_into: "NO" },
  ],
  "information_schema.columns": (view) =>
    view.columns.map(({ name, type }, index) => ({
      ...{ table_name: view.name, column_name: name, ordinal_position: index + 1 },
      ...{ is_nullable: "YES", data_type: printDataType(type), is_updatable: "NO" },
    })),
};

import type { SystemTable, SystemValue } from "../../catalog/system-table.js";
import type { DataType } from "../../value/data-type.js";
import { printDataType } from "../../value/data-type.js";
import type { SessionTempTables } from "../temp-tables/session-temp-tables.js";
import type { SessionViews } from "./session-views.js";

interface SessionRelations {
  readonly views: SessionViews;
  readonly tempTables: SessionTempTables;
}

/** Tables of metadata with rows for a session's views and temp tables as well. */
export function withSessionRows(
  tables: readonly SystemTable[],
  { views, tempTables }: SessionRelations,
): readonly SystemTable[] {
  const relations = [
    ...views.all.map(({ name, columns, sql, isKept }) => ({
      name,
      columns,
      sql,
      ...(isKept ? keptViewTypes : viewTypes),
    })),
    ...tempTables.all.map(({ name, columns }) => ({ name, columns, sql: undefined, ...tempTableTypes })),
  ];
  if (relations.length === 0) return tables;
  return tables.map((table) => {
    const rowsOf = relationRows[`${table.schema ?? ""}.${table.name}`];
    if (rowsOf === undefined) return table;
    const added = relations.flatMap((relation) => rowsOf(relation));
    const tuples = added.map((row) => table.columns.map(({ name }) => row[name] ?? null));
    return { ...table, rows: () => [...table.rows(), ...tuples] };
  });
}

interface SessionRelation {
  readonly name: string;
  readonly columns: readonly { readonly name: string; readonly type: DataType }[];
  /** A view's query. */
  readonly sql: string | undefined;
  /** As sys_tables tells it. */
  readonly type: string;
  /** As information_schema.tables does. */
  readonly standardType: string;
  readonly description: string;
}

const viewTypes = {
  type: "VIEW",
  standardType: "LOCAL TEMPORARY VIEW",
  description: "A view of this session's.",
} as const;

const keptViewTypes = { type: "VIEW", standardType: "VIEW", description: "A kept view." } as const;

const tempTableTypes = {
  type: "TEMP TABLE",
  standardType: "LOCAL TEMPORARY",
  description: "A temp table of this session's.",
} as const;

type Row = Readonly<Record<string, SystemValue>>;

/** Of a view or a temp table, by the table's name. What is not said is NULL. */
const relationRows: Readonly<Record<string, (relation: SessionRelation) => readonly Row[]>> = {
  ".sys_tables": ({ name, type, description }) => [
    {
      ...{ TableName: name, TableType: type, Description: description },
      ...{ IsUpdateable: false, IsInsertable: false, IsDeletable: false },
    },
  ],
  ".sys_tablecolumns": (view) =>
    view.columns.map(({ name, type }, index) => ({
      ...{ TableName: view.name, ColumnName: name, DataTypeName: printDataType(type), Ordinal: index + 1 },
    })),
  "information_schema.tables": ({ name, standardType }) => [
    { table_name: name, table_type: standardType, is_insertable_into: "NO" },
  ],
  "information_schema.views": ({ name, sql }) =>
    sql === undefined
      ? []
      : [
          {
            table_name: name,
            view_definition: sql,
            check_option: "NONE",
            is_updatable: "NO",
            is_insertable_into: "NO",
          },
        ],
  "information_schema.columns": (view) =>
    view.columns.map(({ name, type }, index) => ({
      ...{ table_name: view.name, column_name: name, ordinal_position: index + 1 },
      ...{ is_nullable: "YES", data_type: printDataType(type), is_updatable: "NO" },
    })),
};

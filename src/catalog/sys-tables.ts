import type { SqlType } from "../value/sql-type.js";
import type { BuiltInColumn, BuiltInView } from "./built-in-view.js";
import type { Catalog, Column, Parameter, Procedure, PseudoColumn, Table } from "./catalog.js";
import { databaseName, foreignKeys, primaryKeyName, primaryKeys } from "./foreign-key.js";
import { metrics } from "./metrics/metrics.js";
import type { SystemTable } from "./system-table.js";
import { systemTable } from "./system-table.js";
import { typeFacts } from "./type-facts.js";

/** The metadata tables that drivers for services of this kind share: sys_tables, sys_tablecolumns and so on. */
export function sysTables(catalog: Catalog): readonly SystemTable[] {
  return [
    tablesTable(catalog),
    tableColumnsTable(catalog),
    proceduresTable(catalog),
    procedureParametersTable(catalog),
    primaryKeysTable(catalog),
    foreignKeysTable(catalog),
  ];
}

const tableColumns = { CatalogName: "VARCHAR", SchemaName: "VARCHAR", TableName: "VARCHAR" } as const;

function tableRow(table: { readonly schema: string; readonly name: string }): {
  readonly CatalogName: string;
  readonly SchemaName: string;
  readonly TableName: string;
} {
  return { CatalogName: databaseName, SchemaName: table.schema, TableName: table.name };
}

function tablesTable(catalog: Catalog): SystemTable {
  return systemTable({
    name: "sys_tables",
    columns: {
      ...tableColumns,
      TableType: "VARCHAR",
      Description: "VARCHAR",
      IsUpdateable: "BOOLEAN",
      IsInsertable: "BOOLEAN",
      IsDeletable: "BOOLEAN",
    },
    rows: () => [
      ...catalog.tables().map((table) => ({
        ...tableRow(table),
        TableType: isWritable(table) ? "TABLE" : "VIEW",
        Description: table.description,
        IsUpdateable: table.update !== undefined,
        IsInsertable: table.create !== undefined,
        IsDeletable: table.delete !== undefined,
      })),
      ...metrics.map((view) => ({
        ...tableRow(view),
        TableType: "VIEW",
        Description: [view.description, ...view.sources].join("\n"),
        ...{ IsUpdateable: false, IsInsertable: false, IsDeletable: false },
      })),
    ],
  });
}

function isWritable(table: Table): boolean {
  return table.create !== undefined || table.update !== undefined || table.delete !== undefined;
}

const typeColumns = {
  DataTypeName: "VARCHAR",
  DataType: "BIGINT",
  Length: "BIGINT",
  NumericPrecision: "BIGINT",
  NumericScale: "BIGINT",
} as const;

/** Length is NULL: Stripe's texts have no common limit. */
function typeRow(type: SqlType): {
  readonly DataTypeName: string;
  readonly DataType: number;
  readonly NumericPrecision: number | null;
  readonly NumericScale: number | null;
} {
  const { jdbcCode, precision, scale } = typeFacts(type);
  return { DataTypeName: type, DataType: jdbcCode, NumericPrecision: precision, NumericScale: scale };
}

function tableColumnsTable(catalog: Catalog): SystemTable {
  return systemTable({
    name: "sys_tablecolumns",
    columns: {
      ...tableColumns,
      ColumnName: "VARCHAR",
      ...typeColumns,
      IsNullable: "BOOLEAN",
      Description: "VARCHAR",
      Ordinal: "BIGINT",
      IsHidden: "BOOLEAN",
      IsReadOnly: "BOOLEAN",
      IsKey: "BOOLEAN",
      ColumnType: "VARCHAR",
      Values: "VARCHAR",
    },
    rows: () => [
      ...catalog
        .tables()
        .flatMap((table) => [
          ...table.columns.map((column, index) => columnRow(table, column, index + 1)),
          ...table.pseudoColumns.map((column, index) =>
            pseudoColumnRow(table, column, table.columns.length + index + 1),
          ),
        ]),
      ...metrics.flatMap((view) => view.columns.map((column, index) => viewColumnRow(view, column, index + 1))),
    ],
  });
}

function viewColumnRow(view: BuiltInView, { name, type, description }: BuiltInColumn, ordinal: number) {
  return {
    ...tableRow(view),
    ColumnName: name,
    ...typeRow(type),
    Description: description,
    Ordinal: ordinal,
    ...{ IsNullable: true, IsHidden: false, IsReadOnly: true, IsKey: false, ColumnType: "COLUMN" },
  };
}

function columnRow(table: Table, column: Column, ordinal: number) {
  return {
    ...tableRow(table),
    ColumnName: column.name,
    ...typeRow(column.type),
    IsNullable: column.nullable,
    Description: column.description,
    Ordinal: ordinal,
    IsHidden: column.hidden,
    IsReadOnly: !column.creatable && !column.updatable,
    IsKey: column.name === table.primaryKey,
    ColumnType: "COLUMN",
    Values: column.enumValues?.join(", ") ?? null,
  };
}

function pseudoColumnRow(table: Table, column: PseudoColumn, ordinal: number) {
  return {
    ...tableRow(table),
    ColumnName: column.name,
    ...typeRow(column.type),
    IsNullable: true,
    Description: column.description,
    Ordinal: ordinal,
    IsHidden: true,
    IsReadOnly: true,
    IsKey: false,
    ColumnType: "PSEUDO_COLUMN",
    Values: column.enumValues?.join(", ") ?? null,
  };
}

function proceduresTable(catalog: Catalog): SystemTable {
  return systemTable({
    name: "sys_procedures",
    columns: {
      CatalogName: "VARCHAR",
      SchemaName: "VARCHAR",
      ProcedureName: "VARCHAR",
      Description: "VARCHAR",
      IsReadOnly: "BOOLEAN",
    },
    rows: () =>
      catalog.procedures().map((procedure) => ({
        CatalogName: databaseName,
        SchemaName: databaseName,
        ProcedureName: procedure.name,
        Description: procedure.description,
        IsReadOnly: !procedure.writes,
      })),
  });
}

function procedureParametersTable(catalog: Catalog): SystemTable {
  return systemTable({
    name: "sys_procedureparameters",
    columns: {
      CatalogName: "VARCHAR",
      SchemaName: "VARCHAR",
      ProcedureName: "VARCHAR",
      ColumnName: "VARCHAR",
      Direction: "VARCHAR",
      ...typeColumns,
      IsRequired: "BOOLEAN",
      IsNullable: "BOOLEAN",
      Description: "VARCHAR",
      Ordinal: "BIGINT",
      Values: "VARCHAR",
    },
    rows: () =>
      catalog
        .procedures()
        .flatMap((procedure) => procedure.parameters.map((p, i) => parameterRow(procedure, p, i + 1))),
  });
}

/** A nested parameter is required only where the object around it is given, so it can be left out. */
function parameterRow(procedure: Procedure, parameter: Parameter, ordinal: number) {
  const isRequired = parameter.required && parameter.path.length === 1;
  return {
    CatalogName: databaseName,
    SchemaName: databaseName,
    ProcedureName: procedure.name,
    ColumnName: parameter.name,
    Direction: "IN",
    ...typeRow(parameter.type),
    IsRequired: isRequired,
    IsNullable: !isRequired,
    Description: parameter.description,
    Ordinal: ordinal,
    Values: parameter.enumValues?.join(", ") ?? null,
  };
}

function primaryKeysTable(catalog: Catalog): SystemTable {
  return systemTable({
    name: "sys_primarykeys",
    columns: { ...tableColumns, ColumnName: "VARCHAR", KeySeq: "BIGINT", KeyName: "VARCHAR" },
    rows: () =>
      primaryKeys(catalog).map(({ name, table, column }) => ({
        ...tableRow(table),
        ColumnName: column,
        KeySeq: 1,
        KeyName: name,
      })),
  });
}

function foreignKeysTable(catalog: Catalog): SystemTable {
  return systemTable({
    name: "sys_foreignkeys",
    columns: {
      ...tableColumns,
      ColumnName: "VARCHAR",
      PrimaryKeyName: "VARCHAR",
      ForeignKeyName: "VARCHAR",
      ReferencedCatalogName: "VARCHAR",
      ReferencedSchemaName: "VARCHAR",
      ReferencedTableName: "VARCHAR",
      ReferencedColumnName: "VARCHAR",
    },
    rows: () =>
      foreignKeys(catalog).map((key) => ({
        ...tableRow(key.table),
        ColumnName: key.column,
        PrimaryKeyName: primaryKeyName(key.referenced),
        ForeignKeyName: key.name,
        ReferencedCatalogName: databaseName,
        ReferencedSchemaName: key.referenced.schema,
        ReferencedTableName: key.referenced.name,
        ReferencedColumnName: key.referencedColumn,
      })),
  });
}

import type { Catalog, Column, Table } from "./catalog.js";
import { databaseName, foreignKeys, primaryKeyName, primaryKeys } from "./foreign-key.js";
import { metrics } from "./metrics/metrics.js";
import type { SystemTable } from "./system-table.js";
import { systemTable } from "./system-table.js";
import { typeFacts } from "./type-facts.js";

const schema = "information_schema";

/**
 * The information schema, with PostgreSQL's column names.
 * Source: https://www.postgresql.org/docs/current/information-schema.html
 */
export function informationSchema(catalog: Catalog): readonly SystemTable[] {
  return [
    schemata(catalog),
    tables(catalog),
    columns(catalog),
    views(),
    tableConstraints(catalog),
    keyColumnUsage(catalog),
    referentialConstraints(catalog),
    routines(catalog),
    parameters(catalog),
  ];
}

function schemata(catalog: Catalog): SystemTable {
  return systemTable({
    schema,
    name: "schemata",
    columns: { catalog_name: "VARCHAR", schema_name: "VARCHAR", schema_owner: "VARCHAR" },
    rows: () =>
      [...new Set([...catalog.tableNames(), ...metrics].map((table) => table.schema)), schema].map((name) => ({
        catalog_name: databaseName,
        schema_name: name,
        schema_owner: databaseName,
      })),
  });
}

const tableColumns = { table_catalog: "VARCHAR", table_schema: "VARCHAR", table_name: "VARCHAR" } as const;

function tableRow(table: { readonly schema: string; readonly name: string }): {
  readonly table_catalog: string;
  readonly table_schema: string;
  readonly table_name: string;
} {
  return { table_catalog: databaseName, table_schema: table.schema, table_name: table.name };
}

function tables(catalog: Catalog): SystemTable {
  return systemTable({
    schema,
    name: "tables",
    columns: { ...tableColumns, table_type: "VARCHAR", is_insertable_into: "VARCHAR" },
    rows: () => [
      ...catalog.tables().map((table) => ({
        ...tableRow(table),
        table_type: "BASE TABLE",
        is_insertable_into: yesOrNo(table.create !== undefined),
      })),
      ...metrics.map((view) => ({ ...tableRow(view), table_type: "VIEW", is_insertable_into: "NO" })),
    ],
  });
}

function views(): SystemTable {
  return systemTable({
    schema,
    name: "views",
    columns: {
      ...tableColumns,
      view_definition: "VARCHAR",
      check_option: "VARCHAR",
      is_updatable: "VARCHAR",
      is_insertable_into: "VARCHAR",
    },
    rows: () =>
      metrics.map((view) => ({
        ...tableRow(view),
        view_definition: view.sql,
        ...{ check_option: "NONE", is_updatable: "NO", is_insertable_into: "NO" },
      })),
  });
}

function columns(catalog: Catalog): SystemTable {
  return systemTable({
    schema,
    name: "columns",
    columns: {
      ...tableColumns,
      column_name: "VARCHAR",
      ordinal_position: "BIGINT",
      column_default: "VARCHAR",
      is_nullable: "VARCHAR",
      data_type: "VARCHAR",
      character_maximum_length: "BIGINT",
      numeric_precision: "BIGINT",
      numeric_scale: "BIGINT",
      udt_name: "VARCHAR",
      is_updatable: "VARCHAR",
    },
    rows: () => [
      ...catalog
        .tables()
        .flatMap((table) =>
          table.columns.filter((column) => !column.hidden).map((column, index) => columnRow(table, column, index + 1)),
        ),
      ...metrics.flatMap((view) =>
        view.columns.map((column, index) =>
          columnRow(view, { ...column, nullable: true, updatable: false }, index + 1),
        ),
      ),
    ],
  });
}

function columnRow(
  table: { readonly schema: string; readonly name: string },
  column: Pick<Column, "name" | "type" | "nullable" | "updatable">,
  ordinal: number,
) {
  const { postgresName, udtName, precision, scale } = typeFacts(column.type);
  return {
    ...tableRow(table),
    column_name: column.name,
    ordinal_position: ordinal,
    is_nullable: yesOrNo(column.nullable),
    data_type: postgresName,
    numeric_precision: precision,
    numeric_scale: scale,
    udt_name: udtName,
    is_updatable: yesOrNo(column.updatable),
  };
}

const constraintColumns = {
  constraint_catalog: "VARCHAR",
  constraint_schema: "VARCHAR",
  constraint_name: "VARCHAR",
} as const;

function constraintRow(table: Table, name: string) {
  return { constraint_catalog: databaseName, constraint_schema: table.schema, constraint_name: name };
}

function tableConstraints(catalog: Catalog): SystemTable {
  const row = (table: Table, name: string, type: string) => ({
    ...constraintRow(table, name),
    ...tableRow(table),
    constraint_type: type,
    is_deferrable: "NO",
    initially_deferred: "NO",
  });
  return systemTable({
    schema,
    name: "table_constraints",
    columns: {
      ...constraintColumns,
      ...tableColumns,
      constraint_type: "VARCHAR",
      is_deferrable: "VARCHAR",
      initially_deferred: "VARCHAR",
    },
    rows: () => [
      ...primaryKeys(catalog).map((key) => row(key.table, key.name, "PRIMARY KEY")),
      ...foreignKeys(catalog).map((key) => row(key.table, key.name, "FOREIGN KEY")),
    ],
  });
}

function keyColumnUsage(catalog: Catalog): SystemTable {
  return systemTable({
    schema,
    name: "key_column_usage",
    columns: {
      ...constraintColumns,
      ...tableColumns,
      column_name: "VARCHAR",
      ordinal_position: "BIGINT",
      position_in_unique_constraint: "BIGINT",
    },
    rows: () => [
      ...primaryKeys(catalog).map((key) => keyRow(key, null)),
      ...foreignKeys(catalog).map((key) => keyRow(key, 1)),
    ],
  });
}

function keyRow(
  key: { readonly name: string; readonly table: Table; readonly column: string },
  position: number | null,
) {
  return {
    ...constraintRow(key.table, key.name),
    ...tableRow(key.table),
    column_name: key.column,
    ordinal_position: 1,
    position_in_unique_constraint: position,
  };
}

function referentialConstraints(catalog: Catalog): SystemTable {
  return systemTable({
    schema,
    name: "referential_constraints",
    columns: {
      ...constraintColumns,
      unique_constraint_catalog: "VARCHAR",
      unique_constraint_schema: "VARCHAR",
      unique_constraint_name: "VARCHAR",
      match_option: "VARCHAR",
      update_rule: "VARCHAR",
      delete_rule: "VARCHAR",
    },
    rows: () =>
      foreignKeys(catalog).map((key) => ({
        ...constraintRow(key.table, key.name),
        unique_constraint_catalog: databaseName,
        unique_constraint_schema: key.referenced.schema,
        unique_constraint_name: primaryKeyName(key.referenced),
        match_option: "NONE",
        update_rule: "NO ACTION",
        delete_rule: "NO ACTION",
      })),
  });
}

const specificColumns = { specific_catalog: "VARCHAR", specific_schema: "VARCHAR", specific_name: "VARCHAR" } as const;

function specificRow(name: string) {
  return { specific_catalog: databaseName, specific_schema: databaseName, specific_name: name };
}

function routines(catalog: Catalog): SystemTable {
  return systemTable({
    schema,
    name: "routines",
    columns: {
      ...specificColumns,
      routine_catalog: "VARCHAR",
      routine_schema: "VARCHAR",
      routine_name: "VARCHAR",
      routine_type: "VARCHAR",
      data_type: "VARCHAR",
    },
    rows: () =>
      catalog.procedureNames().map((name) => ({
        ...specificRow(name),
        routine_catalog: databaseName,
        routine_schema: databaseName,
        routine_name: name,
        routine_type: "PROCEDURE",
      })),
  });
}

function parameters(catalog: Catalog): SystemTable {
  return systemTable({
    schema,
    name: "parameters",
    columns: {
      ...specificColumns,
      ordinal_position: "BIGINT",
      parameter_mode: "VARCHAR",
      parameter_name: "VARCHAR",
      data_type: "VARCHAR",
      udt_name: "VARCHAR",
    },
    rows: () =>
      catalog.procedures().flatMap((procedure) =>
        procedure.parameters.map((parameter, index) => ({
          ...specificRow(procedure.name),
          ordinal_position: index + 1,
          parameter_mode: "IN",
          parameter_name: parameter.name,
          data_type: typeFacts(parameter.type).postgresName,
          udt_name: typeFacts(parameter.type).udtName,
        })),
      ),
  });
}

function yesOrNo(value: boolean): string {
  return value ? "YES" : "NO";
}

import { describe, expect, test } from "vitest";
import { metrics } from "../../src/catalog/metrics/metrics.js";
import type { SystemValue } from "../../src/catalog/system-table.js";
import { systemTables } from "../../src/catalog/system-tables.js";
import { freshCatalog } from "./fresh-catalog.js";

const catalog = freshCatalog();
const tables = systemTables(catalog);

function rowsOf(name: string, schema?: string): readonly Record<string, SystemValue>[] {
  const table = tables.find((candidate) => candidate.name === name && candidate.schema === schema);
  if (table === undefined) throw new Error(`no system table ${name}`);
  return table
    .rows()
    .map((row) => Object.fromEntries(table.columns.map((column, index) => [column.name, row[index] ?? null])));
}

describe("system tables", () => {
  test("are the ones that drivers and PostgreSQL know", () => {
    expect(tables.map((table) => (table.schema === undefined ? table.name : `${table.schema}.${table.name}`))).toEqual([
      "sys_tables",
      "sys_tablecolumns",
      "sys_procedures",
      "sys_procedureparameters",
      "sys_primarykeys",
      "sys_foreignkeys",
      "information_schema.schemata",
      "information_schema.tables",
      "information_schema.columns",
      "information_schema.views",
      "information_schema.table_constraints",
      "information_schema.key_column_usage",
      "information_schema.referential_constraints",
      "information_schema.routines",
      "information_schema.parameters",
    ]);
  });

  test("give each row a value of its type for each column", () => {
    const misfits = tables.flatMap((table) =>
      table.rows().flatMap((row) => {
        const fits = table.columns.map(
          ({ type }, index) => row[index] === null || typeof row[index] === javaScriptType[type],
        );
        return row.length === table.columns.length && fits.every(Boolean) ? [] : [{ table: table.name, row }];
      }),
    );
    expect(misfits).toEqual([]);
  });

  test("list every table with what may be done to it", () => {
    const rows = rowsOf("sys_tables");
    expect(rows).toHaveLength(catalog.tables().length + metrics.length);
    expect(rows).toContainEqual(
      expect.objectContaining({ SchemaName: "metrics", TableName: "mrr", TableType: "VIEW", IsInsertable: false }),
    );
    expect(rows).toContainEqual(
      expect.objectContaining({
        SchemaName: "stripe",
        TableName: "Customer",
        TableType: "TABLE",
        IsUpdateable: true,
        IsDeletable: true,
      }),
    );
    expect(rows).toContainEqual(
      expect.objectContaining({ TableName: "BalanceTransaction", TableType: "VIEW", IsUpdateable: false }),
    );
  });

  test("tell columns from pseudo-columns, and hidden from shown", () => {
    const rows = rowsOf("sys_tablecolumns").filter((row) => row["TableName"] === "Customer");
    expect(rows).toContainEqual(
      expect.objectContaining({ ColumnName: "Id", IsKey: true, ColumnType: "COLUMN", IsHidden: false }),
    );
    expect(rows).toContainEqual(expect.objectContaining({ ColumnName: "_json", IsHidden: true }));
    expect(rows).toContainEqual(
      expect.objectContaining({ ColumnName: "AccountId", ColumnType: "PSEUDO_COLUMN", IsHidden: true }),
    );
  });

  test("show in information_schema only what * returns, with PostgreSQL's types", () => {
    const rows = rowsOf("columns", "information_schema").filter(
      (row) => row["table_schema"] === "stripe" && row["table_name"] === "Customer",
    );
    expect(rows.map((row) => row["column_name"])).not.toEqual(expect.arrayContaining(["_json"]));
    expect(rows.map((row) => row["ordinal_position"])).toEqual(rows.map((_, index) => index + 1));
    expect(rows).toContainEqual(
      expect.objectContaining({ column_name: "Created", data_type: "timestamp with time zone" }),
    );
    expect(rows).toContainEqual(
      expect.objectContaining({ column_name: "Balance", data_type: "bigint", numeric_precision: 64 }),
    );
  });

  test("name both ends of every foreign key", () => {
    expect(rowsOf("sys_foreignkeys")).toContainEqual(
      expect.objectContaining({
        TableName: "Charge",
        ColumnName: "Customer",
        ReferencedTableName: "Customer",
        ReferencedColumnName: "Id",
        PrimaryKeyName: "Customer_pkey",
      }),
    );
    const primaryKeys = new Set(rowsOf("sys_primarykeys").map((row) => `${row["SchemaName"]}.${row["KeyName"]}`));
    for (const row of rowsOf("referential_constraints", "information_schema")) {
      expect(primaryKeys).toContain(`${row["unique_constraint_schema"]}.${row["unique_constraint_name"]}`);
    }
  });

  test("list procedures with their inputs, required ones first", () => {
    const inputs = rowsOf("sys_procedureparameters").filter(
      (row) => row["ProcedureName"] === "AttachPaymentMethodToCustomer",
    );
    expect(inputs.map((row) => [row["ColumnName"], row["IsRequired"], row["Ordinal"]])).toEqual([
      ["PaymentMethodId", true, 1],
      ["CustomerId", true, 2],
      ["CustomerAccount", false, 3],
    ]);
    expect(rowsOf("routines", "information_schema")).toHaveLength(catalog.procedureNames().length);
  });
});

const javaScriptType: Readonly<Record<string, string>> = { VARCHAR: "string", BIGINT: "number", BOOLEAN: "boolean" };

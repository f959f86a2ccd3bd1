import type { Connection, Row } from "../../driver/api.js";
import type { ProcedureInput, SchemaColumn, StudioSchema } from "../messages.js";

/** Tables and procedures, with what DESCRIBE says of them. Nothing is sent. */
export async function readSchema(connection: Connection): Promise<Omit<StudioSchema, "isReadOnly">> {
  const tables = await connection.query("SELECT SchemaName, TableName, Description FROM sys_tables ORDER BY 1, 2");
  const procedures = await connection.query(
    "SELECT ProcedureName, Description, IsReadOnly FROM sys_procedures ORDER BY 1",
  );
  return {
    mode: connection.describe().mode,
    tables: tables.rows.map((row) => ({
      ...{ schema: text(row, "SchemaName"), name: text(row, "TableName"), description: text(row, "Description") },
    })),
    procedures: procedures.rows.map((row) => ({
      ...{
        name: text(row, "ProcedureName"),
        description: text(row, "Description"),
        writes: row["IsReadOnly"] !== true,
      },
    })),
  };
}

export async function readColumns(
  connection: Connection,
  schema: string,
  table: string,
): Promise<readonly SchemaColumn[]> {
  const { rows } = await connection.query(
    `SELECT c.ColumnName, c.DataTypeName, c.Description, c.IsKey,
            f.ReferencedTableName || '.' || f.ReferencedColumnName AS Reference
     FROM sys_tablecolumns c
     LEFT JOIN sys_foreignkeys f
       ON f.SchemaName = c.SchemaName AND f.TableName = c.TableName AND f.ColumnName = c.ColumnName
     WHERE c.SchemaName = @schema AND c.TableName = @table AND NOT c.IsHidden
     ORDER BY c.Ordinal`,
    { schema, table },
  );
  return rows.map((row) => ({
    name: text(row, "ColumnName"),
    type: text(row, "DataTypeName"),
    description: text(row, "Description"),
    isKey: row["IsKey"] === true,
    references: typeof row["Reference"] === "string" ? row["Reference"] : undefined,
  }));
}

export async function readInputs(connection: Connection, procedure: string): Promise<readonly ProcedureInput[]> {
  const { rows } = await connection.query(
    `SELECT ColumnName, DataTypeName, IsRequired, Description, Values FROM sys_procedureparameters
     WHERE ProcedureName = @procedure AND Direction = 'IN' ORDER BY Ordinal`,
    { procedure },
  );
  return rows.map((row) => ({
    name: text(row, "ColumnName"),
    type: text(row, "DataTypeName"),
    isRequired: row["IsRequired"] === true,
    description: text(row, "Description"),
    values: text(row, "Values")
      .split(/,\s*/)
      .filter((value) => value !== ""),
  }));
}

function text(row: Row, column: string): string {
  const value = row[column];
  return typeof value === "string" ? value : "";
}

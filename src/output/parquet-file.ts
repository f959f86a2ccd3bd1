import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import { DuckDBInstance } from "@duckdb/node-api";
import type { ResultColumn } from "../driver/api.js";
import { quoteName } from "../value/quote.js";
import type { PrintableRows } from "./printable-rows.js";

/** Rows handed to DuckDB at once. */
const batchSize = 2_000;

const scalarType =
  /^(U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER|FLOAT|DOUBLE|BOOLEAN|DATE|TIME|TIMESTAMP(_S|_MS|_NS| WITH TIME ZONE)?|UUID)$/;
const nestedType = /(\]|^STRUCT\(.*\)|^MAP\(.*\))$/s;

/**
 * Makes a Parquet file of a result and hands it to `use`; afterwards it is gone. The rows pass through DuckDB as text
 * and are cast to their columns' types there, so that every type that DuckDB prints needs no code here.
 */
export async function withParquetFile(rows: PrintableRows, use: (path: string) => Promise<void>): Promise<void> {
  const columns = await rows.columns();
  const folder = await mkdtemp(join(tmpdir(), "stripe-sql-parquet-"));
  const path = join(folder, "result.parquet");
  const instance = await DuckDBInstance.create(":memory:");
  try {
    const connection = await instance.connect();
    await loadRows(connection, columns, rows);
    await copyTo(connection, columns, path);
    connection.closeSync();
    await use(path);
  } finally {
    instance.closeSync();
    await rm(folder, { recursive: true, force: true });
  }
}

async function loadRows(
  connection: DuckDBConnection,
  columns: readonly ResultColumn[],
  rows: PrintableRows,
): Promise<void> {
  const names = columns.map(({ name }) => `${quoteName(name)} VARCHAR`);
  await connection.run(`CREATE TABLE result (${names.join(", ")})`);
  const appender = await connection.createAppender("result");
  let appended = 0;
  for await (const texts of rows.texts("iso")) {
    for (const text of texts) {
      if (text === null) appender.appendNull();
      else appender.appendVarchar(text);
    }
    appender.endRow();
    appended += 1;
    if (appended % batchSize === 0) appender.flushSync();
  }
  appender.closeSync();
}

async function copyTo(connection: DuckDBConnection, columns: readonly ResultColumn[], path: string): Promise<void> {
  const source = `SELECT ${columns.map(castColumn).join(", ")} FROM result`;
  await connection.run("SET TimeZone = 'UTC'");
  await connection.run(`COPY (${source}) TO '${path.replaceAll("'", "''")}' (FORMAT parquet)`);
}

function castColumn({ name, type }: ResultColumn): string {
  const column = quoteName(name);
  if (nestedType.test(type)) return `CAST(CAST(${column} AS JSON) AS ${type}) AS ${column}`;
  return `CAST(${column} AS ${parquetType(type)}) AS ${column}`;
}

/** What has no plain cast from text stays text. */
function parquetType(type: string): string {
  if (type === "DECIMAL") return "DECIMAL(38, 12)";
  if (type === "TIMESTAMPTZ" || type === "JSON" || type.startsWith("DECIMAL(")) return type;
  return scalarType.test(type) ? type : "VARCHAR";
}

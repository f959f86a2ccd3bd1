import type { DuckDBType, DuckDBValue } from "@duckdb/node-api";
import {
  BIGINT,
  BOOLEAN,
  DECIMAL,
  DOUBLE,
  DuckDBDecimalValue,
  DuckDBTimestampTZValue,
  TIMESTAMPTZ,
  VARCHAR,
} from "@duckdb/node-api";
import type { Cell } from "../../value/cell.js";
import { decimalScale } from "../../value/decimal.js";
import { jsonText } from "../../value/exact-number.js";
import type { SqlType } from "../../value/sql-type.js";

/** How the engine holds a column of the catalog's. */
export interface EngineColumn {
  /** The type in CREATE TABLE. */
  readonly sql: string;
  /** The type of an appended chunk. */
  readonly type: DuckDBType;
  readonly value: (cell: Exclude<Cell, null>) => DuckDBValue;
}

const integerOf = (cell: Cell): bigint => (typeof cell === "bigint" ? cell : BigInt(Number(cell)));

export const engineColumns: Readonly<Record<SqlType, EngineColumn>> = {
  BIGINT: { sql: "BIGINT", type: BIGINT, value: integerOf },
  DOUBLE: { sql: "DOUBLE", type: DOUBLE, value: Number },
  DECIMAL: {
    sql: `DECIMAL(38,${decimalScale})`,
    type: DECIMAL(38, decimalScale),
    value: (cell) => new DuckDBDecimalValue(integerOf(cell), 38, decimalScale),
  },
  VARCHAR: { sql: "VARCHAR", type: VARCHAR, value: String },
  BOOLEAN: { sql: "BOOLEAN", type: BOOLEAN, value: Boolean },
  TIMESTAMPTZ: {
    sql: "TIMESTAMPTZ",
    type: TIMESTAMPTZ,
    value: (cell) => new DuckDBTimestampTZValue(integerOf(cell)),
  },
  // JSON is stored as text and carries DuckDB's JSON alias through the table's own type.
  JSON: { sql: "JSON", type: VARCHAR, value: jsonText },
};

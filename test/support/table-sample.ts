import type { Connection, Row, SqlValue } from "../../src/driver/api.js";

/** A column that generated conditions may name, with values that stand in its table. */
export interface SampledColumn {
  readonly name: string;
  readonly type: string;
  /** True where Stripe's list has a filter for it. */
  readonly filterable: boolean;
  /** Distinct values, none of them NULL. */
  readonly values: readonly Exclude<SqlValue, null>[];
}

export interface TableSample {
  readonly table: string;
  readonly columns: readonly SampledColumn[];
}

const comparable = new Set(["VARCHAR", "BIGINT", "TIMESTAMPTZ", "BOOLEAN", "DOUBLE", "DECIMAL"]);

/** Reads a table once, and keeps the columns that can be compared: filters, and those that hold something. */
export async function sampleTable(connection: Connection, table: string): Promise<TableSample> {
  const described = (await connection.query(`DESCRIBE ${table}`)).rows;
  const { rows } = await connection.query(`SELECT * FROM ${table}`);
  const columns = described
    .filter((row) => row["References"] !== "WHERE only" && comparable.has(String(row["Type"])))
    .map((row): SampledColumn => {
      const name = String(row["Column"]);
      const filterable = String(row["Filter"] ?? "") !== "";
      return { name, type: String(row["Type"]), filterable, values: distinctValues(rows, name) };
    });
  return { table, columns: columns.filter(({ filterable, values }) => filterable || values.length > 0) };
}

function distinctValues(rows: readonly Row[], name: string): SampledColumn["values"] {
  const byText = new Map<string, Exclude<SqlValue, null>>();
  for (const row of rows) {
    const value = row[name];
    if (value !== null && value !== undefined) byText.set(JSON.stringify(value), value);
  }
  return [...byText.values()];
}

import type { DuckDBConnection } from "@duckdb/node-api";
import { DuckDBInstance } from "@duckdb/node-api";
import { afterAll, beforeAll } from "vitest";

/** DuckDB itself, with the session settings of the local engine: what a statement means where nothing is pushed. */
export interface Oracle {
  /** The one value of an expression as DuckDB's text of it; null for NULL; undefined where DuckDB refuses it. */
  text(expression: string): Promise<string | null | undefined>;
  /** Seconds since the epoch of a time; undefined where DuckDB refuses the expression. */
  seconds(expression: string): Promise<number | undefined>;
  rows(sql: string): Promise<readonly (readonly unknown[])[]>;
}

export function openOracle(): Oracle {
  let instance: DuckDBInstance | undefined;
  let connection: DuckDBConnection | undefined;
  beforeAll(async () => {
    instance = await DuckDBInstance.create(":memory:");
    connection = await instance.connect();
    await connection.run("SET TimeZone = 'UTC'; SET integer_division = true; SET default_null_order = 'postgres'");
  });
  afterAll(() => {
    connection?.closeSync();
    instance?.closeSync();
  });
  async function rows(sql: string): Promise<readonly (readonly unknown[])[]> {
    if (connection === undefined) throw new Error("the oracle is not open yet");
    return (await connection.runAndReadAll(sql)).getRows();
  }
  async function text(expression: string): Promise<string | null | undefined> {
    try {
      const [row] = await rows(`SELECT (${expression})::VARCHAR`);
      const value = row?.[0] ?? null;
      return value === null ? null : String(value);
    } catch {
      return undefined;
    }
  }
  return {
    rows,
    text,
    async seconds(expression) {
      const microseconds = await text(`epoch_us((${expression})::TIMESTAMPTZ)`);
      return typeof microseconds === "string" ? Number(microseconds) / 1e6 : undefined;
    },
  };
}

import { describe, expect, test } from "vitest";
import type { Table } from "../../src/catalog/catalog.js";
import { connectSandbox } from "../support/sandbox-connection.js";

const running = connectSandbox();

const sqlName = (table: Table) => (table.schema === "v2" ? `v2.${table.name}` : table.name);

describe("every table", () => {
  test("gives rows for SELECT * LIMIT 3, or none where there are none", async () => {
    const failures: string[] = [];
    for (const table of running.catalog.tables()) {
      try {
        const { rows } = await running.query(`SELECT * FROM ${sqlName(table)} LIMIT 3`);
        if (rows.length > 3) failures.push(`${sqlName(table)}: ${rows.length} rows`);
      } catch (error) {
        failures.push(`${sqlName(table)}: ${String(error)}`);
      }
    }
    expect(failures).toEqual([]);
  });
});

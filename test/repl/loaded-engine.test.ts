import { beforeAll, describe, expect, it } from "vitest";
import { ensureBuilt, runProgram } from "../support/built-program.js";
import { testFolder } from "../support/folder.js";

beforeAll(ensureBuilt);

/** Whether the process that ran a statement on the sandbox loaded the local engine's library. */
async function loadsEngine(sql: string, ...args: readonly string[]): Promise<boolean> {
  const hook = testFolder().write(
    "loaded-engine.cjs",
    `process.on("exit", () => {
       const { sharedObjects } = process.report.getReport();
       process.stderr.write(sharedObjects.some((path) => /duckdb/.test(path)) ? "engine" : "no engine");
     });`,
  );
  const run = await runProgram(["--sandbox", ...args, "-c", sql], {
    environment: { NODE_OPTIONS: `--require=${hook}` },
  });
  expect(run).toMatchObject({ status: 0, errors: expect.stringMatching(/engine$/) });
  return !run.errors.endsWith("no engine");
}

describe("the local engine is not loaded", () => {
  it.each([
    "SELECT * FROM Customer WHERE Id = 'cus_none'",
    "SELECT Id, Email FROM Customer LIMIT 3",
    "SELECT Id FROM Charge WHERE Created >= '2026-10-01'",
    "SHOW TimeZone",
    "SET TimeZone = 'UTC'",
    "INSERT INTO Customer (Email) VALUES ('a@example.com') RETURNING Id",
    "EXPLAIN SELECT Id FROM Customer WHERE Id = 'cus_none'",
  ])("for %s", async (sql) => {
    expect(await loadsEngine(sql)).toBe(false);
  });

  it("but for what it computes, or writes as Parquet", async () => {
    expect(await loadsEngine("SELECT count(*) FROM Product")).toBe(true);
    const file = `${testFolder().path}/products.parquet`;
    expect(await loadsEngine("SELECT Id FROM Product LIMIT 1", "--format", "parquet", "-o", file)).toBe(true);
  });
});

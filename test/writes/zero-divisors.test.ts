import { describe, expect, it } from "vitest";
import { connectSandbox, requestLines } from "../support/sandbox-connection.js";

const running = connectSandbox({ customers: 3 });

/** NULL, which a division by zero is to the local engine, once unset the field. */
describe("a division by zero writes nothing", () => {
  it.each(["1/0", "1//0", "5 % (2 - 2)", "Balance / 0", "COALESCE(1 / 0, 5)", "1.5 / 0"])("%s", async (value) => {
    for (const sql of [
      `UPDATE Customer SET Balance = ${value} WHERE Id IN (SELECT Id FROM Customer LIMIT 1)`,
      `INSERT INTO Customer (Balance) SELECT ${value} FROM Customer`,
    ]) {
      running.sandbox.requests.clear();
      expect(await running.failure(sql), sql).toMatchObject({ sqlState: "22012", message: "division by zero" });
      expect(requestLines(running.sandbox).filter((line) => !line.startsWith("GET"))).toEqual([]);
    }
  });

  it("unless it is not reached, and any other division is as ever", async () => {
    const { rows } = await running.query(
      `INSERT INTO Customer (Balance, Name, Description) SELECT 7 / 2, CASE WHEN x = 0 THEN 'none' ELSE (8 / x)::VARCHAR END, (7 / NULLIF(x, 0))::VARCHAR
       FROM (VALUES (0), (4)) t(x) ORDER BY x RETURNING Balance, Name, Description`,
    );
    expect(rows).toEqual([
      { Balance: 3, Name: "none", Description: null },
      { Balance: 3, Name: "2", Description: "1" },
    ]);
  });

  it("a SELECT has NULL for it, as DuckDB has", async () => {
    expect((await running.query("SELECT 1 / 0 AS x")).rows).toEqual([{ x: null }]);
  });
});

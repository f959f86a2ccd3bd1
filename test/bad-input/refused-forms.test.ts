import { describe, expect, it } from "vitest";
import { connectSandbox } from "../support/sandbox-connection.js";

const running = connectSandbox({ customers: 3 });

describe("what DuckDB's parser knows of and does not do is 0A000 and names it", () => {
  it.each([
    ["FROM a.b.c.d", "names of more than three parts are not supported"],
    ["SELECT U&'\\0041'", "texts and names with Unicode escapes (U&) are not supported"],
    [`SELECT * FROM U&"Customer"`, "texts and names with Unicode escapes (U&) are not supported"],
    ["SELECT Id FROM Customer WHERE Balance BETWEEN SYMMETRIC 2 AND 1", "BETWEEN SYMMETRIC is not supported"],
  ])("%s", async (sql, message) => {
    expect(await running.failure(sql)).toMatchObject({ sqlState: "0A000", message });
  });
});

it.each([
  "SELECT Id FROM Customer AT (VERSION => 1)",
  "SELECT count(*) FROM Customer AT (TIMESTAMP => now() - INTERVAL 1 DAY)",
  "SELECT 1 FROM Invoice JOIN Customer AT (VERSION => 1) ON true",
])("another version of a table is refused, not taken for today's: %s", async (sql) => {
  const error = await running.failure(sql);
  expect(error).toMatchObject({ sqlState: "0A000", message: "AT is not supported: tables have no versions" });
  expect(error.position).toBe(sql.indexOf("Customer"));
  expect(running.sandbox.requests.entries).toEqual([]);
});

it.each(["LIMIT -1", "LIMIT 1 OFFSET -1"])("%s is a number of rows that there is not", async (clause) => {
  const error = await running.failure(`SELECT Id FROM Customer ${clause}`);
  expect(error).toMatchObject({ sqlState: "2201W", message: "LIMIT and OFFSET must not be negative" });
});

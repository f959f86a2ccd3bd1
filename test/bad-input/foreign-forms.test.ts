import { describe, expect, test } from "vitest";
import { connectSandbox } from "../support/sandbox-connection.js";

const running = connectSandbox({ customers: 3 });

// They were syntax errors, one of them "errhint NOT IMPLEMENTED".
describe("a form that other databases know is refused with the way out", () => {
  test.each([
    ["INSERT INTO Customer (Name) VALUES ('x') ON CONFLICT DO NOTHING", "ON CONFLICT", "ON CONFLICT (Email)"],
    ["INSERT INTO Customer (Name) VALUES ('x') ON DUPLICATE KEY UPDATE Name = 'x'", "DUPLICATE", "ON CONFLICT (Email)"],
    [
      "INSERT INTO Customer (Name) VALUES ('x') ON CONFLICT ON CONSTRAINT x DO NOTHING",
      "ON CONSTRAINT",
      "ON CONFLICT (Email)",
    ],
  ])("%s", async (sql, at, hint) => {
    const error = await running.failure(sql);
    expect(error).toMatchObject({ sqlState: "0A000", hint: expect.stringContaining(hint), position: sql.indexOf(at) });
  });

  test("LIMIT with a comma", async () => {
    expect(await running.failure("SELECT Id FROM Customer LIMIT 2, 3")).toMatchObject({
      sqlState: "0A000",
      hint: "Write LIMIT 3 OFFSET 2.",
    });
  });

  test.each([
    ["SELECT '{}'::jsonb", "The type is JSON."],
    ["SELECT 1::money", "DECIMAL(18,2) holds money; money(Amount, Currency) is an amount in its currency."],
  ])("%s", async (sql, hint) => {
    expect(await running.failure(sql)).toMatchObject({ sqlState: "42704", hint });
  });

  test.each(["jsonb_array_elements('[]')", "json_each_text('{}')", "jsonb_object_keys('{}')"])(
    "FROM %s",
    async (call) => {
      const error = await running.failure(`SELECT * FROM ${call}`);
      expect(error).toMatchObject({ sqlState: "42883", hint: expect.stringContaining("json_each(x)") });
    },
  );

  // Its hint led to an assignment, which unsets all other keys.
  test("Metadata || '…' is led to a merge", async () => {
    const sql = `UPDATE Product SET Metadata = Metadata || '{"x":"1"}' WHERE Active`;
    expect((await running.failure(sql)).hint).toContain("json_merge_patch(Metadata, ");
  });
});

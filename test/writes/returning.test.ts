import { expect, test } from "vitest";
import { connectSandbox, requestLines } from "../support/sandbox-connection.js";

const running = connectSandbox({ customers: 5 });

// Once, the statement was told as failed, and its objects were there.
test.each([
  ["INSERT INTO Customer (Name) VALUES ('a'), ('b')", "Name::INT", 2],
  ["INSERT INTO Customer (Name) VALUES ('1')", "error(Name)", 1],
  ["UPDATE Customer SET Name = 'a' WHERE Email = 'customer1@example.com'", "Name::DATE", 1],
])("%s is written though RETURNING %s fails on what came back", async (write, expression, count) => {
  const result = await running.query(`${write} RETURNING ${expression} AS x`);
  expect(result).toMatchObject({ rows: [], rowCount: count, error: { sqlState: "22P02" } });
  expect(result.columns.map(({ name }) => name)).toEqual(["x"]);
  expect(result.error?.detail).toBe("The objects were written; RETURNING alone failed.");
  expect(result.outcomes.map(({ state }) => state)).toEqual(Array.from({ length: count }, () => "written"));
  expect(requestLines(running.sandbox).filter((line) => line.startsWith("POST"))).toHaveLength(count);
});

test("RETURNING that fails beside an object that was not written is noticed, and its error is the object's", async () => {
  const sql = "INSERT INTO Customer (Name, Email) VALUES ('a', 'a@example.com'), ('b', 'nobody') RETURNING Name::INT";
  const { error, notices, outcomes } = await running.query(sql);
  expect(outcomes.map(({ state }) => state)).toEqual(["written", "failed"]);
  expect(error?.message).toBe("Invalid email address: nobody");
  expect(notices).toEqual([expect.stringMatching(/^RETURNING failed: Could not convert string 'a' to INT32/)]);
});

test("a date is written into a text as SQL prints it", async () => {
  const values = "DATE '2026-01-01', TIMESTAMP '2026-01-01 10:00:00.123456'";
  for (const source of [`VALUES (${values})`, `SELECT ${values}`])
    await running.query(`INSERT INTO Customer (Name, Description) ${source}`);
  await running.query("UPDATE Customer SET Name = DATE '2026-01-01' WHERE Email = 'customer2@example.com'");
  const sent = requestLines(running.sandbox).filter((line) => line.startsWith("POST"));
  const created = "POST /v1/customers name=2026-01-01&description=2026-01-01T10%3A00%3A00.123456";
  expect(sent).toEqual([created, created, expect.stringMatching(/^POST \/v1\/customers\/cus_\w+ name=2026-01-01$/)]);
});

// Once, no request was sent for these, and no row was found.
test.each(["a/b", "?x", "ü b%?#", ".."])("a coupon whose id is %j is found", async (id) => {
  await running.query("INSERT INTO Coupon (Id, PercentOff, Duration) VALUES (?, 10, 'once')", [id]);
  running.sandbox.requests.clear();
  expect((await running.query("SELECT Id FROM Coupon WHERE Id = ?", [id])).rows).toEqual([{ Id: id }]);
  expect(requestLines(running.sandbox)).toEqual(["GET /v1/coupons limit=100"]);
});

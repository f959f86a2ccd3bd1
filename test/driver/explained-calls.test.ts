import { describe, expect, it } from "vitest";
import { connectSandbox, requestLines } from "../support/sandbox-connection.js";

const running = connectSandbox({ customers: 5 });

const linesOf = async (sql: string): Promise<readonly unknown[]> =>
  (await running.query(sql)).rows.map((row) => row["QUERY PLAN"]);

describe("EXPLAIN of a write", () => {
  it("lists the calls that the statement alone tells, whole, and sends nothing", async () => {
    const lines = await linesOf(
      `EXPLAIN INSERT INTO Customer (Name, Metadata, AddressCity) VALUES ('Ada', '{"plan":"gold"}', 'Graz'), ('Bob', NULL, NULL)`,
    );
    expect(lines.slice(-3)).toEqual([
      "Calls: 2",
      "  POST /v1/customers  name=Ada metadata[plan]=gold address[city]=Graz",
      "  POST /v1/customers  name=Bob",
    ]);
    expect(running.sandbox.requests.entries).toEqual([]);
  });

  it("shows the first 20, and counts the others", async () => {
    const lines = await linesOf("EXPLAIN INSERT INTO Customer (Phone) SELECT n FROM range(50) AS numbers(n)");
    expect(lines).toContain("Calls: 50");
    expect(lines.filter((line) => String(line).startsWith("  POST"))).toHaveLength(20);
    expect(lines.at(-1)).toBe("  … and 30 more like these");
  });

  it("keeps to itself what is secret", async () => {
    const lines = await linesOf(
      `EXPLAIN INSERT INTO PaymentMethod (Type, Card) VALUES ('card', '{"number":"4242424242424242","cvc":"123","exp_month":1,"exp_year":2030}')`,
    );
    expect(lines.join("\n")).toContain("card[cvc]=***");
    expect(lines.join("\n")).not.toMatch(/4242424242424242|cvc\]=123/);
  });

  it("tells of a procedure's call, and of the account that one is for", async () => {
    expect((await linesOf("EXPLAIN EXEC CancelQuote QuoteId = 'qt_1', AccountId = 'acct_1'")).at(-1)).toBe(
      "  POST /v1/quotes/qt_1/cancel as acct_1",
    );
    expect((await linesOf("EXPLAIN SELECT Id FROM Customer")).join()).not.toContain("Calls:");
  });

  it("says where rows have to be read for them", async () => {
    const lines = await linesOf("EXPLAIN UPDATE Customer SET Name = 'x' WHERE Name LIKE 'A%'");
    expect(lines.at(-1)).toBe("Calls: one for each that is read; EXPLAIN ANALYZE reads, and shows them unsent");
    expect(running.sandbox.requests.entries).toEqual([]);
  });

  it("with ANALYZE reads them, and sends no call", async () => {
    const { rows, notices } = await running.query(
      "EXPLAIN ANALYZE UPDATE Customer SET Description = 'x' WHERE Name LIKE '%'",
    );
    const lines = rows.map((row) => String(row["QUERY PLAN"]));
    expect(lines).toContain("Calls: 5");
    expect(lines.filter((line) => /^ {2}POST \/v1\/customers\/cus_\w+ {2}description=x$/.test(line))).toHaveLength(5);
    expect(notices).toEqual([
      "ANALYZE writes nothing: what the statement reads was read, and none of its calls was sent",
    ]);
    expect(requestLines(running.sandbox).filter((line) => !line.startsWith("GET"))).toEqual([]);
  });

  it("gives the same as JSON", async () => {
    const { rows } = await running.query(
      "EXPLAIN (FORMAT JSON) UPDATE Customer SET Metadata = json_merge_patch(Metadata, '{\"a\":\"b\"}') WHERE Id IN ('cus_1', 'cus_2')",
    );
    expect(rows[0]?.["QUERY PLAN"]).toMatchObject({
      callCount: 2,
      calls: [
        { method: "POST", path: "/v1/customers/cus_1", parameters: { metadata: { a: "b" } } },
        { method: "POST", path: "/v1/customers/cus_2", parameters: { metadata: { a: "b" } } },
      ],
    });
    const unread = await running.query("EXPLAIN (FORMAT JSON) DELETE FROM Customer WHERE Name = 'x'");
    expect(unread.rows[0]?.["QUERY PLAN"]).toMatchObject({ callCount: null, calls: null });
  });
});

import { beforeAll, describe, expect, test } from "vitest";
import type { Json } from "../../src/value/json.js";
import { isJsonObject } from "../../src/value/json.js";
import { connectSandbox } from "../support/sandbox-connection.js";

const running = connectSandbox({ customers: 260, seed: 11 });

/** What EXPLAIN says: how many requests, and how that is known. */
async function predicted(sql: string): Promise<{ requests: Json | undefined; basis: Json | undefined }> {
  const { rows } = await running.query(`EXPLAIN (FORMAT JSON) ${sql}`);
  const plan = Object.values(rows[0] ?? {})[0] as Json;
  if (!isJsonObject(plan)) throw new Error("EXPLAIN gave no JSON object");
  return { requests: plan["requests"], basis: plan["requestsBasis"] };
}

/** Statements over tables that were read once, and not by these statements. */
const statements: Readonly<Record<string, string>> = {
  "a whole table": "SELECT count(DISTINCT Id) FROM Charge",
  "a column that no filter of Stripe's tells": "SELECT Id FROM Charge WHERE Refunded",
  "a range of creation times": "SELECT Id, Amount FROM Charge WHERE Created >= '2026-06-01'",
  "a range with two ends": "SELECT Id FROM Charge WHERE Created >= '2026-03-01' AND Created < '2026-09-01'",
  "a range of another time": "SELECT Id FROM Invoice WHERE DueDate >= '2026-01-01'",
  "a value of an enum": "SELECT Id FROM Invoice WHERE Status = 'paid'",
  "two values of an enum": "SELECT Id FROM Invoice WHERE Status IN ('open', 'draft')",
  "a value of an enum within a range": "SELECT Id FROM Invoice WHERE Status = 'paid' AND Created >= '2026-06-01'",
  "a value that takes a base parameter's place": "SELECT Id FROM Subscription WHERE Status = 'canceled'",
  "a table of several lists": "SELECT count(DISTINCT Id) FROM Price",
  "the rows of one owner": "SELECT Id FROM Charge WHERE Customer = (SELECT 'cus_none')",
  "a LIMIT over rows of which a share is meant": "SELECT upper(Id) AS i FROM Charge WHERE Status = 'failed' LIMIT 5",
  "a LIMIT through a join":
    "SELECT c.Email, h.Id FROM Charge h JOIN Customer c ON c.Id = h.Customer ORDER BY h.Created DESC LIMIT 7",
  "objects that come along":
    "SELECT c.Email, sum(h.Amount) FROM Charge h JOIN Customer c ON c.Id = h.Customer GROUP BY 1",
  "children that their parents hold":
    "SELECT i.Id, sum(l.Amount) FROM Invoice i JOIN InvoiceLineItem l ON l.Invoice = i.Id GROUP BY 1",
  "lists that are read on": "SELECT Id, json_array_length(Lines->'data') AS n FROM Invoice",
  "keys of few rows":
    "SELECT c.Id, p.Id FROM Customer c LEFT JOIN PaymentIntent p ON p.Customer = c.Id WHERE c.Email = 'customer7@example.com'",
  "keys of all rows": "SELECT c.Id, p.Amount FROM Customer c JOIN PaymentIntent p ON p.Customer = c.Id",
  "keys that many rows share":
    "SELECT s.Id, p.Name FROM Subscription s JOIN SubscriptionItem i ON i.Subscription = s.Id JOIN Price r ON r.Id = i.Price JOIN Product p ON p.Id = r.Product",
  "a set operation": "SELECT Id FROM Invoice WHERE Status = 'open' UNION SELECT Id FROM Invoice WHERE Status = 'draft'",
  "the oldest rows": "SELECT Id FROM Charge ORDER BY Created LIMIT 5",
  "both ends": "SELECT min(Created), max(Created) FROM Charge",
  "both ends of one page": "SELECT min(Created), max(Created) FROM Product",
};

/** The same on either side: what is within a tenth of what was made. */
const isWithin = (expected: number, made: number): boolean => Math.abs(expected - made) <= 0.1 * made;

describe("where nothing was seen yet, EXPLAIN tells that it does not know", () => {
  test.each([
    "SELECT count(*) FROM PromotionCode",
    "SELECT Id FROM Payout WHERE Status = 'paid'",
    "SELECT r.Id, h.Amount FROM Refund r JOIN Charge h ON h.Id = r.Charge",
    "SELECT Id FROM Coupon WHERE Name LIKE 'a%' LIMIT 3",
  ])("%s", async (sql) => {
    expect(await predicted(sql)).toEqual({ requests: null, basis: "unknown" });
    const { rows } = await running.query(`EXPLAIN ${sql}`);
    expect(Object.values(rows.at(-1) ?? {})).toEqual([expect.stringMatching(/^Requests: unknown$|^Notice/)]);
  });
});

describe("where the tables were read once, a statement takes what EXPLAIN had told", () => {
  const tables = "Charge Customer Invoice Subscription SubscriptionItem PaymentIntent Product Price".split(" ");
  beforeAll(async () => {
    for (const table of tables) await running.query(`SELECT count(*) FROM ${table}`);
  });

  test.each(Object.entries(statements))("%s", async (_, sql) => {
    const { requests, basis } = await predicted(sql);
    const made = (await running.query(sql)).requests;
    expect(["exact", "estimated"]).toContain(basis);
    expect(isWithin(Number(requests), made), `${sql}: ${String(requests)} told, ${made} made`).toBe(true);
  });
});

describe("MaxRequests", () => {
  test("refuses before the first request what is known to take more", async () => {
    const narrow = await running.open({ maxRequests: 2 });
    await narrow.query("SELECT Id FROM Charge LIMIT 1");
    running.sandbox.requests.clear();
    const sql = "SELECT Id FROM Customer WHERE Id IN ('cus_1', 'cus_2', 'cus_3')";
    await expect(narrow.query(sql)).rejects.toMatchObject({
      sqlState: "53400",
      detail: "MaxRequests is 2; it takes 3. None was sent.",
    });
    expect(running.sandbox.requests.total).toBe(0);
  });

  test("refuses what is known to take more though it is not known yet which test clocks there are", async () => {
    await running.query("SELECT count(*) FROM Customer");
    const narrow = await running.open({ maxRequests: 2 });
    running.sandbox.requests.clear();
    expect((await narrow.query("EXPLAIN SELECT count(*) FROM Customer")).notices).toEqual([
      "MaxRequests is 2, and the statement takes about 4: it would be refused",
    ]);
    await expect(narrow.query("SELECT count(*) FROM Customer")).rejects.toMatchObject({
      sqlState: "53400",
      detail: "MaxRequests is 2; it takes about 4. None was sent.",
    });
    expect(running.sandbox.requests.total).toBe(0);
    // Three pages, for which clocks are left out.
    const wide = await running.open({ maxRequests: 3 });
    expect((await wide.query("SELECT count(*) FROM Customer")).requests).toBe(3);
  });

  test("refuses a write before the first request where what it reads first is known to take more", async () => {
    await running.query("SELECT count(*) FROM Charge");
    const narrow = await running.open({ maxRequests: 2 });
    running.sandbox.requests.clear();
    const sql = "UPDATE Charge SET Description = 'x' WHERE Amount < 0";
    await expect(narrow.query(sql)).rejects.toMatchObject({ sqlState: "53400" });
    expect(running.sandbox.requests.total).toBe(0);
  });

  test("refuses what was seen to take more, in whichever session that was", async () => {
    await running.query("SELECT count(*) FROM Charge");
    const narrow = await running.open({ maxRequests: 2 });
    running.sandbox.requests.clear();
    await expect(narrow.query("SELECT sum(Amount) FROM Charge")).rejects.toMatchObject({ sqlState: "53400" });
    expect(running.sandbox.requests.total).toBe(0);
  });
});

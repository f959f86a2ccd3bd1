import { beforeAll, describe, expect, test } from "vitest";
import { connectSandbox, requestLines } from "../support/sandbox-connection.js";

const running = connectSandbox({ customers: 230 });

const ids = async (sql: string): Promise<readonly unknown[]> => (await running.query(sql)).rows.map((row) => row["Id"]);
const count = async (sql: string): Promise<number> => (await running.query(sql)).rows.length;

let someone = "";

beforeAll(async () => {
  const [row] = (
    await running.query(
      "SELECT Customer FROM PaymentIntent WHERE Customer IS NOT NULL GROUP BY 1 HAVING count(*) > 2 LIMIT 1",
    )
  ).rows;
  someone = String(row?.["Customer"]);
});

/** Each of these was wrong in some system of this kind. */
describe("not made here:", () => {
  test("1. canceled subscriptions are lost without a status filter, or with status <> 'active'", async () => {
    const canceled = await ids("SELECT Id FROM Subscription WHERE Status = 'canceled'");
    expect(canceled.length).toBeGreaterThan(0);
    expect(await ids("SELECT Id FROM Subscription")).toEqual(expect.arrayContaining([...canceled]));
    expect(await ids("SELECT Id FROM Subscription WHERE Status <> 'active'")).toEqual(
      expect.arrayContaining([...canceled]),
    );
  });

  test("2. LIMIT with a local predicate, another order or a join loses rows beyond the first page", async () => {
    const matching = await count("SELECT Id FROM Customer WHERE Email LIKE '%1@example.com'");
    expect(matching).toBeGreaterThan(20);
    expect(await count(`SELECT Id FROM Customer WHERE Email LIKE '%1@example.com' LIMIT ${matching}`)).toBe(matching);
    const [oldest] = await ids("SELECT Id FROM Customer ORDER BY Created LIMIT 1");
    expect(oldest).toBe((await ids("SELECT Id FROM Customer ORDER BY Created DESC")).at(-1));
    expect(await count("SELECT c.Id FROM Customer c JOIN Charge h ON h.Customer = c.Id LIMIT 150")).toBe(150);
  });

  test("3. id = X AND other = Y reads more than the one object, or forgets the other condition", async () => {
    const sql = `SELECT Id FROM Customer WHERE Id = '${someone}' AND Email = 'nobody@example.com'`;
    expect(await running.sent(sql)).toEqual([`GET /v1/customers/${someone}`]);
    expect(await ids(sql)).toEqual([]);
  });

  test("4. created > t is sent as created = t", async () => {
    const [request] = await running.sent("SELECT Id FROM Charge WHERE Created > '2026-01-01'");
    expect(request).toContain("created[gte]=1767225601");
    expect(await count("SELECT Id FROM Charge WHERE Created > '2026-01-01'")).toBeGreaterThan(100);
  });

  test("5. a balance in two currencies shows one", async () => {
    const sql =
      "SELECT a.amount->>'currency' AS currency FROM Balance, unnest(Available::JSON[]) AS a(amount) ORDER BY 1";
    expect((await running.query(sql)).rows.map((row) => row["currency"])).toEqual(["eur", "usd"]);
  });

  test("6. a projection without the WHERE column returns nothing", async () => {
    expect((await running.query("SELECT Name FROM Customer WHERE Email = 'customer7@example.com'")).rows).toHaveLength(
      1,
    );
    expect((await running.query("SELECT Name FROM Customer WHERE Phone IS NOT NULL LIMIT 2")).rows).toHaveLength(2);
  });

  test("7. LEFT JOIN on a customer filtered by email returns one payment instead of all", async () => {
    const [row] = (await running.query("SELECT Email FROM Customer WHERE Id = ?", [someone])).rows;
    const { rows } = await running.query(
      "SELECT p.Id FROM Customer c LEFT JOIN PaymentIntent p ON p.Customer = c.Id WHERE c.Email = ? ORDER BY 1",
      [String(row?.["Email"])],
    );
    expect(rows.map(({ Id }) => Id)).toEqual(
      await ids(`SELECT Id FROM PaymentIntent WHERE Customer = '${someone}' ORDER BY Id`),
    );
  });

  test("8. of twenty rapid identical queries some are empty: a 429 is retried", async () => {
    running.sandbox.faults.add({ times: 5, effect: { kind: "status", status: 429, headers: { "Retry-After": "0" } } });
    const counts = await Promise.all(Array.from({ length: 20 }, () => count("SELECT Id FROM Customer")));
    expect(new Set(counts)).toEqual(new Set([230]));
  });

  test("9. an error on a later page ends the listing quietly", async () => {
    running.sandbox.faults.add({ path: "/v1/customers", after: 1, times: 9, effect: { kind: "status", status: 400 } });
    expect(await running.failure("SELECT Id FROM Customer")).toMatchObject({ phase: "stripe" });
  });

  test("10. more than ten embedded children are cut", async () => {
    const { rows } = await running.query(
      "SELECT Invoice, count(*) AS n FROM InvoiceLineItem GROUP BY 1 HAVING count(*) > 10",
    );
    expect(rows.length).toBeGreaterThan(0);
  });

  test("11. splits of a range lose or repeat rows of the same second", async () => {
    const [row] = (await running.query("SELECT Created FROM Charge ORDER BY Created DESC LIMIT 1 OFFSET 50")).rows;
    const time = row?.["Created"] as Date;
    const side = async (operator: string) =>
      (await running.query(`SELECT Id FROM Charge WHERE Created ${operator} ?`, [time])).rows.length;
    const all = await count("SELECT Id FROM Charge");
    expect((await side("<")) + (await side(">="))).toBe(all);
    expect((await side("<=")) + (await side(">"))).toBe(all);
  });

  test("12. endpoints without paging are sent a limit", async () => {
    expect(await running.sent("SELECT * FROM Balance LIMIT 1")).toEqual(["GET /v1/balance"]);
  });

  test("13. a feature that is not enabled is silence", async () => {
    const message =
      "Your account is not set up to use Issuing. Please visit https://dashboard.stripe.com/issuing/overview to get started.";
    running.sandbox.faults.add({
      path: "/v1/issuing",
      effect: { kind: "status", status: 400, body: { error: { type: "invalid_request_error", message } } },
    });
    expect(await running.failure("SELECT Id FROM IssuingCard")).toMatchObject({ sqlState: "42501", message });
  });

  test("14. a lost POST reply and a retry create two objects", async () => {
    running.sandbox.faults.add({ method: "POST", path: "/v1/customers", effect: { kind: "lose-reply" } });
    await running.query("INSERT INTO Customer (Email) VALUES ('once@example.com')");
    expect(await count("SELECT Id FROM Customer WHERE Email = 'once@example.com'")).toBe(1);
    await running.query("DELETE FROM Customer WHERE Email = 'once@example.com'");
  });

  test("15. a wrong enum value is a raw 400", async () => {
    const { rows, notices, requests } = await running.query("SELECT Id FROM Invoice WHERE Status = 'outstanding'");
    expect({ rows, requests }).toEqual({ rows: [], requests: 1 });
    expect(notices).toEqual([
      "the SDK knows no Invoice.Status 'outstanding'; nearest are 'open', 'paid', 'draft', 'void', 'uncollectible'",
      "Invalid status: must be one of draft, open, paid, uncollectible, or void",
    ]);
  });

  test("16. joins over children that need a parent's key fail", async () => {
    const sql =
      "SELECT c.Id, i.Id, l.Id FROM Customer c JOIN Invoice i ON i.Customer = c.Id JOIN InvoiceLineItem l ON l.Invoice = i.Id";
    expect(await count(sql)).toBe(await count("SELECT Id FROM InvoiceLineItem"));
  });

  test("17. results are truncated at a page cap that nobody mentions", async () => {
    expect(await count("SELECT Id FROM Customer")).toBe(230);
    running.sandbox.requests.clear();
    await running.query("SELECT Id FROM Customer");
    expect(requestLines(running.sandbox)).toHaveLength(3);
  });

  test("18. filters accepted one by one are dropped together", async () => {
    const { rows } = await running.query("SELECT Amount FROM Charge WHERE Amount > 2000 AND Amount <> 4900");
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.filter(({ Amount }) => Number(Amount) <= 2000 || Amount === 4900)).toEqual([]);
  });

  test("19. zero values become NULL, and times come out as numbers", async () => {
    const { rows } = await running.query("SELECT AmountRefunded, Created FROM Charge WHERE AmountRefunded = 0 LIMIT 1");
    expect(rows[0]?.["AmountRefunded"]).toBe(0);
    expect(rows[0]?.["Created"]).toBeInstanceOf(Date);
  });

  test("20. documentation examples do not run: each of every README.md is run by test/readme", async () => {
    const { readFile } = await import("node:fs/promises");
    expect(await readFile(new URL("../readme/readme.test.ts", import.meta.url), "utf8")).toContain("README.md");
  });
});

import { beforeAll, describe, expect, test } from "vitest";
import { connectSandbox } from "../support/sandbox-connection.js";

const running = connectSandbox({ customers: 260 });
let ids: readonly string[] = [];

beforeAll(async () => {
  ids = (await running.query("SELECT Id FROM Customer LIMIT 5")).rows.map((row) => String(row["Id"]));
});

/** Bounds of the seeded data, as seconds. */
const at = (text: string): number => Date.parse(`${text}Z`) / 1000;

describe("one request", () => {
  test.each([
    ["SELECT * FROM Customer LIMIT 10", "GET /v1/customers limit=10"],
    ["SELECT Id FROM Customer ORDER BY Created DESC LIMIT 5", "GET /v1/customers limit=10"],
    [
      "SELECT Id FROM Customer WHERE Email = 'customer7@example.com'",
      "GET /v1/customers email=customer7@example.com&limit=100",
    ],
    ["SELECT Id FROM Invoice WHERE Status = 'open' LIMIT 100", "GET /v1/invoices status=open&limit=100"],
    ["SELECT Id FROM invoices WHERE status = 'open' LIMIT 3", "GET /v1/invoices status=open&limit=3"],
    [
      "SELECT Id FROM Customer WHERE Created >= '2030-01-01' AND (Created < '2031-01-01' OR Created IS NULL)",
      "GET /v1/customers created[gte]=1893456000&created[lte]=1924991999&limit=100",
    ],
    ["SELECT Id FROM Customer LIMIT 3 OFFSET 2", "GET /v1/customers limit=5"],
    ["SELECT Id FROM Subscription LIMIT 2", "GET /v1/subscriptions status=all&limit=2"],
    ["SELECT Id FROM Charge WHERE Amount > 0 LIMIT 5", "GET /v1/charges limit=100"],
  ])("%s", async (sql, request) => {
    expect(await running.sent(sql)).toEqual([request]);
  });

  test("Id equality is a retrieve, whatever else is asked of the row", async () => {
    const [id] = ids;
    expect(await running.sent("SELECT * FROM Customer WHERE Id = ?", [String(id)])).toEqual([
      `GET /v1/customers/${id}`,
    ]);
    expect(await running.sent("SELECT * FROM Customer WHERE Id = ? AND Name = 'nobody'", [String(id)])).toEqual([
      `GET /v1/customers/${id}`,
    ]);
  });

  test("an object that is not there is no row", async () => {
    expect((await running.query("SELECT Id FROM Customer WHERE Id = 'cus_missing'")).rows).toEqual([]);
  });
});

describe("no request", () => {
  test.each([
    "SELECT * FROM Customer WHERE Id = 'a' AND Id = 'b'",
    "SELECT * FROM Customer WHERE Created > '2026-01-02' AND Created < '2026-01-01'",
    "SELECT * FROM BillingFeedbackOption WHERE Status = 'new'",
    "SELECT * FROM Invoice WHERE Status IN ('open', 'paid') AND Status = 'void'",
    "SELECT * FROM Customer LIMIT 0",
    "SELECT * FROM Customer WHERE FALSE",
    "SELECT * FROM Customer WHERE Email = NULL",
    "SELECT * FROM Customer WHERE Created = '2026-01-01 00:00:00.5'",
  ])("%s", async (sql) => {
    expect(await running.sent(sql)).toEqual([]);
  });
});

describe("limits", () => {
  test("LIMIT 250 is three pages of 100, 100 and 50", async () => {
    const sent = await running.sent("SELECT Id FROM Customer LIMIT 250");
    expect(sent.map((line) => /limit=\d+/.exec(line)?.[0])).toEqual(["limit=100", "limit=100", "limit=50"]);
  });

  test.each([
    "SELECT Id FROM Customer WHERE AddressCountry = 'US' LIMIT 40",
    "SELECT Id FROM Customer ORDER BY Name LIMIT 5",
    "SELECT DISTINCT AddressCountry FROM Customer LIMIT 5",
    "SELECT count(*) FROM Customer LIMIT 1",
    "SELECT c.Id FROM Customer c JOIN Invoice i ON i.Customer = c.Id LIMIT 1",
    "SELECT Id FROM Customer ORDER BY Created LIMIT 1",
    "SELECT Name AS Created FROM Customer ORDER BY Created DESC LIMIT 1",
  ])("none passes what Stripe did not apply: %s", async (sql) => {
    const sent = await running.sent(sql);
    expect(sent.length).toBeGreaterThan(0);
    expect(sent.filter((line) => line.includes("/v1/customers") && !line.includes("limit=100"))).toEqual([]);
  });

  test("a page that holds enough rows is the last", async () => {
    const sent = await running.sent("SELECT Id FROM Customer WHERE AddressCountry = 'US' LIMIT 1");
    expect(sent).toHaveLength(1);
  });
});

describe("ranges of Created", () => {
  test.each([
    [
      "Created >= '2026-01-01' AND Created < '2026-02-01'",
      `created[gte]=${at("2026-01-01T00:00:00")}&created[lte]=${at("2026-01-31T23:59:59")}`,
    ],
    [
      "Created > '2026-01-01' AND Created <= '2026-02-01'",
      `created[gte]=${at("2026-01-01T00:00:01")}&created[lte]=${at("2026-02-01T00:00:00")}`,
    ],
    [
      "Created BETWEEN '2026-01-01' AND '2026-02-01'",
      `created[gte]=${at("2026-01-01T00:00:00")}&created[lte]=${at("2026-02-01T00:00:00")}`,
    ],
    [
      "Created > '2026-01-01 00:00:00.5' AND Created < '2026-02-01 00:00:00.5'",
      `created[gte]=${at("2026-01-01T00:00:01")}&created[lte]=${at("2026-02-01T00:00:00")}`,
    ],
  ])("%s", async (condition, query) => {
    const sent = await running.sent(`SELECT Id FROM Charge WHERE ${condition}`);
    const { rows } = await running.query(`SELECT Id FROM Charge WHERE ${condition}`);
    expect(sent).toHaveLength(Math.max(1, Math.ceil(rows.length / 100)));
    expect(sent[0]).toBe(`GET /v1/charges ${query}&limit=100`);
  });

  test("a bound from the clock is sent where it cannot lose a row", async () => {
    const [request] = await running.sent("SELECT Id FROM Customer WHERE Created >= now() - INTERVAL '7 days'");
    expect(request).toMatch(/created\[gte\]=\d+&limit=100/);
    // The local engine reads its clock later: the bound is a day after the planner's.
    const [other] = await running.sent("SELECT Id FROM Customer WHERE Created <= now() LIMIT 1");
    expect(other).toMatch(/created\[lte\]=\d+&limit=100/);
    expect(Number(/\d{10}/.exec(other ?? "")?.[0])).toBeGreaterThan(Date.now() / 1000 + 86_000);
  });
});

describe("several values", () => {
  test("n ids are n retrieves", async () => {
    const sent = await running.sent(`SELECT Id FROM Customer WHERE Id IN (${ids.map((id) => `'${id}'`).join(", ")})`);
    expect([...sent].sort()).toEqual(ids.map((id) => `GET /v1/customers/${id}`).sort());
  });

  test("IN of a filter is a list for each value", async () => {
    expect(await running.sent("SELECT Id FROM Invoice WHERE Status IN ('open', 'draft')")).toEqual([
      "GET /v1/invoices status=open&limit=100",
      "GET /v1/invoices status=draft&limit=100",
    ]);
  });

  test("OR of filters is a list for each branch, and a row in both comes once", async () => {
    const sql = "SELECT Id FROM Invoice WHERE Status = 'open' OR Created >= '2026-10-01'";
    const sent = await running.sent(sql);
    expect(sent[0]).toBe("GET /v1/invoices status=open&limit=100");
    const { rows } = await running.query(sql);
    expect(new Set(rows.map((row) => row["Id"])).size).toBe(rows.length);
  });
});

describe("nested lists", () => {
  test("a parent's key in WHERE reads one list", async () => {
    const [invoice] = (await running.query("SELECT Id FROM Invoice LIMIT 1")).rows;
    expect(await running.sent("SELECT Id FROM InvoiceLineItem WHERE Invoice = ?", [String(invoice?.["Id"])])).toEqual([
      `GET /v1/invoices/${String(invoice?.["Id"])}/lines limit=100`,
    ]);
  });

  test("a key that a join gives is used too", async () => {
    const [invoice] = (await running.query("SELECT Id FROM Invoice LIMIT 1")).rows;
    const id = String(invoice?.["Id"]);
    const sent = await running.sent(
      "SELECT l.Id FROM Invoice i JOIN InvoiceLineItem l ON l.Invoice = i.Id WHERE i.Id = ?",
      [id],
    );
    expect(sent).toEqual([`GET /v1/invoices/${id}`]);
  });

  test("children that their parents hold cost no request of their own, and none is cut", async () => {
    const sent = await running.sent("SELECT Id FROM InvoiceLineItem");
    const { rows: invoices } = await running.query("SELECT * FROM Invoice");
    const long = invoices.filter((row) => (row["Lines"] as { has_more: boolean }).has_more);
    expect(long.length).toBeGreaterThan(0);
    expect(sent).toHaveLength(Math.ceil(invoices.length / 100) + long.length);
    const { rows } = await running.query("SELECT Invoice, count(*) AS n FROM InvoiceLineItem GROUP BY 1");
    const counts = new Map(rows.map((row) => [row["Invoice"], row["n"]]));
    for (const { Id } of long) expect(Number(counts.get(Id))).toBeGreaterThan(10);
  });
});

describe("pseudo-columns", () => {
  test("filter at Stripe, hold the value asked for, and are not among the columns of *", async () => {
    const [payout] = (await running.query("SELECT Id FROM Payout WHERE Automatic LIMIT 1")).rows;
    const id = String(payout?.["Id"]);
    const sql = "SELECT * FROM BalanceTransaction WHERE Payout = ?";
    expect((await running.sent(sql, [id]))[0]).toBe(`GET /v1/balance_transactions payout=${id}&limit=100`);
    expect((await running.query(sql, [id])).columns.map(({ name }) => name)).not.toContain("Payout");
    expect(
      (await running.query("SELECT Id, Payout FROM BalanceTransaction WHERE Payout = ? LIMIT 1", [id])).rows[0]?.[
        "Payout"
      ],
    ).toBe(id);
  });

  test("AccountId reads another account's rows", async () => {
    const [account] = (await running.query("SELECT Id FROM Account LIMIT 1")).rows;
    running.sandbox.requests.clear();
    await running.query("SELECT Id FROM Customer WHERE AccountId = ? LIMIT 1", [String(account?.["Id"])]);
    expect(running.sandbox.requests.entries.map((entry) => entry.account)).toEqual([account?.["Id"]]);
  });

  test("SearchQuery is a search in Stripe's own language", async () => {
    const [request] = await running.sent(
      "SELECT Id FROM Customer WHERE SearchQuery = 'email:\"customer7@example.com\"'",
    );
    expect(request).toMatch(/^GET \/v1\/customers\/search query=/);
  });

  test("SearchQuery is asked for no more rows than any will do, and for all where the newest are wanted", async () => {
    const found = "SELECT Id FROM Customer WHERE SearchQuery = 'created>0'";
    const pagesOf = async (sql: string) => (await running.sent(sql)).map((line) => /limit=(\d+)/.exec(line)?.[1]);
    const all = (await running.query(found)).rowCount;
    expect(await pagesOf(`${found} LIMIT 3`)).toEqual(["3"]);
    expect(await pagesOf(`${found} ORDER BY Created DESC LIMIT 3`)).toEqual(
      Array.from({ length: Math.ceil(all / 100) }, () => "100"),
    );
  });

  test("can only be compared with = to a constant", async () => {
    expect(await running.failure("SELECT Id FROM BalanceTransaction WHERE Payout LIKE 'po%'")).toMatchObject({
      sqlState: "0A000",
      message: 'column "Payout" of "BalanceTransaction" can only be compared with = to a constant',
    });
  });
});

test("endpoints that take no limit are sent none", async () => {
  expect(await running.sent("SELECT * FROM Balance")).toEqual(["GET /v1/balance"]);
  expect(await running.sent("SELECT * FROM CurrentAccount")).toEqual(["GET /v1/account"]);
});

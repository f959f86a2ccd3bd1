import { beforeAll, describe, expect, test } from "vitest";
import { connectSandbox, requestLines } from "../support/sandbox-connection.js";

const running = connectSandbox({ customers: 60 });

const textsOf = async (sql: string): Promise<readonly string[]> =>
  (await running.query(sql)).rows.map((row) => String(Object.values(row)[0]));

describe("a field that has moved", () => {
  test("is a value as any other: Invoice.Subscription was always NULL", async () => {
    const { rows } = await running.query(
      "SELECT count(Subscription) AS n, count(*) FILTER (WHERE Subscription = _json->'parent'->'subscription_details'->>'subscription') AS same FROM Invoice",
    );
    expect(Number(rows[0]?.["n"])).toBeGreaterThan(0);
    expect(rows[0]?.["same"]).toBe(rows[0]?.["n"]);
  });

  test("is asked for by the filter of its old name", async () => {
    const [subscription] = await textsOf("SELECT Subscription FROM Invoice WHERE Subscription IS NOT NULL LIMIT 1");
    expect(await running.sent(`SELECT Id, Subscription FROM Invoice WHERE Subscription = '${subscription}'`)).toEqual([
      `GET /v1/invoices subscription=${subscription}&limit=100`,
    ]);
  });
});

describe("a filter that is no column", () => {
  test.each([
    "SELECT Id, CurrentPeriodEnd FROM Subscription WHERE CurrentPeriodEnd > '2026-11-10'",
    "SELECT Id FROM Subscription WHERE CurrentPeriodEnd > '2026-11-10' ORDER BY CurrentPeriodEnd",
    "SELECT max(CurrentPeriodEnd) FROM Subscription",
    "SELECT count(*) FROM Subscription GROUP BY CurrentPeriodEnd",
    "SELECT CASE WHEN CurrentPeriodEnd IS NULL THEN 1 ELSE 0 END FROM Subscription",
    "SELECT count(*) FROM Subscription s LEFT JOIN Customer c ON c.Created = s.CurrentPeriodEnd",
  ])("is never read as a value: %s", async (sql) => {
    expect(await running.failure(sql)).toMatchObject({
      sqlState: "0A000",
      message: 'column "CurrentPeriodEnd" of "Subscription" has no value to read',
      hint: 'Use it as a condition of WHERE alone, or read "CurrentPeriodEnd" of "SubscriptionItem".',
    });
    expect(requestLines(running.sandbox)).toEqual([]);
  });

  test("is a condition", async () => {
    expect(await running.sent("SELECT Id FROM Subscription WHERE CurrentPeriodEnd > '2026-11-10'")).toEqual([
      "GET /v1/subscriptions status=all&current_period_end[gte]=1794268801&limit=100",
    ]);
  });

  test("of two values has no one of them", async () => {
    const sql = "SELECT Price FROM Subscription WHERE Price IN ('price_1', 'price_2')";
    expect(await running.failure(sql)).toMatchObject({ sqlState: "0A000" });
  });

  test.each([
    "SELECT a.x FROM (WITH b AS (SELECT Price FROM SubscriptionItem) SELECT Price AS x FROM b) a JOIN Subscription s ON true",
    "SELECT a.x FROM (SELECT Price AS x FROM (SELECT Price FROM SubscriptionItem) b) a, Subscription s",
    "SELECT a.x FROM (WITH b(Price) AS (SELECT Id FROM Price) SELECT Price AS x FROM b) a, Subscription s",
  ])("is not meant where a query within has a column of the name: %s", async (sql) => {
    expect((await running.query(sql)).rows.length).toBeGreaterThan(0);
  });

  test("is its value where an equality says it", async () => {
    const [price] = await textsOf("SELECT Price FROM SubscriptionItem LIMIT 1");
    expect(new Set(await textsOf(`SELECT Price FROM Subscription WHERE Price = '${price}' ORDER BY Price`))).toEqual(
      new Set([price]),
    );
  });

  test("is not an output that is named alike", async () => {
    const sql = "SELECT Status AS Price FROM Subscription ORDER BY Price LIMIT 1";
    expect(await running.sent(sql)).toEqual(["GET /v1/subscriptions status=all&limit=100"]);
  });
});

describe("payouts and their transactions", () => {
  let payouts: readonly string[] = [];
  let transactions: readonly string[] = [];

  beforeAll(async () => {
    payouts = await textsOf("SELECT Id FROM Payout WHERE Automatic ORDER BY Created DESC");
    const lists = payouts.map((id) => textsOf(`SELECT Id FROM BalanceTransaction WHERE Payout = '${id}'`));
    transactions = (await Promise.all(lists)).flat().sort();
  });

  const listsOf = (ids: readonly string[]): readonly string[] =>
    ids.map((id) => `GET /v1/balance_transactions payout=${id}&limit=100`);

  test("are joined in one statement, by one list for each payout", async () => {
    const sql = "SELECT p.Id, b.Id FROM Payout p JOIN BalanceTransaction b ON b.Payout = p.Id WHERE p.Automatic";
    const { rows } = await running.query(sql);
    expect(rows.map((row) => String(row["Id_1"])).sort()).toEqual(transactions);
    const [first, ...lists] = requestLines(running.sandbox);
    expect(first).toBe("GET /v1/payouts limit=100");
    expect(lists).toEqual(expect.arrayContaining([...listsOf(payouts)]));
  });

  test("that Stripe lists none for are told in a notice", async () => {
    const sql = "SELECT count(*) AS n FROM Payout p JOIN BalanceTransaction b ON b.Payout = p.Id";
    const { rows, notices } = await running.query(sql);
    expect(rows).toEqual([{ n: transactions.length }]);
    expect(notices).toEqual(["Balance transaction history can only be filtered on automatic transfers, not manual."]);
  });

  test("keep a payout without any", async () => {
    const sql =
      "SELECT count(DISTINCT p.Id) AS n FROM Payout p LEFT JOIN BalanceTransaction b ON b.Payout = p.Id WHERE p.Automatic";
    expect((await running.query(sql)).rows).toEqual([{ n: payouts.length }]);
  });

  test.each([
    ["IN (SELECT Id FROM Payout WHERE Automatic)", () => transactions.length],
    ["IN (SELECT p.Id FROM Payout p WHERE p.Automatic AND p.Amount < 0)", () => 0],
  ])("are found by Payout %s", async (condition, expected) => {
    const { rows } = await running.query(`SELECT count(*) AS n FROM BalanceTransaction WHERE Payout ${condition}`);
    expect(rows).toEqual([{ n: expected() }]);
  });

  test("are found by the one payout of a subquery", async () => {
    const [newest] = payouts;
    const wanted = await textsOf(`SELECT Id FROM BalanceTransaction WHERE Payout = '${newest}' ORDER BY Id`);
    const sql =
      "SELECT Id FROM BalanceTransaction WHERE Payout = (SELECT Id FROM Payout WHERE Automatic ORDER BY Created DESC LIMIT 1) ORDER BY Id";
    expect(await textsOf(sql)).toEqual(wanted);
    expect(wanted.length).toBeGreaterThan(0);
  });

  test("are grouped by their payout", async () => {
    const sql =
      "SELECT b.Payout, count(*) AS n FROM Payout p JOIN BalanceTransaction b ON b.Payout = p.Id WHERE p.Automatic GROUP BY b.Payout";
    const { rows } = await running.query(sql);
    expect(rows.reduce((sum, row) => sum + Number(row["n"]), 0)).toBe(transactions.length);
  });

  test("are asked for once, however many rows hold the payout", async () => {
    const sql =
      "SELECT count(DISTINCT b.Id) AS n FROM BalanceTransaction b JOIN Payout p ON b.Payout = p.Id JOIN Payout q ON q.Id = p.Id WHERE p.Automatic";
    expect((await running.query(sql)).rows).toEqual([{ n: transactions.length }]);
    const lines = requestLines(running.sandbox);
    expect(lines.length).toBe(new Set(lines).size);
  });
});

describe("an id that would make another call of the path", () => {
  test.each(["search", "a/b", "a?b", "", ".", ".."])("'%s' is no row and no request", async (id) => {
    expect((await running.query("SELECT Id FROM Customer WHERE Id = ?", [id])).rows).toEqual([]);
    expect(requestLines(running.sandbox)).toEqual([]);
  });
});

describe("a filter of the meaning of a base parameter", () => {
  test.each([
    ["SELECT Id FROM v2.FinancialAccount WHERE Status = 'open'", "statuses[0]=open"],
    ["SELECT Id FROM v2.FinancialAccount WHERE Status IN ('open', 'closed')", "statuses[0]=open&statuses[1]=closed"],
    ["SELECT Id FROM v2.FinancialAccount", "statuses[0]=closed&statuses[1]=open&statuses[2]=pending"],
    ["SELECT Id FROM AppsSecret WHERE ScopeType = 'user' AND ScopeUser = 'u'", "scope[type]=user&scope[user]=u"],
    ["SELECT Id FROM Subscription WHERE Status = 'active'", "status=active"],
    ["SELECT Id FROM PaymentMethod WHERE Type = 'card'", "type=card"],
  ])("takes its place: %s", async (sql, parameters) => {
    const [first, ...others] = await running.sent(sql);
    expect({ first, others }).toEqual({ first: expect.stringMatching(/ .* /), others: [] });
    expect(first?.split(" ")[2]).toBe(`${parameters}&limit=100`);
  });
});

describe("a reference", () => {
  test("to an object that Stripe sends whole joins by its id", async () => {
    const { rows } = await running.query(
      "SELECT count(*) AS n, count(p.Id) AS held FROM SubscriptionItem si LEFT JOIN Price p ON p.Id = si.Price",
    );
    expect(Number(rows[0]?.["n"])).toBeGreaterThan(0);
    expect(rows[0]?.["held"]).toBe(rows[0]?.["n"]);
  });
});

describe("a filter that Stripe cuts its answer short for", () => {
  test("is not used: of 120 charges of a transfer group 100 came", async () => {
    const charge = { amount: 500, currency: "usd", source: "tok_visa", transfer_group: "g" };
    for (let index = 0; index < 120; index += 1) await running.stripe.charges.create(charge);
    const listed = await running.stripe.charges.list({ transfer_group: "g", limit: 100 });
    expect({ rows: listed.data.length, more: listed.has_more }).toEqual({ rows: 100, more: false });
    running.sandbox.requests.clear();
    const { rows } = await running.query("SELECT count(*) AS n FROM Charge WHERE TransferGroup = 'g'");
    expect(rows).toEqual([{ n: 120 }]);
    expect(requestLines(running.sandbox)[0]).toBe("GET /v1/charges limit=100");
  });
});

describe("an event's type", () => {
  test("is refused by both of its filters together", async () => {
    const { status } = await running.raw("GET", "/v1/events?type=charge.failed&types[0]=charge.failed");
    expect(status).toBe(400);
  });

  test("is asked for by one", async () => {
    const sent = await running.sent("SELECT Id FROM Event WHERE Type = 'charge.failed' LIMIT 5");
    expect(sent).toEqual(["GET /v1/events types[0]=charge.failed&limit=5"]);
  });
});

describe("a field that API v2 sends on request alone", () => {
  test("is asked for by name where a call takes that: it was always NULL", async () => {
    const [id] = await textsOf("SELECT Id FROM v2.Account LIMIT 1");
    running.sandbox.requests.clear();
    const { rows, notices } = await running.query(`SELECT Identity FROM v2.Account WHERE Id = '${id}'`);
    expect({ rows: rows.length, notices, sent: requestLines(running.sandbox) }).toEqual({
      rows: 1,
      notices: [],
      sent: [`GET /v2/core/accounts/${id} include[0]=identity`],
    });
  });

  test("is told of where a list has no way to ask", async () => {
    const { notices } = await running.query("SELECT Id, Identity FROM v2.Account LIMIT 1");
    expect(notices).toEqual([
      "Stripe's list of Account leaves identity out, whose columns are NULL; Id = '…' in WHERE reads them",
    ]);
  });

  test("is asked of a list that takes it", async () => {
    const sent = await running.sent("SELECT WebhookEndpointUrl FROM v2.EventDestination LIMIT 1");
    expect(sent).toEqual(["GET /v2/core/event_destinations include[0]=webhook_endpoint.url&limit=1"]);
  });

  test("is expanded where it lies in API v1, not the object around it", async () => {
    const sent = await running.sent("SELECT FixedAmountCurrencyOptions FROM ShippingRate LIMIT 1");
    expect(sent).toEqual(["GET /v1/shipping_rates expand[0]=data.fixed_amount.currency_options&limit=1"]);
  });
});

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Connection } from "../../src/driver/api.js";
import { connect } from "../../src/driver/connect.js";
import { connectSandbox } from "../support/sandbox-connection.js";

const running = connectSandbox({ customers: 80 });
let off: Connection;
let engine: Connection;

beforeAll(async () => {
  const target = { apiKey: running.sandbox.apiKey, apiBase: running.sandbox.url };
  off = await connect({ ...target, pushdown: false });
  engine = await connect({ ...target, directWay: false });
});

afterAll(async () => {
  await off.close();
  await engine.close();
});

const one = (table: string, where = "TRUE"): string => `(SELECT Id FROM ${table} WHERE ${where} ORDER BY Id LIMIT 1)`;

/** What people ask of Stripe in SQL, a shape a line; none is empty on the sandbox. */
const questions: readonly (readonly [name: string, sql: string])[] = [
  ["the account itself", "SELECT Id, Country FROM CurrentAccount"],
  [
    "charges of a customer, newest first",
    `SELECT Id FROM Charge WHERE Customer = (SELECT Customer FROM Charge ORDER BY Id LIMIT 1) ORDER BY Created DESC, Id`,
  ],
  ["refunded charges", "SELECT Id, Amount, AmountRefunded FROM Charge WHERE Refunded ORDER BY Id"],
  ["disputed charges", "SELECT Id FROM Charge WHERE Disputed ORDER BY Id"],
  [
    "customers of the last days, newest first",
    "SELECT Id FROM Customer WHERE Created >= TIMESTAMPTZ '2026-10-01 00:00:00+00' ORDER BY Created DESC, Id",
  ],
  ["customers who are owed something", "SELECT Id, Balance FROM Customer WHERE Balance < 0 ORDER BY Balance, Id"],
  ["a first look at invoices", "SELECT count(*) FROM (SELECT * FROM Invoice LIMIT 5)"],
  [
    "invoices of a month, oldest first",
    "SELECT Id FROM Invoice WHERE Created >= '2026-09-01' AND Created < '2026-10-01' ORDER BY Created, Id",
  ],
  [
    "invoices due in a range",
    "SELECT Id, DueDate FROM Invoice WHERE DueDate >= '2025-01-01' AND DueDate < '2026-12-01' ORDER BY Id",
  ],
  ["open invoices by creation", "SELECT Id FROM Invoice WHERE Status = 'open' ORDER BY Created, Id"],
  ["products not active", "SELECT Id, Name FROM Product WHERE NOT Active ORDER BY Id"],
  ["trialing subscriptions", "SELECT Id FROM Subscription WHERE Status = 'trialing' ORDER BY Id"],
  ["subscriptions that end", "SELECT Id FROM Subscription WHERE CancelAtPeriodEnd ORDER BY Id"],
  ["canceled subscriptions", "SELECT Id FROM Subscription WHERE Status = 'canceled' ORDER BY Id"],
  [
    "items of a subscription",
    `SELECT Id, Price AS price, (_json->'price'->>'unit_amount')::BIGINT AS amount FROM SubscriptionItem WHERE Subscription = ${one("Subscription")} ORDER BY Id`,
  ],
  [
    "an invoice with its lines",
    `SELECT i.Number, l.Description, l.Amount FROM Invoice i JOIN InvoiceLineItem l ON l.Invoice = i.Id WHERE i.Id = ${one("Invoice", "Status = 'paid'")} ORDER BY ALL`,
  ],
  [
    "products and their prices",
    "SELECT p.Name, r.UnitAmount, r.Currency FROM Product p JOIN Price r ON r.Product = p.Id ORDER BY ALL",
  ],
  [
    "a customer and all of its payments",
    "SELECT c.Email, p.Id FROM Customer c LEFT JOIN PaymentIntent p ON p.Customer = c.Id WHERE c.Email = 'customer12@example.com' ORDER BY ALL",
  ],
  [
    "newest refunds in the balance",
    "SELECT Net FROM BalanceTransaction WHERE Type = 'refund' ORDER BY Created DESC, Id LIMIT 5",
  ],
  [
    "fees one by one",
    "SELECT b.Id, f.fee->>'type' AS type, (f.fee->>'amount')::BIGINT AS amount FROM BalanceTransaction b, unnest(b.FeeDetails::JSON[]) AS f(fee) ORDER BY ALL",
  ],
  [
    "failed charges with brand and email",
    "SELECT ch.Id, ch.FailureCode, ch.PaymentMethodDetails->'card'->>'brand' AS brand, c.Email FROM Charge ch LEFT JOIN Customer c ON c.Id = ch.Customer WHERE ch.Status = 'failed' ORDER BY ch.Created DESC, ch.Id LIMIT 5",
  ],
  [
    "lost disputes and their charges",
    "SELECT d.Id, c.Amount FROM Dispute d JOIN Charge c ON c.Id = d.Charge WHERE d.Status = 'lost' ORDER BY ALL",
  ],
  [
    "unpaid subscriptions and customers",
    "SELECT s.Id, c.Email FROM Subscription s JOIN Customer c ON c.Id = s.Customer WHERE s.Status = 'unpaid' ORDER BY ALL LIMIT 5",
  ],
  [
    "active subscriptions to products",
    "WITH active AS (SELECT Id FROM Subscription WHERE Status = 'active'), items AS (SELECT i._json->'price'->>'product' AS product FROM SubscriptionItem i JOIN active a ON a.Id = i.Subscription) SELECT p.Name, count(*) AS n FROM items JOIN Product p ON p.Id = items.product GROUP BY ALL ORDER BY ALL",
  ],
  [
    "net, fee and gross by month",
    "SELECT date_trunc('month', Created) AS month, Currency, ReportingCategory, sum(Net) AS net, sum(Fee) AS fee, sum(Amount) AS gross FROM BalanceTransaction WHERE Created >= '2026-01-01' AND Created < '2027-01-01' GROUP BY ALL ORDER BY ALL",
  ],
  [
    "decline reasons a week",
    "SELECT date_trunc('week', Created) AS week, FailureCode, count(*) AS n FROM Charge WHERE Status = 'failed' GROUP BY ALL ORDER BY ALL",
  ],
  [
    "dispute rate a month",
    "SELECT date_trunc('month', c.Created) AS month, count(DISTINCT CASE WHEN d.Id IS NOT NULL THEN c.Id END) AS disputed, count(*) AS charges FROM Charge c LEFT JOIN Dispute d ON d.Charge = c.Id GROUP BY 1 ORDER BY 1",
  ],
  [
    "a metadata key as a column",
    "SELECT Metadata->>'order_id' AS order_id FROM Customer WHERE Metadata->>'order_id' IS NOT NULL ORDER BY 1",
  ],
  [
    "customers by lifetime value",
    "SELECT c.Email, sum(ch.Amount) AS value FROM Charge ch JOIN Customer c ON c.Id = ch.Customer WHERE ch.Paid GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 10",
  ],
  [
    "revenue by month, running",
    "WITH monthly AS (SELECT date_trunc('month', Created) AS month, count(*) AS started FROM Subscription GROUP BY 1) SELECT month, started, sum(started) OVER (ORDER BY month) AS total, started - lag(started) OVER (ORDER BY month) AS change FROM monthly ORDER BY month",
  ],
  [
    "own rows against Stripe's",
    `SELECT v.wanted, b.Amount FROM (SELECT Id AS wanted FROM BalanceTransaction ORDER BY Id LIMIT 2) v LEFT JOIN BalanceTransaction b ON b.Id = v.wanted ORDER BY 1`,
  ],
  ["customers by country", "SELECT AddressCountry, count(*) AS n FROM Customer GROUP BY 1 ORDER BY 2 DESC, 1"],
  [
    "discounts of invoices",
    "SELECT i.Id, sum((d.discount->>'amount')::BIGINT) AS total FROM Invoice i, unnest(i.TotalDiscountAmounts::JSON[]) AS d(discount) GROUP BY 1 ORDER BY 1",
  ],
  [
    "statuses side by side",
    "PIVOT (SELECT Status, Currency FROM Invoice) ON Status USING count(*) GROUP BY Currency ORDER BY Currency",
  ],
  [
    "the latest invoice of each customer",
    "SELECT Customer, Id FROM Invoice QUALIFY row_number() OVER (PARTITION BY Customer ORDER BY Created DESC, Id) = 1 ORDER BY 1",
  ],
  ["Stripe's own spelling", "SELECT id, amount_received FROM payment_intents WHERE status = 'succeeded' ORDER BY id"],
];

describe("a question", () => {
  test.each(questions)("%s", async (_name, sql) => {
    const expected = (await off.query(sql)).rows;
    expect(expected.length).toBeGreaterThan(0);
    expect((await running.query(sql)).rows).toEqual(expected);
    expect((await engine.query(sql)).rows).toEqual(expected);
  });
});

test("counts are those of the SDK's own lists", async () => {
  const { stripe } = running;
  const counted = async (list: AsyncIterable<unknown>): Promise<number> => {
    let count = 0;
    for await (const item of list) count += item === undefined ? 0 : 1;
    return count;
  };
  const count = async (table: string) => (await running.query(`SELECT count(*) AS n FROM ${table}`)).rows[0]?.["n"];
  expect(await count("Customer")).toBe(await counted(stripe.customers.list({ limit: 100 })));
  expect(await count("Subscription")).toBe(await counted(stripe.subscriptions.list({ limit: 100, status: "all" })));
  expect(await count("Charge")).toBe(await counted(stripe.charges.list({ limit: 100 })));
});

import { describe, expect, it } from "vitest";
import { connectSandbox } from "../support/sandbox-connection.js";

const running = connectSandbox({ customers: 10 });

/** "Amount in Currency" of each column whose rows tell their currency, before the statement runs and after. */
async function amounts(sql: string): Promise<readonly string[]> {
  const described = await running.connection.stream(sql).columns();
  const { columns } = await running.query(sql);
  expect(described).toEqual(columns);
  return columns.flatMap(({ name, currency }) => (currency === undefined ? [] : [`${name} in ${currency}`]));
}

describe("a result tells of its amounts in which column their currency is", () => {
  it.each([
    ["SELECT Id, Amount, Currency FROM Charge LIMIT 1", ["Amount in Currency"]],
    ["SELECT Amount AS a, Currency AS c FROM Charge ORDER BY a LIMIT 1", ["a in c"]],
    ["SELECT amount, currency FROM charges LIMIT 1", ["amount in currency"]],
    [
      "SELECT Amount, Fee, Net, Currency FROM BalanceTransaction LIMIT 1",
      ["Amount in Currency", "Fee in Currency", "Net in Currency"],
    ],
    ["SELECT sum(Amount) AS total, count(*) AS n, Currency FROM Charge GROUP BY Currency", ["total in Currency"]],
    ["SELECT Currency, max(Amount) FROM Charge GROUP BY Currency", ["max in Currency"]],
    ["SELECT c.Amount, c.Currency, i.AmountDue FROM Charge c, Invoice i LIMIT 1", ["Amount in Currency"]],
    ["SELECT c.Amount, i.AmountDue, i.Currency FROM Charge c, Invoice i LIMIT 1", ["AmountDue in Currency"]],
    [
      "SELECT UnitAmount, UnitAmountDecimal, Currency FROM Price LIMIT 1",
      ["UnitAmount in Currency", "UnitAmountDecimal in Currency"],
    ],
  ])("%s", async (sql, expected) => expect(await amounts(sql)).toEqual(expected));

  it.each([
    ["SELECT * FROM metrics.mrr LIMIT 1", ["mrr in currency", "growth in currency"]],
    ["SELECT sum(change) AS total, currency AS c FROM metrics.mrr_changes GROUP BY currency", ["total in c"]],
    [
      "SELECT a.amount, a.currency, c.Name FROM metrics.invoice_ageing a JOIN Customer c ON c.Id = a.customer LIMIT 1",
      ["amount in currency"],
    ],
    ["SELECT month, currency, arpu FROM metrics.arpu LIMIT 1", ["arpu in currency"]],
  ])("of views of ours too: %s", async (sql, expected) => expect(await amounts(sql)).toEqual(expected));

  it("for a star too", async () => {
    expect(await amounts("SELECT * FROM Refund LIMIT 1")).toContain("Amount in Currency");
    expect(await amounts("SELECT r.*, 1 AS x FROM Refund r LIMIT 1")).toContain("Amount in Currency");
  });

  it.each([
    "SELECT Amount FROM Charge LIMIT 1",
    "SELECT Amount / 100 AS a, Amount + 1 AS b, Currency FROM Charge LIMIT 1",
    "SELECT count(Amount) AS n, Currency FROM Charge GROUP BY Currency",
    "SELECT max(Amount) AS m, min(Currency) AS Currency FROM Charge",
    "SELECT Amount, upper(Currency) AS Currency FROM Charge LIMIT 1",
    "SELECT a.Amount, b.Currency FROM Charge a JOIN Charge b ON a.Id = b.Id LIMIT 1",
    "SELECT Amount, Currency FROM Charge UNION ALL SELECT 1, 'usd' LIMIT 1",
    "SELECT Amount, Currency FROM (SELECT Amount, Currency FROM Charge) LIMIT 1",
    "WITH Charge AS (SELECT 5 AS Amount, 'usd' AS Currency) SELECT Amount, Currency FROM Charge",
    "SELECT Amount, Amount, Currency FROM Charge LIMIT 1",
    "SELECT Quantity, Currency FROM InvoiceItem LIMIT 1",
    "SELECT subscribers, currency FROM metrics.mrr LIMIT 1",
    "SELECT mrr FROM metrics.mrr LIMIT 1",
    "SELECT mrr, currency FROM (SELECT 1 AS mrr, 'usd' AS currency) mrr",
  ])("but none of %s", async (sql) => expect(await amounts(sql)).toEqual([]));
});

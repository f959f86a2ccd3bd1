import { describe, expect, it } from "vitest";
import { connectSandbox } from "../support/sandbox-connection.js";

const running = connectSandbox({ customers: 40 });

async function currencyNotices(sql: string): Promise<readonly string[]> {
  return (await running.query(sql)).notices.filter((notice) => notice.includes("add"));
}

describe("amounts of one currency are added without a notice", () => {
  it.each([
    "SELECT Currency, sum(Amount) FROM Charge GROUP BY Currency",
    "SELECT Currency AS c, sum(Amount) FROM Charge GROUP BY c",
    "SELECT Currency, sum(Amount) FROM Charge GROUP BY 1",
    "SELECT Currency, sum(Amount) FROM Charge GROUP BY ALL",
    "SELECT currency, sum(amount) FROM charges GROUP BY currency",
    "SELECT upper(Currency), sum(Amount) FROM Charge GROUP BY upper(Currency)",
    "SELECT sum(Amount) FROM Charge WHERE Currency = 'usd'",
    "SELECT sum(Amount) FROM Charge WHERE lower(Currency) IN ('usd')",
    "SELECT sum(CASE WHEN Currency = 'usd' THEN Amount END) FROM Charge",
    "SELECT sum(Amount) FILTER (WHERE Currency = 'eur') FROM Charge",
    "SELECT Id, sum(Amount) OVER (PARTITION BY Currency) FROM Charge",
    "SELECT Id, sum(Amount) FROM Charge GROUP BY Id",
    "SELECT count(*), count(Amount) FROM Charge",
    "SELECT sum(Quantity) FROM SubscriptionItem WHERE Subscription IN (SELECT Id FROM Subscription)",
    "SELECT sum(Amount) FROM Charge WHERE FALSE",
    "WITH c AS (SELECT * FROM Charge WHERE Currency = 'usd') SELECT sum(Amount) FROM c",
  ])("%s", async (sql) => {
    expect(await currencyNotices(sql)).toEqual([]);
  });
});

describe("amounts of several currencies are noticed, and named", () => {
  const surely = (call: string) =>
    `${call} adds amounts in eur and usd together: group by Currency, or fix it by a condition`;
  const perhaps = (call: string) =>
    `${call} may add amounts of several currencies together: those that were read are in eur and usd`;

  it.each([
    ["SELECT sum(Amount) FROM Charge", surely("sum(Amount)")],
    ["SELECT (SELECT sum(Amount) FROM Charge) AS s", surely("sum(Amount)")],
    ["SELECT Id FROM Charge WHERE Amount > (SELECT avg(Amount) FROM Charge) LIMIT 1", surely("avg(Amount)")],
    ["SELECT avg(AmountPaid) FROM Invoice", surely("avg(AmountPaid)")],
    ["SELECT sum(amount) FROM charges", surely("sum(Amount)")],
    ["SELECT sum(money(Amount, Currency)) FROM Charge", surely("sum(Amount)")],
    ["SELECT sum(Amount - AmountRefunded) FROM Charge", surely("sum(Amount)")],
    ["SELECT Status, sum(Amount) FROM Charge GROUP BY Status", surely("sum(Amount)")],
    ["SELECT sum(Amount) FROM Charge WHERE Currency IN ('usd', 'eur')", perhaps("sum(Amount)")],
    ["SELECT sum(Amount) FROM Charge WHERE Amount > 0", perhaps("sum(Amount)")],
    ["SELECT sum(h.Amount) FROM Charge h JOIN Customer c ON c.Id = h.Customer", perhaps("sum(Amount)")],
    ["SELECT Id, sum(Amount) OVER () FROM Charge", perhaps("sum(Amount)")],
    ["WITH c AS (SELECT * FROM Charge) SELECT sum(Amount) FROM c", perhaps("sum(Amount)")],
    ["SELECT sum(paid) FROM (SELECT Amount AS paid FROM Charge) x", perhaps("sum(Amount)")],
    ["SELECT sum(t) FROM (SELECT Currency, sum(Amount) AS t FROM Charge GROUP BY Currency) x", perhaps("sum(Amount)")],
    ["SELECT date_trunc('year', Created) AS y, sum(Amount) FROM Charge GROUP BY y", perhaps("sum(Amount)")],
  ])("%s", async (sql, notice) => {
    expect(await currencyNotices(sql)).toEqual([notice]);
  });

  it("without a request more", async () => {
    const pages = await running.sent("SELECT sum(Amount) FROM Charge");
    expect(await running.sent("SELECT count(*) FROM Charge")).toEqual(pages);
  });
});

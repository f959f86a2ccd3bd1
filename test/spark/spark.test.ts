import { describe, expect, it } from "vitest";
import { serveForSpark } from "../support/spark-shop.js";

const shop = serveForSpark(4, 150);

const eighths = {
  dbtable: "stripe.charges",
  partitionColumn: "created",
  lowerBound: "2024-11-01 00:00:00",
  upperBound: "2026-11-01 00:00:00",
  numPartitions: "8",
  fetchsize: "100",
};

async function driverRows(where = "TRUE"): Promise<readonly (readonly unknown[])[]> {
  const rows = await shop.driver(`SELECT Id, Amount, Created, Paid, Currency FROM Charge WHERE ${where}`);
  return rows.map((row) => [
    row["Id"],
    Number(row["Amount"]),
    new Date(String(row["Created"])).toISOString().replace(".000Z", "Z"),
    row["Paid"],
    row["Currency"],
  ]);
}

const columns = ["id", "amount", "created", "paid", "currency"];
const byId = (rows: readonly (readonly unknown[])[]) =>
  [...rows].sort((one, other) => String(one[0]).localeCompare(String(other[0])));

describe("Spark", () => {
  it("reads a table in partitions by its times through two gateways: each row once, within the one rate of both", async () => {
    const expected = await driverRows();
    shop.sandbox.requests.clear();
    shop.requestsOfGateways();
    const { rows, partitions, types } = await shop.read({ options: eighths, columns });
    expect(partitions).toBe(8);
    expect(types).toMatchObject({
      id: "string",
      amount: "bigint",
      created: "timestamp",
      paid: "boolean",
      metadata: "string",
    });
    expect(rows.length).toBeGreaterThan(400);
    expect(byId(rows)).toEqual(byId(expected));
    const { entries } = shop.sandbox.requests;
    expect([...new Set(entries.map(({ status }) => status))]).toEqual([200]);
    // Each request is bounded by its partition, the first and the last one too.
    expect(entries.filter(({ query }) => !query.includes("created["))).toEqual([]);
    const requests = shop.requestsOfGateways();
    expect(requests.every((count) => count > 0)).toBe(true);
    expect(requests.reduce((sum, count) => sum + count, 0)).toBe(entries.length);
  });

  it("has its own conditions sent through to Stripe, and partitions by conditions", async () => {
    const [first] = await shop.driver("SELECT Customer FROM Charge WHERE Customer IS NOT NULL LIMIT 1");
    const customer = String(first?.["Customer"]);
    const expected = await driverRows(`Customer = '${customer}'`);
    shop.sandbox.requests.clear();
    const predicates = ["created >= '2026-01-01'", "created < '2026-01-01'"];
    const { rows, partitions } = await shop.read({
      options: { dbtable: "stripe.charges" },
      ...{ predicates, columns, filter: `customer = '${customer}'` },
    });
    expect(partitions).toBe(2);
    expect(byId(rows)).toEqual(byId(expected));
    expect(shop.sandbox.requests.entries.map(({ query }) => query.includes(`customer=${customer}`))).toEqual([
      true,
      true,
    ]);
  });
});

import { describe, expect, it } from "vitest";
import { connectSandbox } from "../support/sandbox-connection.js";

const running = connectSandbox({ customers: 20 });

async function answer(expression: string): Promise<unknown> {
  return (await running.query(`SELECT ${expression} AS v`)).rows[0]?.["v"];
}

describe("money", () => {
  it.each([
    ["money(1550, 'usd')", "15.5"],
    ["money(1550, 'EUR')", "15.5"],
    ["money(1550, 'jpy')", "1550"],
    ["money(1234, 'bhd')", "1.234"],
    // These have no minor unit any more, and amounts in hundredths all the same.
    ["money(500, 'isk')", "5"],
    ["money(500, 'ugx')", "5"],
    ["money(1045, 'huf')", "10.45"],
    ["money(-1, 'xxx')", "-0.01"],
    ["money(9007199254740993, 'usd')", "90071992547409.93"],
    ["money(12.345678901234::DECIMAL(38,12), 'jpy')", "12.345678901234"],
    ["money(NULL, 'usd')", null],
    ["money(5, NULL)", null],
    ["typeof(money(5, 'usd'))", "DECIMAL(38,12)"],
  ])("%s", async (expression, value) => {
    expect(await answer(expression)).toBe(value);
  });

  it("is exact over rows, on every way, in conditions and groups", async () => {
    const { rows } = await running.query("SELECT Id, Amount, Currency, money(Amount, Currency) AS m FROM Charge");
    expect(rows.length).toBeGreaterThan(0);
    for (const { Amount, Currency, m } of rows)
      expect(Number(m)).toBeCloseTo(Number(Amount) / (Currency === "jpy" ? 1 : 100), 9);
    const sums = await running.query(
      "SELECT Currency, sum(money(Amount, Currency)) AS a, money(sum(Amount), Currency) AS b FROM Charge GROUP BY Currency",
    );
    for (const { a, b } of sums.rows) expect(a).toBe(b);
    const above = await running.query("SELECT Id FROM Charge WHERE money(Amount, Currency) > 20");
    expect(above.rows).toHaveLength(rows.filter(({ m }) => Number(m) > 20).length);
  });

  it("streams: no further page is read once the rows wanted are there", async () => {
    const sql = "SELECT Id, money(Amount, Currency) FROM Charge LIMIT 1";
    expect(await running.sent(sql)).toHaveLength(1);
    expect((await running.connection.describeStatement(sql)).columns).toEqual([
      { name: "Id", type: "VARCHAR" },
      { name: "money", type: "DECIMAL" },
    ]);
  });
});

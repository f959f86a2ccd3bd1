import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { connectSandbox } from "../support/sandbox-connection.js";

const running = connectSandbox({ customers: 40 });

beforeAll(async () => {
  await running.query("SET TimeZone = 'Asia/Kathmandu'");
});
afterAll(() => running.query("RESET ALL"));

/** Midnight of a day from today on, in Kathmandu, which has one offset. */
function midnight(days: number): number {
  const offset = (5 * 60 + 45) * 60;
  return (Math.floor((Date.now() / 1000 + offset) / 86_400) + days) * 86_400 - offset;
}

describe("a word for a time", () => {
  it.each([
    ["Created >= 'yesterday'", -1],
    ["Created >= TIMESTAMPTZ 'today'", 0],
    ["Created >= DATE 'tomorrow'", 1],
    ["Created >= 'today'::DATE", 0],
  ])("%s is midnight of the zone, pushed", async (condition, days) => {
    const sent = await running.sent(`SELECT Id FROM Customer WHERE ${condition}`);
    expect(decodeURIComponent(sent.join(" "))).toContain(`created[gte]=${midnight(days)}`);
  });

  it("is one where the local engine runs the statement, as a literal and as a parameter", async () => {
    const count = async (condition: string, parameters: readonly string[] = []) =>
      (await running.query(`SELECT count(*) AS n, max(Created) AS m FROM Customer WHERE ${condition}`, parameters))
        .rows;
    const all = await count("TRUE");
    expect(await count("Created < 'tomorrow'")).toEqual(all);
    expect(await count("Created < ?", ["tomorrow"])).toEqual(all);
    expect(await count("Created BETWEEN '2020-01-01' AND 'now'")).toEqual(all);
    expect(await count("NOT Created >= 'tomorrow'")).toEqual(all);
    expect(await count("Created > 'tomorrow'")).toEqual([{ n: 0, m: null }]);
    expect(await count("Name = 'today'")).toEqual([{ n: 0, m: null }]);
  });

  it("agrees with the engine's own clock", async () => {
    const { rows } = await running.query(
      "SELECT DATE 'today' = current_date AS day, 'yesterday'::DATE = current_date - 1 AS before, TIMESTAMPTZ 'tomorrow' = date_trunc('day', now()) + INTERVAL 1 DAY AS after, abs(epoch(now()) - epoch(TIMESTAMPTZ 'now')) < 60 AS clock",
    );
    expect(rows).toEqual([{ day: true, before: true, after: true, clock: true }]);
  });

  it("is a time where Stripe takes one", async () => {
    const sent = await running.sent(
      "INSERT INTO Coupon (PercentOff, Duration, RedeemBy) VALUES (5, 'once', 'tomorrow')",
    );
    expect(sent.join(" ")).toContain(`redeem_by=${midnight(1)}`);
    const upper = await running.sent(
      "INSERT INTO Coupon (PercentOff, Duration, RedeemBy) VALUES (5, lower('ONCE'), DATE 'tomorrow')",
    );
    expect(upper.join(" ")).toContain(`redeem_by=${midnight(1)}`);
  });

  it("in an UPDATE's condition too", async () => {
    const { rowCount } = await running.query(
      "UPDATE Customer SET Name = 'x' WHERE Created >= 'tomorrow' AND Balance = 0",
    );
    expect(rowCount).toBe(0);
  });
});

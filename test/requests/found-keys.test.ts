import { describe, expect, test } from "vitest";
import { connectSandbox } from "../support/sandbox-connection.js";

const running = connectSandbox({ customers: 230 });

const textOf = async (sql: string): Promise<string> =>
  String(Object.values((await running.query(sql)).rows[0] ?? {})[0]);
const pathsOf = (sent: readonly string[]): readonly string[] => sent.map((line) => line.split(" ")[1] ?? "");

/** What the statement gives where nothing is left to Stripe but whole tables. */
async function answersAlike(sql: string): Promise<void> {
  const plain = await running.open({
    pushdown: false,
    withoutRules: ["keys", "expansion", "carrying", "growth", "ends", "sharing", "search"],
  });
  expect((await running.query(sql)).rows).toEqual((await plain.query(sql)).rows);
}

describe("rows beyond a LIMIT that are asked for to see the order", () => {
  // Five customers once led to ten lists of charges.
  test.each([
    "SELECT q.Id, count(h.Id) FROM (SELECT Id FROM Customer ORDER BY Created DESC LIMIT 5) q LEFT JOIN Charge h ON h.Customer = q.Id GROUP BY 1 ORDER BY 1",
    "SELECT c.Id, (SELECT count(*) FROM Charge h WHERE h.Customer = c.Id) AS n FROM Customer c ORDER BY c.Created DESC LIMIT 5",
    "SELECT count(*) FROM Charge WHERE Customer IN (SELECT Id FROM Customer ORDER BY Created DESC LIMIT 5)",
  ])("lead to no keys: %s", async (sql) => {
    await running.query("SELECT count(*) FROM Charge");
    const sent = pathsOf(await running.sent(sql));
    expect(sent.filter((path) => path === "/v1/charges")).toHaveLength(5);
    await answersAlike(sql);
  });
});

describe("EXISTS of what an equality ties to a row", () => {
  test("finds keys as IN does", async () => {
    const email = await textOf("SELECT c.Email FROM Customer c JOIN Invoice i ON i.Customer = c.Id LIMIT 1");
    const sql = `SELECT i.Id FROM Invoice i WHERE EXISTS (SELECT 1 FROM Customer c WHERE c.Id = i.Customer AND c.Email = '${email}') ORDER BY 1`;
    expect(pathsOf(await running.sent(sql))).toEqual(["/v1/customers", "/v1/invoices"]);
    await answersAlike(sql);
  });

  test.each([
    "SELECT count(*) FROM Invoice i WHERE EXISTS (SELECT count(*) FROM Customer c WHERE c.Id = i.Customer AND c.Email = 'nobody@example.com')",
    "SELECT count(*) FROM Invoice i WHERE NOT EXISTS (SELECT 1 FROM Customer c WHERE c.Id = i.Customer AND c.Balance > 0)",
    "SELECT count(*) FROM Invoice i WHERE EXISTS (SELECT 1 FROM Invoice i WHERE i.Customer = i.Customer AND i.Total < 0)",
    "SELECT count(*) FROM Invoice i WHERE EXISTS (SELECT 1 FROM Customer c WHERE c.Id = i.Customer OR c.Balance < 0)",
  ])("leaves out no row of one that says less: %s", async (sql) => {
    await answersAlike(sql);
  });
});

describe("USING", () => {
  test("finds keys, and what a condition on its column says goes for both sides", async () => {
    const customer = await textOf("SELECT Customer FROM Subscription");
    for (const where of [`i.Customer = '${customer}'`, `Customer = '${customer}'`]) {
      const sql = `SELECT i.Id, s.Id AS s FROM Invoice i JOIN Subscription s USING (Customer) WHERE ${where} ORDER BY 1, 2`;
      const sent = await running.sent(sql);
      expect(sent).toHaveLength(2);
      for (const line of sent) expect(line).toContain(`customer=${customer}`);
      await answersAlike(sql);
    }
  });

  test.each([
    "SELECT count(*), count(s.Id) FROM Invoice i LEFT JOIN Subscription s USING (Customer) WHERE i.Status = 'open'",
    "SELECT count(*), count(i.Id) FROM Invoice i RIGHT JOIN Subscription s USING (Customer) WHERE s.Status = 'trialing'",
    "SELECT count(*), count(Customer) FROM Invoice i FULL JOIN Subscription s USING (Customer)",
    "SELECT count(*) FROM Invoice i JOIN Subscription s USING (Customer) JOIN Quote q USING (Customer) WHERE q.Status = 'open'",
    "SELECT count(*) FROM Invoice i LEFT JOIN Subscription s USING (Customer) LEFT JOIN Quote q USING (Customer) WHERE Customer IS NOT NULL",
    "SELECT count(*) FROM Quote q SEMI JOIN Subscription s USING (Customer)",
    "SELECT count(*) FROM Quote q ANTI JOIN Subscription s USING (Customer)",
  ])("gives the rows that it means: %s", async (sql) => {
    await answersAlike(sql);
  });
});

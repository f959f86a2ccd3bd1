import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { connectSandbox } from "../support/sandbox-connection.js";

const running = connectSandbox({ customers: 230 });

const pathsOf = (sent: readonly string[]): readonly string[] => sent.map((line) => line.split(" ")[1] ?? "");
const valuesOf = async (sql: string): Promise<readonly string[]> =>
  (await running.query(sql)).rows.map((row) => String(Object.values(row)[0]));

/** What the statement gives where nothing is left to Stripe but whole tables. */
async function answersAlike(sql: string): Promise<void> {
  const plain = await running.open({
    pushdown: false,
    withoutRules: ["keys", "expansion", "carrying", "growth", "sharing"],
  });
  expect((await running.query(sql)).rows, sql).toEqual((await plain.query(sql)).rows);
}

let emails: readonly string[] = [];
beforeAll(async () => {
  for (const table of ["Charge", "Customer", "Invoice", "Payout", "BalanceTransaction", "Refund", "Dispute"])
    await running.query(`SELECT count(*) FROM ${table}`);
  emails = await valuesOf(
    "SELECT DISTINCT c.Email FROM Customer c JOIN Invoice i ON i.Customer = c.Id ORDER BY 1 LIMIT 3",
  );
});

describe("the keys that a subquery gives", () => {
  test("are those of both sides of a set operation", async () => {
    const sql = `SELECT Id FROM Invoice WHERE Customer IN (SELECT Id FROM Customer WHERE Email = '${emails[0]}' UNION SELECT Id FROM Customer WHERE Email = '${emails[1]}') ORDER BY 1`;
    expect([...pathsOf(await running.sent(sql))].sort()).toEqual([
      "/v1/customers",
      "/v1/customers",
      "/v1/invoices",
      "/v1/invoices",
    ]);
    await answersAlike(sql);
  });

  test("are those up to its LIMIT, in whichever order", async () => {
    const sql =
      "SELECT count(*) AS n FROM BalanceTransaction WHERE Payout = (SELECT Id FROM Payout WHERE Automatic AND Status = 'paid' ORDER BY Amount DESC LIMIT 1)";
    const sent = await running.sent(sql);
    const payouts = sent.filter((line) => line.startsWith("GET /v1/balance_transactions"));
    expect(new Set(payouts.map((line) => /payout=([^&]*)/.exec(line)?.[1])).size).toBe(1);
    const [best] = await valuesOf(
      "SELECT Id FROM Payout WHERE Automatic AND Status = 'paid' ORDER BY Amount DESC LIMIT 1",
    );
    const [n] = await valuesOf(`SELECT count(*) FROM BalanceTransaction WHERE Payout = '${best}'`);
    expect(String((await running.query(sql)).rows[0]?.["n"])).toBe(n);
  });

  test("are those of groups that HAVING leaves", async () => {
    const sql =
      "SELECT Id FROM Invoice WHERE Customer IN (SELECT Customer FROM Refund WHERE Customer IS NOT NULL GROUP BY 1 HAVING count(*) > 1 AND sum(Amount) > 5000) ORDER BY 1";
    expect((await running.sent(sql)).length).toBeLessThan(
      pathsOf(await running.sent("SELECT Id FROM Invoice")).length + 3,
    );
    await answersAlike(sql);
  });

  test.each([
    "SELECT Id FROM Invoice WHERE Customer IN (SELECT Customer FROM Charge GROUP BY 1 ORDER BY count(*) DESC LIMIT 3) AND FALSE",
    "SELECT count(*) FROM Charge h JOIN (SELECT Id AS k, Created AS made FROM Customer ORDER BY made DESC, k LIMIT 4) q ON q.k = h.Customer",
    "WITH own(e) AS (SELECT Email FROM Customer ORDER BY 1 LIMIT 2), kept AS (SELECT e FROM own UNION SELECT Email FROM Customer WHERE Balance < 0) SELECT count(*) FROM kept JOIN Customer c ON c.Email = kept.e",
    "SELECT count(*) FROM Charge WHERE Id IN (SELECT Charge FROM Refund EXCEPT SELECT Charge FROM Dispute)",
    "SELECT count(*) FROM Invoice i WHERE i.Customer IN (SELECT h.Customer FROM Charge h WHERE h.Amount > i.Total UNION SELECT r.Customer FROM Refund r)",
    "SELECT count(*) FROM Charge WHERE Customer = (SELECT max(Id) FROM Customer HAVING count(*) > 3)",
    "SELECT count(*) FROM Customer c LEFT JOIN (SELECT Customer AS k FROM Charge GROUP BY 1 HAVING count(*) > 2) q ON q.k = c.Id",
    "SELECT count(*) FROM Charge WHERE Amount IN (SELECT Amount FROM Refund UNION SELECT 100)",
  ])("change no answer: %s", async (sql) => {
    await answersAlike(sql);
  });

  test("are none that another run might not give: a choice among equals is left to the statement", async () => {
    const sql =
      "SELECT count(*) > 0 AS some FROM Charge WHERE Customer IN (SELECT Id FROM Customer ORDER BY random() LIMIT 200)";
    expect((await running.query(sql)).rows).toEqual([{ some: true }]);
    expect(pathsOf(await running.sent(sql)).filter((path) => path === "/v1/charges").length).toBeGreaterThan(0);
  });
});

describe("own rows in a file", () => {
  let folder: string;
  let file: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "stripe-sql-keys-"));
    file = join(folder, "rows.csv");
    const ids = await valuesOf("SELECT Id FROM BalanceTransaction LIMIT 3");
    writeFileSync(file, `id,email,n\n${ids.map((id, index) => `${id},${emails[index]},${index}`).join("\n")}\n`);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test("are the keys of a table that is joined to them", async () => {
    const sql = `SELECT v.n, b.Id FROM read_csv('${file}') v JOIN BalanceTransaction b ON b.Id = v.id ORDER BY 1`;
    const sent = pathsOf(await running.sent(sql));
    expect(sent).toHaveLength(3);
    for (const path of sent) expect(path).toContain("/v1/balance_transactions/txn_");
    await answersAlike(sql);
  });

  test.each([
    [
      "LEFT JOIN",
      (name: string) =>
        `SELECT v.n, c.Id FROM read_csv('${name}') v LEFT JOIN Customer c ON c.Email = v.email ORDER BY 1`,
    ],
    [
      "IN",
      (name: string) => `SELECT Id FROM Customer WHERE Email IN (SELECT email FROM read_csv('${name}')) ORDER BY 1`,
    ],
    [
      "a common table",
      (name: string) =>
        `WITH own AS (SELECT email AS e FROM read_csv('${name}')) SELECT c.Id FROM own JOIN Customer c ON c.Email = own.e ORDER BY 1`,
    ],
  ])("are filters where a list has one, by %s", async (_, statement) => {
    expect(await running.sent(statement(file))).toHaveLength(3);
    await answersAlike(statement(file));
  });

  test("are no keys where they are no texts", async () => {
    await answersAlike(`SELECT count(*) FROM Charge h JOIN read_csv('${file}') v ON h.Id = v.n::VARCHAR`);
  });

  test("tell in EXPLAIN what they lead to, once that was seen", async () => {
    const sql = `SELECT b.Id FROM read_csv('${file}') v JOIN BalanceTransaction b ON b.Id = v.id`;
    await running.query(sql);
    const text = (await running.query(`EXPLAIN ${sql}`)).rows.map((row) => String(Object.values(row)[0]));
    expect(text.join("\n")).toContain(
      "By key: GET /v1/balance_transactions/{balance_transaction}, for each value of id of a subquery",
    );
    expect(text.join("\n")).toContain("Requests: about 3");
  });
});

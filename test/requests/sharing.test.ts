import { describe, expect, test } from "vitest";
import { connectSandbox } from "../support/sandbox-connection.js";

const running = connectSandbox({ customers: 60, latencyMs: 5 });

const first = async (sql: string): Promise<readonly unknown[]> =>
  Object.values((await running.query(sql)).rows[0] ?? {});

describe("parts of a statement that read one table", () => {
  test("are one list, where the rows of one are among the other's", async () => {
    const sql =
      "SELECT (SELECT count(*) FROM Refund WHERE Created >= '2026-09-01') a, (SELECT count(*) FROM Refund WHERE Created >= '2026-10-01' AND Created < '2026-10-20') b";
    const sent = await running.sent(sql);
    expect(sent.every((line) => line.includes(`created[gte]=${Date.UTC(2026, 8, 1) / 1000}`))).toBe(true);
    expect(sent.some((line) => line.includes("created[lte]"))).toBe(false);
    const without = await running.open({ withoutRules: ["sharing"] });
    expect((await without.query(sql)).rows).toEqual((await running.query(sql)).rows);
  });

  test("are one list, where their times meet", async () => {
    const sql =
      "SELECT count(*) FROM Refund WHERE Created >= '2026-10-01' AND Created < '2026-10-10' UNION ALL SELECT count(*) FROM Refund WHERE Created >= '2026-10-10' AND Created < '2026-10-20'";
    const sent = await running.sent(sql);
    const [from, until] = [Date.UTC(2026, 9, 1) / 1000, Date.UTC(2026, 9, 20) / 1000 - 1];
    expect(new Set(sent.map((line) => /created\[gte\]=\d+&created\[lte\]=\d+/.exec(line)?.[0]))).toEqual(
      new Set([`created[gte]=${from}&created[lte]=${until}`]),
    );
    const without = await running.open({ withoutRules: ["sharing"] });
    expect((await without.query(sql)).rows).toEqual((await running.query(sql)).rows);
  });

  test("ask for no object that a list of theirs gives", async () => {
    const [id, email] = await first("SELECT Id, Email FROM Customer WHERE Email IS NOT NULL LIMIT 1");
    const sql = `SELECT Id FROM Customer WHERE Email = '${email}' UNION ALL SELECT Id FROM Customer WHERE Id = '${id}'`;
    expect(await running.sent(sql)).toEqual(
      [`GET /v1/customers email=${String(email).replace("@", "%40")}&limit=100`].map(decodeURIComponent),
    );
    expect((await running.query(sql)).rows).toEqual([{ Id: id }, { Id: id }]);
  });

  test("ask for an object once that a condition and a row of another table name", async () => {
    const [customer] = await first("SELECT Customer FROM Charge WHERE Customer IS NOT NULL LIMIT 1");
    const charge = String((await first(`SELECT Id FROM Charge WHERE Customer = '${customer}' LIMIT 1`))[0]);
    const sql = `SELECT (SELECT Email FROM Customer WHERE Id = '${customer}') e, (SELECT c.Email FROM Charge h JOIN Customer c ON c.Id = h.Customer WHERE h.Id = '${charge}') f`;
    const sent = await running.sent(sql);
    expect(sent.filter((line) => line.startsWith(`GET /v1/customers/${customer}`)).length).toBeLessThanOrEqual(1);
    const [e, f] = await first(sql);
    expect(e).toEqual(f);
  });
});

describe("a table of which one part of a statement wants more than another's keys lead to", () => {
  // Once such a table was read by the keys alone, since none of the other part's conditions could be relied on.
  test("is read for both", async () => {
    const sql =
      "WITH taken AS (SELECT Customer, sum(Amount) AS s FROM Charge WHERE Created >= '2026-09-01' GROUP BY 1), given AS (SELECT h.Customer, sum(r.Amount) AS s FROM Refund r JOIN Charge h ON h.Id = r.Charge WHERE r.Created >= '2026-09-01' GROUP BY 1) SELECT taken.Customer, taken.s - coalesce(given.s, 0) AS left FROM taken LEFT JOIN given USING (Customer) ORDER BY 1";
    const plain = await running.open({ pushdown: false, withoutRules: ["keys", "expansion", "sharing"] });
    expect((await running.query(sql)).rows).toEqual((await plain.query(sql)).rows);
  });
});

describe("statements that run at the same time", () => {
  const sql = "SELECT count(*) n FROM Refund";

  test("have the same answers, and count no request twice", async () => {
    const alone = await running.query(sql);
    running.sandbox.requests.clear();
    const results = await Promise.all([running.query(sql), running.query(sql), running.query(sql)]);
    for (const { rows } of results) expect(rows).toEqual(alone.rows);
    const counted = results.reduce((sum, { requests }) => sum + requests, 0);
    expect(counted).toBe(running.sandbox.requests.total);
  });

  test("are not ended by one that is canceled", async () => {
    const cancel = new AbortController();
    const canceled = running.query(sql, [], { signal: cancel.signal });
    const other = running.query(sql);
    cancel.abort();
    await expect(canceled).rejects.toMatchObject({ sqlState: "57014" });
    expect((await other).rows).toHaveLength(1);
  });

  test("have each the columns that they name, whichever the others read of the same rows", async () => {
    const questions = [
      "SELECT Id, Amount FROM Refund ORDER BY Id",
      "SELECT Reason FROM Refund ORDER BY Id",
      "SELECT Currency, count(*) AS n FROM Refund GROUP BY 1 ORDER BY 1",
      "SELECT Metadata, DestinationDetails, Status FROM Refund WHERE Amount > 1000 ORDER BY Id",
      "SELECT _json FROM Refund ORDER BY Id",
    ];
    const alone: unknown[] = [];
    for (const question of questions) alone.push((await running.query(question)).rows);
    running.sandbox.requests.clear();
    running.sandbox.faults.add({ path: "/v1/refunds", effect: { kind: "truncate" } });
    const results = await Promise.all(questions.map((question) => running.query(question)));
    expect(results.map(({ rows }) => rows)).toEqual(alone);
    const counted = results.reduce((sum, { requests }) => sum + requests, 0);
    expect(counted).toBe(running.sandbox.requests.total);
  });

  test("see what was written through the same connection before them", async () => {
    const counts = "SELECT count(*) n FROM Coupon";
    const [before] = await first(counts);
    const early = running.query(counts);
    await running.query("INSERT INTO Coupon (PercentOff, Duration) VALUES (10, 'once')");
    const [after] = await first(counts);
    await early;
    expect(Number(after)).toBe(Number(before) + 1);
  });
});

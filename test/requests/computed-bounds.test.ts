import { beforeAll, describe, expect, test } from "vitest";
import { connectSandbox } from "../support/sandbox-connection.js";

const running = connectSandbox({ customers: 230 });

/** What the statement gives where nothing is left to Stripe but whole tables. */
async function answersAlike(sql: string): Promise<void> {
  const plain = await running.open({
    pushdown: false,
    withoutRules: ["keys", "expansion", "carrying", "growth", "sharing"],
  });
  expect((await running.query(sql)).rows, sql).toEqual((await plain.query(sql)).rows);
}

const listsOf = async (path: string, sql: string): Promise<readonly string[]> =>
  (await running.sent(sql)).filter((line) => line.startsWith(`GET ${path} `));

const cell = async (sql: string): Promise<string> => String(Object.values((await running.query(sql)).rows[0] ?? {})[0]);

let invoice = "";
let customer = "";
beforeAll(async () => {
  for (const table of ["Charge", "Customer", "Invoice", "Payout", "Refund"])
    await running.query(`SELECT count(*) FROM ${table}`);
  customer = await cell("SELECT Customer FROM Charge WHERE Customer IS NOT NULL ORDER BY Created, Id LIMIT 1");
  invoice = await cell("SELECT Id FROM Invoice ORDER BY Created DESC, Id LIMIT 1");
});

/** Seconds since the epoch that a request bounds creation by. */
const boundIn = (line: string | undefined, side: string): number =>
  Number(new RegExp(`created\\[${side}\\]=(\\d+)`).exec(decodeURIComponent(line ?? ""))?.[1]);

describe("what a subquery gives of times", () => {
  test("bounds the list of the table that is compared with it", async () => {
    const sql = `SELECT Id FROM Charge WHERE Created >= (SELECT Created FROM Invoice WHERE Id = '${invoice}') ORDER BY 1`;
    const sent = await running.sent(sql);
    expect(sent[0]).toContain(`/v1/invoices/${invoice}`);
    const created = Number(await cell(`SELECT epoch(Created) FROM Invoice WHERE Id = '${invoice}'`));
    const lists = sent.filter((line) => line.startsWith("GET /v1/charges"));
    expect(boundIn(lists[0], "gte")).toBe(created);
    expect(sent.length).toBeLessThan((await running.sent("SELECT Id FROM Charge")).length);
    await answersAlike(sql);
  });

  test.each([
    ["the greatest", "c.Created > (SELECT max(Created) FROM Payout)", "gte"],
    ["the least, on the other side", "(SELECT min(Created) FROM Refund) > c.Created", "lte"],
    ["the first of an order", "c.Created < (SELECT Created FROM Refund ORDER BY Created DESC LIMIT 1)", "lte"],
    ["one of several", "c.Created IN (SELECT Created FROM Invoice WHERE Total > 5000)", "gte"],
    ["one with the conditions that there are", "c.Created >= (SELECT min(Created) FROM Refund) AND c.Paid", "gte"],
    ["a constant of a subquery", "c.Created >= (SELECT TIMESTAMPTZ '2026-06-01 00:00:00.5+00')", "gte"],
    ["an interval after", "c.Created >= (SELECT max(Created) - INTERVAL 36 HOUR FROM Invoice)", "gte"],
  ])("is a bound: %s", async (_, condition, side) => {
    const sql = `SELECT c.Id, c.Created FROM Charge c WHERE ${condition} ORDER BY 1`;
    const [list] = await listsOf("/v1/charges", sql);
    expect(boundIn(list, side)).toBeGreaterThan(0);
    await answersAlike(sql);
  });

  test("is rounded to the whole second that loses no row", async () => {
    const [time] = await listsOf(
      "/v1/charges",
      "SELECT Id FROM Charge WHERE Created = (SELECT TIMESTAMPTZ '2026-06-01 00:00:00.5+00')",
    );
    expect([boundIn(time, "gte"), boundIn(time, "lte")]).toEqual([1780272000, 1780272001]);
    const [before] = await listsOf(
      "/v1/charges",
      "SELECT Id FROM Charge WHERE Created < (SELECT TIMESTAMPTZ '1969-12-31 23:59:59.5+00')",
    );
    expect(boundIn(before, "lte")).toBe(0);
  });

  test("narrows a range that constants bound, and asks for nothing where none is left", async () => {
    const both =
      "SELECT count(*) AS n FROM Charge WHERE Created >= '2026-01-01' AND Created >= (SELECT TIMESTAMPTZ '2026-06-01')";
    expect(boundIn((await listsOf("/v1/charges", both))[0], "gte")).toBe(1780272000);
    await answersAlike(both);
    const wider =
      "SELECT count(*) AS n FROM Charge WHERE Created >= '2026-08-01' AND Created >= (SELECT TIMESTAMPTZ '2026-06-01')";
    expect(boundIn((await listsOf("/v1/charges", wider))[0], "gte")).toBe(1785542400);
    const none =
      "SELECT count(*) AS n FROM Charge WHERE Created < '2026-01-01' AND Created >= (SELECT TIMESTAMPTZ '2026-06-01')";
    expect(await running.sent(none)).toEqual([]);
    expect((await running.query(none)).rows).toEqual([{ n: 0 }]);
  });

  test("asks for nothing where it is NULL, or there is none", async () => {
    for (const value of ["max(Created)", "Created"]) {
      const sql = `SELECT Id FROM Charge WHERE Created > (SELECT ${value} FROM Invoice WHERE Id = 'in_none')`;
      expect((await running.sent(sql)).map((line) => line.split(" ")[1])).toEqual(["/v1/invoices/in_none"]);
      expect((await running.query(sql)).rows).toEqual([]);
    }
  });

  test("bounds the list that grows until its LIMIT is filled, in its order", async () => {
    const sql =
      "SELECT Id, Created FROM Charge WHERE Created < (SELECT min(Created) + INTERVAL 40 DAY FROM Refund) ORDER BY Created DESC, Id LIMIT 3";
    const lists = await listsOf("/v1/charges", sql);
    expect(lists).toHaveLength(1);
    expect(boundIn(lists[0], "lte")).toBeGreaterThan(0);
    await answersAlike(sql);
    const early =
      "SELECT count(*) AS n FROM (SELECT Id FROM Charge WHERE Created > (SELECT min(Created) FROM Refund) LIMIT 5)";
    await answersAlike(early);
    await answersAlike(
      "SELECT Id, Created FROM Charge WHERE Created < (SELECT max(Created)::DATE FROM Invoice) ORDER BY Created DESC, Id LIMIT 3",
    );
    const first = "SELECT Id FROM Charge WHERE Created > (SELECT min(Created) FROM Payout) LIMIT 5";
    expect(await listsOf("/v1/charges", first)).toHaveLength(1);
    expect((await running.query(first)).rows).toHaveLength(5);
  });

  test.each([
    "SELECT count(*) AS n FROM Charge c WHERE c.Created > (SELECT max(i.Created) FROM Invoice i WHERE i.Customer = c.Customer)",
    "SELECT count(*) AS n FROM Charge WHERE Created = (SELECT max(Created) FROM Charge)",
    "SELECT count(*) AS n FROM Charge WHERE Created >= (SELECT max(Created)::DATE FROM Invoice)",
    "SELECT count(*) AS n FROM Charge WHERE Created < (SELECT 'infinity'::TIMESTAMPTZ)",
    "SELECT count(*) AS n FROM Charge WHERE Created = (SELECT max(Created) FILTER (WHERE Amount > 5000) FROM Charge)",
    "SELECT count(*) AS n FROM Charge WHERE Created >= (SELECT Created FROM Charge ORDER BY Created DESC LIMIT 1 OFFSET 3)",
    "SELECT count(*) AS n FROM Charge WHERE Created >= (SELECT arg_max(Created, Amount) FROM Charge)",
    "SELECT count(*) AS n FROM Charge WHERE Created >= (SELECT max(ArrivalDate) FROM Payout)",
    "WITH p AS (SELECT * FROM Payout) SELECT count(*) AS n FROM (WITH p AS (SELECT * FROM Invoice) SELECT c.* FROM Charge c WHERE c.Customer IN (SELECT Customer FROM p)) q WHERE q.Created > (SELECT min(Created) FROM p)",
    "SELECT count(*) AS n FROM Charge WHERE Created <> (SELECT max(Created) FROM Invoice)",
    "SELECT count(*) AS n FROM Charge WHERE Created NOT IN (SELECT Created FROM Invoice)",
    "SELECT count(*) AS n FROM Charge WHERE Created > (SELECT min(Created) FROM Invoice) OR Paid",
    "SELECT count(*) AS n FROM Customer c LEFT JOIN Charge h ON h.Customer = c.Id AND h.Created > (SELECT max(Created) FROM Payout)",
    "SELECT count(*) AS n FROM Customer c LEFT JOIN Charge h ON h.Customer = c.Id WHERE c.Created > (SELECT avg(Created) FROM Payout)",
    "SELECT count(*) AS n FROM Charge c JOIN Invoice i ON i.Customer = c.Customer WHERE c.Created > (SELECT max(Created) FROM Payout) AND i.Created < (SELECT max(Created) FROM Payout)",
    "SELECT count(*) AS n FROM Charge WHERE Created > (SELECT min(Created) FROM Invoice) AND Created < (SELECT max(Created) FROM Refund)",
    "SELECT count(*) AS n FROM Charge a, Charge b WHERE a.Id = b.Id AND a.Created > (SELECT max(Created) FROM Payout) AND b.Created < (SELECT max(Created) FROM Invoice)",
    "WITH last AS (SELECT max(Created) AS t FROM Payout) SELECT count(*) AS n FROM Charge WHERE Created > (SELECT t FROM last)",
    "SELECT count(*) AS n FROM (SELECT * FROM Charge UNION ALL SELECT * FROM Charge) q WHERE q.Created > (SELECT max(Created) FROM Payout)",
    "SELECT count(*) AS n FROM Payout WHERE ArrivalDate >= (SELECT max(Created) - INTERVAL 20 DAY FROM Invoice)",
    "SELECT count(*) AS n FROM Invoice WHERE DueDate <= (SELECT max(Created) FROM Charge)",
  ])("changes no answer: %s", async (sql) => {
    await answersAlike(sql);
  });

  test.each([
    "SELECT Id FROM Charge WHERE Created = (SELECT max(Created) FROM Charge) ORDER BY 1",
    "SELECT Id FROM Charge WHERE Created IN (SELECT Created FROM Charge ORDER BY Created DESC LIMIT 1) ORDER BY 1",
    "SELECT count(*) AS n, min(Amount) AS least FROM Charge c WHERE c.Amount > 1 AND c.Created >= (SELECT max(h.Created) FROM Charge h)",
  ])("is the newest row of the same list: %s", async (sql) => {
    expect(await running.sent(sql)).toHaveLength(1);
    await answersAlike(sql);
  });

  test("is that of the same conditions", async () => {
    const same = `SELECT Id FROM Charge WHERE Customer = '${customer}' AND Created = (SELECT max(Created) FROM Charge WHERE Customer = '${customer}') ORDER BY 1`;
    expect(await running.sent(same)).toHaveLength(1);
    await answersAlike(same);
  });

  test.each([
    ["Customer", () => `Customer = '${customer}'`],
    ["amount", () => "Amount > 5000"],
    ["time", () => "Created < '2026-05-01'"],
  ])("is not that of other conditions: %s", async (_, condition) => {
    for (const operator of ["=", ">="])
      await answersAlike(
        `SELECT Id FROM Charge WHERE Created ${operator} (SELECT max(Created) FROM Charge WHERE ${condition()}) ORDER BY 1`,
      );
    await answersAlike(
      `SELECT Id FROM Charge WHERE ${condition()} AND Created = (SELECT max(Created) FROM Charge) ORDER BY 1`,
    );
  });

  test("leaves the list without a bound where it is no time, as the engine would cast it", async () => {
    const sql = "SELECT count(*) AS n FROM Charge WHERE Created >= (SELECT max(Created)::DATE FROM Invoice)";
    expect(await listsOf("/v1/charges", sql)).toEqual(await listsOf("/v1/charges", "SELECT count(*) FROM Charge"));
  });

  test("leaves two rows for one value to be refused by the statement", async () => {
    const failure = await running.failure("SELECT Id FROM Charge WHERE Created > (SELECT Created FROM Invoice)");
    expect(failure.message).toMatch(/more than one row|More than one row/);
  });

  test("is told by EXPLAIN", async () => {
    const { rows } = await running.query(
      "EXPLAIN SELECT count(*) FROM Charge WHERE Created > (SELECT max(Created) FROM Payout)",
    );
    const text = rows.map((row) => String(Object.values(row)[0])).join("\n");
    expect(text).toContain("List: GET /v1/charges with created[gte]=, of what a subquery of Payout gives");
    expect(text).toContain("Local: Created > a subquery");
    expect(text).toContain("Or, where that is no time: List: GET /v1/charges");
    expect(text).toMatch(/Requests: at most \d+/);
  });
});

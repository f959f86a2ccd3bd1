import { describe, expect, test } from "vitest";
import { plannerRules } from "../../src/plan/planner-rule.js";
import { connectSandbox } from "../support/sandbox-connection.js";

const running = connectSandbox({ customers: 230 });

/** The same statement with all rows read. */
async function rowsOfAll(sql: string): Promise<readonly unknown[]> {
  const whole = await running.open({ pushdown: false, withoutRules: plannerRules });
  return (await whole.query(sql)).rows;
}

const newest = "FROM Charge ORDER BY Created DESC";

describe("a LIMIT around queries is one of what they read", () => {
  test.each([
    ["a derived table", "SELECT Id FROM (SELECT * FROM Charge) q ORDER BY Created DESC LIMIT 5", 1],
    ["in its order", `SELECT Id FROM (SELECT * ${newest}) q LIMIT 5`, 1],
    [
      "renamed twice",
      "SELECT b FROM (SELECT a AS b FROM (SELECT Created AS a FROM Charge) q) r ORDER BY b DESC LIMIT 5",
      1,
    ],
    ["a common table", "WITH q AS (SELECT Id, Created FROM Charge) SELECT * FROM q ORDER BY Created DESC LIMIT 5", 1],
    [
      "both sides of UNION ALL",
      "SELECT Created FROM Charge UNION ALL SELECT Created FROM Refund ORDER BY 1 DESC LIMIT 9",
      2,
    ],
    [
      "both sides by name",
      "SELECT Created FROM (SELECT Id, Created FROM Charge UNION ALL BY NAME SELECT Created, Id FROM Invoice) q ORDER BY Created DESC LIMIT 9",
      2,
    ],
    [
      "with a condition that all sides have",
      "SELECT * FROM (SELECT Id, Created, Customer AS c FROM Charge UNION ALL SELECT Id, Created, Customer FROM Invoice) q WHERE c = 'cus_0' ORDER BY Created DESC LIMIT 9",
      2,
    ],
    ["with ties in another order", `SELECT * FROM (SELECT Created, Id ${newest}, Id LIMIT 20) q ORDER BY 1, 2`, 1],
    ["a page on", `SELECT * FROM (SELECT Created ${newest} LIMIT 10 OFFSET 95) q`, 2],
    ["EXISTS", "SELECT EXISTS (SELECT 1 FROM Charge) AS e, 1 AS one", 1],
    ["NOT EXISTS", "SELECT 1 AS one WHERE NOT EXISTS (SELECT 1 FROM Charge WHERE Created > '2026-01-01')", 1],
    [
      "the newest of all",
      "SELECT max(Created) AS m FROM (SELECT Created FROM Charge UNION ALL SELECT Created FROM Refund) q",
      2,
    ],
    ["a value of the newest", "SELECT arg_max(Id, Created) AS m FROM Charge", 1],
    ["ranks", "SELECT Created FROM Charge QUALIFY row_number() OVER (ORDER BY Created DESC) <= 10", 1],
    [
      "ranks of a query around, with their ties",
      "SELECT Id, r FROM (SELECT Id, rank() OVER (ORDER BY Created DESC) AS r FROM Charge) q WHERE r BETWEEN 1 AND 4 AND Id IS NOT NULL ORDER BY 2, 1",
      1,
    ],
  ])("%s", async (_, sql, requests) => {
    expect(await running.sent(sql)).toHaveLength(requests);
    expect((await running.query(sql)).rows).toEqual(await rowsOfAll(sql));
  });
});

describe("a LIMIT stays where rows count for more than themselves", () => {
  test.each([
    ["DISTINCT", "SELECT Customer FROM (SELECT DISTINCT Customer FROM Charge) q LIMIT 150"],
    ["UNION", "SELECT Status FROM Charge UNION SELECT Status FROM Invoice LIMIT 50"],
    [
      "a condition that is judged here",
      "SELECT count(*) AS n FROM (SELECT * FROM (SELECT Amount FROM Charge UNION ALL SELECT Amount FROM Refund) q WHERE Amount % 7 = 1 LIMIT 40) r",
    ],
    [
      "another window",
      "SELECT max(n) AS n FROM (SELECT row_number() OVER (ORDER BY Created DESC) AS r, count(*) OVER () AS n FROM Charge) q WHERE r < 5",
    ],
    [
      "dense ranks",
      "SELECT count(*) AS n FROM (SELECT dense_rank() OVER (ORDER BY Created DESC) AS r FROM Charge) q WHERE r <= 150",
    ],
    ["a NULL that is passed over", "SELECT arg_max(FailureCode, Created) AS m FROM Charge"],
    ["an aggregate beside", "SELECT max(Created) AS m, count(*) AS n FROM Charge"],
    [
      "a common table that is read twice",
      "WITH q AS (SELECT Id FROM Charge) SELECT (SELECT count(*) FROM q) AS n, (SELECT count(*) FROM (SELECT * FROM q LIMIT 3)) AS three",
    ],
  ])("%s", async (_, sql) => {
    expect((await running.query(sql)).rows.length).toBe((await rowsOfAll(sql)).length);
    expect((await running.query(sql)).rows).toEqual(sql.endsWith("50") ? expect.anything() : await rowsOfAll(sql));
  });
});

test.each([
  ["HAVING", "SELECT Customer, count(*) AS n FROM Charge GROUP BY 1 HAVING Customer = ?"],
  [
    "QUALIFY",
    "SELECT Id FROM Charge QUALIFY row_number() OVER (PARTITION BY Customer ORDER BY Created) = 1 AND Customer = ?",
  ],
])("a condition of %s on what parts the rows is sent", async (_, sql) => {
  const sent = await running.sent(sql, ["cus_0"]);
  expect(sent).toEqual(["GET /v1/charges customer=cus_0&limit=100"]);
});

test("a condition of QUALIFY with a window in it is none on the rows", async () => {
  const sql =
    "SELECT count(*) AS n FROM (SELECT Id FROM Charge QUALIFY Customer = max(Customer) OVER (PARTITION BY Customer) AND row_number() OVER (PARTITION BY Customer) = 1) q";
  expect((await running.query(sql)).rows).toEqual(await rowsOfAll(sql));
});

describe("conditions in other words", () => {
  test.each([
    ["Created::VARCHAR LIKE '2026-10-2%'", "created[gte]=1792454400&created[lte]=1793318399"],
    ["year(Created) = 2026 AND month(Created) = 10", "created[gte]=1790812800&created[lte]=1793491199"],
    ["extract(year FROM Created) = 2026 AND quarter(Created) = 3", "created[gte]=1782864000&created[lte]=1790812799"],
    ["date_diff('day', Created, TIMESTAMPTZ '2026-11-01 00:00:00Z') < 8", "created[gte]=1792886400"],
    ["TIMESTAMPTZ '2026-11-01 00:00:00Z' - Created < INTERVAL 7 DAY", "created[gte]=1792886400"],
    ["(Created, Id) > ('2026-10-25'::TIMESTAMPTZ, 'ch_')", "created[gte]=1792886400"],
    ["Created >= make_date(2026, 10, 25)", "created[gte]=1792886400"],
    ["epoch_ms(Created) >= 1792886400000", "created[gte]=1792886400"],
    ["('cus_0' IS NULL OR Customer = 'cus_0')", "customer=cus_0"],
    ["Customer = lower('CUS_') || '0'", "customer=cus_0"],
    ["Customer LIKE 'cus'", "customer=cus"],
    ["Customer = ANY (['cus_0'])", "customer=cus_0"],
    ["list_contains(['cus_0'], Customer)", "customer=cus_0"],
    ["Customer = CASE WHEN 1 = 1 THEN 'cus_0' ELSE 'cus_1' END", "customer=cus_0"],
  ])("%s", async (where, filter) => {
    const sent = await running.sent(`SELECT Id FROM Charge WHERE ${where}`);
    expect(sent[0]).toContain(filter);
  });
});

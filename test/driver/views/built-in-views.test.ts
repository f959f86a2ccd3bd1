import { describe, expect, test } from "vitest";
import { metrics } from "../../../src/catalog/metrics/metrics.js";
import { connectSandbox } from "../../support/sandbox-connection.js";

const sandbox = connectSandbox({ customers: 60 }, { testClocks: false });

/** A view's query could give other columns than are told of it, and nobody would see. */
test.each(metrics)("metrics.$name has the columns that are told of it", async ({ name, columns }) => {
  const described = await sandbox.connection.describeStatement(`SELECT * FROM metrics.${name}`);
  expect(described.columns?.map((column) => [column.name, column.type])).toEqual(
    columns.map((column) => [column.name, column.type]),
  );
  expect(sandbox.sandbox.requests.entries).toEqual([]);
});

test("each view says what it reads, and where what it counts is defined", () => {
  for (const { name, description, sources } of metrics) {
    expect(description, name).toMatch(/\bReads\b/);
    expect(sources.length, name).toBeGreaterThan(0);
    expect(sources.every((source) => /^https:\/\/(docs|support)\.stripe\.com\//.test(source))).toBe(true);
  }
});

describe("a condition on the month is a bound of what is read:", () => {
  const range = "WHERE month >= '2026-05-01' AND month < '2026-07-01'";
  const bounds = "created[gte]=1777593600&created[lte]=1782863999";

  test.each([
    ["failed_payments", `GET /v1/charges ${bounds}`],
    ["refunds_by_month", `GET /v1/refunds ${bounds}`],
    ["revenue_by_country", `GET /v1/charges ${bounds}`],
    ["revenue_by_product", `GET /v1/invoices ${bounds}&status=paid`],
    ["coupon_usage", `GET /v1/invoices ${bounds}&expand[0]=data.total_discount_amounts.discount`],
    ["tax_by_jurisdiction", `GET /v1/invoices ${bounds}`],
    ["balance_movements", `GET /v1/balance_transactions ${bounds}`],
    ["dispute_rate", `GET /v1/charges ${bounds}`],
  ])("metrics.%s", async (name, request) => {
    const sent = await sandbox.sent(`SELECT * FROM metrics.${name} ${range}`);
    expect(sent).toContain(`${request}&limit=100`);
  });

  test("metrics.payout_reconciliation, and its payouts' lists alone are read", async () => {
    const sent = await sandbox.sent("SELECT * FROM metrics.payout_reconciliation WHERE created >= '2026-10-01'");
    expect(sent[0]).toContain("GET /v1/payouts created[gte]=1790812800");
    expect(sent.slice(1).every((line) => line.startsWith("GET /v1/balance_transactions payout=po_"))).toBe(true);
  });

  test("metrics.invoice_ageing reads open invoices alone", async () => {
    expect(await sandbox.sent("SELECT * FROM metrics.invoice_ageing")).toEqual([
      "GET /v1/invoices status=open&limit=100",
    ]);
  });
});

test("a rate of months is told of the same rows with a range as without", async () => {
  const range = "month >= '2026-03-01' AND month < '2026-09-01'";
  for (const name of ["dispute_rate", "revenue_by_product", "coupon_usage", "tax_by_jurisdiction", "mrr", "ltv"]) {
    const all = await sandbox.query(
      `SELECT * FROM (SELECT * FROM metrics.${name} OFFSET 0) WHERE ${range} ORDER BY ALL`,
    );
    const some = await sandbox.query(`SELECT * FROM metrics.${name} WHERE ${range} ORDER BY ALL`);
    expect(some.rows, name).toEqual(all.rows);
    expect(some.rows.length, name).toBeGreaterThan(0);
  }
});

test("months are those of the session's time zone", async () => {
  const connection = await sandbox.open({ testClocks: false });
  await connection.query("SET TIMEZONE = 'America/New_York'");
  const { rows } = await connection.query(
    "SELECT DISTINCT hour(month AT TIME ZONE 'America/New_York') AS h FROM metrics.mrr",
  );
  expect(rows).toEqual([{ h: 0 }]);
});

describe("a built-in view in a statement", () => {
  test.each([
    ["has its name for an alias", "SELECT mrr.month, mrr.mrr FROM metrics.mrr WHERE mrr.currency = 'usd'"],
    ["takes another", "SELECT m.month, m.mrr FROM metrics.mrr m WHERE m.currency = 'usd'"],
    [
      "takes one behind AS, in quotes and capitals",
      `SELECT "M".month, "M".mrr FROM "Metrics"."MRR" AS "M" WHERE currency = 'usd'`,
    ],
    [
      "stands beside a common table of its name",
      "WITH mrr AS (SELECT * FROM metrics.mrr) SELECT month, mrr FROM mrr WHERE currency = 'usd'",
    ],
    ["stands in a subquery", "SELECT month, mrr FROM (SELECT * FROM metrics.mrr) WHERE currency = 'usd'"],
    [
      "joins",
      "SELECT a.month, b.mrr FROM metrics.mrr a JOIN metrics.mrr AS b USING (month, currency) WHERE currency = 'usd'",
    ],
    [
      "joins without an alias",
      "SELECT m.month, mrr.mrr FROM (SELECT DISTINCT month FROM metrics.mrr) m JOIN metrics.mrr ON mrr.month = m.month WHERE currency = 'usd'",
    ],
  ])("%s", async (_, sql) => {
    const { rows } = await sandbox.query(`${sql} ORDER BY 1`);
    const { rows: expected } = await sandbox.query(
      "SELECT month, ending_mrr AS mrr FROM metrics.mrr_movements WHERE currency = 'usd' ORDER BY 1",
    );
    expect(rows).toEqual(expected);
  });

  test("is planned by EXPLAIN, takes parameters, and writes rows to be inserted", async () => {
    const { rows } = await sandbox.query("EXPLAIN SELECT * FROM metrics.mrr WHERE currency = ?", ["usd"]);
    expect(rows.map((row) => Object.values(row)[0]).join("\n")).toContain("List: GET /v1/subscriptions  status=all");
    const { rows: paid } = await sandbox.query("SELECT DISTINCT currency FROM metrics.mrr WHERE currency IN (?)", [
      ["eur"],
    ]);
    expect(paid).toEqual([{ currency: "eur" }]);
  });

  test("can be named by a session's view", async () => {
    const connection = await sandbox.open({ testClocks: false });
    await connection.query("CREATE TEMP VIEW growth AS SELECT month, growth FROM metrics.mrr WHERE currency = 'usd'");
    const { rows } = await connection.query("SELECT count(*) AS n FROM growth");
    expect(rows).toEqual([{ n: expect.any(Number) }]);
    expect(rows).not.toEqual([{ n: 0 }]);
  });

  test("that there is not is an error that names what is near", async () => {
    expect(await sandbox.failure("SELECT * FROM metrics.mmr")).toMatchObject({
      sqlState: "42P01",
      message: 'relation "metrics.mmr" does not exist',
      hint: expect.stringContaining("metrics.mrr"),
      position: 22,
    });
    expect(await sandbox.failure("DESCRIBE metrics.cohort")).toMatchObject({
      hint: expect.stringContaining("metrics.cohorts"),
    });
  });

  test("is not written to", async () => {
    expect(await sandbox.failure("DELETE FROM metrics.mrr WHERE currency = 'usd'")).toMatchObject({
      sqlState: "0A000",
      message: '"metrics.mrr" is a view, which stands in queries alone',
    });
  });
});

describe("built-in views are told of by", () => {
  test("SHOW TABLES and DESCRIBE", async () => {
    const { rows } = await sandbox.query("SHOW TABLES");
    expect(rows).toContainEqual({
      Schema: "metrics",
      Table: "mrr",
      Operations: "SELECT",
      Description: "Monthly recurring revenue at the end of each month, the running one's as of now.",
    });
    const { rows: columns } = await sandbox.query("DESCRIBE metrics.mrr");
    expect(columns[2]).toMatchObject({ Column: "mrr", Type: "BIGINT", Description: "Monthly recurring revenue." });
  });

  test("the tables of metadata, with definitions and sources", async () => {
    const { rows } = await sandbox.query(
      `SELECT t.Description, v.view_definition AS sql, count(*) AS columns
       FROM sys_tables t
         JOIN information_schema.views v ON v.table_schema = t.SchemaName AND v.table_name = t.TableName
         JOIN information_schema.columns c ON c.table_schema = t.SchemaName AND c.table_name = t.TableName
       WHERE t.SchemaName = 'metrics' AND t.TableName = 'refunds_by_month' GROUP BY ALL`,
    );
    expect(rows).toEqual([
      {
        Description: expect.stringContaining("\nhttps://docs.stripe.com/refunds"),
        sql: expect.stringContaining("FROM refunds WHERE"),
        columns: 5,
      },
    ]);
  });

  test("completion", () => {
    const { tables, columns } = sandbox.connection.describe();
    expect(tables).toEqual(expect.arrayContaining(["metrics.mrr", "metrics.balance_movements"]));
    expect(columns("metrics.arpu")).toEqual(["month", "currency", "mrr", "subscribers", "arpu"]);
    const { candidates } = sandbox.connection.complete("SELECT * FROM metrics.mrr_");
    expect(candidates.map((one) => one.text)).toEqual(["mrr_changes", "mrr_movements"]);
  });
});

test("what a subscription's coupons are is had beside their ids", async () => {
  const { rows } = await sandbox.query(
    `SELECT discount_details->0->'source'->'coupon'->>'id' AS coupon FROM subscriptions
     WHERE CAST(discount_details AS VARCHAR) <> '[]' LIMIT 1`,
  );
  expect(rows).toEqual([{ coupon: "LOYAL10" }]);
  const { columns } = await sandbox.query("SELECT * FROM subscriptions LIMIT 1");
  expect(columns.map(({ name }) => name)).not.toContain("discount_details");
});

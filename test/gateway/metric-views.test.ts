import { afterAll, beforeAll, describe, expect, it, test } from "vitest";
import { metrics } from "../../src/catalog/metrics/metrics.js";
import type { Connection } from "../../src/driver/api.js";
import { connect } from "../../src/driver/connect.js";
import { requestLines } from "../support/sandbox-connection.js";
import { serveGateway } from "../support/served-gateway.js";

const gateway = serveGateway({}, { seed: 7, customers: 40 });

let driver: Connection;

beforeAll(async () => {
  driver = await connect({ apiKey: gateway.sandbox.apiKey, apiBase: gateway.sandbox.url, testClocks: false });
});
afterAll(() => driver.close());

/** As texts, in an order of their own: a count is a text to node-postgres. Rates to twelve digits. */
function comparable(rows: readonly Readonly<Record<string, unknown>>[]): readonly string[] {
  const text = (_: string, value: unknown) =>
    typeof value === "number" && !Number.isInteger(value) ? value.toPrecision(12) : (value ?? null);
  return rows
    .map((row) =>
      JSON.stringify(
        Object.entries(row).map(([name, value]) => [
          name,
          typeof value === "bigint" || Number.isInteger(value) ? String(value) : value,
        ]),
        text,
      ),
    )
    .sort();
}

/**
 * Lists that are read whole here, where the driver reads what has one of some keys: those are computed within the view, and
 * PostgreSQL has no tree that part of it could be run by.
 */
const readWhole = [
  "GET /v1/prices active=true&expand[0]=data.tiers&limit=100",
  "GET /v1/prices active=false&expand[0]=data.tiers&limit=100",
  "GET /v1/invoices limit=100",
];

test.each(metrics.map(({ name }) => name))("metrics.%s gives the driver's rows", async (name) => {
  const sql = `SELECT * FROM metrics.${name}`;
  gateway.sandbox.requests.clear();
  const { rows: expected } = await driver.query(sql);
  const requests = requestLines(gateway.sandbox);
  const sent = await gateway.sent(sql);
  const { rows } = await gateway.query(sql);
  expect(comparable(rows)).toEqual(comparable(expected));
  expect([...requests, ...readWhole]).toEqual(expect.arrayContaining([...sent]));
});

describe("a metric to a tool", () => {
  it("is listed with its columns, their types and what they are", async () => {
    const { rows } = await gateway.query(
      `SELECT c.relname AS name, c.relkind AS kind, count(*)::int AS columns, bool_and(d.description <> '') AS told
       FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
       JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
       LEFT JOIN pg_description d ON d.objoid = c.oid AND d.objsubid = a.attnum
       WHERE n.nspname = 'metrics' GROUP BY 1, 2`,
    );
    expect(rows.map(({ name }) => name).sort()).toEqual(metrics.map(({ name }) => name).sort());
    for (const { name, columns } of metrics)
      expect(rows).toContainEqual({ name, kind: "v", columns: columns.length, told: true });
  });

  it("tells what it counts, where that is defined, and its query", async () => {
    const { rows } = await gateway.query("SELECT obj_description('metrics.mrr'::regclass) AS text");
    expect(rows[0].text).toContain("Monthly recurring revenue at the end of each month");
    expect(rows[0].text).toContain("FROM metrics.mrr_movements");
  });

  it("is joined, filtered and named as any view", async () => {
    const { rows } = await gateway.query(
      `SELECT m.currency, count(*)::int AS months, (SELECT count(*)::int FROM metrics.arpu WHERE arpu.currency = m.currency) AS again
       FROM metrics.mrr AS m JOIN metrics.customer_churn c USING (month, currency) WHERE m.month < $1 GROUP BY 1`,
      ["2100-01-01"],
    );
    expect(rows.length).toBeGreaterThan(0);
    for (const { months, again } of rows) expect(months).toBe(again);
  });

  it("says what a statement may write", async () => {
    const client = await gateway.connect();
    await client.query("BEGIN");
    const { rowCount } = await client.query(
      "UPDATE customers SET description = 'due' WHERE id IN (SELECT customer FROM metrics.invoice_ageing)",
    );
    const { rows } = await client.query("SELECT count(DISTINCT customer)::int AS due FROM metrics.invoice_ageing");
    expect(rows).toEqual([{ due: rowCount }]);
    await client.query("COMMIT");
  });

  it("is no view of a common table's name, and none beside its schema", async () => {
    const { rows } = await gateway.query("WITH mrr AS (SELECT 1 AS one) SELECT * FROM mrr");
    expect(rows).toEqual([{ one: 1 }]);
    expect(await gateway.failure("SELECT * FROM mrr")).toMatchObject({ code: "42P01" });
    expect(await gateway.failure("SELECT * FROM metrics.nothing")).toMatchObject({ code: "42P01" });
    const client = await gateway.connect();
    await client.query("SET search_path = metrics");
    await expect(client.query("SELECT * FROM mrr")).rejects.toMatchObject({
      code: "0A000",
      message: "view metrics.mrr can only be read by its name with its schema",
    });
  });

  it.each([
    [
      "WITH refunds AS (SELECT * FROM stripe.refunds WHERE false) SELECT count(*)::int AS n FROM metrics.refunds_by_month",
      "refunds_by_month",
    ],
    [
      "WITH refunds AS (SELECT * FROM stripe.refunds LIMIT 5) SELECT count(*)::int AS n FROM metrics.refunds_by_month, (SELECT count(*) FROM refunds) x",
      "refunds_by_month",
    ],
    ["WITH subscriptions AS (SELECT 1 AS id) SELECT count(*)::int AS n FROM metrics.mrr", "mrr"],
    [
      "WITH c AS (WITH invoices AS (SELECT 1 AS id) SELECT count(*)::int AS n FROM metrics.invoice_ageing) SELECT * FROM c",
      "invoice_ageing",
    ],
  ])("reads Stripe's tables whatever common tables are called: %s", async (sql, name) => {
    const { rows } = await driver.query(`SELECT count(*) AS n FROM metrics.${name}`);
    expect(Number(rows[0]?.["n"])).toBeGreaterThan(0);
    expect((await gateway.query(sql)).rows).toEqual([{ n: Number(rows[0]?.["n"]) }]);
  });

  it("is suggested where its schema is missing", async () => {
    expect(await gateway.failure("SELECT * FROM mrr")).toMatchObject({ hint: 'Did you mean "metrics.mrr"?' });
    expect(await gateway.failure("SELECT * FROM custmers")).toMatchObject({ hint: 'Did you mean "customers"?' });
  });

  it("points at a mistake beside it", async () => {
    expect(await gateway.failure("SELECT nothing FROM metrics.mrr")).toMatchObject({ code: "42703", position: "8" });
  });
});

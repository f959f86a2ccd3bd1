import pg from "pg";
import Stripe from "stripe";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Connection } from "../../src/driver/api.js";
import { connect } from "../../src/driver/connect.js";
import { pagesOf, pagesUntil, readFacts } from "../bench/request-facts.mjs";
import { probes, shapes } from "../bench/request-statements.mjs";
import { inOtherWords, throughSubqueries } from "../bench/subquery-statements.mjs";
import { requestLines } from "../support/sandbox-connection.js";
import { serveGateway } from "../support/served-gateway.js";
import { postgresForm, withoutForm } from "./postgres-form.js";

interface Asked {
  readonly name: string;
  readonly sql: string;
}

const properties = { testClocks: false, requestsPerSecond: 10_000, parallelRequests: 1 };
const gateway = serveGateway({}, { customers: 300, seed: 11 }, properties);
let driver: Connection;
let client: pg.Client;
let statements: readonly Asked[];

/** Read before, so that both plan by the same counts. */
const tables =
  "Charge Customer Invoice Subscription SubscriptionItem BalanceTransaction PaymentIntent Dispute Product Price Payout";

beforeAll(async () => {
  const { url, apiKey } = gateway.sandbox;
  const { hostname: host, port } = new URL(url);
  const facts = await readFacts(new Stripe(apiKey, { host, port, protocol: "http" }));
  statements = [
    ...shapes(facts),
    ...probes(facts),
    ...throughSubqueries({ ...facts, pagesOf, pagesUntil }),
    ...inOtherWords({ ...facts, pagesOf }),
  ];
  driver = await connect({ apiKey, apiBase: url, ...properties });
  client = new pg.Client({
    ...{ host: "127.0.0.1", port: gateway.port, user: "analyst", database: "shop" },
    options: "-c search_path=sql,stripe",
  });
  await client.connect();
  for (const table of tables.split(" ")) {
    await driver.query(`SELECT count(*) FROM ${table}`);
    await client.query(`SELECT count(*) FROM ${table}`);
  }
}, 240_000);

afterAll(async () => {
  await client.end();
  await driver.close();
});

async function sentBy(run: () => Promise<{ readonly rows: readonly unknown[] }>) {
  gateway.sandbox.requests.clear();
  const { rows } = await run();
  return { rows: rows.length, requests: requestLines(gateway.sandbox) };
}

/** Side by side, requests come in no order of their own. */
const sorted = ({ rows, requests }: { rows: number; requests: readonly string[] }) => ({
  rows,
  requests: requests.toSorted(),
});

it("the bench's statements send through the gateway what the driver sends, in its order", async () => {
  const differing: unknown[] = [];
  let compared = 0;
  for (const { name, sql } of statements) {
    const form = postgresForm(sql);
    if (form === undefined) continue;
    try {
      const before = await sentBy(() => driver.query(sql));
      const given = await sentBy(() => client.query(form));
      // What a statement sees of a table, the next one plans by, wherever it runs.
      const after = await sentBy(() => driver.query(sql));
      compared += 1;
      const isSame = [before, after].some((one) => JSON.stringify(sorted(one)) === JSON.stringify(sorted(given)));
      if (!isSame) differing.push({ name, form, driver: [before, after], gateway: given });
    } catch (error) {
      differing.push({ name, form, error: String(error) });
    }
  }
  expect(differing).toEqual([]);
  expect(compared).toBeGreaterThan(150);
}, 240_000);

it("what PostgreSQL has no form of is among the statements", () => {
  for (const { statements: form } of withoutForm) expect(statements.some(({ sql }) => form.test(sql))).toBe(true);
});

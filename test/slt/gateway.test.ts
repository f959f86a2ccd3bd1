import { readdirSync, readFileSync } from "node:fs";
import type { Client } from "pg";
import pg from "pg";
import Stripe from "stripe";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Connection, Parameters } from "../../src/driver/api.js";
import { connect } from "../../src/driver/connect.js";
import { serveGateway } from "../support/served-gateway.js";
import type { SltFacts } from "../support/slt-facts.js";
import { fillFacts, readFacts } from "../support/slt-facts.js";
import { parseSlt, splitSlt } from "../support/slt-file.js";
import type { Outcome } from "../support/slt-outcome.js";
import { outcomeOf, titled } from "../support/slt-outcome.js";
import type { DialectDifference } from "./gateway-dialect.js";
import { dialectDifferences, requestDifferences } from "./gateway-dialect.js";

const files = readdirSync(import.meta.dirname)
  .filter((name) => name.endsWith(".slt"))
  .filter((name) => !contentOf(name).startsWith("# writes"));

function contentOf(name: string): string {
  return readFileSync(`${import.meta.dirname}/${name}`, "utf8");
}

const gateway = serveGateway({}, { customers: 60 }, { testClocks: true });
let driver: Connection;
let facts: SltFacts;
let client: Client;

beforeAll(async () => {
  const { url, apiKey } = gateway.sandbox;
  const { hostname: host, port } = new URL(url);
  facts = await readFacts(new Stripe(apiKey, { host, port, protocol: "http" }));
  driver = await connect({ apiKey, apiBase: url });
  client = new pg.Client({
    ...{ host: "127.0.0.1", port: gateway.port, user: "analyst", database: "shop" },
    options: "-c search_path=sql,stripe",
    types: { getTypeParser: () => (text: string) => text },
  });
  await client.connect();
});

afterAll(async () => {
  await client.end();
  await driver.close();
});

const used = new Set<DialectDifference>();
let compared = 0;

describe.each(files)("%s gives through the gateway what the driver gives, by the same requests", (name) => {
  test.each(splitSlt(contentOf(name)).map(titled))("%s", async (_title, { text }) => {
    const { sql, parameters } = parseSlt(fillFacts(text, facts));
    const before = await runInDriver(sql, parameters);
    const given = await runInGateway(sql, parameters);
    const difference = dialectDifferences.find(
      (one) => one.sqlState === given.sqlState && one.statements.test(sql) && !isSame(given, before),
    );
    if (difference !== undefined) {
      used.add(difference);
      return;
    }
    compared += 1;
    expect({ rows: given.rows, sqlState: given.sqlState, message: given.message }).toEqual({
      rows: before.rows,
      sqlState: before.sqlState,
      message: given.sqlState === undefined ? "" : given.message,
    });
    if (given.rows === undefined || requestDifferences.some(({ statements }) => statements.test(sql))) return;
    // What a statement sees of a table, the next one plans by, wherever it runs.
    const after = await runInDriver(sql, parameters);
    expect([before.requests, after.requests]).toContainEqual(given.requests);
  });
});

test("the differences of dialect are those that there are, and few beside what is compared", () => {
  expect(dialectDifferences.filter((difference) => !used.has(difference))).toEqual([]);
  expect(compared).toBeGreaterThan(300);
});

function isSame(one: Outcome, other: Outcome): boolean {
  return one.sqlState === other.sqlState && JSON.stringify(one.rows) === JSON.stringify(other.rows);
}

async function runInDriver(sql: string, parameters: Parameters): Promise<Outcome> {
  return outcomeOf(gateway.sandbox, async () => {
    const { columns, rows } = await driver.query(sql, parameters);
    return rows.map((row) => columns.map(({ name }) => row[name]));
  });
}

/** Parameters by their places are `$1` there. */
async function runInGateway(sql: string, parameters: Parameters): Promise<Outcome> {
  let place = 0;
  const values = Array.isArray(parameters) ? [...parameters] : [];
  const text = values.length === 0 ? sql : sql.replaceAll("?", () => `$${++place}`);
  return outcomeOf(gateway.sandbox, async () => (await client.query({ text, values, rowMode: "array" })).rows);
}

import { readdirSync, readFileSync } from "node:fs";
import type { Client } from "pg";
import pg from "pg";
import Stripe from "stripe";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Connection, Parameters, SqlValue } from "../../src/driver/api.js";
import { connect } from "../../src/driver/connect.js";
import { serveGateway } from "../support/served-gateway.js";
import type { SltFacts } from "../support/slt-facts.js";
import { fillFacts, readFacts } from "../support/slt-facts.js";
import { parseSlt, splitSlt } from "../support/slt-file.js";
import type { Outcome } from "../support/slt-outcome.js";
import { outcomeOf, titled } from "../support/slt-outcome.js";

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
    options: "-c stripe.engine=duckdb",
    types: { getTypeParser: (type: number) => (arrays.has(type) ? pg.types.getTypeParser(type) : asItIs) },
  });
  await client.connect();
});

afterAll(async () => {
  await client.end();
  await driver.close();
});

/** OIDs of arrays, which the driver gives as such. */
const arrays = new Set([1000, 1005, 1007, 1009, 1016, 1021, 1022, 1115, 1182, 1185, 1231, 2951, 3807]);
const asItIs = (text: string) => text;

/** Statements whose answers differ as a client binds values by the protocol, by what it is then given. */
const protocolDifferences = [
  { reason: "a value that a whole number's parameter does not take", sqlState: "22P02", statements: /Balance > \?/ },
  { reason: "types that no place tells of values without one", sqlState: "42804", statements: /SELECT \$1 \+ \$2/ },
  { reason: "no value for a parameter", sqlState: "42P02", statements: /Email = \?$/ },
  { reason: "a value too many", sqlState: "08P01", statements: /Email = \?$/ },
  { reason: "a value by a name that the text does not have", sqlState: undefined, statements: /Email = @email$/ },
] as const;
const differing = new Set<(typeof protocolDifferences)[number]>();

/** As long as the statement took. */
const withoutTime = (row: string) => row.replace(/\d+ ms$/, "… ms");

let compared = 0;

describe.each(files)("%s gives on DuckDB, through the gateway, what the driver gives, by the same requests", (name) => {
  test.each(splitSlt(contentOf(name)).map(titled))("%s", async (_title, { text }) => {
    const { sql, parameters } = parseSlt(fillFacts(text, facts));
    const before = await runInDriver(sql, parameters);
    const given = await runInGateway(sql, parameters);
    const difference = protocolDifferences.find(
      (one) => one.statements.test(sql) && one.sqlState === given.sqlState && before.sqlState !== given.sqlState,
    );
    if (difference !== undefined) {
      differing.add(difference);
      return;
    }
    compared += 1;
    expect({ rows: given.rows?.map(withoutTime), sqlState: given.sqlState, message: given.message }).toEqual({
      rows: before.rows?.map(withoutTime),
      sqlState: before.sqlState,
      message: before.message,
    });
    if (given.rows === undefined) return;
    // What a statement sees of a table, the next one plans by, wherever it runs.
    const after = await runInDriver(sql, parameters);
    expect([before.requests, after.requests]).toContainEqual(given.requests);
  });
});

test("the differences are those of binding, and all else was compared", () => {
  expect(protocolDifferences.filter((one) => !differing.has(one))).toEqual([]);
  expect(compared).toBeGreaterThan(400);
});

async function runInDriver(sql: string, parameters: Parameters): Promise<Outcome> {
  return outcomeOf(gateway.sandbox, async () => {
    const { columns, rows } = await driver.query(sql, parameters);
    return rows.map((row) => columns.map(({ name }) => row[name]));
  });
}

/** A client binds values by their places, those of names in the order in which the text has them first. */
async function runInGateway(sql: string, parameters: Parameters): Promise<Outcome> {
  return outcomeOf(gateway.sandbox, async () => {
    const values = isArray(parameters) ? [...parameters] : namesOf(sql).map((name) => parameters[name]);
    return (await client.query({ text: sql, values, rowMode: "array" })).rows;
  });
}

function isArray(parameters: Parameters): parameters is readonly SqlValue[] {
  return Array.isArray(parameters);
}

function namesOf(sql: string): readonly string[] {
  return driver.prepare(sql).parameters;
}

import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { serveGateway } from "../support/served-gateway.js";
import type { HostileGround } from "./hostile-ground.js";
import { openHostileGround } from "./hostile-ground.js";
import { hostileStatements, ofOwnTables } from "./hostile-statements.js";

const gateway = serveGateway({ engineTimeoutMs: 3000 }, { customers: 20 }, { readOnly: true });

let ground: HostileGround;
let client: pg.Client;

beforeAll(async () => {
  ground = await openHostileGround();
  client = new pg.Client({
    ...{ host: "127.0.0.1", port: gateway.port, user: "analyst", database: "shop" },
    options: "-c stripe.engine=duckdb",
  });
  await client.connect();
});
afterAll(async () => {
  await client.end();
  ground.close();
});

/** What a client of the gateway gets where other surfaces refuse otherwise, by why. */
const ofGateway: readonly (readonly [why: string, statements: RegExp, outcomes: readonly string[]])[] = [
  ["the connection only reads", /^\s*(EXPLAIN\s+)?(INSERT|UPDATE|DELETE|MERGE|EXEC)\b/i, ["25006"]],
  ["COPY is PostgreSQL's, to the client alone", /^COPY\b/i, ["0A000"]],
  ["settings are PostgreSQL's", /^(RE)?SET\b/i, ["harmless", "42704", "42601"]],
  ["the session has commands of its own", /^(VACUUM|ANALYZE|LISTEN)\b/i, ["harmless"]],
  ["there is none of the name", /^(EXECUTE|DEALLOCATE|FETCH|DECLARE|PREPARE)\b/i, ["26000", "34000", "25P01", "42P01"]],
  [
    "the server is PostgreSQL",
    /current_setting|\bpg_(catalog|tables|backend_pid|sleep)/i,
    [...["harmless", "42704", "0A000", "57014"]],
  ],
  ["a text may hold several statements", /;/, ["harmless", "0A000", "25006"]],
  ["no text of the protocol holds it", /[\0\ud800-\udfff]/, ["08P01", "42703"]],
  ["a simple query binds nothing", /[?@$:]/, ["42P02"]],
  ["JSON is nested too deeply for a jsonb", /repeat\('\['/, ["54001"]],
];

async function outcomeOf(sql: string): Promise<readonly [outcome: string, answer: string]> {
  try {
    return ["harmless", JSON.stringify([await client.query(sql)].flat().map(({ rows }) => rows))];
  } catch (error) {
    if (!(error instanceof pg.DatabaseError)) throw error;
    const { code = "", message, detail, hint } = error;
    return [code, [message, detail, hint].join("\n")];
  } finally {
    await client.query("ROLLBACK");
  }
}

describe.each(Object.entries(hostileStatements))("to a session of the gateway's on DuckDB: %s", (_, statements) => {
  test.each(statements)("%j: %s", async (sql, expected) => {
    const placed = ground.place(sql);
    const [outcome, answer] = await outcomeOf(placed);
    const others = ofGateway.flatMap(([, meant, outcomes]) => (meant.test(placed) ? outcomes : []));
    expect([expected, ...ofOwnTables(placed), ...others]).toContain(outcome);
    expect(ground.leaks(placed, answer)).toEqual([]);
    expect(gateway.sandbox.requests.entries.filter(({ method }) => method !== "GET")).toEqual([]);
  });
});

test("none of them left a file, reached another server, or stopped the gateway", async () => {
  expect(ground.connections()).toBe(0);
  expect(ground.files()).toEqual(["canary.csv"]);
  expect((await client.query("SELECT 1 AS one")).rows).toEqual([{ one: 1 }]);
});

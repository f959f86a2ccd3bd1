import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ensureBuilt } from "../support/built-program.js";
import { testFolder } from "../support/folder.js";
import { ServingProgram } from "../support/serving-program.js";
import type { HostileGround } from "./hostile-ground.js";
import { openHostileGround } from "./hostile-ground.js";
import { hostileStatements } from "./hostile-statements.js";

const program = fileURLToPath(new URL("../../dist/repl/start.cjs", import.meta.url));
const connection = "/v2/projects/p/locations/global/connections/served";

const folder = testFolder();

let server: ServingProgram;
let ground: HostileGround;

beforeAll(async () => {
  await ensureBuilt();
  ground = await openHostileGround();
  const lines = [
    "name: served",
    "sandbox: true",
    "node_config: {min_node_count: 2, max_node_count: 2}",
    "throttle: {transactions_per_second_per_node: 100000}",
  ];
  const file = folder.write("served.yaml", `${lines.join("\n")}\n`);
  server = new ServingProgram(program, ["serve", "--http", "0", "--connection", file]);
  await server.nodesReady(2);
});

afterAll(async () => {
  ground.close();
  server.child.kill("SIGTERM");
  await server.ended;
});

async function run(query: string): Promise<readonly [outcome: string, answer: string]> {
  const response = await server.request(`${connection}:executeSqlQuery`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ query: { query } }),
  });
  const answer = await response.text();
  const body = JSON.parse(answer) as {
    error?: { details: readonly { reason: string; metadata?: { sqlState?: string } }[] };
  };
  const detail = body.error?.details[0];
  return [detail?.metadata?.sqlState ?? detail?.reason ?? "harmless", answer];
}

const list = () => server.request(`${connection}/entityTypes/Customer/entities?pageSize=1`);

describe.each(Object.entries(hostileStatements))("over HTTP: %s", (_, statements) => {
  test.each(statements)("%j: %s", async (sql, expected) => {
    const placed = ground.place(sql);
    const [[outcome, answer], other] = await Promise.all([run(placed), list()]);
    // Half a character is refused in the body already.
    expect([expected, ...(placed.includes("\ud800") ? ["MALFORMED_JSON"] : [])]).toContain(outcome);
    expect(ground.leaks(placed, answer)).toEqual([]);
    expect(other.status).toBe(200);
  });
});

test("nothing was written, nobody was spoken to, and no node has ended", async () => {
  expect(ground.files()).toEqual(["canary.csv"]);
  expect(ground.connections()).toBe(0);
  expect(server.nodes()).toHaveLength(2);
  expect(server.errors).not.toContain("unforeseen");
  expect((await server.request(`${connection}:checkReadiness`)).status).toBe(200);
});

test("what one caller's statement holds, another's does not see", async () => {
  const secret = run("SELECT 'of-another-caller' AS s, count(*) FROM range(3000000) a");
  for (const sql of ["SELECT current_query()", "SELECT getvariable('s')", "SELECT * FROM duckdb_logs()", "SHOW TABLES"])
    expect((await run(sql))[1]).not.toContain("of-another-caller");
  expect((await secret)[1]).toContain("of-another-caller");
});

import { fileURLToPath } from "node:url";
import { afterEach, beforeAll, expect, test } from "vitest";
import { ensureBuilt } from "../support/built-program.js";
import { testFolder } from "../support/folder.js";
import { isRunning, ServingProgram } from "../support/serving-program.js";

const program = fileURLToPath(new URL("../../dist/repl/start.cjs", import.meta.url));
const connection = "/v2/projects/my-project/locations/global/connections/default";

let server: ServingProgram;

beforeAll(ensureBuilt);

afterEach(async () => {
  server.child.kill("SIGKILL");
  await server.ended;
});

/** On the sandbox, as the environment holds no key. */
async function start(args: readonly string[] = [], nodes = 2): Promise<void> {
  server = new ServingProgram(program, ["serve", "--http", "0", ...args]);
  await server.nodesReady(nodes);
}

test("the program serves the sandbox over HTTP, with two nodes that see each other's writes, until it is told to end", async () => {
  await start();
  const entities = `${connection}/entityTypes/Customer/entities`;
  const created = await server.request(entities, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ fields: { Name: "Ada" } }),
  });
  expect(created.status).toBe(200);
  const path = `${entities}?conditions=${encodeURIComponent("Name = 'Ada'")}`;
  const found = await Promise.all([1, 2].map(async () => (await server.request(path)).text()));
  for (const text of found) expect(JSON.parse(text).entities).toHaveLength(1);
  server.child.kill("SIGTERM");
  expect(await server.ended).toEqual([0, null]);
  expect(server.nodes().filter(isRunning)).toEqual([]);
});

test("a node that is killed under load costs no reader its answer", async () => {
  await start();
  const readings = Array.from(
    { length: 40 },
    async () => (await server.request(`${connection}/entityTypes/Charge`)).status,
  );
  await Promise.race(readings);
  process.kill(server.nodes()[0] ?? 0, "SIGKILL");
  expect(new Set(await Promise.all(readings))).toEqual(new Set([200]));
  await server.nodesReady(3);
  expect((await server.request(`${connection}:checkStatus`)).status).toBe(200);
});

test("the connections of files are served as they say: by name, in their location, with as many nodes", async () => {
  const folder = testFolder();
  const files = ["stripe-eu", "stripe-us"].map((name) => {
    const nodes = "node_config: {min_node_count: 1, max_node_count: 1}";
    const lines = `name: ${name}\nlocation: ${name}-1\n${nodes}\nsandbox: true\n`;
    return ["--connection", folder.write(`${name}.yaml`, lines)];
  });
  await start(files.flat());
  const readiness = (location: string, name: string) =>
    server.request(`/v2/projects/my-project/locations/${location}/connections/${name}:checkReadiness`);
  expect(await (await readiness("stripe-eu-1", "stripe-eu")).json()).toEqual({ status: "READY" });
  expect(await (await readiness("stripe-us-1", "stripe-us")).json()).toEqual({ status: "READY" });
  expect((await readiness("stripe-eu-1", "stripe-us")).status).toBe(404);
  expect(server.nodes()).toHaveLength(2);
});

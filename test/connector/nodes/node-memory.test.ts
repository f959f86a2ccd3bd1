import { fileURLToPath } from "node:url";
import { afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { ensureBuilt } from "../../support/built-program.js";
import { testFolder } from "../../support/folder.js";
import { ServingProgram } from "../../support/serving-program.js";

const program = fileURLToPath(new URL("../../../dist/repl/start.cjs", import.meta.url));
const connection = "/v2/projects/p/locations/global/connections/small";

let server: ServingProgram;

beforeAll(ensureBuilt);

beforeEach(async () => {
  const file = testFolder().write(
    "small.yaml",
    "name: small\nnode_config: {min_node_count: 2, max_node_count: 2}\nsandbox: true\nproperties: {MemoryLimit: 64MB}\n",
  );
  server = new ServingProgram(program, ["serve", "--http", "0", "--connection", file]);
  await server.nodesReady(2);
});

afterEach(async () => {
  server.child.kill("SIGKILL");
  await server.ended;
});

async function run(query: string) {
  const response = await server.request(`${connection}:executeSqlQuery`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ query: { query } }),
  });
  const { error } = (await response.json()) as { error?: { details: { metadata: object }[] } };
  return error?.details[0]?.metadata;
}

const isListed = async () => (await server.request(`${connection}/entityTypes/Customer/entities?pageSize=1`)).ok;

// A node once held all that the machine has.
// Its making takes more than the guard lets pass, and less than ends a node at once.
test("a text that outgrows a node is refused, and the node serves on", async () => {
  const refused = run("SELECT length(replace(repeat('x', 20000), 'x', repeat('y', 20000)))");
  expect(await isListed()).toBe(true);
  expect(await refused).toMatchObject({ sqlState: "53200" });
  expect(await isListed()).toBe(true);
  expect(server.errors).not.toContain("ended unforeseen");
});

// A list comprehension hears of no interrupt.
test("a node whose memory nothing else gives back is replaced, and its statement told why", async () => {
  expect(await run("SELECT len(flatten([range(1000000) FOR i IN range(1000)]))")).toMatchObject({
    sqlState: "53200",
    inDoubt: "true",
  });
  await server.printed(/it held more memory than it may/);
  expect(await isListed()).toBe(true);
  await server.nodesReady(3);
});

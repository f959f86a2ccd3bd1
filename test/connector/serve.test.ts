import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { ServeOptions, Server } from "../../src/connector/serve.js";
import { serve } from "../../src/connector/serve.js";
import type { ServedDefinition } from "../../src/connector/served-definition.js";
import { ensureBuilt } from "../support/built-program.js";
import { openPlainHttpApi } from "../support/plain-http-api.mjs";
import { errorOf } from "../support/scripted-client.js";
import { isRunning } from "../support/serving-program.js";

const scriptedNode = fileURLToPath(new URL("../support/scripted-node.mjs", import.meta.url));
const connectorNode = fileURLToPath(new URL("../../dist/connector/nodes/node-main.js", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "stripe-sql-serve-"));
const open: Server[] = [];
const token = "a-token-of-the-test";

beforeAll(() => {
  ensureBuilt();
  process.env["NODE_SCRIPT"] = join(folder, "script");
});

afterEach(async () => {
  for (const server of open.splice(0)) await server.close(0);
});

afterAll(() => {
  delete process.env["NODE_SCRIPT"];
  rmSync(folder, { recursive: true });
});

/** What is told of nodes, as the log has it. */
const told: { readonly message: string; readonly pid: number }[] = [];

async function start(changes: Partial<ServeOptions> = {}, how = ""): Promise<Server> {
  writeFileSync(join(folder, "script"), how);
  told.splice(0);
  const note = (fields: { readonly node: number }, message: string) => void told.push({ message, pid: fields.node });
  const server = await serve({
    connections: [definition("main")],
    host: "127.0.0.1",
    port: 0,
    token,
    openHttpApi: openPlainHttpApi as NonNullable<ServeOptions["openHttpApi"]>,
    log: { info: note, error: note } as NonNullable<ServeOptions["log"]>,
    nodeModule: scriptedNode,
    ...changes,
  });
  open.push(server);
  return server;
}

function definition(name: string, changes: Partial<ServedDefinition> = {}): ServedDefinition {
  const nodes = { minimum: 1, maximum: 1 };
  return { name, nodes, transactionsPerSecondPerNode: 6, options: {}, ...changes };
}

// biome-ignore lint/suspicious/noExplicitAny: what a scripted node gives is no method's output
async function post(server: Server, path: string, input: object = {}): Promise<{ status: number; body: any }> {
  const headers = { authorization: `Bearer ${token}` };
  const response = await fetch(`${server.url}/${path}`, { method: "POST", headers, body: JSON.stringify(input) });
  const text = await response.text();
  return { status: response.status, body: text === "" ? undefined : JSON.parse(text) };
}

function nodePids(): readonly number[] {
  return told.flatMap(({ message, pid }) => (message === "node started" ? [pid] : []));
}

test("each connection is served by nodes of its own, until the server is closed", async () => {
  const server = await start({ connections: [definition("one"), definition("two", { location: "europe-west1" })] });
  const [one, two] = [
    await post(server, "one/getEntity", { echo: 1 }),
    await post(server, "two/getEntity", { echo: 2 }),
  ];
  expect([one.body.echo, two.body.echo]).toEqual([1, 2]);
  expect(one.body.pid).not.toBe(two.body.pid);
  await server.close();
  expect(nodePids().filter(isRunning)).toEqual([]);
  await expect(post(server, "one/getEntity")).rejects.toThrow();
});

test("nodes of the connector share one sandbox", async () => {
  const sandboxed = definition("default", {
    nodes: { minimum: 2, maximum: 2 },
    options: { sandbox: { customers: 3 } },
  });
  const server = await start({ connections: [sandboxed], nodeModule: connectorNode });
  await expect.poll(() => told.filter(({ message }) => message === "node ready").length).toBe(2);
  const created = await post(server, "default/createEntity", {
    entity: "Customer",
    connectorInputPayload: { Name: "Ada" },
  });
  const { Id } = created.body.connectorOutputPayload;
  const found = await Promise.all(
    [1, 2, 3, 4].map(() => post(server, "default/getEntity", { entity: "Customer", entityId: Id })),
  );
  expect(found.map(({ body }) => body.connectorOutputPayload.Name)).toEqual(["Ada", "Ada", "Ada", "Ada"]);
  const listed = await post(server, "default/listEntities", { entity: "Customer" });
  expect(listed.body.connectorOutputPayload).toHaveLength(4);
});

test("where one connection cannot be opened, nothing is served and no node is left", async () => {
  expect(await errorOf(start({ connections: [definition("one"), definition("two")] }, "refuse"))).toMatchObject({
    message: "as asked",
  });
  expect(nodePids().filter(isRunning)).toEqual([]);
});

test("where the port is taken, no node is left", async () => {
  const other = createServer().listen(0, "127.0.0.1");
  const { port } = await new Promise<{ port: number }>((resolve) => {
    other.once("listening", () => resolve(other.address() as { port: number }));
  });
  await expect(start({ port })).rejects.toThrow("EADDRINUSE");
  expect(nodePids().filter(isRunning)).toEqual([]);
  other.close();
});

test("connections have names of their own, and those that are suspended are not served", async () => {
  expect(await errorOf(start({ connections: [definition("one"), definition("one")] }))).toMatchObject({
    sqlState: "22023",
    message: 'connection "one" is given twice',
  });
  const suspended = definition("one", { suspended: true });
  expect(await errorOf(start({ connections: [suspended] }))).toMatchObject({
    sqlState: "22023",
    message: "there is no connection to serve",
  });
  const server = await start({ connections: [suspended, definition("two")] });
  expect((await post(server, "one/getEntity")).status).toBe(404);
});

test("a call that outlasts the time for it is told that it was lost", async () => {
  const server = await start();
  const lost = post(server, "main/createEntity", { do: "hold" });
  await expect.poll(() => told.some(({ message }) => message === "received")).toBe(true);
  await server.close(0);
  expect(await lost).toEqual({
    status: 503,
    body: { message: "the call was lost", sqlState: "08006", stripe: { inDoubt: true } },
  });
});

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Connection } from "../../src/driver/api.js";
import { connect } from "../../src/driver/connect.js";
import type { Sandbox } from "../../src/driver/sandbox.js";
import { startSandbox } from "../../src/driver/sandbox.js";
import { studioQueries } from "../../src/repl/run-studio.js";
import type { RunEvent } from "../../src/studio/messages.js";
import type { Studio } from "../../src/studio/open-studio.js";
import { openStudio } from "../../src/studio/open-studio.js";
import { testFolder } from "../support/folder.js";
import { StudioPage } from "./studio-page.js";

let sandbox: Sandbox;
let connection: Connection;
let studio: Studio;
let page: StudioPage;
const folder = testFolder().path;
const queriesFolder = join(folder, "queries");

beforeAll(async () => {
  sandbox = await startSandbox({ customers: 250 });
  connection = await connect({ apiBase: sandbox.url, apiKey: sandbox.apiKey, testClocks: false, parallelRequests: 1 });
  studio = await openStudio({
    connection,
    isReadOnly: false,
    queries: studioQueries(queriesFolder),
    folder: queriesFolder,
  });
  page = new StudioPage(studio.url);
});

afterAll(async () => {
  await studio.close();
  await connection.close();
  await sandbox.close();
});

const lastOf = (events: readonly RunEvent[]) => events.at(-1);

describe("what is not the studio's page", () => {
  test("gets nothing without the token", async () => {
    for (const authorization of [undefined, "Bearer wrong", "Basic YTpi"]) {
      const headers = authorization === undefined ? {} : { authorization };
      expect(await fetch(`${page.base}/api/schema`, { headers })).toMatchObject({ status: 401 });
      const body = JSON.stringify({ sql: "SELECT 1" });
      expect(await fetch(`${page.base}/api/runs/1`, { method: "POST", headers, body })).toMatchObject({ status: 401 });
    }
  });

  test.each(["/%61pi/schema", "/ap%69/queries", "//api/schema", "/api/nothing"])(
    "gets nothing without the token however its path is spelt: %s",
    async (path) => {
      expect(await page.raw(path, { host: new URL(page.base).host })).toBe(401);
    },
  );

  test("gets nothing under another name, nor from another page", async () => {
    const host = new URL(page.base).host;
    expect(await page.raw("/", { host: "evil.example" })).toBe(421);
    expect(await page.raw("/", { host, origin: "http://evil.example" })).toBe(403);
    expect(await page.raw("/", { host, origin: `http://${host}` })).toBe(200);
  });

  test("may not frame the page, nor have it load anything", async () => {
    const answer = await fetch(`${page.base}/`);
    const policy = answer.headers.get("content-security-policy") ?? "";
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/https?:|unsafe|\*/);
    const document = await answer.text();
    expect(document).not.toMatch(/https?:\/\//);
    expect(document).toContain(/nonce-([^']+)'/.exec(policy)?.[1] ?? "no nonce");
    expect(answer.headers.get("referrer-policy")).toBe("no-referrer");
  });

  test("learns what is wrong with it", async () => {
    expect(await page.send("POST", "/api/runs/1", { query: "SELECT 1" })).toMatchObject({ status: 400 });
    expect(await page.send("POST", "/api/complete", { text: "SELECT ", cursor: -1 })).toMatchObject({ status: 400 });
    expect(await page.send("GET", "/api/results/99/rows?from=0&count=10")).toMatchObject({ status: 404 });
    expect(await page.send("GET", "/api/results/1/rows?from=0&count=100000")).toMatchObject({ status: 400 });
    expect(await page.send("GET", "/api/nothing")).toMatchObject({ status: 404 });
  });
});

describe("a run", () => {
  test("tells the columns, and ends with what it took; its rows are read from any one on", async () => {
    const events = await page.events("SELECT Id, Email FROM Customer ORDER BY Created DESC");
    const [begin] = events;
    if (begin?.kind !== "columns") throw new Error("no columns");
    expect(begin.columns.map(({ name }) => name)).toEqual(["Id", "Email"]);
    expect(lastOf(events)).toMatchObject({
      kind: "end",
      stored: 250,
      summary: { command: "SELECT", rowCount: 250, requests: 3 },
    });
    const expected = await connection.query("SELECT Id, Email FROM Customer ORDER BY Created DESC");
    for (const [from, count] of [
      [0, 3],
      [199, 3],
      [245, 100],
      [250, 10],
    ] as const) {
      const rows = expected.rows.slice(from, from + count).map((row) => Object.values(row));
      expect(await page.ask("GET", `/api/results/${begin.result}/rows?from=${from}&count=${count}`)).toEqual({
        from,
        rows,
      });
    }
  });

  test("tells NULL from a text, and keeps line breaks", async () => {
    const [begin] = await page.events("SELECT NULL AS a, 'NULL' AS b, 'x\ny' AS c, 12345678901234567890::HUGEINT AS d");
    if (begin?.kind !== "columns") throw new Error("no columns");
    expect(await page.ask("GET", `/api/results/${begin.result}/rows?from=0&count=5`)).toMatchObject({
      rows: [[null, "NULL", "x\ny", "12345678901234567890"]],
    });
  });

  test("of several statements has a result each, and ends at the first failure", async () => {
    const events = await page.events("SELECT 1 AS one; SELECT 2 AS two; SELECT Nothing FROM Customer; SELECT 4");
    expect(events.filter(({ kind }) => kind === "columns")).toHaveLength(2);
    expect(lastOf(events)).toMatchObject({ kind: "error", error: { sqlState: "42703", hint: expect.any(String) } });
  });

  test("that cannot be read is told with its place", async () => {
    expect(await page.events("SELEC 1")).toMatchObject([{ kind: "error", error: { sqlState: "42601", position: 0 } }]);
  });

  test("that is cancelled asks Stripe for no further page", async () => {
    sandbox.requests.clear();
    sandbox.faults.add({
      method: "GET",
      path: "/v1/customers",
      times: 100,
      effect: { kind: "delay", milliseconds: 300 },
    });
    const events: RunEvent[] = [];
    for await (const event of page.run("cancelled", "SELECT Id FROM Customer")) {
      events.push(event);
      if (event.kind === "progress" && event.progress.requests > 0) await page.send("DELETE", "/api/runs/cancelled");
    }
    sandbox.faults.clear();
    expect(lastOf(events)).toMatchObject({ kind: "error", error: { sqlState: "57014" } });
    expect(sandbox.requests.entries.length).toBeLessThan(3);
  });

  test("whose page is closed is cancelled", async () => {
    sandbox.requests.clear();
    sandbox.faults.add({
      method: "GET",
      path: "/v1/customers",
      times: 100,
      effect: { kind: "delay", milliseconds: 300 },
    });
    const closing = new AbortController();
    await expect(async () => {
      for await (const event of page.run("closed", "SELECT Id FROM Customer", closing.signal))
        if (event.kind === "progress" && event.progress.requests > 0) closing.abort();
    }).rejects.toThrow();
    await expect.poll(() => sandbox.requests.entries.length).toBeGreaterThan(0);
    const sent = sandbox.requests.entries.length;
    await new Promise((resolve) => setTimeout(resolve, 700));
    sandbox.faults.clear();
    expect(sandbox.requests.entries.length).toBeLessThanOrEqual(sent + 1);
  });
});

describe("a write", () => {
  const update = "UPDATE Customer SET Description = 'seen' WHERE Email = 'customer250@example.com'";

  test("is sent once it is confirmed", async () => {
    const events: RunEvent[] = [];
    for await (const event of page.run("write", update)) {
      events.push(event);
      if (event.kind === "confirm") await page.send("POST", "/api/runs/write/confirm", { confirmed: true });
    }
    expect(events).toContainEqual(expect.objectContaining({ kind: "confirm", objects: 1 }));
    expect(lastOf(events)).toMatchObject({ kind: "end", summary: { command: "UPDATE", rowCount: 1 } });
  });

  test("is not sent where it is refused", async () => {
    sandbox.requests.clear();
    for await (const event of page.run("refused", update))
      if (event.kind === "confirm") await page.send("POST", "/api/runs/refused/confirm", { confirmed: false });
    expect(sandbox.requests.entries.filter(({ method }) => method === "POST")).toEqual([]);
  });

  test("is refused on a connection that only reads", async () => {
    const reading = await connect({ apiBase: sandbox.url, apiKey: sandbox.apiKey, readOnly: true });
    const other = await openStudio({
      connection: reading,
      isReadOnly: true,
      queries: studioQueries(queriesFolder),
      folder: queriesFolder,
    });
    const events = await new StudioPage(other.url).events(update);
    expect(lastOf(events)).toMatchObject({ kind: "error", error: { sqlState: "25006" } });
    await other.close();
    await reading.close();
  });
});

test("a statement's cost is told without a request, and what is wrong with it", async () => {
  sandbox.requests.clear();
  expect(await page.ask("POST", "/api/predict", { sql: "SELECT Id FROM Customer LIMIT 5" })).toEqual({
    ...{ requests: 1, isExact: true, writes: false },
  });
  expect(await page.ask("POST", "/api/predict", { sql: "SHOW TABLES" })).toMatchObject({ requests: 0 });
  expect(await page.ask("POST", "/api/predict", { sql: "DELETE FROM Customer WHERE Id = 'cus_1'" })).toMatchObject({
    writes: true,
  });
  expect(await page.ask("POST", "/api/predict", { sql: "SELECT x FROM Customer" })).toMatchObject({
    error: { sqlState: "42703" },
  });
  expect(sandbox.requests.entries).toEqual([]);
});

test("the cost of several statements is told together, and none of them runs", async () => {
  sandbox.requests.clear();
  const predict = (sql: string) => page.ask("POST", "/api/predict", { sql });
  const customer = "SELECT Id FROM Customer LIMIT 5";
  expect(await predict(`${customer}; ${customer};`)).toEqual({ requests: 2, isExact: true, writes: false });
  // Once all but the first ran, as soon as they were typed.
  expect(await predict("SELECT 1; UPDATE Customer SET Description = 'typed' WHERE Id = 'cus_1'")).toMatchObject({
    writes: true,
  });
  expect(await predict("CREATE TEMP TABLE seen AS SELECT 1 AS one; SELECT * FROM seen")).toEqual({
    isExact: false,
    writes: true,
  });
  for (const changing of [
    "SET TimeZone = 'Asia/Tokyo'",
    "DROP VIEW seen",
    "CREATE VIEW seen AS SELECT 1 AS one",
    "FORGET",
  ])
    expect(await predict(changing).catch(() => ({ writes: true }))).toMatchObject({ writes: true });
  expect(await predict(" -- nothing\n")).toEqual({ requests: 0, isExact: true, writes: false });
  expect(sandbox.requests.entries).toEqual([]);
  expect((await connection.query("SELECT Id FROM Customer WHERE Description = 'typed'")).rows).toEqual([]);
});

test("the schema has tables, their columns and references, and procedures with their inputs", async () => {
  expect(await page.ask("GET", "/api/schema")).toMatchObject({
    mode: "test",
    isReadOnly: false,
    tables: expect.arrayContaining([expect.objectContaining({ name: "Customer" })]),
    procedures: expect.arrayContaining([expect.objectContaining({ name: "AcceptQuote", writes: true })]),
  });
  expect(await page.ask("GET", "/api/columns?schema=stripe&table=Charge")).toEqual(
    expect.arrayContaining([expect.objectContaining({ name: "Customer", references: "Customer.Id" })]),
  );
  expect(await page.ask("GET", "/api/procedures/CancelPaymentIntent")).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ name: "PaymentIntentId", isRequired: true }),
      expect.objectContaining({ name: "CancellationReason", values: expect.arrayContaining(["duplicate"]) }),
    ]),
  );
});

describe("saved queries", () => {
  test("are files of the folder", async () => {
    expect(await page.ask("GET", "/api/queries")).toEqual([]);
    await page.send("PUT", "/api/queries/who_owes", { sql: "SELECT Id FROM Customer WHERE Balance > 0" });
    expect(await page.ask("GET", "/api/queries")).toEqual(["who_owes"]);
    expect(readFileSync(join(queriesFolder, "who_owes.sql"), "utf8")).toBe(
      "SELECT Id FROM Customer WHERE Balance > 0;\n",
    );
    expect(await page.ask("GET", "/api/queries/who_owes")).toMatchObject({
      sql: expect.stringContaining("Balance > 0"),
    });
    await page.send("DELETE", "/api/queries/who_owes");
    expect(readdirSync(queriesFolder)).toEqual([]);
  });

  test.each(["../out", "a/b", ".hidden", "", "x\u0000y", "a".repeat(101)])(
    "are no files outside of it: %j",
    async (name) => {
      const answer = await page.send("PUT", `/api/queries/${encodeURIComponent(name)}`, { sql: "SELECT 1" });
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(existsSync(join(folder, "out.sql"))).toBe(false);
    },
  );
});

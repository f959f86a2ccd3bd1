import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Finding } from "../../src/conformance/finding.js";
import type { ConformanceOptions } from "../../src/conformance/run-conformance.js";
import { runConformance } from "../../src/conformance/run-conformance.js";
import type { ConnectOptions } from "../../src/driver/api.js";
import { openDatabase } from "../../src/driver/open-connection.js";
import type { Sandbox } from "../../src/sandbox/sandbox.js";
import { startSandbox } from "../../src/sandbox/start-sandbox.js";
import { openCatalog } from "../../src/store/open-catalog.js";
import type { JsonObject } from "../../src/value/json.js";
import type { Disagreement, ProxiedAnswer, ProxiedRequest } from "../support/disagreeing-server.js";
import { startDisagreeingServer } from "../support/disagreeing-server.js";
import { testFolder } from "../support/folder.js";

const catalog = openCatalog();
let sandbox: Sandbox;

beforeAll(async () => {
  sandbox = await startSandbox(catalog, { customers: 30, seed: 3 });
});
afterAll(async () => {
  await sandbox.close();
  catalog.close();
});

async function findingsOf(connection: ConnectOptions, options: ConformanceOptions): Promise<readonly Finding[]> {
  const database = await openDatabase(connection);
  try {
    const findings: Finding[] = [];
    for await (const finding of runConformance(database, options)) findings.push(finding);
    return findings;
  } finally {
    await database.close();
  }
}

const disagreeing = (findings: readonly Finding[]): readonly Finding[] =>
  findings.filter(({ verdict }) => verdict === "disagrees");

const own = (): ConnectOptions => ({ apiKey: sandbox.apiKey, apiBase: sandbox.url });

/** What is found against a server with one disagreement. */
async function foundAgainst(planted: Disagreement, options: ConformanceOptions): Promise<readonly string[]> {
  const server = await startDisagreeingServer(sandbox, catalog, [planted]);
  try {
    const findings = await findingsOf({ apiKey: sandbox.apiKey, apiBase: server.url }, options);
    return disagreeing(findings).map(({ table, check }) => `${table}: ${check}`);
  } finally {
    await server.close();
  }
}

/** Changes the rows of a list's answer. */
const inRows = (path: RegExp, change: (row: JsonObject, index: number) => JsonObject): Disagreement => ({
  kind: "rewrites-answer",
  method: "GET",
  path,
  rewrite: (answer) => ({ body: { ...answer, data: rowsIn(answer).map(change) } }),
});

const rowsIn = ({ data }: JsonObject): readonly JsonObject[] => (Array.isArray(data) ? (data as JsonObject[]) : []);

const inAnswer = (
  method: string,
  path: RegExp,
  rewrite: (answer: JsonObject, request: ProxiedRequest) => ProxiedAnswer,
): Disagreement => ({ kind: "rewrites-answer", method, path, rewrite });

/** Forgets parameters, in the query or in the form. */
const forgets = (method: string, path: RegExp, ...names: readonly string[]): Disagreement => ({
  kind: "rewrites-request",
  method,
  path,
  rewrite: (request) => ({
    ...request,
    query: without(request.query, names),
    body: String(without(new URLSearchParams(request.body), names)),
  }),
});

function without(parameters: URLSearchParams, names: readonly string[]): URLSearchParams {
  return new URLSearchParams(
    [...parameters].filter(([name]) => !names.some((one) => name === one || name.startsWith(`${one}[`))),
  );
}

const list = /^\/v1\/customers$/;
const object = /^\/v1\/customers\/cus_\w+$/;
const forgetful = (row: JsonObject, name: string): JsonObject =>
  Object.fromEntries(Object.entries(row).filter(([key]) => key !== name));
let count = 0;

const plantedInReading: readonly (readonly [string, string, Disagreement])[] = [
  [
    "a filter that is not applied",
    "Customer: filter email",
    { kind: "ignores-filter", table: "Customer", parameter: "email" },
  ],
  [
    "a filter that is turned round",
    "Customer: filter email",
    { kind: "inverts-filter", table: "Customer", parameter: "email" },
  ],
  [
    "a filter that is refused",
    "Customer: filter email",
    { kind: "refuses-filter", table: "Customer", parameter: "email" },
  ],
  [
    "a bound that is not applied",
    "Customer: filter created",
    { kind: "ignores-filter", table: "Customer", parameter: "created" },
  ],
  [
    "one of several words that is not applied",
    "Event: filter types",
    { kind: "ignores-filter", table: "Event", parameter: "types" },
  ],
  ["the oldest first", "Customer: order", { kind: "oldest-first", table: "Customer" }],
  [
    "an answer without rows",
    "Customer: answer's form",
    inAnswer("GET", list, (answer) => ({ body: forgetful(answer, "data") })),
  ],
  [
    "an answer that does not say whether more follow",
    "Customer: answer's form",
    inAnswer("GET", list, (answer) => ({ body: forgetful(answer, "has_more") })),
  ],
  [
    "an answer of another kind",
    "Customer: answer's form",
    inAnswer("GET", list, (answer) => ({ body: { ...answer, object: "page" } })),
  ],
  [
    "an end that is none",
    "Customer: limit",
    inAnswer("GET", list, (answer) => ({ body: { ...answer, has_more: false } })),
  ],
  [
    "rows that are no objects",
    "Customer: answer's form",
    inAnswer("GET", list, (answer) => ({ body: { ...answer, data: ["cus_1"] } })),
  ],
  ["rows of another kind", "Customer: rows' kind", inRows(list, (row) => ({ ...row, object: "client" }))],
  ["rows without an id", "Customer: rows' kind", inRows(list, (row) => forgetful(row, "id"))],
  ["live rows", "Customer: rows' kind", inRows(list, (row) => ({ ...row, livemode: true }))],
  [
    "a row twice",
    "Customer: unique ids",
    inAnswer("GET", list, (answer) => ({ body: { ...answer, data: rowsIn(answer).flatMap((row) => [row, row]) } })),
  ],
  ["a field that is unknown", "Customer: unknown fields", inRows(list, (row) => ({ ...row, mood: "good" }))],
  [
    "a field within a structure that is unknown",
    "Customer: unknown fields",
    inRows(list, (row) => ({ ...row, address: { city: "Oslo", zone: 1 } })),
  ],
  ["a field that is missing", "Customer: missing fields", inRows(list, (row) => forgetful(row, "created"))],
  ["a null that is undeclared", "Customer: nulls", inRows(list, (row) => ({ ...row, livemode: null }))],
  ["a time that is a word", "Customer: types", inRows(list, (row) => ({ ...row, created: "yesterday" }))],
  ["an amount with a fraction", "Customer: types", inRows(list, (row) => ({ ...row, balance: 1.5 }))],
  ["a text that is a number", "Customer: types", inRows(list, (row) => ({ ...row, name: 5 }))],
  ["a word that no enum has", "Customer: enum values", inRows(list, (row) => ({ ...row, tax_exempt: "partly" }))],
  ["a limit that is not kept", "Customer: limit", forgets("GET", list, "limit")],
  ["a cursor that is not followed", "Customer: pages", forgets("GET", list, "starting_after")],
  [
    "a page too large",
    "Customer: limit beyond the largest",
    {
      kind: "rewrites-request",
      method: "GET",
      path: list,
      rewrite: (request) =>
        request.query.get("limit") === "101" ? { ...request, query: new URLSearchParams("limit=100") } : request,
    },
  ],
  [
    "a parameter that is none and is taken",
    "Customer: unknown parameter",
    forgets("GET", list, "stripe_sql_conformance"),
  ],
  [
    "an object that is not as in its list",
    "Customer: retrieve",
    inAnswer("GET", object, (answer) => ({ body: { ...answer, email: "other@example.com" } })),
  ],
  [
    "an object that cannot be had",
    "Customer: retrieve",
    inAnswer("GET", object, () => ({ status: 403, body: { error: { type: "invalid_request_error", message: "No" } } })),
  ],
  [
    "an object of no id",
    "Customer: retrieve of no object",
    inAnswer("GET", object, (answer, { path }) =>
      path.endsWith("none") ? { status: 200, body: { id: "cus_none", object: "customer" } } : { body: answer },
    ),
  ],
  [
    "another object than was asked for",
    "Customer: statement by id",
    inAnswer("GET", object, (answer) => ({ body: { ...answer, id: "cus_other" } })),
  ],
  ["a reference that is not expanded", "Charge: expand", forgets("GET", /^\/v1\/charges\/ch_\w+$/, "expand")],
  [
    "a reference expanded to another object",
    "Charge: expand",
    inAnswer("GET", /^\/v1\/charges\/ch_\w+$/, (answer) => ({
      body: Object.fromEntries(
        Object.entries(answer).map(([key, value]) => [key, isExpanded(value) ? { ...value, id: "other" } : value]),
      ),
    })),
  ],
  [
    "a search that finds all",
    "Customer: search email",
    {
      kind: "rewrites-request",
      method: "GET",
      path: /^\/v1\/customers\/search$/,
      rewrite: (request) => ({ ...request, query: new URLSearchParams("query=created>0") }),
    },
  ],
  [
    "a search that is refused",
    "Customer: search email",
    inAnswer("GET", /\/search$/, () => ({
      status: 400,
      body: { error: { type: "invalid_request_error", message: "No" } },
    })),
  ],
  [
    "a list of API v2 without its next page",
    "v2.EventDestination: answer's form",
    inAnswer("GET", /^\/v2\/core\/event_destinations$/, (answer) => ({ body: forgetful(answer, "next_page_url") })),
  ],
];

function isExpanded(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && "id" in value && "object" in value;
}

const accepts = (method: string, path: RegExp, made: JsonObject): Disagreement =>
  inAnswer(method, path, (answer) => ("error" in answer ? { status: 200, body: made } : { body: answer }));

const plantedInWriting: readonly (readonly [string, string, Disagreement])[] = [
  [
    "metadata that is replaced",
    "metadata is merged key by key",
    inAnswer("POST", object, (answer, { body }) => ({
      body: body.includes("metadata%5Bc") || body.includes("metadata[c") ? { ...answer, metadata: { c: "3" } } : answer,
    })),
  ],
  ["an empty key that stays", "an empty value unsets a key", forgets("POST", object, "metadata[a]")],
  ["an empty metadata that stays", "an empty metadata unsets all", forgets("POST", object, "metadata")],
  ["a text that is not unset", "an empty text unsets a field", forgets("POST", object, "description")],
  [
    "a structure that is replaced",
    "a structure's field is set alone",
    inAnswer("GET", object, (answer) => ({ body: { ...answer, address: { city: "Bergen", country: null } } })),
  ],
  [
    "other fields that change",
    "an update leaves other fields",
    inAnswer("GET", object, (answer) => ({ body: { ...answer, description: "another" } })),
  ],
  [
    "a deletion that is not told",
    "a deleted object says so",
    inAnswer("GET", object, (answer) => ({ body: { ...answer, deleted: false } })),
  ],
  [
    "a key that makes two",
    "a replay gives the first answer",
    inAnswer("POST", list, (answer) => {
      count += 1;
      return { body: { ...answer, id: `${String(answer["id"])}${count}` } };
    }),
  ],
  [
    "a key with other parameters that is taken",
    "a key with other parameters is refused",
    accepts("POST", list, { id: "cus_planted", object: "customer" }),
  ],
  [
    "a parameter that is none and is taken",
    "an unknown parameter is refused",
    forgets("POST", list, "stripe_sql_conformance"),
  ],
  [
    "a missing parameter that is not missed",
    "a missing parameter is refused",
    accepts("POST", /^\/v1\/payment_intents$/, { id: "pi_planted", object: "payment_intent" }),
  ],
  [
    "events that do not come",
    "a creation has its event",
    inAnswer("GET", /^\/v1\/events$/, (answer) => ({ body: { ...answer, data: [] } })),
  ],
  [
    "a new object at the end of its list",
    "a new object comes first in its list",
    { kind: "oldest-first", table: "Customer" },
  ],
];

describe("conformance", () => {
  test.each(plantedInReading)("finds %s", async (_, found, planted) => {
    const tables = [found.split(":")[0] ?? ""];
    expect(await foundAgainst(planted, { tables })).toContain(found);
  });

  test.each(plantedInWriting)("finds %s, of writing", async (_, found, planted) => {
    expect(await foundAgainst(planted, { tables: ["CurrentAccount"], write: true })).toContain(`writes: ${found}`);
  });

  test("finds nothing against the sandbox, where most of it agrees", async () => {
    const findings = await findingsOf(own(), {});
    expect(disagreeing(findings)).toEqual([]);
    expect(findings.filter(({ verdict }) => verdict === "agrees").length).toBeGreaterThan(2000);
  });

  test("finds nothing against the sandbox in writing, and leaves nothing there", async () => {
    const before = (await ids("/v1/customers")).length;
    const findings = await findingsOf(own(), { tables: ["CurrentAccount"], write: true });
    expect(disagreeing(findings)).toEqual([]);
    expect(findings.filter(({ table }) => table === "writes").every(({ verdict }) => verdict === "agrees")).toBe(true);
    expect((await ids("/v1/customers")).length).toBe(before);
  });

  test.each(["sk_live_conformance0000001", "rk_live_conformance0000001", "sk_org_live_conformance01"])(
    "refuses a live key before anything is sent: %s",
    async (apiKey) => {
      sandbox.requests.clear();
      await expect(findingsOf({ apiKey, apiBase: sandbox.url }, {})).rejects.toMatchObject({ sqlState: "42501" });
      expect(sandbox.requests.entries).toEqual([]);
    },
  );

  test("sends no more requests than it may, and says what is left untold", async () => {
    sandbox.requests.clear();
    const findings = await findingsOf(own(), { tables: ["Customer"], maxRequests: 5 });
    expect(sandbox.requests.entries.length).toBeLessThanOrEqual(5);
    expect(
      findings.some(({ verdict, detail }) => verdict === "untold" && /more than 5 requests/.test(detail ?? "")),
    ).toBe(true);
    expect(disagreeing(findings)).toEqual([]);
  });

  test("refuses a table that does not exist", async () => {
    await expect(findingsOf(own(), { tables: ["Custmer"] })).rejects.toMatchObject({ sqlState: "42P01" });
  });

  test("says that it could not be told where the key may not read", async () => {
    const refused = inAnswer("GET", list, () => ({
      status: 403,
      body: { error: { type: "invalid_request_error", message: "No" } },
    }));
    const server = await startDisagreeingServer(sandbox, catalog, [refused]);
    const findings = await findingsOf({ apiKey: sandbox.apiKey, apiBase: server.url }, { tables: ["Customer"] });
    await server.close();
    expect(findings).toEqual([
      expect.objectContaining({ check: "list", verdict: "untold", detail: expect.stringContaining("403") }),
    ]);
  });

  test("saves answers without ids and persons, of the same shape", async () => {
    // The shared one also holds what servers that disagree have kept from being removed.
    const clean = await startSandbox(catalog, { customers: 5, seed: 3 });
    const fixtures = join(testFolder().path, "fixtures");
    await findingsOf({ apiKey: clean.apiKey, apiBase: clean.url }, { tables: ["Customer", "Charge"], fixtures });
    const [row] = await rowsOf(clean, "/v1/customers?limit=1");
    await clean.close();
    expect(readdirSync(fixtures).sort()).toEqual(["Charge.json", "Customer.json"]);
    const text = readFileSync(join(fixtures, "Customer.json"), "utf8");
    const saved = JSON.parse(text) as { readonly row: JsonObject };
    expect(Object.keys(saved.row)).toEqual(Object.keys(row ?? {}));
    expect(saved.row).toMatchObject({ object: "customer", created: row?.["created"], livemode: false });
    expect(row).toMatchObject({ email: expect.any(String), name: expect.any(String) });
    for (const secret of [row?.["id"], row?.["email"], row?.["name"]]) expect(text).not.toContain(String(secret));
    expect(saved.row["id"]).toMatch(/^cus_0+\d+$/);
    expect(saved.row["email"]).toMatch(/^person0+\d+@example.com$/);
  });
});

async function rowsOf({ url, apiKey }: Sandbox, path: string): Promise<readonly JsonObject[]> {
  const answer = await fetch(`${url}${path}`, { headers: { authorization: `Bearer ${apiKey}` } });
  return rowsIn((await answer.json()) as JsonObject);
}

const ids = async (path: string) => (await rowsOf(sandbox, `${path}?limit=100`)).map(({ id }) => id);

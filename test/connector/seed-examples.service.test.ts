import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { EntityFields } from "../../src/connector/connector.js";
import { ensureBuilt } from "../support/built-program.js";
import { ServingProgram } from "../support/serving-program.js";
import type { SeedCaller } from "./seed-examples.js";
import { actionExamples, callSeed, entityIdOf, operationExamples } from "./seed-examples.js";

const program = fileURLToPath(new URL("../../dist/repl/start.cjs", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "stripe-sql-seed-examples-"));
const token = "token-of-the-test";
let server: ServingProgram;
let base = "";

beforeAll(async () => {
  ensureBuilt();
  const file = join(folder, "stripe-eu.yaml");
  const throttle = "throttle: {transactions_per_second_per_node: 1000}";
  writeFileSync(file, `name: stripe-eu\nlocation: europe-west1\nsandbox: {customers: 10}\n${throttle}\n`);
  server = new ServingProgram(program, ["serve", "--http", "0", "--connection", file], { STRIPE_SQL_TOKEN: token });
  const [, url] = await server.printed(/ on (http:\S+)\n/);
  base = `${url}/v2/projects/my-project/locations/europe-west1/connections/stripe-eu`;
});

afterAll(async () => {
  server.child.kill("SIGTERM");
  await server.ended;
  rmSync(folder, { recursive: true });
});

/** What curl gets, which is to be JSON under status 200. */
async function curl(method: string, path: string, body?: object): Promise<unknown> {
  const data = body === undefined ? [] : ["-H", "Content-Type: application/json", "-d", JSON.stringify(body)];
  const head = ["-sS", "--max-time", "240", "-w", "\n%{http_code}", "-X", method];
  const { stdout } = await promisify(execFile)(
    "curl",
    [...head, "-H", `Authorization: Bearer ${token}`, ...data, `${base}${path}`],
    { maxBuffer: 64 * 1024 * 1024 },
  );
  const end = stdout.lastIndexOf("\n");
  if (stdout.slice(end + 1) !== "200") throw new Error(stdout);
  return JSON.parse(stdout.slice(0, end));
}

interface HttpEntity {
  readonly name?: string;
  readonly fields: EntityFields;
}

/** The typed calls, each made over HTTP by curl. */
const overHttp: SeedCaller = {
  listEntities: async ({ entity }) => {
    const answer = await curl("GET", `/entityTypes/${entity}/entities`);
    const { entities, nextPageToken = null } = answer as { entities: HttpEntity[]; nextPageToken?: string };
    return { connectorOutputPayload: entities.map(({ fields }) => fields), listEntitiesNextPageToken: nextPageToken };
  },
  getEntity: async ({ entity, entityId }) => {
    const { fields } = (await curl("GET", `/entityTypes/${entity}/entities/${entityId}`)) as HttpEntity;
    return { connectorOutputPayload: fields };
  },
  createEntity: async ({ entity, connectorInputPayload: fields }) => {
    const created = (await curl("POST", `/entityTypes/${entity}/entities`, { fields })) as HttpEntity;
    return { connectorOutputPayload: created.fields };
  },
  updateEntity: async ({ entity, entityId, connectorInputPayload: fields }) => {
    const updated = (await curl("PATCH", `/entityTypes/${entity}/entities/${entityId}`, { fields })) as HttpEntity;
    return { connectorOutputPayload: updated.fields };
  },
  deleteEntity: async ({ entity, entityId }) => {
    expect(await curl("DELETE", `/entityTypes/${entity}/entities/${entityId}`)).toEqual({});
    return {};
  },
  executeAction: async ({ action, connectorInputPayload: parameters }) => {
    const answer = await curl("POST", `/actions/${action}:execute`, { parameters });
    const { results, metadata } = answer as { results: Record<string, string | null>[]; metadata: object };
    expect(metadata).toEqual({});
    return { connectorOutputPayload: results };
  },
};

describe("each action of the connector's page, by curl", () => {
  test.each(actionExamples)("$name", async ({ setup, keys = [], areAllKeys, values = {} }) => {
    const answer = await callSeed(overHttp, await setup(overHttp));
    const { connectorOutputPayload: results } = answer as { connectorOutputPayload: Record<string, unknown>[] };
    expect(results).toHaveLength(1);
    const [result = {}] = results;
    expect(Object.keys(result)).toEqual(areAllKeys ? keys : expect.arrayContaining([...keys]));
    expect(Object.values(result).filter((value) => value !== null && typeof value !== "string")).toEqual([]);
    expect(result).toMatchObject(values);
  });
});

describe("each operation of the connector's page, by curl", () => {
  const outcomes: Readonly<Record<string, (payload: unknown, id: string | undefined) => void>> = {
    "List all the customers": (payload) => {
      expect(payload).toContainEqual(expect.objectContaining({ Name: "Jenny Rosen", Object: "customer" }));
    },
    "Get a customer record": (payload, id) => expect(payload).toMatchObject({ Id: id, Name: "Jenny Rosen" }),
    "Create a payment intent": (payload) => expect(payload).toEqual({ Id: expect.stringMatching(/^pi_/) }),
    "Update a customer record": (payload, id) => expect(payload).toEqual({ Id: id }),
    "Delete a customer record": (payload) => expect(payload).toBeUndefined(),
  };

  test.each(operationExamples)("$name", async ({ name, setup }) => {
    const call = await setup(overHttp);
    const answer = (await callSeed(overHttp, call)) as { readonly connectorOutputPayload?: unknown };
    const outcome = outcomes[name];
    if (outcome === undefined) throw new RangeError(`no outcome of ${name}`);
    outcome(answer.connectorOutputPayload, entityIdOf(call));
  });
});

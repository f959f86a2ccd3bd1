import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { connectors_v2 } from "googleapis/build/src/apis/connectors/index.js";
import { auth, connectors } from "googleapis/build/src/apis/connectors/index.js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ServeOptions, Server } from "../../src/connector/serve.js";
import { serve } from "../../src/connector/serve.js";
import { ensureBuilt } from "../support/built-program.js";

const token = "a-token-of-the-google-clients-test";
const connection = "projects/my-project/locations/europe-west1/connections/shop";
const customers = `${connection}/entityTypes/Customer`;
const folder = mkdtempSync(join(tmpdir(), "stripe-sql-google-client-"));
const called = new Set<string>();
/** Lines of the server's log. */
const logged: object[] = [];
const note = (fields: object, message: string) => void logged.push({ ...fields, message });

let server: Server;
let google: connectors_v2.Connectors;
let connections: connectors_v2.Resource$Projects$Locations$Connections;

beforeAll(async () => {
  ensureBuilt();
  server = await serve({
    connections: [
      {
        name: "shop",
        location: "europe-west1",
        nodes: { minimum: 1, maximum: 1 },
        transactionsPerSecondPerNode: 1000,
        options: { sandbox: { customers: 30 }, cachePath: folder },
      },
    ],
    host: "127.0.0.1",
    port: 0,
    token,
    log: { info: note, error: note } as NonNullable<ServeOptions["log"]>,
    nodeModule: fileURLToPath(new URL("../../dist/connector/nodes/node-main.js", import.meta.url)),
  });
  google = clientWith(token);
  connections = noted(google.projects.locations.connections, "connections");
});

afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

function clientWith(accessToken: string): connectors_v2.Connectors {
  const credentials = new auth.OAuth2();
  credentials.setCredentials({ access_token: accessToken });
  return connectors({ version: "v2", rootUrl: server.url, auth: credentials, retry: false });
}

/** The same resource, with each method that is called written down: "connections.actions.list". */
function noted<Resource extends object>(resource: Resource, path: string): Resource {
  return new Proxy(resource, {
    get: (target, name) => {
      const member: unknown = Reflect.get(target, name);
      if (typeof name === "symbol" || name === "context") return member;
      if (typeof member === "object" && member !== null) return noted(member, `${path}.${name}`);
      if (typeof member !== "function") return member;
      return (...args: unknown[]) => {
        called.add(`${path}.${name}`);
        return member.apply(target, args);
      };
    },
  });
}

/** "connections.actions.list" of every method that the client has. */
function methodsOf(resource: object, path: string): readonly string[] {
  const own = Object.getOwnPropertyNames(Object.getPrototypeOf(resource)).filter((name) => name !== "constructor");
  const beneath = Object.entries(resource).filter(([name]) => name !== "context");
  return [
    ...own.map((name) => `${path}.${name}`),
    ...beneath.flatMap(([name, part]: [string, object]) => methodsOf(part, `${path}.${name}`)),
  ];
}

/** The failure of a call, as the client throws it. */
async function failureOf(call: Promise<unknown>) {
  const thrown: unknown = await call.then(
    () => expect.unreachable("the call is to fail"),
    (error: unknown) => error,
  );
  const { status, message, response } = thrown as {
    status: number;
    message: string;
    response: { data: { error: { status: string; details: readonly { reason?: string }[] } } };
  };
  return { status, message, code: response.data.error.status, reason: response.data.error.details[0]?.reason };
}

describe("Google's own client", () => {
  it("asks how a connection is", async () => {
    expect((await connections.checkReadiness({ name: connection })).data).toEqual({ status: "READY" });
    expect((await connections.checkStatus({ name: connection })).data).toMatchObject({ state: "ACTIVE" });
  });

  it("lists entity types and actions, page by page, and gets them in every view", async () => {
    const first = await connections.entityTypes.list({
      parent: connection,
      pageSize: 2,
      view: "ENTITY_TYPE_VIEW_BASIC",
    });
    const { nextPageToken } = first.data;
    const second = await connections.entityTypes.list({
      parent: connection,
      pageSize: 2,
      pageToken: nextPageToken ?? "",
    });
    expect(first.data.types?.map((type) => Object.keys(type))).toEqual([["name"], ["name"]]);
    expect(second.data.types?.[0]?.fields?.length).toBeGreaterThan(1);
    expect(second.data.types?.map(({ name }) => name)).not.toEqual(first.data.types?.map(({ name }) => name));

    const views = ["UNSPECIFIED", "BASIC", "ENRICHED"];
    for (const view of views) {
      const name = `${connection}/entityTypes/Customer`;
      const got = await connections.entityTypes.get({
        name,
        view: `ENTITY_TYPE_SCHEMA_VIEW_${view}`,
        contextMetadata: "{}",
      });
      expect(got.data.operations).toEqual(["LIST", "GET", "CREATE", "UPDATE", "DELETE"]);
    }
    const actions = await connections.actions.list({ parent: connection, pageSize: 1, view: "ACTION_VIEW_FULL" });
    expect(actions.data.actions?.[0]?.inputParameters).toBeInstanceOf(Array);
    for (const view of views) {
      const name = `${connection}/actions/ConfirmPaymentIntent`;
      const got = await connections.actions.get({ name, view: `ACTION_SCHEMA_VIEW_${view}` });
      expect(got.data.displayName).toBeTruthy();
    }
  });

  it("creates, gets, changes and deletes an entity by the name that it was answered", async () => {
    const { entities } = connections.entityTypes;
    const created = await entities.create({
      parent: customers,
      requestBody: {
        name: "projects/another/name",
        fields: { Name: "Ann", Email: "ann@google.example" },
        metadata: {},
      },
    });
    const name = created.data.name ?? "";
    expect(name).toBe(`${customers}/entities/${created.data.fields?.["Id"]}`);
    const got = await entities.get({ name });
    expect(got.data.fields).toMatchObject({ Name: "Ann", Email: "ann@google.example" });
    // What was read may be sent back as it is, with a field changed.
    await entities.patch({ name, requestBody: { name, metadata: {}, fields: { Name: "Anne" } } });
    expect((await entities.get({ name })).data.fields).toMatchObject({ Name: "Anne", Email: "ann@google.example" });
    expect((await entities.delete({ name })).data).toEqual({});
    expect(await failureOf(entities.get({ name }))).toMatchObject({ status: 404, code: "NOT_FOUND" });
  });

  it("finds an entity whose id holds a slash", async () => {
    const { entities } = connections.entityTypes;
    const parent = `${connection}/entityTypes/Coupon`;
    const created = await entities.create({
      parent,
      requestBody: { fields: { Id: "half/off", PercentOff: 50, Duration: "once" } },
    });
    expect((await entities.get({ name: created.data.name ?? "" })).data.fields).toMatchObject({ Id: "half/off" });
  });

  it("lists entities by conditions, order and page, and changes and deletes by conditions", async () => {
    const { entities } = connections.entityTypes;
    for (const number of [1, 2, 3]) {
      await entities.create({
        parent: customers,
        requestBody: { fields: { Name: "Lou", Email: `${number}@lou.example` } },
      });
    }
    const input = {
      parent: customers,
      conditions: "Name = 'Lou'",
      sortBy: ["Name", "Email"],
      sortOrder: ["ASC", "DESC"],
      pageSize: 2,
    };
    const first = await entities.list(input);
    expect(first.data.entities?.map(({ fields }) => fields?.["Email"])).toEqual(["3@lou.example", "2@lou.example"]);
    const rest = await entities.list({ ...input, pageToken: first.data.nextPageToken ?? "" });
    expect(rest.data.entities?.map(({ fields }) => fields?.["Email"])).toEqual(["1@lou.example"]);
    expect(rest.data.nextPageToken).toBeUndefined();

    const changed = await entities.updateEntitiesWithConditions({
      entityType: customers,
      conditions: "Email = '2@lou.example'",
      requestBody: { name: "", fields: { Name: "Lu" } },
    });
    expect(changed.data.response).toMatchObject({ Id: expect.stringMatching(/^cus_/) });
    await entities.deleteEntitiesWithConditions({ entityType: customers, conditions: "Email LIKE '%@lou.example'" });
    expect((await entities.list({ parent: customers, conditions: "Name IN ('Lou', 'Lu')" })).data).toEqual({
      entities: [],
    });
    expect(await failureOf(entities.deleteEntitiesWithConditions({ entityType: customers }))).toMatchObject({
      status: 400,
      code: "INVALID_ARGUMENT",
      reason: "CONDITIONS_MISSING",
    });
  });

  it("carries out an action, a tool and a statement", async () => {
    const intent = await connections.entityTypes.entities.create({
      parent: `${connection}/entityTypes/PaymentIntent`,
      requestBody: { fields: { PaymentMethod: "pm_card_visa", Currency: "usd", Amount: 1500.0 } },
    });
    const id = intent.data.fields?.["Id"];
    const confirmed = await connections.actions.execute({
      name: `${connection}/actions/ConfirmPaymentIntent`,
      requestBody: { parameters: { PaymentIntentId: id, ReturnUrl: "https://example.com/" } },
    });
    expect(confirmed.data.results).toEqual([expect.objectContaining({ Success: "true", id, status: "succeeded" })]);

    const tools = await connections.tools.list({ parent: connection, pageSize: 3 });
    expect(tools.data.tools?.[0]).toMatchObject({
      name: expect.any(String),
      annotations: { readOnlyHint: expect.any(Boolean) },
    });
    const more = await connections.tools.list({
      parent: connection,
      pageSize: 3,
      pageToken: tools.data.nextPageToken ?? "",
    });
    expect(more.data.tools).toHaveLength(3);
    const tool = await connections.tools.execute({
      name: `${connection}/tools/get_PaymentIntent`,
      requestBody: { parameters: { entityId: id } },
    });
    expect(tool.data.result).toMatchObject({ connectorOutputPayload: { Id: id, Status: "succeeded" } });

    const rows = await connections.executeSqlQuery({
      connection,
      requestBody: {
        query: {
          query: "SELECT Amount, Status FROM PaymentIntent WHERE Id = ?",
          maxRows: "25",
          timeout: "180",
          queryParameters: [{ dataType: "VARCHAR", value: id }],
        },
      },
    });
    expect(rows.data.results).toEqual([{ Amount: 1500, Status: "succeeded" }]);
  });

  it("hears that there are no resources, and no OAuth", async () => {
    expect((await connections.resources.list({ parent: connection, pageSize: 10 })).data).toEqual({ resources: [] });
    expect(await failureOf(connections.resources.get({ name: `${connection}/resources/readme` }))).toMatchObject({
      status: 404,
      code: "NOT_FOUND",
      reason: "RESOURCE_NOT_FOUND",
    });
    const name = connection;
    const requestBody = { authCodeData: { authCode: "dummy", redirectUri: "https://example.com/", scopes: ["a"] } };
    for (const call of [
      connections.exchangeAuthCode({ name, requestBody }),
      connections.refreshAccessToken({ name, requestBody: { refreshToken: "dummy" } }),
    ]) {
      expect(await failureOf(call)).toMatchObject({ status: 501, code: "UNIMPLEMENTED", reason: "NOT_SUPPORTED" });
    }
  });

  it("may give the parameters that every Google API takes", async () => {
    const standard = {
      "$.xgafv": "2",
      alt: "json",
      key: "a-key-of-no-use",
      prettyPrint: true,
      quotaUser: "somebody",
      uploadType: "media",
      upload_protocol: "raw",
      access_token: token,
      oauth_token: token,
    };
    const listed = await connections.entityTypes.entities.list({
      ...standard,
      parent: customers,
      pageSize: 1,
      fields: "entities(name,fields/Email)",
    });
    const [entity] = listed.data.entities ?? [];
    expect(listed.data).toEqual({ entities: [{ name: entity?.name, fields: { Email: expect.any(String) } }] });
    expect((await connections.checkStatus({ name: connection, fields: "state" })).data).toEqual({ state: "ACTIVE" });
    const text = await connections.checkReadiness({ name: connection, prettyPrint: true }, { responseType: "text" });
    expect(text.data).toBe('{\n  "status": "READY"\n}\n');
    const wrong = connections.checkReadiness({ name: connection, fields: "state" });
    expect(await failureOf(wrong)).toMatchObject({ status: 400, reason: "INVALID_QUERY" });
    expect(await failureOf(connections.checkReadiness({ name: connection, callback: "f" }))).toMatchObject({
      status: 400,
    });
  });

  it("is let in by the token in the URL, and by no other", async () => {
    const open = connectors({ version: "v2", rootUrl: server.url, retry: false }).projects.locations.connections;
    expect((await open.checkReadiness({ name: connection, access_token: token })).data).toEqual({ status: "READY" });
    expect((await open.checkReadiness({ name: connection, oauth_token: token })).data).toEqual({ status: "READY" });
    for (const call of [
      open.checkReadiness({ name: connection }),
      open.checkReadiness({ name: connection, access_token: `${token}x` }),
      open.checkReadiness({ name: connection, auth: token }),
      clientWith("another").projects.locations.connections.checkReadiness({ name: connection, access_token: token }),
    ]) {
      expect(await failureOf(call)).toMatchObject({ status: 401, code: "UNAUTHENTICATED" });
    }
  });

  it("left a line in the server's log for each write, none of its values", () => {
    const writes = logged.filter((line): line is { call: string; calls: readonly object[] } => {
      return "message" in line && line.message === "write";
    });
    expect(new Set(writes.map(({ call }) => call))).toEqual(
      new Set(["createEntity", "updateEntity", "deleteEntity", "executeAction"]),
    );
    expect(writes).toContainEqual({
      message: "write",
      connection: "shop",
      call: "updateEntity",
      client: "127.0.0.1",
      command: "UPDATE",
      statement: 'UPDATE "stripe"."Customer" SET "Name" = $1 WHERE "Email" = ***',
      affectedRows: 1,
      calls: [
        {
          method: "POST",
          path: expect.stringMatching(/^\/v1\/customers\/cus_/),
          state: "written",
          id: expect.stringMatching(/^cus_/),
          idempotencyKey: expect.any(String),
          requestId: expect.stringMatching(/^req_/),
        },
      ],
    });
    expect(JSON.stringify(logged)).not.toMatch(/ann@google|lou\.example|pm_card_visa|a-token-of/);
  });

  it("has no method that was not called here", () => {
    const methods = methodsOf(google.projects.locations.connections, "connections");
    expect(methods.length).toBeGreaterThan(20);
    expect([...called].sort()).toEqual([...methods].sort());
  });
});

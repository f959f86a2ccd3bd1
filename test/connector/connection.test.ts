import { describe, expect, test } from "vitest";
import type { CallOptions, Connector } from "../../src/connector/connector.js";
import { openConnector } from "../../src/connector/open-connector.js";
import { connectSandbox } from "../support/sandbox-connection.js";
import { connectConnector } from "../support/sandbox-connector.js";
import { errorOf } from "../support/scripted-client.js";
import { startScriptedServer } from "../support/scripted-server.js";

const running = connectSandbox({ customers: 130 });
const connected = connectConnector(running);
const connector = (): Connector => connected.connector;

describe("a read-only connection", () => {
  test("reads, and refuses every write before it is sent", async () => {
    const reading = await connected.open({ readOnly: true });
    const [row = {}] = (await reading.listEntities({ entity: "Customer" })).connectorOutputPayload;
    const entityId = String(row["Id"]);
    const writes: readonly (() => Promise<unknown>)[] = [
      () => reading.createEntity({ entity: "Customer", connectorInputPayload: { Name: "x" } }),
      () => reading.updateEntity({ entity: "Customer", entityId, connectorInputPayload: { Name: "x" } }),
      () =>
        reading.updateEntity({ entity: "Customer", filterClause: "Id <> ''", connectorInputPayload: { Name: "x" } }),
      () => reading.deleteEntity({ entity: "Customer", entityId }),
      () => reading.deleteEntity({ entity: "Customer", filterClause: "Id <> ''" }),
      () => reading.executeAction({ action: "CancelQuote", connectorInputPayload: { QuoteId: "qt_1" } }),
      () => reading.executeSqlQuery({ query: "DELETE FROM Customer WHERE Id = 'x'" }),
      () => reading.executeTool({ tool: "delete_Customer", parameters: { entityId } }),
    ];
    for (const write of writes) {
      const { value, sent } = await connected.traced(() => errorOf(write()));
      expect(value.sqlState).toBe("25006");
      expect(sent).toEqual([]);
    }
    expect((await reading.getEntity({ entity: "Customer", entityId })).connectorOutputPayload).toEqual(row);
  });
});

describe("an AbortSignal", () => {
  const calls: readonly (readonly [string, (connector: Connector, options: CallOptions) => Promise<unknown>])[] = [
    ["listEntities", (one, options) => one.listEntities({ entity: "Customer" }, options)],
    [
      "listEntities sorted",
      (one, options) => one.listEntities({ entity: "Customer", listEntitiesSortByColumns: ["Name"] }, options),
    ],
    ["listEntities in Stripe's order", (one, options) => one.listEntities({ entity: "Price" }, options)],
    ["getEntity", (one, options) => one.getEntity({ entity: "Customer", entityId: "cus_1" }, options)],
    [
      "createEntity",
      (one, options) => one.createEntity({ entity: "Customer", connectorInputPayload: { Name: "never" } }, options),
    ],
    [
      "updateEntity",
      (one, options) =>
        one.updateEntity({ entity: "Customer", entityId: "cus_1", connectorInputPayload: { Name: "never" } }, options),
    ],
    [
      "updateEntity by a filter",
      (one, options) =>
        one.updateEntity(
          { entity: "Customer", filterClause: "Name = 'x'", connectorInputPayload: { Name: "never" } },
          options,
        ),
    ],
    ["deleteEntity", (one, options) => one.deleteEntity({ entity: "Customer", entityId: "cus_1" }, options)],
    [
      "executeAction",
      (one, options) =>
        one.executeAction({ action: "CancelQuote", connectorInputPayload: { QuoteId: "qt_1" } }, options),
    ],
    ["executeSqlQuery", (one, options) => one.executeSqlQuery({ query: "SELECT Id FROM Customer" }, options)],
    ["executeTool", (one, options) => one.executeTool({ tool: "list_Customer", parameters: {} }, options)],
    ["checkStatus", (one, options) => one.checkStatus({}, options)],
  ];

  test.each(calls)("given up before keeps %s from sending anything", async (_, call) => {
    const { value, sent } = await connected.traced(() => errorOf(call(connector(), { signal: AbortSignal.abort() })));
    expect(value.sqlState).toBe("57014");
    expect(sent).toEqual([]);
  });

  test.each(calls)("ends %s while Stripe is asked", async (_, call) => {
    const canceling = new AbortController();
    const server = await startScriptedServer(() => {
      canceling.abort();
      return { kind: "silence" };
    });
    const waiting = await openConnector({ apiKey: running.sandbox.apiKey, apiBase: server.url });
    try {
      expect((await errorOf(call(waiting, { signal: canceling.signal }))).sqlState).toBe("57014");
      expect(server.requests.length).toBeGreaterThan(0);
    } finally {
      await waiting.close();
      await server.close();
    }
  });

  test("keeps a walk from its next page", async () => {
    const canceling = new AbortController();
    running.sandbox.faults.add({
      effect: {
        kind: "rewrite",
        rewrite: (answer) => {
          canceling.abort();
          return answer;
        },
      },
    });
    const input = { entity: "Charge", listEntitiesPageSize: 200 };
    const { value, sent } = await connected.traced(() =>
      errorOf(connector().listEntities(input, { signal: canceling.signal })),
    );
    expect(value.sqlState).toBe("57014");
    expect(sent.length).toBeLessThanOrEqual(1);
  });
});

describe("a connector that is closed", () => {
  test("says so to every call, and is not ready", async () => {
    const closing = await connected.open();
    await closing.close();
    const calls: readonly (() => Promise<unknown>)[] = [
      () => closing.listEntities({ entity: "Customer" }),
      () => closing.getEntity({ entity: "Customer", entityId: "cus_1" }),
      () => closing.createEntity({ entity: "Customer", connectorInputPayload: {} }),
      () => closing.updateEntity({ entity: "Customer", entityId: "x", connectorInputPayload: { Name: "x" } }),
      () => closing.deleteEntity({ entity: "Customer", entityId: "x" }),
      () => closing.executeAction({ action: "CancelQuote", connectorInputPayload: { QuoteId: "x" } }),
      () => closing.executeSqlQuery({ query: "SELECT 1" }),
      () => closing.listEntityTypes(),
      () => closing.getEntityType({ entity: "Customer" }),
      () => closing.listActions(),
      () => closing.getAction({ action: "CancelQuote" }),
      () => closing.listTools(),
      () => closing.executeTool({ tool: "list_Customer", parameters: {} }),
    ];
    for (const call of calls) {
      expect(await errorOf(call())).toMatchObject({ sqlState: "08006", message: "the connector is closed" });
    }
    expect(await closing.checkReadiness()).toEqual({ status: "NOT_READY" });
    expect(await closing.checkStatus()).toEqual({ state: "ERROR", description: "The connection is closed." });
    await closing.close();
  });
});

describe("checkStatus", () => {
  test("is active where Stripe takes the key", async () => {
    expect(await connector().checkStatus()).toEqual({
      state: "ACTIVE",
      description: "Stripe answered for account acct_sandbox, in test mode.",
    });
    expect(await connector().checkReadiness()).toEqual({ status: "READY" });
  });

  test.each([
    [401, "AUTH_ERROR"],
    // A restricted key that may not read the account is known to Stripe.
    [403, "ACTIVE"],
    [400, "ERROR"],
  ])("tells a status of %i as %s, and does not fail", async (status, state) => {
    running.sandbox.faults.add({
      times: 9,
      effect: { kind: "status", status, body: { error: { type: "invalid_request_error", message: "No." } } },
    });
    expect(await connector().checkStatus()).toEqual({ state, description: expect.any(String) });
  });

  test("tells a wrong key without repeating it", async () => {
    const other = await connected.open({ apiKey: "sk_test_wrongkey1234567890" });
    const status = await other.checkStatus();
    expect(status.state).toBe("AUTH_ERROR");
    expect(status.description).not.toContain("wrongkey1234");
  });
});

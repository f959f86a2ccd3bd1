import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Connector } from "../../src/connector/connector.js";
import type { WriteRecord } from "../../src/driver/write-record.js";
import { connectSandbox } from "../support/sandbox-connection.js";
import { connectConnector } from "../support/sandbox-connector.js";
import { errorOf } from "../support/scripted-client.js";

const running = connectSandbox({ customers: 30 });
const connected = connectConnector(running);
let told: WriteRecord[];
let connector: Connector;
beforeEach(() => {
  told = [];
  connector = connected.connector;
});
afterEach(() => running.sandbox.faults.clear());

const options = { onWrite: (write: WriteRecord) => void told.push(write) };
const requestId = expect.stringMatching(/^req_/);
const idempotencyKey = expect.stringMatching(/^stripe-sql-/);

describe("what a call wrote is told, without its values", () => {
  it("of an entity that is created, changed and deleted", async () => {
    const payload = { Name: "Secretive Ann", Email: "ann@secret.example" };
    const created = await connector.createEntity({ entity: "Customer", connectorInputPayload: payload }, options);
    const id = String(created.connectorOutputPayload["Id"]);
    await connector.updateEntity(
      { entity: "Customer", entityId: id, connectorInputPayload: { Name: "Anne" } },
      options,
    );
    await connector.deleteEntity({ entity: "Customer", filterClause: "Email = 'ann@secret.example'" }, options);
    expect(told).toEqual([
      {
        command: "INSERT",
        statement: 'INSERT INTO "stripe"."Customer" ("Name", "Email") VALUES ($1, $2)',
        affectedRows: 1,
        calls: [{ method: "POST", path: "/v1/customers", state: "written", id, idempotencyKey, requestId }],
      },
      {
        command: "UPDATE",
        statement: 'UPDATE "stripe"."Customer" SET "Name" = $1 WHERE "Id" = $2',
        affectedRows: 1,
        calls: [{ method: "POST", path: `/v1/customers/${id}`, state: "written", id, idempotencyKey, requestId }],
      },
      {
        command: "DELETE",
        statement: 'DELETE FROM "stripe"."Customer" WHERE "Email" = ***',
        affectedRows: 1,
        calls: [{ method: "DELETE", path: `/v1/customers/${id}`, state: "written", id, requestId }],
      },
    ]);
    expect(JSON.stringify(told)).not.toMatch(/ann|anne|secret/i);
  });

  it("of an action, a tool and a statement, under the caller's key", async () => {
    const made = await connector.executeSqlQuery(
      { query: "INSERT INTO PaymentIntent (Amount, Currency) VALUES (1500, 'usd') /* 4711 */ RETURNING Id" },
      { ...options, idempotencyKey: "the-callers-own" },
    );
    const id = String(made.results[0]?.["Id"]);
    await connector.executeAction(
      { action: "CancelPaymentIntent", connectorInputPayload: { PaymentIntentId: id } },
      options,
    );
    await connector.executeTool(
      { tool: "create_Product", parameters: { connectorInputPayload: { Name: "x" } } },
      options,
    );
    expect(told.map(({ command, statement, affectedRows }) => ({ command, statement, affectedRows }))).toEqual([
      {
        command: "INSERT",
        statement: "INSERT INTO PaymentIntent (Amount, Currency) VALUES (***, ***) RETURNING Id",
        affectedRows: 1,
      },
      { command: "EXECUTE", statement: 'EXEC CancelPaymentIntent "PaymentIntentId" = $1', affectedRows: 1 },
      { command: "INSERT", statement: 'INSERT INTO "stripe"."Product" ("Name") VALUES ($1)', affectedRows: 1 },
    ]);
    expect(told[0]?.calls).toMatchObject([{ idempotencyKey: expect.stringContaining("the-callers-own"), id }]);
    expect(told[1]?.calls).toMatchObject([{ path: `/v1/payment_intents/${id}/cancel`, state: "written", requestId }]);
  });

  it("object by object, where Stripe refuses some", async () => {
    running.sandbox.faults.add({
      method: "POST",
      path: "/v1/products",
      after: 1,
      effect: {
        kind: "status",
        status: 400,
        body: { error: { type: "invalid_request_error", code: "parameter_invalid_empty", message: "Not this." } },
      },
    });
    await errorOf(
      connector.executeSqlQuery({ query: "INSERT INTO Product (Name) VALUES ('a'), ('b'), ('c')" }, options),
    );
    expect(told).toMatchObject([{ affectedRows: 2, failure: { sqlState: "22023", code: "parameter_invalid_empty" } }]);
    expect(told[0]?.calls.map(({ state }) => state).sort()).toEqual(["failed", "written", "written"]);
    expect(told[0]?.calls.every((call) => call.requestId !== undefined && call.idempotencyKey !== undefined)).toBe(
      true,
    );
  });

  it("in doubt, where no answer came", async () => {
    running.sandbox.faults.add({
      method: "POST",
      path: "/v1/products",
      times: 100,
      effect: { kind: "status", status: 500, body: { error: { type: "api_error", message: "Broken." } } },
    });
    await errorOf(connector.executeSqlQuery({ query: "INSERT INTO Product (Name) VALUES ('a')" }, options));
    expect(told).toMatchObject([
      { affectedRows: 0, calls: [{ state: "in doubt", idempotencyKey }], failure: { sqlState: "58030" } },
    ]);
  });

  it("and nothing of what only reads, or was refused before it was sent", async () => {
    await connector.listEntities({ entity: "Customer" }, options);
    await connector.executeSqlQuery({ query: "SELECT Id FROM Customer" }, options);
    await connector.executeSqlQuery({ query: "EXPLAIN DELETE FROM Customer WHERE Id = 'cus_1'" }, options);
    await errorOf(connector.executeSqlQuery({ query: "INSERT INTO Customer (Nmae) VALUES ('a')" }, options));
    await errorOf(connector.executeSqlQuery({ query: "DELETE FROM Customer" }, options));
    await connector.executeSqlQuery({ query: "DELETE FROM Product WHERE Name = 'none at all'" }, options);
    expect(told).toEqual([]);
  });

  it("with what is not there told as no match", async () => {
    await connector.executeSqlQuery({ query: "DELETE FROM Product WHERE Id = 'prod_none'" }, options);
    expect(told).toMatchObject([{ affectedRows: 0, calls: [{ state: "no match", id: "prod_none", requestId }] }]);
  });
});

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Connector } from "../../src/connector/connector.js";
import { openConnector } from "../../src/connector/open-connector.js";
import { connectSandbox } from "../support/sandbox-connection.js";
import { errorOf } from "../support/scripted-client.js";

const own = "acct_sandbox_connected";
const running = connectSandbox({ customers: 3 });
let connector: Connector;
let generous: Connector;
beforeAll(async () => {
  const options = { apiKey: running.sandbox.apiKey, apiBase: running.sandbox.url, accountId: own };
  connector = await openConnector(options);
  generous = await openConnector({ ...options, allowOtherAccounts: true });
});
afterAll(async () => {
  await connector.close();
  await generous.close();
});

const run = (query: string, on: Connector = connector) => on.executeSqlQuery({ query });

// A caller of a connection to one account read and wrote any that its key reaches.
describe("a served connection with an account is one to that account", () => {
  test.each([
    "SELECT Id FROM Customer WHERE AccountId = 'acct_other'",
    `SELECT Id FROM Customer WHERE AccountId IN ('${own}', 'acct_other')`,
    "SELECT Id FROM customers WHERE account_id = 'acct_other' AND Id = 'cus_1'",
    "SELECT Id FROM Customer WHERE SearchQuery = 'email:\"a\"' AND AccountId = 'acct_other'",
    "SELECT l.Id FROM InvoiceLineItem l WHERE l.AccountId = 'acct_other'",
    "SELECT c.Id FROM Customer c JOIN Charge h ON h.Customer = c.Id WHERE h.AccountId = 'acct_other'",
    "INSERT INTO Customer (Name, AccountId) VALUES ('x', 'acct_other')",
    "UPDATE Customer SET Name = 'x' WHERE Id = 'cus_1' AND AccountId = 'acct_other'",
    "DELETE FROM Customer WHERE Id = 'cus_1' AND AccountId = 'acct_other'",
    "EXEC CancelPaymentIntent PaymentIntentId = 'pi_1', AccountId = 'acct_other'",
  ])("%s", async (query) => {
    running.sandbox.requests.clear();
    expect(await errorOf(run(query))).toMatchObject({ sqlState: "42501" });
    expect(running.sandbox.requests.entries.filter(({ account }) => account !== own)).toEqual([]);
  });

  test("entities and actions of another account are refused too", async () => {
    const filterClause = "AccountId = 'acct_other'";
    for (const refused of [
      () => connector.listEntities({ entity: "Customer", filterClause }),
      () => connector.deleteEntity({ entity: "Customer", filterClause: `${filterClause} AND Id = 'cus_1'` }),
      () =>
        connector.createEntity({ entity: "Customer", connectorInputPayload: { Name: "x", AccountId: "acct_other" } }),
    ])
      expect((await errorOf(refused())).sqlState).toBe("42501");
  });

  test("its own may be named", async () => {
    expect((await run(`SELECT Id FROM Customer WHERE AccountId = '${own}'`)).results.length).toBeGreaterThan(0);
    expect((await run("SELECT Id FROM Customer")).results.length).toBeGreaterThan(0);
  });

  test("unless it allows others", async () => {
    const sql = "SELECT Id FROM Customer WHERE AccountId = 'acct_sandbox'";
    expect((await errorOf(run(sql))).sqlState).toBe("42501");
    await run(sql, generous);
    expect(running.sandbox.requests.entries.at(-1)?.account).toBe("acct_sandbox");
  });
});

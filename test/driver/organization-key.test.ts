import { afterAll, beforeAll, expect, test } from "vitest";
import { connect } from "../../src/driver/connect.js";
import type { Sandbox } from "../../src/sandbox/sandbox.js";
import { startSandbox } from "../../src/sandbox/start-sandbox.js";
import { openCatalog } from "../../src/store/open-catalog.js";

const catalog = openCatalog();
let sandbox: Sandbox;
let account: string;

beforeAll(async () => {
  // The same business of an account's own key tells the account.
  const alike = await connect({ sandbox: { customers: 5 } });
  account = String((await alike.query("SELECT Id FROM CurrentAccount")).rows[0]?.["Id"]);
  await alike.close();
  sandbox = await startSandbox(catalog, { customers: 5, apiKey: "sk_org_test_organization1" });
});
afterAll(async () => {
  await sandbox.close();
  catalog.close();
});

async function run(sql: string, accountId?: string) {
  const account = accountId === undefined ? {} : { accountId };
  const connection = await connect({ apiKey: sandbox.apiKey, apiBase: sandbox.url, ...account });
  try {
    return await connection.query(sql);
  } finally {
    await connection.close();
  }
}

test("an organization's key reads and writes the account that AccountId names", async () => {
  sandbox.requests.clear();
  expect((await run("SELECT count(*) AS n FROM Customer", account)).rows).toEqual([{ n: 5 }]);
  expect(
    (await run("UPDATE Customer SET Phone = '1' WHERE Id IN (SELECT Id FROM Customer LIMIT 1)", account)).rowCount,
  ).toBe(1);
  expect((await run(`SELECT count(*) AS n FROM Customer WHERE AccountId = '${account}'`)).rows).toEqual([{ n: 5 }]);
});

test("without an account nothing is sent", async () => {
  sandbox.requests.clear();
  await expect(run("SELECT Id FROM Customer")).rejects.toMatchObject({ sqlState: "22023" });
  expect(sandbox.requests.entries).toEqual([]);
});

test("the sandbox refuses an organization's key without Stripe-Context", async () => {
  const headers = { authorization: `Bearer ${sandbox.apiKey}`, "stripe-account": "acct_1" };
  const answer = await fetch(`${sandbox.url}/v1/customers`, { headers });
  expect(answer.status).toBe(400);
  expect(await answer.text()).toContain("Stripe-Context");
});

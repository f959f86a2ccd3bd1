import { expect, test } from "vitest";
import { errorOf, freshScope, json, openScriptedClient } from "../support/scripted-client.js";

const organizationKey = "sk_org_test_scriptedkey123";

async function accountHeaders(apiKey: string, path: string, accountId: string | undefined) {
  const { client, server } = await openScriptedClient(() => json({ id: "x" }), { apiKey });
  await client.request({ method: "GET", path, parameters: {}, budget: "read", accountId }, freshScope());
  const {
    "stripe-account": account,
    "stripe-context": context,
    "stripe-version": version,
  } = server.requests[0]?.headers ?? {};
  return { account, context, version };
}

test("an account goes as Stripe-Account to API v1 and as Stripe-Context to API v2", async () => {
  const key = "sk_test_scriptedkey123";
  expect(await accountHeaders(key, "/v1/customers", "acct_1")).toMatchObject({ account: "acct_1", context: undefined });
  expect(await accountHeaders(key, "/v2/core/accounts", "acct_1")).toMatchObject({
    account: undefined,
    context: "acct_1",
  });
  expect(await accountHeaders(key, "/v1/customers", undefined)).toMatchObject({
    account: undefined,
    context: undefined,
  });
});

test("an organization's key sends Stripe-Context, a path of accounts too, and the version that it demands", async () => {
  for (const path of ["/v1/customers", "/v2/core/accounts"])
    expect(await accountHeaders(organizationKey, path, "acct_A/acct_B")).toEqual({
      account: undefined,
      context: "acct_A/acct_B",
      version: expect.stringMatching(/^20\d\d-/),
    });
});

test("a request of an organization's key without an account is not sent", async () => {
  const { client, server } = await openScriptedClient([], { apiKey: organizationKey });
  const request = { method: "GET", path: "/v1/customers", parameters: {}, budget: "read" } as const;
  const error = await errorOf(client.request(request, freshScope()));
  expect({ sqlState: error.sqlState, message: error.message, hint: error.hint }).toEqual({
    sqlState: "22023",
    message: "the key of an organization needs an account",
    hint: expect.stringContaining("AccountId"),
  });
  expect(server.requests).toEqual([]);
});

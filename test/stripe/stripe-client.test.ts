import { expect, test } from "vitest";
import { isLiveKey } from "../../src/stripe/is-live-key.js";
import type { AnsweredRequest, SentRequest } from "../../src/stripe/request-observer.js";
import { errorOf, freshScope, json, openScriptedClient, refusal, testKey } from "../support/scripted-client.js";

const customer = { id: "cus_1", object: "customer", email: null };

test("a GET sends its parameters in the query and gives Stripe's object", async () => {
  const { client, server } = await openScriptedClient([json(customer)]);
  const scope = freshScope();
  const parameters = { created: { gte: 5 }, expand: ["data.customer"] };
  const answer = await client.request(
    { method: "GET", path: "/v1/customers/cus_1", parameters, budget: "read" },
    scope,
  );
  expect({ ...answer }).toEqual(customer);
  expect(server.requests).toMatchObject([
    { method: "GET", path: "/v1/customers/cus_1", query: "created[gte]=5&expand[0]=data.customer", body: "" },
  ]);
  expect(scope.count).toBe(1);
});

test("a POST of API v1 sends a form, in which null and an empty array clear a field", async () => {
  const { client, server } = await openScriptedClient([json(customer)]);
  const parameters = {
    name: "Ada",
    phone: null,
    items: [{ price: "price_1" }],
    marketing_features: [],
    metadata: { a: "b" },
  };
  await client.request({ method: "POST", path: "/v1/customers/cus_1", parameters, budget: "write" }, freshScope());
  expect(server.requests[0]?.body).toBe("name=Ada&phone=&items[0][price]=price_1&marketing_features=&metadata[a]=b");
  expect(server.requests[0]?.query).toBe("");
});

test("a POST of API v2 sends JSON unchanged, null and empty arrays included", async () => {
  const { client, server } = await openScriptedClient([json({ id: "x" })]);
  const parameters = { name: null, events: [] };
  await client.request(
    { method: "POST", path: "/v2/core/event_destinations", parameters, budget: "write" },
    freshScope(),
  );
  expect(JSON.parse(server.requests[0]?.body ?? "")).toEqual(parameters);
  expect(server.requests[0]?.headers["content-type"]).toBe("application/json");
});

test("a DELETE sends its parameters in the query", async () => {
  const { client, server } = await openScriptedClient([json({ id: "sub_1" })]);
  await client.request(
    { method: "DELETE", path: "/v1/subscriptions/sub_1", parameters: { prorate: true }, budget: "write" },
    freshScope(),
  );
  expect(server.requests).toMatchObject([{ method: "DELETE", query: "prorate=true", body: "" }]);
});

test("every POST has its own idempotency key, as has a DELETE of API v2 only", async () => {
  const { client, server } = await openScriptedClient(() => json(customer));
  const send = (method: "GET" | "POST" | "DELETE", path: string) =>
    client.request({ method, path, parameters: {}, budget: "write" }, freshScope());
  await send("POST", "/v1/customers");
  await send("POST", "/v1/customers");
  await send("DELETE", "/v2/core/event_destinations/ed_1");
  await send("DELETE", "/v1/customers/cus_1");
  await send("GET", "/v1/customers/cus_1");
  const keys = server.requests.map((request) => request.headers["idempotency-key"]);
  expect(keys.slice(0, 3).every((key) => /^stripe-sql-[0-9a-f-]{36}$/.test(String(key)))).toBe(true);
  expect(new Set(keys.slice(0, 3)).size).toBe(3);
  expect(keys.slice(3)).toEqual([undefined, undefined]);
});

test("a caller's own idempotency key is sent", async () => {
  const { client, server } = await openScriptedClient([json(customer)]);
  const request = {
    method: "POST",
    path: "/v1/customers",
    parameters: {},
    budget: "write",
    idempotencyKey: "own-1",
  } as const;
  await client.request(request, freshScope());
  expect(server.requests[0]?.headers["idempotency-key"]).toBe("own-1");
});

test("requests carry the key, the product's name, the API version and no telemetry", async () => {
  const { client, server } = await openScriptedClient(() => json(customer), { apiVersion: "2024-06-20" });
  const get = { method: "GET", path: "/v1/customers/cus_1", parameters: {}, budget: "read" } as const;
  await client.request(get, freshScope());
  await client.request(get, freshScope());
  const headers = server.requests[1]?.headers ?? {};
  expect(headers.authorization).toBe(`Bearer ${testKey}`);
  expect(headers["user-agent"]).toContain("stripe-sql");
  expect(headers["stripe-version"]).toBe("2024-06-20");
  expect(headers["x-stripe-client-telemetry"]).toBeUndefined();
});

test("a request's account goes before the connection's", async () => {
  const { client, server } = await openScriptedClient(() => json(customer), { accountId: "acct_own" });
  const get = { method: "GET", path: "/v1/customers/cus_1", parameters: {}, budget: "read" } as const;
  await client.request(get, freshScope());
  await client.request({ ...get, accountId: "acct_other" }, freshScope());
  expect(server.requests.map((request) => request.headers["stripe-account"])).toEqual(["acct_own", "acct_other"]);
});

test("an account id that no header can hold is a bad parameter, and nothing is sent", async () => {
  const { client, server } = await openScriptedClient([]);
  const request = {
    method: "GET",
    path: "/v1/balance",
    parameters: {},
    budget: "read",
    accountId: "acct_1\nX: y",
  } as const;
  const error = await errorOf(client.request(request, freshScope()));
  expect(error).toMatchObject({ sqlState: "22023", message: "invalid value for AccountId" });
  expect(server.requests).toEqual([]);
});

test("the request past MaxRequests is refused before it is sent", async () => {
  const { client, server } = await openScriptedClient(() => json(customer));
  const scope = freshScope({ maxRequests: 2 });
  const get = () =>
    client.request({ method: "GET", path: "/v1/customers/cus_1", parameters: {}, budget: "read" }, scope);
  await get();
  await get();
  const error = await errorOf(get());
  expect(error).toMatchObject({
    sqlState: "53400",
    message: "the statement needs more than 2 requests",
    detail: "MaxRequests is 2; GET /v1/customers/cus_1 was not sent.",
  });
  expect(error.hint).toContain("raise MaxRequests");
  expect(server.requests).toHaveLength(2);
});

test("requests side by side do not pass MaxRequests together", async () => {
  const { client, server } = await openScriptedClient(() => json(customer));
  const scope = freshScope({ maxRequests: 3 });
  const get = () =>
    client.request({ method: "GET", path: "/v1/customers/cus_1", parameters: {}, budget: "read" }, scope);
  const results = await Promise.allSettled([get(), get(), get(), get(), get()]);
  expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(3);
  expect(server.requests).toHaveLength(3);
});

test("a repeated attempt past MaxRequests names the failure that made it necessary", async () => {
  const { client, server } = await openScriptedClient([refusal(500, { message: "Boom" })]);
  const scope = freshScope({ maxRequests: 1 });
  const error = await errorOf(
    client.request({ method: "GET", path: "/v1/balance", parameters: {}, budget: "read" }, scope),
  );
  expect(error.sqlState).toBe("53400");
  expect(error.detail).toContain("The attempt before it failed: Boom.");
  expect(server.requests).toHaveLength(1);
});

test("an observer sees each attempt with its outcome", async () => {
  const sent: SentRequest[] = [];
  const answered: AnsweredRequest[] = [];
  const observer = {
    sent: (request: SentRequest) => sent.push(request),
    answered: (request: AnsweredRequest) => answered.push(request),
  };
  const { client } = await openScriptedClient([refusal(500, { message: "Boom sk_test_abc123" }), json(customer)], {
    observer,
  });
  await client.request(
    { method: "GET", path: "/v1/customers/cus_1", parameters: { email: "a@b.c" }, budget: "read" },
    freshScope(),
  );
  const common = { method: "GET", path: "/v1/customers/cus_1", accountId: undefined, idempotencyKey: undefined };
  expect(sent).toEqual([
    { ...common, attempt: 1 },
    { ...common, attempt: 2 },
  ]);
  expect(answered).toEqual([
    {
      ...common,
      attempt: 1,
      status: 500,
      requestId: "req_1",
      elapsedMs: 0,
      failure: "Boom sk_test_***",
      retryInMs: 500,
    },
    { ...common, attempt: 2, status: 200, requestId: "req_1", elapsedMs: 0, failure: undefined, retryInMs: undefined },
  ]);
});

test("a key is live unless it is plainly a test key", () => {
  expect(["sk_live_a", "rk_live_a", "sk_org_a", "unknown"].map(isLiveKey)).toEqual([true, true, true, true]);
  expect(["sk_test_a", "rk_test_a", "sk_org_test_a"].map(isLiveKey)).toEqual([false, false, false]);
});

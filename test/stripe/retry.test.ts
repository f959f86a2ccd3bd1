import { expect, test } from "vitest";
import { errorOf, freshScope, json, openScriptedClient, refusal } from "../support/scripted-client.js";
import type { Answer } from "../support/scripted-server.js";

const balance = { method: "GET", path: "/v1/balance", parameters: {}, budget: "read" } as const;
const create = { method: "POST", path: "/v1/customers", parameters: { name: "Ada" }, budget: "write" } as const;
const done = json({ id: "cus_1", object: "customer" });
const tooMany = (headers: Readonly<Record<string, string>> = {}) =>
  refusal(429, { message: "Too many requests" }, headers);
const repeated = (answer: Answer, times: number): Answer[] => Array.from({ length: times }, () => answer);

test("429 is waited out, and its Retry-After is kept to the second", async () => {
  const { client, clock, server } = await openScriptedClient([tooMany({ "retry-after": "7" }), done]);
  const scope = freshScope();
  await client.request(balance, scope);
  expect(clock.sleeps).toEqual([7000]);
  expect(server.requests).toHaveLength(2);
  expect(scope.count).toBe(2);
});

test("429 without Retry-After is tried 8 times, each wait twice the last, then is an error", async () => {
  const { client, clock, server } = await openScriptedClient(repeated(tooMany(), 8));
  const error = await errorOf(client.request(balance, freshScope()));
  expect(clock.sleeps).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 30_000]);
  expect(server.requests).toHaveLength(8);
  expect(error).toMatchObject({
    sqlState: "53400",
    message: "Too many requests",
    detail: "GET /v1/balance was answered with status 429 after 8 attempts.",
    retryable: true,
    stripe: { status: 429, requestId: "req_1" },
  });
});

test("429 is repeated even where Stripe-Should-Retry is false: it was never begun", async () => {
  const { client } = await openScriptedClient([tooMany({ "stripe-should-retry": "false" }), done]);
  expect((await client.request(balance, freshScope()))["id"]).toBe("cus_1");
});

test("a Retry-After of more than a minute is an error at once", async () => {
  const { client, clock } = await openScriptedClient([
    tooMany({ "retry-after": "3600", "stripe-rate-limited-reason": "global-rate" }),
  ]);
  const error = await errorOf(client.request(balance, freshScope()));
  expect(clock.sleeps).toEqual([]);
  expect(error.detail).toBe("GET /v1/balance was answered with status 429 (global-rate).");
});

test("a lost reply to a POST is asked for again with the same idempotency key and body", async () => {
  const { client, server } = await openScriptedClient([{ kind: "cut" }, done]);
  const scope = freshScope();
  await client.request(create, scope);
  const [first, second] = server.requests;
  expect(first?.headers["idempotency-key"]).toMatch(/^stripe-sql-/);
  expect(second?.headers["idempotency-key"]).toBe(first?.headers["idempotency-key"]);
  expect(second?.body).toBe(first?.body);
  expect(scope.count).toBe(2);
});

test("an answer cut off midway is asked for again", async () => {
  const { client, server } = await openScriptedClient([{ kind: "cut-midway" }, done]);
  expect((await client.request(balance, freshScope()))["id"]).toBe("cus_1");
  expect(server.requests).toHaveLength(2);
});

test("a connection that stays lost is given up after 3 attempts, each counted", async () => {
  const { client, server } = await openScriptedClient(repeated({ kind: "cut" }, 3));
  const scope = freshScope();
  const error = await errorOf(client.request(balance, scope));
  expect(server.requests).toHaveLength(3);
  expect(scope.count).toBe(3);
  expect(error).toMatchObject({
    sqlState: "08006",
    message: "the connection to Stripe was lost",
    detail: "GET /v1/balance got no answer (ECONNRESET) after 3 attempts.",
    retryable: true,
  });
});

test("a write whose replies are all lost is said to be possibly done, with its idempotency key", async () => {
  const { client, server } = await openScriptedClient(repeated({ kind: "cut" }, 3));
  const error = await errorOf(client.request(create, freshScope()));
  expect(error.detail).toBe(
    "POST /v1/customers got no answer (ECONNRESET) after 3 attempts. It may have been carried out all the same: " +
      `look before it is repeated. Its idempotency key is ${server.requests[0]?.headers["idempotency-key"]}.`,
  );
});

test("a DELETE that finds nothing after a lost reply is said to be possibly done", async () => {
  const missing = refusal(404, { code: "resource_missing", message: "No such customer: 'cus_1'" });
  const { client } = await openScriptedClient([{ kind: "cut" }, missing]);
  const request = { method: "DELETE", path: "/v1/customers/cus_1", parameters: {}, budget: "write" } as const;
  const error = await errorOf(client.request(request, freshScope()));
  expect(error.stripe.status).toBe(404);
  expect(error.detail).toContain("It may have been carried out all the same");
});

test("a card declined after a lost reply was not charged: under one key there is one outcome", async () => {
  const declined = refusal(402, { type: "card_error", code: "card_declined", message: "Declined" });
  const { client } = await openScriptedClient([{ kind: "cut" }, declined]);
  const error = await errorOf(client.request(create, freshScope()));
  expect(error.detail).toBe("POST /v1/customers was answered with status 402 after 2 attempts.");
});

test("a Retry-After of 0 still waits a little", async () => {
  const { client, clock } = await openScriptedClient([tooMany({ "retry-after": "0" }), done]);
  await client.request(balance, freshScope());
  expect(clock.sleeps).toEqual([500]);
});

test("5xx is tried 3 times", async () => {
  const { client, server, clock } = await openScriptedClient(
    repeated(refusal(500, { type: "api_error", message: "Boom" }), 3),
  );
  const error = await errorOf(client.request(balance, freshScope()));
  expect(server.requests).toHaveLength(3);
  expect(clock.sleeps).toEqual([500, 1000]);
  expect(error).toMatchObject({ sqlState: "58030", message: "Boom", retryable: true, stripe: { type: "api_error" } });
});

test("5xx that Stripe says not to repeat is not", async () => {
  const { client, server } = await openScriptedClient([refusal(500, {}, { "stripe-should-retry": "false" }), done]);
  await errorOf(client.request(balance, freshScope()));
  expect(server.requests).toHaveLength(1);
});

test("a refusal that Stripe says to repeat is", async () => {
  const { client } = await openScriptedClient([refusal(400, {}, { "stripe-should-retry": "true" }), done]);
  expect((await client.request(balance, freshScope()))["id"]).toBe("cus_1");
});

test("a locked object is tried 8 times, as 409 or as 429: the request was not begun", async () => {
  for (const status of [409, 429]) {
    const { client, server } = await openScriptedClient(repeated(refusal(status, { code: "lock_timeout" }), 8));
    const error = await errorOf(client.request(create, freshScope()));
    expect(server.requests).toHaveLength(8);
    expect(error).toMatchObject({ sqlState: "58030", retryable: true, hint: expect.stringContaining("same object") });
  }
});

test("a plain 409 is tried 3 times, then said to be another request's doing", async () => {
  const { client, server } = await openScriptedClient(repeated(refusal(409, {}), 3));
  const error = await errorOf(client.request(create, freshScope()));
  expect(server.requests).toHaveLength(3);
  expect(error).toMatchObject({ sqlState: "58030", retryable: true, hint: expect.stringContaining("same object") });
});

test("a write whose reply was lost is in doubt, though no request is left to ask again", async () => {
  const { client } = await openScriptedClient([{ kind: "cut" }]);
  const error = await errorOf(client.request(create, freshScope({ maxRequests: 1 })));
  expect(error).toMatchObject({ sqlState: "53400", stripe: { inDoubt: true } });
});

test("a bad parameter is refused once", async () => {
  const { client, server } = await openScriptedClient([refusal(400, { param: "name" })]);
  await errorOf(client.request(create, freshScope()));
  expect(server.requests).toHaveLength(1);
});

test("a proxy's page with status 502 is tried again, and is no success", async () => {
  const page: Answer = { kind: "text", status: 502, body: "<html>Bad gateway</html>" };
  const { client, server } = await openScriptedClient([page, page, page]);
  const error = await errorOf(client.request(balance, freshScope()));
  expect(server.requests).toHaveLength(3);
  expect(error).toMatchObject({
    sqlState: "58030",
    message: "Stripe's answer could not be read",
    stripe: { status: 502 },
  });
});

test("JSON without Stripe's envelope is no success either, with status 500", async () => {
  const { client } = await openScriptedClient(repeated(json({ message: "Bad gateway" }, 500), 3));
  expect(await errorOf(client.request(balance, freshScope()))).toMatchObject({
    sqlState: "58030",
    stripe: { status: 500 },
  });
});

test("an answer that is no JSON object is an error: array, text, number, null, nothing", async () => {
  for (const body of ["[]", '"text"', "5", "null", "", '{"id":']) {
    const { client } = await openScriptedClient(repeated({ kind: "text", body }, 3));
    const error = await errorOf(client.request(balance, freshScope()));
    expect(error, body).toMatchObject({ sqlState: "58030", message: "Stripe's answer could not be read" });
  }
});

test("a port where nobody listens is an error that names ApiBase", async () => {
  const { client, server } = await openScriptedClient([]);
  await server.close();
  const error = await errorOf(client.request(create, freshScope()));
  expect(error).toMatchObject({
    sqlState: "08006",
    detail: "POST /v1/customers got no answer (ECONNREFUSED) after 3 attempts.",
    hint: `Check the network and that ApiBase, ${server.url}, is right.`,
  });
});

test("a request without an answer times out", async () => {
  const { client } = await openScriptedClient(() => ({ kind: "silence" }), { timeoutMs: 20 });
  const error = await errorOf(client.request(balance, freshScope()));
  expect(error).toMatchObject({
    sqlState: "08006",
    message: "the request to Stripe timed out",
    hint: expect.stringContaining("Timeout"),
  });
});

// With Timeout=2 and a byte each half second, the SDK's own timeout never comes.
test.each(["headers", "body"] as const)("an answer of which a byte comes now and then times out: %s", async (of) => {
  const { client, server } = await openScriptedClient(() => ({ kind: "trickle", of }), { timeoutMs: 50 });
  const error = await errorOf(client.request(balance, freshScope()));
  expect(error).toMatchObject({ sqlState: "08006", message: "the request to Stripe timed out" });
  expect(server.requests).toHaveLength(3);
});

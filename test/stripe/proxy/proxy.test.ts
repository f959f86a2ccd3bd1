import { afterEach, describe, expect, test } from "vitest";
import { openStripeClient } from "../../../src/stripe/open-stripe-client.js";
import type { ProxyOptions } from "../../../src/stripe/proxy/proxy-options.js";
import type { StripeClient, StripeClientOptions } from "../../../src/stripe/stripe-client.js";
import { FakeClock } from "../../support/fake-clock.js";
import { errorOf, freshScope, testKey } from "../../support/scripted-client.js";
import type { ProxyMessage, ProxyReply, ScriptedProxy } from "../../support/scripted-proxy.js";
import { startScriptedProxy } from "../../support/scripted-proxy.js";

const balance = { method: "GET", path: "/v1/balance", parameters: {}, budget: "read" } as const;
const create = { method: "POST", path: "/v1/customers", parameters: { name: "Ada" }, budget: "write" } as const;
const plainServer = "http://stripe.test:8080";
const secureServer = "https://stripe.test";
const page = { "content-type": "text/html" };
const digest = 'Digest realm="r", nonce="n1", qop="auth", Basic realm="r"';
const customer: ProxyReply = {
  kind: "answer",
  status: 200,
  headers: { "content-type": "application/json", "request-id": "req_1" },
  body: '{"id":"cus_1","object":"customer"}',
};

const open: { close(): Promise<void> }[] = [];

afterEach(async () => {
  for (const part of open.splice(0)) await part.close();
});

async function start(
  reply: (message: ProxyMessage) => ProxyReply,
  parts: Partial<ProxyOptions> = {},
  options: Partial<StripeClientOptions> = {},
): Promise<{ readonly proxy: ScriptedProxy; readonly client: StripeClient }> {
  const proxy = await startScriptedProxy(reply);
  const client = await openStripeClient({
    apiKey: testKey,
    apiBase: plainServer,
    clock: new FakeClock(),
    random: () => 1,
    proxy: proxy.options(parts),
    ...options,
  });
  open.push(client, proxy);
  return { proxy, client };
}

/** Answers 407 until the message brings credentials. */
function asking(message: ProxyMessage, reply: ProxyReply): ProxyReply {
  const isKnown = message.headers["proxy-authorization"] !== undefined;
  return isKnown ? reply : { kind: "answer", status: 407, headers: { "proxy-authenticate": digest }, body: "Who?" };
}

const login = { authScheme: "DIGEST", user: "ädä", password: "pässword" } as const;

describe("forwarded", () => {
  test("a request's target is the whole URL, its Host Stripe's, and its body unchanged", async () => {
    const { proxy, client } = await start(() => customer);
    expect(await client.request(create, freshScope())).toMatchObject({ id: "cus_1" });
    expect(proxy.messages).toMatchObject([
      {
        method: "POST",
        target: "http://stripe.test:8080/v1/customers",
        headers: { host: "stripe.test:8080", authorization: `Bearer ${testKey}` },
        body: "name=Ada",
      },
    ]);
  });

  test("a server of https is asked for by its https URL, without CONNECT, where ProxySslType is NEVER", async () => {
    const { proxy, client } = await start(() => customer, { sslType: "NEVER" }, { apiBase: undefined });
    await client.request(balance, freshScope());
    await client.request({ ...balance, apiBase: "files" }, freshScope());
    expect(proxy.messages.map(({ method, target }) => [method, target])).toEqual([
      ["GET", "https://api.stripe.com/v1/balance"],
      ["GET", "https://files.stripe.com/v1/balance"],
    ]);
  });

  test("a write that is answered 407 is sent again the same, idempotency key and all, and counts once", async () => {
    const { proxy, client } = await start((message) => asking(message, customer), login);
    const scope = freshScope();
    await client.request(create, scope);
    const [first, second] = proxy.messages;
    expect(proxy.messages).toHaveLength(2);
    expect(first?.headers["proxy-authorization"]).toBeUndefined();
    expect(second).toMatchObject({ method: "POST", body: "name=Ada" });
    expect(second?.headers["idempotency-key"]).toBe(first?.headers["idempotency-key"]);
    expect(scope.count).toBe(1);
  });

  test("names in credentials are UTF-8 on the wire", async () => {
    const { proxy, client } = await start((message) => asking(message, customer), login);
    await client.request(balance, freshScope());
    const sent = Buffer.from(proxy.messages[1]?.headers["proxy-authorization"] ?? "", "latin1").toString("utf8");
    expect(sent).toContain('username="ädä"');
    expect(sent).toContain('uri="http://stripe.test:8080/v1/balance"');
  });

  test("requests one after the other use one connection", async () => {
    const { proxy, client } = await start((message) => asking(message, customer), login);
    for (let index = 0; index < 5; index += 1) await client.request(balance, freshScope());
    expect(proxy.connections).toBe(1);
    expect(proxy.messages).toHaveLength(6);
  });

  test("a page of the proxy's in the place of an answer is no answer of Stripe's", async () => {
    const { client } = await start(() => ({ kind: "answer", status: 403, headers: page, body: "<h1>No</h1>" }));
    const error = await errorOf(client.request(balance, freshScope()));
    expect(error).toMatchObject({
      sqlState: "08004",
      message: expect.stringMatching(/^the proxy at 127\.0\.0\.1:\d+ refuses to connect to stripe\.test:8080$/),
      detail: "GET /v1/balance got no answer of Stripe's (status 403, Forbidden).",
      hint: expect.stringContaining("Whoever runs the proxy"),
      stripe: {},
    });
  });

  test("Stripe's own 403 keeps its meaning", async () => {
    const body = JSON.stringify({ error: { type: "invalid_request_error", message: "No permission" } });
    const headers = { "content-type": "application/json", "request-id": "req_1" };
    const { client } = await start(() => ({ kind: "answer", status: 403, headers, body }));
    const error = await errorOf(client.request(balance, freshScope()));
    expect(error).toMatchObject({ sqlState: "42501", hint: expect.stringContaining("permission") });
  });

  test("a write that the proxy may have passed on is said to be possibly done", async () => {
    const statuses: readonly (readonly [number, string | undefined, number, boolean])[] = [
      [502, undefined, 3, true],
      [504, undefined, 3, true],
      [403, undefined, 1, true],
      [503, "ERR_CONNECT_FAIL 111", 3, false],
      [503, "ERR_READ_TIMEOUT 0", 3, true],
    ];
    for (const [status, squidError, attempts, mayBeDone] of statuses) {
      const headers = { ...page, ...(squidError === undefined ? {} : { "x-squid-error": squidError }) };
      const { proxy, client } = await start(() => ({ kind: "answer", status, headers }));
      const error = await errorOf(client.request(create, freshScope()));
      expect([status, squidError, error.detail?.includes("It may have been carried out")]).toEqual([
        status,
        squidError,
        mayBeDone,
      ]);
      expect(error.stripe.inDoubt).toBe(mayBeDone ? true : undefined);
      expect(proxy.messages).toHaveLength(attempts);
      expect(new Set(proxy.messages.map((message) => message.headers["idempotency-key"])).size).toBe(1);
    }
  });

  test("a connection that ends without an answer leaves a write in doubt", async () => {
    const { proxy, client } = await start(() => ({ kind: "cut" }));
    const error = await errorOf(client.request(create, freshScope()));
    expect(error).toMatchObject({
      sqlState: "08006",
      message: expect.stringMatching(/^the proxy at 127\.0\.0\.1:\d+ closed the connection without an answer$/),
      stripe: { inDoubt: true },
    });
    expect(proxy.messages).toHaveLength(3);
  });

  test("an alert of TLS tells that the port speaks TLS", async () => {
    const alert = Buffer.from([0x15, 0x03, 0x01, 0x00, 0x02, 0x02, 0x16]);
    const { proxy, client } = await start(() => ({ kind: "bytes", bytes: alert }));
    const error = await errorOf(client.request(create, freshScope()));
    expect(error).toMatchObject({
      sqlState: "08P01",
      message: `the proxy at 127.0.0.1:${proxy.port} speaks TLS only`,
      hint: expect.stringContaining("ALWAYS"),
    });
    expect(error.stripe.inDoubt).toBeUndefined();
  });
});

describe("tunnelled", () => {
  test("nothing of Stripe's is said to the proxy, and the target is named with its port", async () => {
    const { proxy, client } = await start(() => ({ kind: "dead-end" }), {}, { apiBase: secureServer });
    await errorOf(client.request(create, freshScope()));
    const [message] = proxy.messages;
    expect(message).toMatchObject({ method: "CONNECT", target: "stripe.test:443", body: "" });
    expect(Object.keys(message?.headers ?? {}).sort()).toEqual(["host", "proxy-connection"]);
  });

  test("requests that waited in the queue go through TLS too", async () => {
    const { proxy, client } = await start(() => ({ kind: "dead-end" }), {}, { apiBase: secureServer });
    const requests = Array.from({ length: 30 }, () => errorOf(client.request(balance, freshScope())));
    for (const error of await Promise.all(requests)) expect(error.sqlState).toBe("08006");
    expect(proxy.firstBytes.length).toBeGreaterThanOrEqual(30);
    expect(new Set(proxy.firstBytes)).toEqual(new Set([0x16]));
  });

  test("requests that waited in the queue fail as those before them", async () => {
    const refused = { kind: "answer", status: 403, headers: page, body: "No" } as const;
    const { client } = await start(() => refused, {}, { apiBase: secureServer, requestsPerSecond: 1000 });
    const requests = Array.from({ length: 60 }, () => errorOf(client.request(balance, freshScope())));
    const messages = (await Promise.all(requests)).map(({ message }) => message.replace(/:\d+ /, " "));
    expect(new Set(messages)).toEqual(new Set(["the proxy at 127.0.0.1 refuses to connect to stripe.test:443"]));
  });

  test("names in credentials are UTF-8 on the wire", async () => {
    const tunnel = { kind: "dead-end" } as const;
    const { proxy, client } = await start((message) => asking(message, tunnel), login, { apiBase: secureServer });
    await errorOf(client.request(balance, freshScope()));
    const sent = Buffer.from(proxy.messages[1]?.headers["proxy-authorization"] ?? "", "latin1").toString("utf8");
    expect(sent).toContain('username="ädä"');
    expect(sent).toContain('uri="stripe.test:443"');
  });

  test("no write that the proxy kept from Stripe is in doubt", async () => {
    const replies: readonly ProxyReply[] = [
      { kind: "answer", status: 403 },
      { kind: "answer", status: 502 },
      { kind: "answer", status: 407, headers: { "proxy-authenticate": 'Basic realm="r"' } },
      { kind: "cut" },
      { kind: "bytes", bytes: Buffer.from("HELLO\r\n\r\n") },
    ];
    for (const reply of replies) {
      const { client } = await start(() => reply, {}, { apiBase: secureServer });
      const error = await errorOf(client.request(create, freshScope()));
      expect(error.detail).toContain("was not sent");
      expect(error.stripe.inDoubt).toBeUndefined();
    }
  });

  test("a proxy that cannot reach Stripe is asked again, one that refuses is not", async () => {
    for (const [status, attempts] of [
      [502, 3],
      [503, 3],
      [403, 1],
      [405, 1],
    ] as const) {
      const { proxy, client } = await start(() => ({ kind: "answer", status }), {}, { apiBase: secureServer });
      await errorOf(client.request(balance, freshScope()));
      expect([status, proxy.messages.length]).toEqual([status, attempts]);
    }
  });

  test("a statement canceled while the proxy is asked for a tunnel ends at once", async () => {
    const { proxy, client } = await start(() => ({ kind: "silence" }), {}, { apiBase: secureServer });
    const controller = new AbortController();
    const pending = errorOf(client.request(create, freshScope({ signal: controller.signal })));
    await proxy.received(1);
    controller.abort();
    expect(await pending).toMatchObject({ sqlState: "57014" });
  });

  test("closing the client ends a tunnel that is still asked for, and tries no other", async () => {
    const { proxy, client } = await start(() => ({ kind: "silence" }), {}, { apiBase: secureServer });
    const pending = Array.from({ length: 30 }, () => errorOf(client.request(balance, freshScope())));
    await proxy.received(24);
    await client.close();
    for (const error of await Promise.all(pending)) expect(error.sqlState).toBe("57014");
    await proxy.idle();
    expect(proxy.messages).toHaveLength(24);
  });

  test("a proxy that does not answer is given up after the timeout", async () => {
    const { proxy, client } = await start(() => ({ kind: "silence" }), {}, { apiBase: secureServer, timeoutMs: 20 });
    expect(await errorOf(client.request(create, freshScope()))).toMatchObject({
      sqlState: "08006",
      message: `the proxy at 127.0.0.1:${proxy.port} did not answer in time`,
      detail: "POST /v1/customers was not sent after 3 attempts.",
      hint: expect.stringContaining("Timeout"),
      retryable: true,
    });
    await proxy.idle();
  });
});

test("what an observer is told of holds no credentials of the proxy's", async () => {
  const told: unknown[] = [];
  const observer = {
    sent: (message: unknown) => void told.push(message),
    answered: (message: unknown) => void told.push(message),
    exchanges: {
      sending: (message: unknown) => void told.push(message),
      received: (message: unknown) => void told.push(message),
      connected: (message: unknown) => void told.push(message),
    },
  };
  const { proxy, client } = await start((message) => asking(message, customer), login, { observer });
  await client.request(create, freshScope());
  expect(JSON.stringify(told)).not.toMatch(/proxy-auth/i);
  expect(told).toContainEqual(
    expect.objectContaining({ isReused: false, proxy: { address: `127.0.0.1:${proxy.port}`, way: "forward" } }),
  );
});

import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { StripeSqlError } from "../../../src/error/stripe-sql-error.js";
import { openStripeClient } from "../../../src/stripe/open-stripe-client.js";
import type { ProxyOptions } from "../../../src/stripe/proxy/proxy-options.js";
import type { StripeClientOptions } from "../../../src/stripe/stripe-client.js";
import { FakeClock } from "../../support/fake-clock.js";
import { freePort } from "../../support/free-port.js";
import { errorOf, freshScope, json, testKey } from "../../support/scripted-client.js";
import type { ScriptedServer } from "../../support/scripted-server.js";
import { startScriptedServer } from "../../support/scripted-server.js";
import type { AccessEntry, Squid } from "../../support/squid.js";
import { startSquid } from "../../support/squid.js";

const balance = { method: "GET", path: "/v1/balance", parameters: {}, budget: "read" } as const;
const create = { method: "POST", path: "/v1/customers", parameters: {}, budget: "write" } as const;

let squid: Squid;
let basicOnly: Squid;
let stripe: ScriptedServer;
/** Where nobody listens. */
let closedPort: number;

beforeAll(async () => {
  const options = { passwords: { ada: "right" }, denied: [".stripe.com", "denied.test"] };
  [squid, basicOnly] = await Promise.all([startSquid(options), startSquid({ ...options, schemes: ["BASIC"] })]);
  stripe = await startScriptedServer(() => json({ id: "cus_1", object: "customer" }));
  closedPort = await freePort();
});

afterAll(async () => {
  await Promise.all([squid.close(), basicOnly.close(), stripe.close()]);
});

const open: { close(): Promise<void> }[] = [];

afterEach(async () => {
  for (const part of open.splice(0)) await part.close();
});

async function openClient(proxy: Partial<ProxyOptions>, options: Partial<StripeClientOptions> = {}) {
  const client = await openStripeClient({
    apiKey: testKey,
    apiBase: stripe.url,
    clock: new FakeClock(),
    proxy: {
      host: squid.host,
      port: squid.port,
      authScheme: "BASIC",
      user: "ada",
      password: "right",
      sslType: "AUTO",
      ...proxy,
    },
    ...options,
  });
  open.push(client);
  return client;
}

/** The error of a write, which tells more than that of a read. */
async function failure(
  proxy: Partial<ProxyOptions>,
  options: Partial<StripeClientOptions> = {},
): Promise<StripeSqlError> {
  const client = await openClient(proxy, options);
  return errorOf(client.request(create, freshScope()));
}

const facts = ({ status, method, user }: AccessEntry) => [status, method, user];

describe("credentials", () => {
  const wrong = { password: "wrong" };
  const asked = [407, "CONNECT", undefined];
  const refused = [407, "CONNECT", "ada"];

  test.each([
    ["BASIC", "AUTO", [[407, "POST", "ada"]]],
    ["BASIC", "TUNNEL", [refused]],
    [
      "DIGEST",
      "AUTO",
      [
        [407, "POST", undefined],
        [407, "POST", "ada"],
      ],
    ],
    ["DIGEST", "TUNNEL", [asked, refused]],
  ] as const)("that are wrong are 28000 and not tried again: %s, %s", async (authScheme, sslType, expected) => {
    const error = await failure({ authScheme, sslType, ...wrong });
    expect(error).toMatchObject({
      sqlState: "28000",
      message: `the proxy at localhost:${squid.port} does not accept the credentials`,
      detail: "POST /v1/customers was not sent (status 407).",
      // Squid names DIGEST alone where this was answered wrongly.
      hint: expect.stringMatching(/^Check ProxyUser and ProxyPassword\. The proxy takes Digest(, Basic)?\.$/),
      retryable: false,
    });
    expect(JSON.stringify([error, String(error.cause)])).not.toContain("wrong");
    expect((await squid.logged(expected.length)).map(facts)).toEqual(expected);
  });

  test.each(["AUTO", "TUNNEL"] as const)("that are missing are asked for: %s", async (sslType) => {
    const error = await failure({ authScheme: "NONE", sslType });
    expect(error).toMatchObject({
      sqlState: "28000",
      message: `the proxy at localhost:${squid.port} asks for credentials`,
      hint: "Set ProxyAuthScheme, ProxyUser and ProxyPassword. The proxy takes Digest, Basic.",
    });
    expect(await squid.logged(1)).toHaveLength(1);
  });

  test.each(["AUTO", "TUNNEL"] as const)("of a scheme that the proxy does not take: %s", async (sslType) => {
    const error = await failure({ port: basicOnly.port, authScheme: "DIGEST", sslType });
    expect(error).toMatchObject({
      sqlState: "28000",
      hint: "ProxyAuthScheme is DIGEST, which it does not take. The proxy takes Basic.",
    });
    expect(await basicOnly.logged(1)).toHaveLength(1);
  });

  test("that are wrong leave the connection to be used with others", async () => {
    await failure({ authScheme: "DIGEST", ...wrong });
    const client = await openClient({ authScheme: "DIGEST" });
    expect(await client.request(create, freshScope())).toMatchObject({ id: "cus_1" });
    await squid.logged(4);
  });
});

describe("a proxy that cannot be reached is named, and Stripe is not", () => {
  const apiBases = ["http://127.0.0.1:1", "https://127.0.0.1:1"];

  test.each(apiBases)("a port where nobody listens: %s", async (apiBase) => {
    const error = await failure({ host: "127.0.0.1", port: closedPort }, { apiBase });
    expect(error).toMatchObject({
      sqlState: "08006",
      message: `could not reach the proxy at 127.0.0.1:${closedPort}`,
      detail: "POST /v1/customers was not sent (ECONNREFUSED) after 3 attempts.",
      hint: "Check ProxyHost and ProxyPort, and that the proxy runs.",
      retryable: true,
    });
  });

  test.each(apiBases)("a host that does not exist: %s", async (apiBase) => {
    // Longer than a name may be, so that nobody is asked for it.
    const host = `${"x".repeat(64)}.test`;
    const error = await failure({ host }, { apiBase });
    expect(error).toMatchObject({
      sqlState: "08006",
      message: `could not reach the proxy at ${host}:${squid.port}`,
      detail: "POST /v1/customers was not sent (ENOTFOUND).",
    });
  });
});

describe("TLS", () => {
  const cases = [
    ["http", "AUTO"],
    ["http", "NEVER"],
    ["http", "TUNNEL"],
    ["https", "AUTO"],
    ["https", "NEVER"],
    ["https", "TUNNEL"],
  ] as const;

  test.each(cases)("a port of TLS is not for plain text: %s, %s", async (protocol, sslType) => {
    const error = await failure({ port: squid.tlsPort, sslType }, { apiBase: `${protocol}://127.0.0.1:1` });
    expect(error).toMatchObject({
      sqlState: "08P01",
      message: `the proxy at localhost:${squid.tlsPort} speaks TLS only`,
      detail: "POST /v1/customers was not sent.",
      hint: `ProxySslType is ${sslType}: set it to ALWAYS, or ProxyPort to the proxy's port without TLS.`,
      retryable: false,
    });
  });

  test.each(["http", "https"] as const)("a plain port is not for TLS: %s", async (protocol) => {
    const error = await failure({ sslType: "ALWAYS" }, { apiBase: `${protocol}://127.0.0.1:1` });
    expect(error).toMatchObject({
      sqlState: "08P01",
      message: `the proxy at localhost:${squid.port} does not speak TLS`,
      hint: "ProxySslType is ALWAYS: set it to AUTO, or ProxyPort to the proxy's port of TLS.",
      retryable: false,
    });
  });

  test.each(["http", "https"] as const)("a certificate that is not trusted: %s", async (protocol) => {
    const error = await failure({ port: squid.tlsPort, sslType: "ALWAYS" }, { apiBase: `${protocol}://127.0.0.1:1` });
    expect(error).toMatchObject({
      sqlState: "08006",
      message: `the certificate of the proxy at localhost:${squid.tlsPort} is not trusted`,
      detail: expect.stringContaining("self-signed certificate"),
      hint: expect.stringContaining("NODE_EXTRA_CA_CERTS"),
    });
  });
});

describe("a target", () => {
  test.each([
    ["http://denied.test", "AUTO", "denied.test:80"],
    ["https://denied.test:8443", "AUTO", "denied.test:8443"],
    ["https://denied.test", "NEVER", "denied.test:443"],
  ] as const)("that the proxy refuses: %s, %s", async (apiBase, sslType, target) => {
    const client = await openClient({ sslType }, { apiBase });
    const error = await errorOf(client.request(balance, freshScope()));
    expect(error).toMatchObject({
      sqlState: "08004",
      message: `the proxy at localhost:${squid.port} refuses to connect to ${target}`,
      detail: expect.stringContaining("(status 403, ERR_ACCESS_DENIED 0)"),
      hint: expect.stringContaining(`has to allow ${target}`),
      retryable: false,
    });
    expect(await squid.logged(1)).toHaveLength(1);
  });

  test.each(["AUTO", "TUNNEL"] as const)("that the proxy cannot reach: %s", async (sslType) => {
    const error = await failure({ sslType }, { apiBase: `http://127.0.0.1:${closedPort}` });
    expect(error).toMatchObject({
      sqlState: "08006",
      message: `the proxy at localhost:${squid.port} could not reach 127.0.0.1:${closedPort}`,
      detail: "POST /v1/customers was not sent (status 503, ERR_CONNECT_FAIL 111) after 3 attempts.",
      retryable: true,
    });
    expect(await squid.logged(3)).toHaveLength(3);
  });
});

test("every host of Stripe's is asked for through the proxy", async () => {
  const client = await openClient({}, { apiBase: undefined });
  for (const apiBase of ["api", "files", "meter_events"] as const) {
    const error = await errorOf(client.request({ ...balance, apiBase }, freshScope()));
    expect(error.sqlState).toBe("08004");
  }
  expect((await squid.logged(3)).map(({ method, url }) => `${method} ${url}`)).toEqual([
    "CONNECT api.stripe.com:443",
    "CONNECT files.stripe.com:443",
    "CONNECT meter-events.stripe.com:443",
  ]);
});

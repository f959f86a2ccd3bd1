import { afterEach, expect, test } from "vitest";
import type { ConnectOptions } from "../../src/driver/api.js";
import { checkConnection, checkDefinition } from "../../src/driver/check-connection.js";
import { connect } from "../../src/driver/connect.js";
import { parseConnectionDefinition } from "../../src/driver/connection-file/parse-connection-definition.js";
import { errorOf, json, refusal } from "../support/scripted-client.js";
import type { Answer } from "../support/scripted-server.js";
import { startScriptedServer } from "../support/scripted-server.js";
import { startSecretServer } from "../support/secret-server.js";

const open: { close(): Promise<void> }[] = [];

afterEach(async () => {
  for (const part of open.splice(0)) await part.close();
});

async function stateWith(answer: Answer, options: ConnectOptions = {}) {
  const server = await startScriptedServer(() => answer);
  const connection = await connect({ apiBase: server.url, apiKey: "sk_test_checked", ...options });
  open.push(connection, server);
  return { server, state: await checkConnection(connection) };
}

test("a connection whose account is read is active, by one request", async () => {
  const { server, state } = await stateWith(json({ id: "acct_1", object: "account" }));
  expect(state).toEqual({ state: "ACTIVE", description: "Stripe answered for account acct_1, in test mode." });
  expect(server.requests.map(({ method, path }) => `${method} ${path}`)).toEqual(["GET /v1/account"]);
});

test("a restricted key that may not read the account is known to Stripe, and so active", async () => {
  const message = "The provided key 'rk_test_***' does not have the required permissions for this endpoint.";
  const { state } = await stateWith(refusal(403, { code: "more_permissions_required_for_application", message }));
  expect(state).toEqual({
    state: "ACTIVE",
    description: `Stripe accepts the key, which may not read the account: ${message}`,
  });
});

test("a key that is refused, or does not reach the account, is an error of authentication", async () => {
  for (const [status, code] of [
    [401, undefined],
    [401, "api_key_expired"],
    [403, "account_invalid"],
  ] as const) {
    const { state } = await stateWith(
      refusal(status, { message: "No entry", ...(code === undefined ? {} : { code }) }),
    );
    expect(state).toMatchObject({ state: "AUTH_ERROR", description: expect.stringMatching(/^No entry\. GET /) });
  }
});

test("anything else that fails is an error, told without secrets", async () => {
  const key = ["sk", "live", "plantedKey01"].join("_");
  const { state } = await stateWith(refusal(400, { message: `Bad ${key}` }));
  expect(state).toMatchObject({ state: "ERROR", description: expect.stringContaining("Bad sk_live_***") });
});

test("a canceled check is no state", async () => {
  const server = await startScriptedServer(() => ({ kind: "silence" }));
  const connection = await connect({ apiBase: server.url });
  open.push(connection, server);
  const controller = new AbortController();
  const pending = errorOf(checkConnection(connection, { signal: controller.signal }));
  await server.received(1);
  controller.abort();
  expect(await pending).toMatchObject({ sqlState: "57014" });
});

test("a definition is checked with its secrets", async () => {
  const secretName = "projects/shop/secrets/stripe-key/versions/7";
  const server = await startScriptedServer(() => json({ id: "acct_1", object: "account" }));
  open.push(server);
  const secrets = await startSecretServer();
  const definition = parseConnectionDefinition({
    name: "stripe-eu",
    auth_config: { api_key: { secret_version: secretName } },
    api_base: server.url,
    secret_manager: { endpoint: secrets.endpoint, insecure: true },
  });
  expect(await checkDefinition(definition)).toMatchObject({
    state: "ERROR",
    description: expect.stringMatching(
      /^Secret version projects\/shop\/secrets\/stripe-key\/versions\/7 does not exist\./,
    ),
  });
  secrets.set(secretName, { code: 7, details: "Permission 'secretmanager.versions.access' denied" });
  expect(await checkDefinition(definition)).toMatchObject({
    state: "AUTH_ERROR",
    description: expect.stringContaining("roles/secretmanager.secretAccessor"),
  });
  secrets.set(secretName, "sk_test_right");
  expect(await checkDefinition(definition)).toMatchObject({ state: "ACTIVE" });
});

test("a definition that cannot be opened, or is not to be, is a state as well", async () => {
  const name = "stripe-eu";
  const environment = { name, auth_config: { api_key: { env: "NOT_SET_ANYWHERE" } } };
  expect(await checkDefinition(parseConnectionDefinition(environment))).toEqual({
    state: "AUTH_ERROR",
    description: "Environment variable NOT_SET_ANYWHERE is not set. It is to hold the connection property ApiKey.",
  });
  expect(await checkDefinition(parseConnectionDefinition({ name, sandbox: true, suspended: true }))).toEqual({
    state: "ERROR",
    description: "The connection is suspended.",
  });
});

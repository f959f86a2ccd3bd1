import { afterEach, expect, test } from "vitest";
import { openStripeClient } from "../../../src/stripe/open-stripe-client.js";
import { SecretKeyedClient } from "../../../src/stripe/secret/secret-keyed-client.js";
import { openSecretSource } from "../../../src/stripe/secret/secret-manager.js";
import { errorOf, freshScope, json, refusal } from "../../support/scripted-client.js";
import type { RecordedRequest, ScriptedServer } from "../../support/scripted-server.js";
import { startScriptedServer } from "../../support/scripted-server.js";
import type { SecretServer } from "../../support/secret-server.js";
import { startSecretServer } from "../../support/secret-server.js";

const secretName = "projects/shop/secrets/stripe-key/versions/latest";
const oldKey = ["sk", "test", "old0123456789"].join("_");
const newKey = ["sk", "test", "new0123456789"].join("_");
const get = { method: "GET", path: "/v1/customers/cus_1", parameters: {}, budget: "read" } as const;

const open: { close(): Promise<void> }[] = [];

afterEach(async () => {
  for (const part of open.splice(0)) await part.close();
});

/** A server that knows one key, and a client whose key is a secret. */
async function start(
  accepted: string,
): Promise<{ stripe: ScriptedServer; secrets: SecretServer; client: SecretKeyedClient }> {
  const answer = ({ headers }: RecordedRequest) =>
    headers.authorization === `Bearer ${accepted}`
      ? json({ id: "cus_1", object: "customer" })
      : refusal(401, { message: `Invalid API Key provided: ${headers.authorization}` });
  const stripe = await startScriptedServer(answer);
  const secrets = await startSecretServer();
  const client = new SecretKeyedClient({
    secretName,
    secrets: openSecretSource({ endpoint: secrets.endpoint, insecure: true }),
    open: (apiKey) => openStripeClient({ apiKey, apiBase: stripe.url }),
  });
  open.push(client, stripe);
  return { stripe, secrets, client };
}

test("the secret is read with the first request, and once for all of them", async () => {
  const { stripe, secrets, client } = await start(oldKey);
  secrets.set(secretName, oldKey);
  expect(client.secret).toBeUndefined();
  await Promise.all([client.request(get, freshScope()), client.request(get, freshScope())]);
  await client.request(get, freshScope());
  expect(client.secret).toBe(oldKey);
  expect(secrets.reads).toHaveLength(1);
  expect(stripe.requests).toHaveLength(3);
});

test("a changed secret is read again when Stripe refuses the key, and the request sent with it", async () => {
  const { stripe, secrets, client } = await start(newKey);
  secrets.set(secretName, oldKey);
  await errorOf(client.request(get, freshScope()));
  secrets.set(secretName, newKey);
  const scope = freshScope();
  expect(await client.request(get, scope)).toMatchObject({ id: "cus_1" });
  expect(scope.count).toBe(2);
  expect(stripe.requests.at(-1)?.headers.authorization).toBe(`Bearer ${newKey}`);
});

test("requests that are refused side by side have it read again once", async () => {
  const { secrets, client } = await start(newKey);
  secrets.set(secretName, oldKey);
  await errorOf(client.request(get, freshScope()));
  secrets.set(secretName, newKey);
  const before = secrets.reads.length;
  await Promise.all(Array.from({ length: 5 }, () => client.request(get, freshScope())));
  expect(secrets.reads.length - before).toBe(1);
});

test("a key that is refused and unchanged is sent once, and shown in no error", async () => {
  const { stripe, secrets, client } = await start(newKey);
  secrets.set(secretName, oldKey);
  const error = await errorOf(client.request(get, freshScope()));
  expect(error).toMatchObject({ sqlState: "28000" });
  expect(stripe.requests).toHaveLength(1);
  expect(secrets.reads).toHaveLength(2);
  expect(`${error.message} ${error.detail} ${error.hint} ${error.stack}`).not.toContain("old0123456789");
});

test("a secret that is no key is refused unseen, and read again the next time", async () => {
  const { stripe, secrets, client } = await start(oldKey);
  for (const value of ["two words of a password", "pk_test_publishable"]) {
    secrets.set(secretName, value);
    const error = await errorOf(client.request(get, freshScope()));
    expect(error).toMatchObject({ sqlState: "22023", message: `secret ${secretName} holds no Stripe key` });
    expect(`${error.message} ${error.detail} ${error.hint}`).not.toContain(value);
  }
  secrets.set(secretName, oldKey);
  await client.request(get, freshScope());
  expect(stripe.requests).toHaveLength(1);
});

test("a statement canceled while the secret is read ends as a canceled one", async () => {
  const { secrets, client } = await start(oldKey);
  secrets.set(secretName, "silence");
  const controller = new AbortController();
  const pending = errorOf(client.request(get, freshScope({ signal: controller.signal })));
  await secrets.received(1);
  controller.abort();
  expect(await pending).toMatchObject({ sqlState: "57014" });
});

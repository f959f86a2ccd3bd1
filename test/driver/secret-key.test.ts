import { expect, test } from "vitest";
import type { Connection, ConnectOptions } from "../../src/driver/api.js";
import { connectSandbox } from "../support/sandbox-connection.js";
import { errorOf, json, refusal } from "../support/scripted-client.js";
import { startScriptedServer } from "../support/scripted-server.js";
import { startSecretServer } from "../support/secret-server.js";

const running = connectSandbox({ customers: 5, apiKey: ["sk", "test", "ofTheSandbox01"].join("_") });
const secretName = "projects/shop/secrets/stripe-key/versions/latest";

async function open(options: ConnectOptions = {}) {
  const secrets = await startSecretServer();
  secrets.set(secretName, running.sandbox.apiKey);
  const connection = await running.open({ ...sameSecret(secrets.endpoint), ...options });
  return { secrets, connection };
}

function sameSecret(secretEndpoint: string, apiBase: string = running.sandbox.url): ConnectOptions {
  return { apiKey: secretName, apiBase, secretEndpoint, secretInsecure: true };
}

const modeOf = (connection: Connection) => connection.describe().mode;

test("a connection is there before its secret is read, and live until it is known", async () => {
  const { secrets, connection } = await open();
  expect(modeOf(connection)).toBe("live");
  await connection.query("SELECT 1 AS one");
  expect(secrets.reads).toEqual([]);
  expect((await connection.query("SELECT Id FROM Customer LIMIT 2")).rowCount).toBe(2);
  expect(secrets.reads).toEqual([secretName]);
  expect(modeOf(connection)).toBe("test");
});

test("a write is asked about as on a live key while the key is not known", async () => {
  const { connection } = await open();
  const asked: boolean[] = [];
  await connection.query("INSERT INTO Customer (Name) VALUES ('Ada')", undefined, {
    confirmWrite: async ({ live }) => {
      asked.push(live);
      return false;
    },
  });
  expect(asked).toEqual([true]);
});

test("the properties show the secret's name, and nothing shows its value", async () => {
  const { connection } = await open();
  await connection.query("SELECT Id FROM Customer LIMIT 1");
  const { rows } = await connection.query("SELECT Value FROM sys_connection_props WHERE Name = 'ApiKey'");
  expect(rows).toEqual([{ Value: secretName }]);
  const all = await connection.query("SELECT * FROM sys_connection_props");
  expect(JSON.stringify([all.rows, connection.describe()])).not.toContain("ofTheSandbox01");
});

test("a secret that cannot be read fails the statement, not the connection", async () => {
  const { secrets, connection } = await open();
  secrets.set(secretName, { code: 7, details: "Permission 'secretmanager.versions.access' denied" });
  const error = await errorOf(connection.query("SELECT Id FROM Customer"));
  expect(error).toMatchObject({ sqlState: "42501", hint: expect.stringContaining("secretmanager.secretAccessor") });
  expect((await connection.query("SELECT 1 AS one")).rows).toEqual([{ one: 1 }]);
  secrets.set(secretName, running.sandbox.apiKey);
  expect((await connection.query("SELECT Id FROM Customer LIMIT 1")).rowCount).toBe(1);
});

test("a connection closed while its secret is read ends the statement", async () => {
  const { secrets, connection } = await open();
  secrets.set(secretName, "silence");
  const pending = errorOf(connection.query("SELECT Id FROM Customer"));
  await secrets.received(1);
  await connection.close();
  expect(await pending).toMatchObject({ sqlState: "57014" });
});

test("a secret is cached for the process, and fetched again when Stripe answers 401 once", async () => {
  const [oldKey, newKey] = [["sk", "test", "old987"].join("_"), ["sk", "test", "new987"].join("_")];
  let accepted = oldKey;
  const stripe = await startScriptedServer(({ headers }) =>
    headers.authorization === `Bearer ${accepted}`
      ? json({ object: "list", data: [], has_more: false, url: "/v1/customers" })
      : refusal(401, { message: "Invalid API Key provided" }),
  );
  const { secrets, connection } = await open({ apiBase: stripe.url });
  const others = [connection, await running.open(sameSecret(secrets.endpoint, stripe.url))];
  secrets.set(secretName, oldKey);
  const list = (which: Connection | undefined) => which?.query("SELECT Id FROM Customer");
  for (const which of others) await list(which);
  expect(secrets.reads).toHaveLength(1);

  // The key is rolled: the old one ends, the secret gets a new version.
  accepted = newKey;
  secrets.set(secretName, newKey);
  expect((await list(connection))?.requests).toBe(2);
  for (const which of others) await list(which);
  expect(secrets.reads).toHaveLength(2);

  // A key that is refused for good is fetched once more, and not sent again.
  accepted = "none";
  const sent = stripe.requests.length;
  expect(await errorOf(connection.query("SELECT Id FROM Customer"))).toMatchObject({ sqlState: "28000" });
  expect(stripe.requests.length - sent).toBe(1);
  expect(secrets.reads).toHaveLength(3);
  await stripe.close();
});

import { expect, test } from "vitest";
import type { Connection, ConnectOptions } from "../../src/driver/api.js";
import { connectSandbox } from "../support/sandbox-connection.js";
import { errorOf } from "../support/scripted-client.js";
import { startSecretServer } from "../support/secret-server.js";

const running = connectSandbox({ customers: 5, apiKey: ["sk", "test", "ofTheSandbox01"].join("_") });
const secretName = "projects/shop/secrets/stripe-key/versions/latest";

async function open(options: ConnectOptions = {}) {
  const secrets = await startSecretServer();
  secrets.set(secretName, running.sandbox.apiKey);
  const properties = { apiKey: secretName, secretEndpoint: secrets.endpoint, secretInsecure: true };
  const connection = await running.open({ ...properties, ...options });
  return { secrets, connection };
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

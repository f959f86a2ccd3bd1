import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import type { Connection, ConnectOptions } from "../../src/driver/api.js";
import { connect } from "../../src/driver/connect.js";
import { testFolder } from "../support/folder.js";
import { connectSandbox } from "../support/sandbox-connection.js";
import { errorOf } from "../support/scripted-client.js";
import { startSecretServer } from "../support/secret-server.js";

const running = connectSandbox({ customers: 4, apiKey: ["sk", "test", "ofTheSandbox02"].join("_") });
const folder = testFolder();
const open: Connection[] = [];

afterEach(async () => {
  for (const connection of open.splice(0)) await connection.close();
  delete process.env["STRIPE_KEY_EU"];
});

async function opened(input: string, overrides?: string | ConnectOptions): Promise<Connection> {
  const connection = await connect(input, overrides);
  open.push(connection);
  return connection;
}

const countOf = async (connection: Connection) =>
  (await connection.query("SELECT count(*)::INTEGER AS n FROM Customer")).rows[0]?.["n"];

const propertyOf = async (connection: Connection, name: string) =>
  (await connection.query("SELECT Value FROM sys_connection_props WHERE Name = ?", [name])).rows[0]?.["Value"];

/** A file of a connection to the sandbox that runs. */
const write = (...lines: readonly string[]) =>
  folder.write("eu.yaml", ["name: stripe-eu", `api_base: ${running.sandbox.url}`, ...lines].join("\n"));

test("a file that is not there, or has mistakes, fails as a bad parameter", async () => {
  expect(await errorOf(connect("none.yaml"))).toMatchObject({ sqlState: "22023", phase: "connect" });
  expect(await errorOf(connect(write("verbosity: 9")))).toMatchObject({
    sqlState: "22023",
    detail: expect.stringContaining("verbosity must be a whole number from 1 to 5, not 9"),
  });
});

test("a suspended connection is not opened", async () => {
  const file = write("suspended: true");
  expect(await errorOf(connect(file))).toMatchObject({
    sqlState: "08006",
    message: "connection stripe-eu is suspended",
  });
  expect(await errorOf(connect(file, { sandbox: true }))).toMatchObject({ sqlState: "08006" });
});

test("a file's connection is opened with its key from the environment and its properties", async () => {
  const file = write("auth_config: {api_key: {env: STRIPE_KEY_EU}}", "properties: {MaxRequests: 7}");
  process.env["STRIPE_KEY_EU"] = running.sandbox.apiKey;
  const connection = await opened(file);
  expect(await countOf(connection)).toBe(4);
  expect(await propertyOf(connection, "MaxRequests")).toBe("7");
});

test("a variable that is missing, or holds no key, is named, and its value is not shown", async () => {
  const file = write("auth_config: {api_key: {env: STRIPE_KEY_EU}}");
  expect(await errorOf(connect(file))).toMatchObject({
    sqlState: "28000",
    phase: "connect",
    message: "environment variable STRIPE_KEY_EU is not set",
    detail: "It is to hold the connection property ApiKey.",
  });
  process.env["STRIPE_KEY_EU"] = "pk_test_planted";
  const error = await errorOf(connect(file));
  expect(error).toMatchObject({
    sqlState: "22023",
    message: "invalid value of environment variable STRIPE_KEY_EU for connection property ApiKey",
    detail: expect.stringContaining("It must be a secret or restricted key"),
  });
  expect(`${error.message} ${error.detail} ${error.stack}`).not.toContain("planted");
});

test("a file's key and server may be those of a Secret Manager", async () => {
  const secretName = "projects/shop/secrets/stripe-key/versions/latest";
  const secrets = await startSecretServer();
  secrets.set(secretName, running.sandbox.apiKey);
  const connection = await opened(
    write(
      `auth_config: {api_key: {secret_version: ${secretName}}}`,
      `secret_manager: {endpoint: "${secrets.endpoint}", insecure: true}`,
    ),
  );
  expect(await countOf(connection)).toBe(4);
  expect(secrets.reads).toEqual([secretName]);
});

test("properties that are given beside a file go before its own", async () => {
  process.env["STRIPE_KEY_EU"] = running.sandbox.apiKey;
  const file = write("auth_config: {api_key: {env: STRIPE_KEY_EU}}", "properties: {ReadOnly: true, MaxRequests: 7}");
  const connection = await opened(file, "readonly=false;Timeout=5");
  expect(await propertyOf(connection, "ReadOnly")).toBe("false");
  expect(await propertyOf(connection, "Timeout")).toBe("5");
  expect(await propertyOf(connection, "MaxRequests")).toBe("7");
});

test("the sandbox beside a file is not asked for the file's key, account or proxy", async () => {
  const file = write(
    "auth_config: {api_key: {env: STRIPE_KEY_EU}}",
    "account_id: acct_of_stripe",
    "proxy: {host: 127.0.0.1, port: 1, auth_scheme: BASIC, user: u, password: {env: STRIPE_KEY_EU}}",
  );
  const connection = await opened(file, { sandbox: { customers: 3 } });
  expect(connection.describe().mode).toBe("sandbox");
  expect(await countOf(connection)).toBe(3);
});

test("a server beside a file goes before the file's sandbox", async () => {
  const file = folder.write("sandbox.yaml", "name: sandbox\nsandbox: {customers: 2}\n");
  expect(await countOf(await opened(file))).toBe(2);
  const { apiKey, url: apiBase } = running.sandbox;
  expect(await countOf(await opened(file, { apiKey, apiBase }))).toBe(4);
});

test("overrides go before a connection string and before nothing at all, and a misspelt one is named", async () => {
  const connection = await opened("Sandbox=true;ReadOnly=true", { readOnly: false });
  expect(await propertyOf(connection, "ReadOnly")).toBe("false");
  expect(await errorOf(connect(undefined, "Sandbx=true"))).toMatchObject({
    sqlState: "22023",
    hint: 'Did you mean "Sandbox"?',
  });
});

test("a log file stands beside the connection file that names it, and none is written where logging is off", async () => {
  const lines = (enabled: boolean) => ["verbosity: 5", `log_config: {enabled: ${enabled}, file: ${enabled}.log}`];
  for (const enabled of [true, false]) {
    await (await opened(write(...lines(enabled)), { apiKey: running.sandbox.apiKey })).query("SELECT * FROM Balance");
  }
  expect(readFileSync(join(folder.path, "true.log"), "utf8")).toContain("SELECT * FROM Balance");
  expect(existsSync(join(folder.path, "false.log"))).toBe(false);
});

test("a password of a proxy that is not used is not asked of the environment", async () => {
  process.env["STRIPE_KEY_EU"] = running.sandbox.apiKey;
  const file = write(
    "auth_config: {api_key: {env: STRIPE_KEY_EU}}",
    "proxy: {enabled: false, auth_scheme: BASIC, user: u, password: {env: NOT_SET_ANYWHERE}}",
  );
  expect(await countOf(await opened(file))).toBe(4);
});

import { format } from "node:util";
import { afterEach, expect, test } from "vitest";
import type { StripeSqlError } from "../../../src/error/stripe-sql-error.js";
import type { SecretSourceOptions } from "../../../src/stripe/secret/secret-manager.js";
import { openSecretSource } from "../../../src/stripe/secret/secret-manager.js";
import type { SecretSource } from "../../../src/stripe/secret/secret-source.js";
import { errorOf } from "../../support/scripted-client.js";
import type { SecretServer } from "../../support/secret-server.js";
import { startSecretServer } from "../../support/secret-server.js";

const name = "projects/shop/secrets/stripe-key/versions/latest";
const key = ["sk", "test", "fromTheSecret1"].join("_");

const sources: SecretSource[] = [];

afterEach(async () => {
  for (const source of sources.splice(0)) await source.close();
});

function open(options: SecretSourceOptions): SecretSource {
  const source = openSecretSource(options);
  sources.push(source);
  return source;
}

const sourceOf = (server: SecretServer) => open({ endpoint: server.endpoint, insecure: true });

async function refusalOf(code: number, details: string): Promise<StripeSqlError> {
  const server = await startSecretServer();
  server.set(name, { code, details });
  return errorOf(sourceOf(server).read(name));
}

test("a version's value is read without the line break at its end", async () => {
  const server = await startSecretServer();
  server.set(name, `${key}\n`);
  expect(await sourceOf(server).read(name)).toBe(key);
  expect(server.reads).toEqual([name]);
});

test("a value is read once for the whole process, until it is forgotten", async () => {
  const server = await startSecretServer();
  server.set(name, key);
  const source = sourceOf(server);
  expect(await Promise.all([source.read(name), source.read(name), sourceOf(server).read(name)])).toEqual([
    key,
    key,
    key,
  ]);
  expect(server.reads).toHaveLength(1);
  server.set(name, "changed");
  expect(await source.read(name)).toBe(key);
  source.forget(name);
  expect(await source.read(name)).toBe("changed");
  expect(server.reads).toHaveLength(2);
});

test("a failure is not kept", async () => {
  const server = await startSecretServer();
  const source = sourceOf(server);
  await errorOf(source.read(name));
  server.set(name, key);
  expect(await source.read(name)).toBe(key);
});

test("nothing is loaded or asked before the first read", async () => {
  const server = await startSecretServer();
  await sourceOf(server).close();
  expect(server.reads).toEqual([]);
});

test("a canceled wait ends at once, and the value serves the next who asks", async () => {
  const server = await startSecretServer();
  server.set(name, "silence");
  const controller = new AbortController();
  const source = sourceOf(server);
  const waiting = source.read(name, controller.signal);
  await server.received(1);
  controller.abort(new Error("given up"));
  await expect(waiting).rejects.toThrow("given up");
});

test("a missing role is named, by the permission that is denied", async () => {
  const roles = [
    ["secretmanager.versions.access", "secretAccessor"],
    ["secretmanager.versions.get", "viewer"],
    ["secretmanager.versions.list", "viewer"],
    ["secretmanager.secrets.get", "viewer"],
    ["secretmanager.secrets.list", "viewer"],
  ] as const;
  for (const [permission, role] of roles) {
    const details = `Permission '${permission}' denied for resource '${name}' (or it may not exist).`;
    expect(await refusalOf(7, details)).toMatchObject({
      sqlState: "42501",
      phase: "connect",
      message: `no permission to read secret ${name}`,
      detail: details,
      hint: `Give the identity that reads it the role roles/secretmanager.${role} on secret stripe-key.`,
      retryable: false,
    });
  }
});

test("an API that is not enabled is told from a missing role, with its project", async () => {
  const details =
    "Secret Manager API has not been used in project 42 before or it is disabled. Enable it by visiting …";
  expect(await refusalOf(7, details)).toMatchObject({
    sqlState: "42501",
    message: "the Secret Manager API is not enabled in project 42",
    hint: "Enable it: gcloud services enable secretmanager.googleapis.com --project 42",
  });
  expect(await refusalOf(7, "SERVICE_DISABLED")).toMatchObject({
    message: "the Secret Manager API is not enabled in project shop",
  });
});

test("a version that does not exist is named", async () => {
  const server = await startSecretServer();
  expect(await errorOf(sourceOf(server).read(name))).toMatchObject({
    sqlState: "22023",
    message: `secret version ${name} does not exist`,
    detail: `Secret Version [${name}] not found.`,
    hint: "Those that do: gcloud secrets versions list stripe-key --project shop",
  });
});

test("a disabled version is told from a missing one", async () => {
  const error = await refusalOf(9, `Secret Version [${name}] is in DISABLED state.`);
  expect(error).toMatchObject({ sqlState: "22023", message: `secret version ${name} has no value` });
});

test("every other refusal has its own code, and only passing ones are worth another try", async () => {
  const codes: readonly (readonly [number, string, boolean])[] = [
    [16, "28000", false],
    [14, "08006", true],
    [4, "08006", true],
    [8, "53400", true],
    [3, "22023", false],
    [12, "58030", false],
    [13, "58030", false],
  ];
  for (const [code, sqlState, retryable] of codes) {
    expect(await refusalOf(code, "refused"), String(code)).toMatchObject({ sqlState, retryable });
  }
});

test("refused credentials are answered with how to give them", async () => {
  expect((await refusalOf(16, "Request had invalid authentication credentials.")).hint).toContain(
    "application default credentials",
  );
});

test("a server that is not there is a connection failure", async () => {
  const server = await startSecretServer();
  server.close();
  expect(await errorOf(sourceOf(server).read(name))).toMatchObject({
    sqlState: "08006",
    message: "could not reach Secret Manager",
    retryable: true,
    hint: expect.stringContaining("SecretEndpoint"),
  });
});

test("missing credentials are an error of the caller's, each time anew", async () => {
  const source = open({ keyFile: "/nowhere/service-account.json" });
  const missing = {
    sqlState: "28000",
    message: "no credentials for Secret Manager",
    hint: expect.stringContaining("GOOGLE_APPLICATION_CREDENTIALS"),
  };
  expect(await errorOf(source.read(name))).toMatchObject(missing);
  expect(await errorOf(source.read(name))).toMatchObject(missing);
});

test("an empty secret is refused", async () => {
  const server = await startSecretServer();
  server.set(name, " \n");
  expect(await errorOf(sourceOf(server).read(name))).toMatchObject({
    sqlState: "22023",
    message: `secret ${name} holds no text`,
  });
});

test("the logging of Google's libraries does not print a value", async () => {
  const server = await startSecretServer();
  server.set(name, key);
  const printed: string[] = [];
  const { console: terminal } = globalThis;
  const print = terminal.error;
  process.env["GOOGLE_SDK_NODE_LOGGING"] = "*";
  terminal.error = (...parts) => void printed.push(format(...parts));
  try {
    const source = sourceOf(server);
    expect(await source.read(name)).toBe(key);
    await source.close();
  } finally {
    terminal.error = print;
    delete process.env["GOOGLE_SDK_NODE_LOGGING"];
  }
  expect(printed).not.toEqual([]);
  expect(printed.join()).not.toContain(key);
  expect(printed.join()).not.toContain([...Buffer.from(key)].join());
});

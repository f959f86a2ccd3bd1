import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ConnectOptions } from "../../src/driver/api.js";
import { connect } from "../../src/driver/connect.js";
import type { HttpsFront } from "../support/https-front.js";
import { startHttpsFront } from "../support/https-front.js";
import { connectSandbox } from "../support/sandbox-connection.js";
import { errorOf } from "../support/scripted-client.js";
import { startSecretServer } from "../support/secret-server.js";
import { selfSignedCertificate } from "../support/self-signed-certificate.js";
import type { AccessEntry, Squid } from "../support/squid.js";
import { startSquid } from "../support/squid.js";
import type { TrustingDriver } from "../support/trusting-driver.js";
import { startTrustingDriver } from "../support/trusting-driver.js";

const schemes = ["NONE", "BASIC", "DIGEST"] as const;
const sslTypes = ["AUTO", "ALWAYS", "NEVER", "TUNNEL"] as const;
const user = "ada";
const password = ' päss:w"o\\rd%40; ';
const select = "SELECT Id, Email FROM Customer LIMIT 3";
const insert = "INSERT INTO Customer (Name) VALUES ('Grace')";

/** Of a server that is named by its address. */
const addressed = selfSignedCertificate("by-address.test", ["127.0.0.1"]);
const running = connectSandbox({ customers: 1050 });
let folder: string;
/** Asks nobody. */
let open: Squid;
/** Asks everybody. */
let guarded: Squid;
let front: HttpsFront;
let driver: TrustingDriver;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "stripe-sql-proxy-"));
  const certificate = selfSignedCertificate("localhost");
  const trusted = join(folder, "trusted.crt");
  writeFileSync(trusted, certificate.cert + addressed.cert);
  [open, guarded] = await Promise.all([
    startSquid({ trusted, certificate }),
    startSquid({ trusted, certificate, passwords: { [user]: password } }),
  ]);
  front = await startHttpsFront(certificate, running.sandbox.url);
  driver = startTrustingDriver(trusted);
});

afterAll(async () => {
  await Promise.all([driver.close(), front.close(), open.close(), guarded.close()]);
  rmSync(folder, { recursive: true, force: true });
});

function proxied(squid: Squid, options: Pick<ConnectOptions, "proxyAuthScheme" | "proxySslType">): ConnectOptions {
  const isAsked = options.proxyAuthScheme !== undefined && options.proxyAuthScheme !== "NONE";
  return {
    apiKey: running.sandbox.apiKey,
    apiBase: running.sandbox.url,
    proxyEnabled: true,
    proxyHost: squid.host,
    proxyPort: options.proxySslType === "ALWAYS" ? squid.tlsPort : squid.port,
    ...(isAsked ? { proxyUser: user, proxyPassword: password } : {}),
    ...options,
  };
}

const facts = ({ status, method, user }: AccessEntry) => [status, method, user];

describe.each(schemes)("with %s", (proxyAuthScheme) => {
  const squid = () => (proxyAuthScheme === "NONE" ? open : guarded);
  const name = proxyAuthScheme === "NONE" ? undefined : user;
  /** DIGEST is asked for credentials once. */
  const challenge = (method: string) => (proxyAuthScheme === "DIGEST" ? [[407, method, undefined]] : []);
  const tunnelled = [...challenge("CONNECT"), [200, "CONNECT", name]];
  const forwarded = [...challenge("GET"), [200, "GET", name], [200, "POST", name]];

  test.each(sslTypes)("a server of http is read from and written to, ProxySslType %s", async (proxySslType) => {
    const expected = proxySslType === "TUNNEL" ? tunnelled : forwarded;
    const options = proxied(squid(), { proxyAuthScheme, proxySslType });
    expect(await driver.run(options, select, insert)).toEqual({ rowCounts: [3, 1] });
    const log = await squid().logged(expected.length);
    expect(log.map(facts)).toEqual(expected);
    for (const { url } of log) expect(url).toContain(running.sandbox.url.replace("http://", ""));
  });

  test.each(sslTypes)("a server of https is read from and written to, ProxySslType %s", async (proxySslType) => {
    const expected = proxySslType === "NEVER" ? forwarded : tunnelled;
    const options = {
      ...proxied(squid(), { proxyAuthScheme, proxySslType }),
      apiBase: `https://localhost:${front.port}`,
    };
    expect(await driver.run(options, select, insert)).toEqual({ rowCounts: [3, 1] });
    const log = await squid().logged(expected.length);
    expect(log.map(facts)).toEqual(expected);
    for (const { method, url } of log) {
      expect(url.startsWith(method === "CONNECT" ? "localhost:" : "https://localhost:")).toBe(true);
    }
  });
});

describe("DIGEST", () => {
  const digest = { proxyAuthScheme: "DIGEST" } as const;
  const isAnswered = ({ status }: AccessEntry) => status === 200;

  test("a statement of many requests is asked for credentials once, and later ones never", async () => {
    const connection = await running.open({ ...proxied(guarded, digest), testClocks: false });
    expect((await connection.query("SELECT * FROM Customer")).rowCount).toBeGreaterThan(1000);
    const log = await guarded.logged(12);
    expect(log.map(facts)).toEqual([[407, "GET", undefined], ...Array.from({ length: 11 }, () => [200, "GET", user])]);
    await connection.query(select);
    expect((await guarded.logged(1)).map(facts)).toEqual([[200, "GET", user]]);
  });

  test("requests at once have a nonce each, which later ones use again", async () => {
    const connection = await running.open(proxied(guarded, digest));
    const { rows } = await connection.query("SELECT Id FROM Customer LIMIT 40");
    await guarded.logged(2);
    const byId = `SELECT Name FROM Customer WHERE Id IN (${rows.map(({ Id }) => `'${Id}'`).join(", ")})`;
    const count = running.sandbox.requests.entries.length;
    await connection.query(byId);
    const sent = running.sandbox.requests.entries.length - count;
    expect(sent).toBeGreaterThan(1);
    const first = (await guarded.logged(sent, isAnswered)).filter(({ status }) => status === 407);
    expect(first.length).toBeLessThanOrEqual(8);
    await connection.query(byId);
    expect((await guarded.logged(sent, isAnswered)).map(facts)).not.toContainEqual([407, "GET", undefined]);
  });

  test("a nonce that is used up is replaced without a failure", async () => {
    const squid = await startSquid({ passwords: { [user]: password }, nonceUses: 4 });
    const connection = await running.open({ ...proxied(squid, digest), testClocks: false });
    expect((await connection.query("SELECT * FROM Customer")).rowCount).toBeGreaterThan(1000);
    const log = await squid.logged(11, isAnswered);
    await squid.close();
    expect(log.filter(isAnswered)).toHaveLength(11);
    expect(log.filter(({ status }) => status === 407).length).toBeGreaterThan(1);
  });
});

test("a connection string says the same", async () => {
  const quoted = `"${password.replaceAll('"', '""')}"`;
  const connection = await connect(
    [
      `ApiKey=${running.sandbox.apiKey};ApiBase=${running.sandbox.url}`,
      `ProxyEnabled=true;ProxyHost=localhost;ProxyPort=${guarded.port};ProxyAuthScheme=digest`,
      `ProxyUser=${user};ProxyPassword=${quoted};ProxySslType=tunnel`,
    ].join(";"),
  );
  expect((await connection.query(select)).rowCount).toBe(3);
  await connection.close();
  expect((await guarded.logged(2)).map(facts)).toEqual([
    [407, "CONNECT", undefined],
    [200, "CONNECT", user],
  ]);
});

test("a tunnel serves until the connection is closed, and no longer", async () => {
  const connection = await running.open(proxied(open, { proxySslType: "TUNNEL" }));
  for (let index = 0; index < 5; index += 1) await connection.query(select);
  expect(await open.logged(0)).toEqual([]);
  await connection.close();
  expect((await open.logged(1)).map(facts)).toEqual([[200, "CONNECT", undefined]]);
});

test("a server is checked by its own name, not by the proxy's", async () => {
  const byName = { ...proxied(open, {}), apiBase: `https://localhost:${front.port}` };
  expect(await driver.run(byName, select)).toEqual({ rowCounts: [3] });
  const { error } = await driver.run({ ...byName, apiBase: `https://127.0.0.1:${front.port}` }, select);
  expect(error?.detail).toContain("ERR_TLS_CERT_ALTNAME_INVALID");
  const byAddress = await startHttpsFront(addressed, running.sandbox.url);
  const reached = await driver.run({ ...byName, apiBase: `https://127.0.0.1:${byAddress.port}` }, select);
  await byAddress.close();
  expect(reached).toEqual({ rowCounts: [3] });
  await open.logged(3);
});

describe("a password that is a secret", () => {
  const secretName = "projects/shop/secrets/proxy-password/versions/latest";

  async function openWithSecret(options: ConnectOptions = {}) {
    const secrets = await startSecretServer();
    const connection = await running.open({
      ...proxied(guarded, { proxyAuthScheme: "BASIC" }),
      proxyPassword: secretName,
      secretEndpoint: secrets.endpoint,
      secretInsecure: true,
      ...options,
    });
    return { secrets, connection };
  }

  // Secret Manager's values are cut at their ends.
  const trimmed = "no spaces around";
  let squid: Squid;

  beforeAll(async () => {
    squid = await startSquid({ passwords: { [user]: trimmed } });
  });

  afterAll(() => squid.close());

  test("is read with the first request, once, and shown by its name alone", async () => {
    const { secrets, connection } = await openWithSecret({ proxyPort: squid.port });
    secrets.set(secretName, trimmed);
    await connection.query("SELECT 1 AS one");
    expect(secrets.reads).toEqual([]);
    await connection.query(select);
    await connection.query(select);
    expect(secrets.reads).toEqual([secretName]);
    const { rows } = await connection.query("SELECT Value FROM sys_connection_props WHERE Name = 'ProxyPassword'");
    expect(rows).toEqual([{ Value: secretName }]);
    await squid.logged(2);
  });

  test("that was changed is read again when the proxy refuses it", async () => {
    const { secrets, connection } = await openWithSecret({ proxyPort: squid.port });
    secrets.set(secretName, "an older one");
    expect(await errorOf(connection.query(select))).toMatchObject({ sqlState: "28000" });
    secrets.set(secretName, trimmed);
    expect((await connection.query(insert)).rowCount).toBe(1);
    await squid.logged(3);
  });

  test("goes with a key that is one", async () => {
    const keyName = "projects/shop/secrets/stripe-key/versions/7";
    const { secrets, connection } = await openWithSecret({ proxyPort: squid.port, apiKey: keyName });
    secrets.set(secretName, trimmed);
    secrets.set(keyName, running.sandbox.apiKey);
    expect((await connection.query(select)).rowCount).toBe(3);
    expect(secrets.reads).toEqual([keyName, secretName]);
    await connection.close();
    await squid.logged(1);
  });

  test("that cannot be read fails the statement", async () => {
    const { connection } = await openWithSecret();
    expect(await errorOf(connection.query(select))).toMatchObject({
      sqlState: "22023",
      message: `secret version ${secretName} does not exist`,
    });
  });

  test("is in no line of the log", async () => {
    const logFile = join(folder, "secret.log");
    const { secrets, connection } = await openWithSecret({ proxyPort: squid.port, logFile, verbosity: 5 });
    secrets.set(secretName, trimmed);
    await connection.query(select);
    await connection.query(`SELECT '${trimmed}' AS planted`);
    await connection.close();
    const log = readFileSync(logFile, "utf8");
    expect(log).toContain("secret read");
    expect(log).not.toContain(trimmed);
    await squid.logged(1);
  });
});

describe("at verbosity 5", () => {
  test.each([
    ["BASIC", "AUTO", "forward"],
    ["DIGEST", "AUTO", "forward"],
    ["BASIC", "TUNNEL", "tunnel"],
    ["DIGEST", "TUNNEL", "tunnel"],
  ] as const)("the log names the proxy and its use, and no credentials: %s, %s", async (scheme, proxySslType, way) => {
    const logFile = join(folder, `${scheme}-${proxySslType}.log`);
    const options = { ...proxied(guarded, { proxyAuthScheme: scheme, proxySslType }), logFile, verbosity: 5 };
    const connection = await running.open(options);
    const planted = password.replaceAll("'", "''");
    await connection.query(`SELECT '${planted}' AS planted`);
    await connection.query(insert);
    await connection.query("SELECT $1 AS planted", [`see ${password}`]);
    await connection.query(`SELECT Id FROM Customer WHERE Id = '${planted}' OR Email = '${planted}'`);
    await errorOf(connection.query(`SELECT "${password}" FROM Customer`));
    await connection.close();
    const lines = readFileSync(logFile, "utf8").trim().split("\n");
    const log = lines.map((line) => JSON.parse(line));
    expect(log).toContainEqual(
      expect.objectContaining({
        msg: "connection used",
        proxy: { address: `localhost:${guarded.port}`, way },
        remote: expect.stringContaining(`:${guarded.port}`),
      }),
    );
    const text = log.map((line) => JSON.stringify(Object.values(line))).join("\n");
    const encoded = Buffer.from(`${user}:${password}`).toString("base64");
    const spellings = [password, JSON.stringify(password).slice(1, -1), encodeURIComponent(password), encoded];
    for (const secret of spellings) expect(text).not.toContain(secret);
    expect(text).not.toMatch(/proxy-authorization/i);
    await guarded.logged(1);
  });
});

import { expect, test } from "vitest";
import type { ConnectOptions } from "../../src/driver/api.js";
import { connectionPropertyTable, resolveProperties, sandboxKey } from "../../src/driver/connection-properties.js";
import { StripeSqlError } from "../../src/error/stripe-sql-error.js";

function refusalOf(input: unknown, environment: NodeJS.ProcessEnv = {}): StripeSqlError {
  try {
    // A program without types may give anything.
    resolveProperties(input as string | ConnectOptions, environment);
  } catch (error) {
    if (error instanceof StripeSqlError) return error;
    throw error;
  }
  throw new Error("The properties were accepted");
}

const keyRule =
  "a secret or restricted key (sk_… or rk_…), not a publishable one, or the name of a secret's version (projects/…/secrets/…/versions/…)";

test("a misspelt property is refused with the nearest name", () => {
  expect(refusalOf({ apiKye: "sk_test_1" })).toMatchObject({
    sqlState: "22023",
    phase: "connect",
    message: 'unrecognized connection property "apiKye"',
    hint: expect.stringContaining('"ApiKey"'),
  });
});

test("a property that resembles none is refused with all names", () => {
  expect(refusalOf({ zzzzzzzzzzzz: 1 }).hint).toMatch(
    /^The properties are ApiKey, AccountId, AllowOtherAccounts, ApiBase, /,
  );
});

test("a property given twice is refused", () => {
  expect(refusalOf("MaxRequests=1;maxrequests=2")).toMatchObject({
    sqlState: "22023",
    message: "connection property MaxRequests is given twice",
    position: 14,
  });
});

test("a value of the wrong form is refused with the property's rule", () => {
  const rules: readonly (readonly [Record<string, unknown>, string, string])[] = [
    [{ maxRequests: "many" }, "MaxRequests", "a whole number from 1"],
    [{ maxRequests: 0 }, "MaxRequests", "a whole number from 1"],
    [{ maxRequests: 1.5 }, "MaxRequests", "a whole number from 1"],
    [{ readOnly: "perhaps" }, "ReadOnly", "true or false"],
    [{ readOnly: 1 }, "ReadOnly", "true or false"],
    [{ search: "sometimes" }, "Search", "off, auto or always"],
    [{ requestsPerSecond: 0 }, "RequestsPerSecond", "a number above 0, at most 10000"],
    [{ timeout: -1 }, "Timeout", "a number of seconds above 0, at most 86400"],
    [{ verbosity: 6 }, "Verbosity", "a whole number from 1 to 5"],
    [{ apiBase: "ftp://host" }, "ApiBase", "a URL of scheme http or https, host and port only"],
    [{ apiBase: "https://user:secret@host" }, "ApiBase", "a URL of scheme http or https, host and port only"],
    [{ apiBase: "https://host/v1" }, "ApiBase", "a URL of scheme http or https, host and port only"],
    [{ accountId: "acct 1" }, "AccountId", "the id of an account (acct_…)"],
    [{ apiKey: 5 }, "ApiKey", keyRule],
    [{ apiKey: "pk_test_abc" }, "ApiKey", keyRule],
    [{ apiKey: "projects/shop/secrets/stripe-key" }, "ApiKey", keyRule],
    [{ secretEndpoint: "http://127.0.0.1:8085" }, "SecretEndpoint", "a host and a port such as 127.0.0.1:8085"],
    [{ secretEndpoint: "127.0.0.1" }, "SecretEndpoint", "a host and a port such as 127.0.0.1:8085"],
    [{ secretInsecure: "perhaps" }, "SecretInsecure", "true or false"],
    [{ cachePath: "" }, "CachePath", "the path of a folder"],
    [{ logLevel: "TRACE" }, "LogLevel", "ERROR, WARN, INFO or DEBUG"],
    [{ apiKey: { env: "A B" } }, "ApiKey", keyRule],
    [{ apiKey: { env: "A", or: "B" } }, "ApiKey", keyRule],
    [{ serviceAccount: "reader" }, "ServiceAccount", "the e-mail address of a service account"],
    [{ sandbox: { customer: 5 } }, "Sandbox", "true or false; in a program also { customers, seed } of whole numbers"],
  ];
  for (const [input, name, rule] of rules) {
    expect(refusalOf(input), JSON.stringify(input)).toMatchObject({
      sqlState: "22023",
      message: `invalid value for connection property ${name}`,
      detail: `It must be ${rule}.`,
    });
  }
});

test("no error shows a value: it may be a secret in the wrong place", () => {
  const secret = "topSecretValue42 with space";
  for (const name of ["apiKey", "accountId", "apiBase", "maxRequests", "readOnly", "search", "sandbox"]) {
    const error = refusalOf({ [name]: secret });
    expect(`${error.message} ${error.detail} ${error.hint} ${String(error.cause)}`, name).not.toContain("topSecret");
  }
});

test("names are found in any case, and a string's values take the property's type", () => {
  const properties = resolveProperties(
    "APIKEY=sk_test_abc;accountid=acct_1;ReadOnly=Yes;MAXREQUESTS=25;requestsPerSecond=2.5;Timeout=1.5;Search=Always",
    {},
  );
  expect(properties).toMatchObject({
    target: { kind: "server", apiKey: "sk_test_abc", apiBase: "https://api.stripe.com" },
    accountId: "acct_1",
    readOnly: true,
    maxRequests: 25,
    requestsPerSecond: 2.5,
    timeoutMs: 1500,
    search: "always",
  });
});

test("without properties, key or environment, the sandbox is used with every default", () => {
  for (const input of [undefined, "", {}, { apiKey: undefined }] as const) {
    expect(resolveProperties(input as ConnectOptions, {})).toEqual({
      target: { kind: "sandbox", customers: undefined, seed: undefined },
      accountId: undefined,
      apiVersion: undefined,
      readOnly: false,
      allowOtherAccounts: true,
      allowUnfilteredWrites: false,
      journal: true,
      search: "auto",
      maxRequests: undefined,
      testClocks: true,
      requestsPerSecond: undefined,
      timeoutMs: 80_000,
      cachePath: undefined,
      cacheTtlMs: 0,
      cacheBytes: 1_000_000_000,
      verbosity: undefined,
      logFile: undefined,
      logLevel: undefined,
      secretEndpoint: undefined,
      secretInsecure: false,
      serviceAccount: undefined,
      secretKeyFile: undefined,
      proxy: undefined,
      rateStore: undefined,
      fileAccess: true,
      timeZone: "UTC",
      pushdown: true,
      directWay: true,
      withoutRules: new Set(),
    });
  }
});

test("an explicit key goes before the environment's", () => {
  const environment = { STRIPE_API_KEY: "sk_test_environment" };
  expect(resolveProperties({ apiKey: "sk_test_own" }, environment).target).toMatchObject({ apiKey: "sk_test_own" });
  expect(resolveProperties({}, environment).target).toMatchObject({ kind: "server", apiKey: "sk_test_environment" });
});

test("a key and a proxy's password may be what the environment holds, where they are used", () => {
  const proxy = { proxyHost: "h", proxyPort: 1, proxyAuthScheme: "BASIC", proxyUser: "u" } as const;
  const options = { apiKey: { env: "KEY" }, ...proxy, proxyPassword: { env: "PASSWORD" } };
  const environment = { KEY: " sk_test_own ", PASSWORD: "p", STRIPE_API_KEY: "sk_test_environment" };
  expect(resolveProperties({ ...options, proxyEnabled: true }, environment)).toMatchObject({
    target: { apiKey: "sk_test_own" },
    proxy: { password: "p" },
  });
  expect(refusalOf({ ...options, proxyEnabled: true }, { KEY: "sk_test_own" })).toMatchObject({
    sqlState: "28000",
    message: "environment variable PASSWORD is not set",
    detail: "It is to hold the connection property ProxyPassword.",
  });
  expect(resolveProperties(options, { KEY: "sk_test_own" }).proxy).toBeUndefined();
  expect(resolveProperties({ ...options, sandbox: true }, {}).target.kind).toBe("sandbox");
  for (const KEY of [undefined, "", " "]) expect(refusalOf(options, { KEY }).sqlState).toBe("28000");
});

test("the sandbox asked for goes before any key, and keeps its size", () => {
  const environment = { STRIPE_API_KEY: "sk_test_environment" };
  expect(resolveProperties("Sandbox=true", environment).target.kind).toBe("sandbox");
  expect(resolveProperties({ sandbox: { customers: 5, seed: 7 } }, environment).target).toEqual({
    kind: "sandbox",
    customers: 5,
    seed: 7,
  });
});

test("a server on this machine is given the sandbox's key, never the environment's", () => {
  const environment = { STRIPE_API_KEY: "sk_test_environment" };
  for (const apiBase of ["http://127.0.0.1:12111", "http://localhost:12111", "http://[::1]:12111"]) {
    const target = { kind: "server", apiKey: sandboxKey, apiBase };
    expect(resolveProperties({ apiBase }, environment).target).toEqual(target);
  }
});

test("a server elsewhere needs a key, and so does Sandbox=false", () => {
  expect(refusalOf({ apiBase: "https://stripe.example" })).toMatchObject({ sqlState: "28000" });
  expect(refusalOf("Sandbox=false").hint).toContain("STRIPE_API_KEY");
});

test("a live key is not sent over plain http to another machine", () => {
  const key = ["sk", "live", "notakey"].join("_");
  const error = refusalOf({ apiKey: key, apiBase: "http://stripe.example" });
  expect(error.message).toBe("a live key is not sent over plain http");
  expect(resolveProperties({ apiKey: key, apiBase: "http://127.0.0.1:1" }, {}).target.kind).toBe("server");
  expect(resolveProperties({ apiKey: "sk_test_a", apiBase: "http://stripe.example" }, {}).target.kind).toBe("server");
});

test("a key may be the name of a secret's version, which the table of properties shows", () => {
  const secretName = "projects/shop/secrets/stripe-key/versions/latest";
  const properties = resolveProperties(`ApiKey=${secretName};SecretEndpoint=127.0.0.1:8085;SecretInsecure=true`, {});
  expect(properties).toMatchObject({
    target: { kind: "secret", secretName, apiBase: "https://api.stripe.com" },
    secretEndpoint: "127.0.0.1:8085",
    secretInsecure: true,
  });
  expect(connectionPropertyTable(properties)[0]?.value).toBe(secretName);
  expect(resolveProperties({}, { STRIPE_API_KEY: secretName }).target).toMatchObject({ kind: "secret", secretName });
});

test("a secret is not for plain http to another machine, and not for Google without TLS", () => {
  const apiKey = "projects/shop/secrets/stripe-key/versions/3";
  expect(refusalOf({ apiKey, apiBase: "http://stripe.example" })).toMatchObject({
    sqlState: "22023",
    message: "a key that is a secret is not sent over plain http",
  });
  expect(refusalOf({ apiKey, secretInsecure: true }).message).toBe("SecretInsecure needs SecretEndpoint");
});

test("Sandbox and ApiBase exclude each other", () => {
  expect(refusalOf("Sandbox=true;ApiBase=http://127.0.0.1:1").message).toBe("Sandbox and ApiBase exclude each other");
});

test("the table of properties documents each and shows no key", () => {
  const table = connectionPropertyTable(resolveProperties("ApiKey=sk_test_abcdef;MaxRequests=5", {}));
  expect(table.map((row) => row.name)).toEqual([
    "ApiKey",
    "AccountId",
    "AllowOtherAccounts",
    "ApiBase",
    "ApiVersion",
    "ReadOnly",
    "WriteMode",
    "MaxWrites",
    "AuditLog",
    "AllowUnfilteredWrites",
    "Journal",
    "Search",
    "MaxRequests",
    "TestClocks",
    "RequestsPerSecond",
    "ParallelRequests",
    "Timeout",
    "Sandbox",
    "CachePath",
    "CacheTtl",
    "CacheSize",
    "Verbosity",
    "LogFile",
    "LogLevel",
    "SecretEndpoint",
    "SecretInsecure",
    "ServiceAccount",
    "SecretKeyFile",
    "ProxyEnabled",
    "ProxyHost",
    "ProxyPort",
    "ProxyAuthScheme",
    "ProxyUser",
    "ProxyPassword",
    "ProxySslType",
    "RateStore",
    "FileAccess",
    "MemoryLimit",
    "TimeZone",
    "Pushdown",
    "DirectWay",
    "WithoutRules",
  ]);
  const value = (name: string) => table.find((row) => row.name === name)?.value;
  expect([value("ApiKey"), value("ApiBase"), value("MaxRequests"), value("Timeout"), value("Sandbox")]).toEqual([
    "sk_test_***",
    "https://api.stripe.com",
    "5",
    "80",
    "false",
  ]);
  expect(table.every((row) => row.description !== "")).toBe(true);
  expect(JSON.stringify(table)).not.toContain("abcdef");
});

test("a key of an unknown form is not shown at all", () => {
  const table = connectionPropertyTable(resolveProperties({ apiKey: "opensesame" }, {}));
  expect(table[0]?.value).toBe("***");
});

test("CacheTtl is a number of seconds or a duration, CacheSize an amount of disk", () => {
  const ttl = (cacheTtl: string | number) => resolveProperties({ sandbox: true, cacheTtl }, {}).cacheTtlMs;
  expect([ttl(90), ttl("90"), ttl("10 minutes"), ttl("1 Hour"), ttl("1.5 days")]).toEqual([
    ...[90_000, 90_000, 600_000, 3_600_000, 129_600_000],
  ]);
  const bytes = (cacheSize: string) => resolveProperties({ sandbox: true, cacheSize }, {}).cacheBytes;
  expect([bytes("512MB"), bytes("1 GiB"), bytes("0.5kb")]).toEqual([512_000_000, 2 ** 30, 500]);
  for (const wrong of ["ten minutes", "-1", "8 days", "10 m", ""])
    expect(() => ttl(wrong)).toThrow("invalid value for connection property CacheTtl");
});

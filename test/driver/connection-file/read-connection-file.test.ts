import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readConnectionFile, readOneConnection } from "../../../src/driver/connection-file/read-connection-file.js";
import { testFolder } from "../../support/folder.js";
import { errorOf } from "../../support/scripted-client.js";

const folder = testFolder();
const plantedKey = ["sk", "live", "plantedKey0123"].join("_");

/** The lines of the error that a file of this text ends in, without the folder. */
async function mistakesOf(text: string, name = "stripe.yaml"): Promise<readonly string[]> {
  const error = await errorOf(readConnectionFile(folder.write(name, text)));
  expect(error).toMatchObject({ sqlState: "22023", phase: "connect" });
  return (error.detail ?? error.message).replaceAll(`${folder.path}/`, "").split("\n");
}

const whole = `
name: stripe-eu
description: Finance, Europe
project: shop
location: europe-west1
connector_version: 1
service_account: stripe-reader@example.iam.gserviceaccount.com
node_config: {min_node_count: 3, max_node_count: 5}
labels: {team: finance}
account_id: acct_123                                  # optional
auth_config: {api_key: {secret_version: projects/p/secrets/stripe-key/versions/latest}}
proxy: {enabled: true, auth_scheme: BASIC, user: u, password: {env: PROXY_PASSWORD}, ssltype: AUTO, host: proxy.example, port: 3128}
verbosity: 2
log_config: {enabled: true, level: ERROR, file: logs/stripe.log}
api_base: http://127.0.0.1:12111
secret_manager: {endpoint: 127.0.0.1:8085, insecure: true, key_file: /keys/reader.json}
throttle: {transactions_per_second_per_node: 7.5}
properties: {MaxRequests: 100, requestspersecond: 2.5, RateStore: "redis://127.0.0.1:6379", CachePath: cache}
`;

describe("a file that is refused", () => {
  it("is told by what is the matter with it", async () => {
    mkdirSync(join(folder.path, "folder.yaml"));
    const path = (name: string) => join(folder.path, name);
    for (const [file, message] of [
      [path("none.yaml"), "does not exist"],
      [path("folder.yaml"), "is no file"],
      [join(folder.write("plain", "x"), "below.yaml"), "cannot be read"],
      [folder.write("empty.yaml", " \n"), "is empty"],
      [folder.write("comment.yaml", "# nothing\n"), "has no connection"],
      [folder.write("binary.yaml", new Uint8Array([0xff, 0xfe, 0xfd])), "is not UTF-8"],
      [folder.write("large.yaml", "#".repeat(1_000_001)), "is larger than 1 MB"],
      [folder.write("main.tf", 'resource "x" "y" {}\n'), "is in Terraform's own language, which is not read"],
    ] as const) {
      const error = await errorOf(readConnectionFile(file));
      expect(error).toMatchObject({ sqlState: "22023", message: `connection file ${file} ${message}` });
    }
  });

  it("because it is no mapping says so", async () => {
    expect(await mistakesOf("- name: a\n")).toEqual(["stripe.yaml:1:1: must be a mapping, not a list"]);
    expect(await mistakesOf("hello\n")).toEqual(['stripe.yaml:1:1: must be a mapping, not "hello"']);
    expect(await mistakesOf("name: stripe\n---\n- b\n")).toContain("stripe.yaml:3:1: must be a mapping, not a list");
  });

  it("has every mistake in it told at once, with place, path, rule and value", async () => {
    const text = `name: Stripe_EU
node_config: {min_node_count: 60}
auth_config: {api_key: ${plantedKey}}
proxy:
  auth_scheme: BASIC
  password: hunter2hunter2
  ssltype: MAYBE
  hots: proxy.example
  port: 99999
verbosity: 9
labels: {team: 5, "": x}
properties: {MaxRequest: 1, ApiKey: x, Timeout: -1, FileAccess: [1], search: off, SEARCH: off}
log_config: {level: TRACE}
location: Europe
service_account: reader
connector_version: 0
throttle: {transactions_per_second_per_node: 0}
api_base: ftp://stripe.example
secret_manager: {insecure: true}
MaxRequests: 5
description: 5
`;
    expect(await mistakesOf(text)).toEqual([
      'stripe.yaml:1:7: name must be 1 to 63 lower-case letters, digits and hyphens, a letter first and no hyphen last, not "Stripe_EU"',
      "stripe.yaml:2:1: node_config.max_node_count must be at least 60, the min_node_count",
      "stripe.yaml:3:24: auth_config.api_key must be {secret_version: projects/…/secrets/…/versions/…} or {env: NAME}: a key itself does not belong in a file",
      "stripe.yaml:4:1: proxy.host is missing: the proxy is enabled",
      "stripe.yaml:4:1: proxy.user is missing: auth_scheme is BASIC",
      "stripe.yaml:6:13: proxy.password must be {secret_version: projects/…/secrets/…/versions/…} or {env: NAME}: a password itself does not belong in a file",
      'stripe.yaml:7:12: proxy.ssltype must be AUTO, ALWAYS, NEVER or TUNNEL, not "MAYBE"',
      'stripe.yaml:8:3: proxy.hots is no known key. Did you mean "host"?',
      "stripe.yaml:9:9: proxy.port must be a port from 1 to 65535, not 99999",
      "stripe.yaml:10:12: verbosity must be a whole number from 1 to 5, not 9",
      "stripe.yaml:11:16: labels.team must be a text of at most 63 characters, not 5",
      'stripe.yaml:11:19: labels[""] must be named with 1 to 63 characters',
      'stripe.yaml:12:14: properties.MaxRequest is no connection property. Did you mean "MaxRequests"?',
      "stripe.yaml:12:29: properties.ApiKey has a place of its own: auth_config.api_key",
      "stripe.yaml:12:49: properties.Timeout must be a number of seconds above 0, at most 86400",
      "stripe.yaml:12:65: properties.FileAccess must be a text, a number, true or false",
      "stripe.yaml:12:83: properties.SEARCH is given twice",
      'stripe.yaml:13:21: log_config.level must be ERROR, WARN, INFO or DEBUG, not "TRACE"',
      'stripe.yaml:14:11: location must be a location such as europe-west1, not "Europe"',
      'stripe.yaml:15:18: service_account must be the e-mail address of a service account, not "reader"',
      "stripe.yaml:16:20: connector_version must be a whole number from 1, or a version's full name (projects/…/locations/…/providers/…/connectors/stripe/versions/1), not 0",
      "stripe.yaml:17:46: throttle.transactions_per_second_per_node must be a number above 0, not 0",
      'stripe.yaml:18:11: api_base must be a URL of scheme http or https, host and port only, not "ftp://stripe.example"',
      "stripe.yaml:19:28: secret_manager.insecure needs secret_manager.endpoint: Google's own takes TLS alone",
      "stripe.yaml:20:1: MaxRequests is no known key. Did you mean properties.MaxRequests?",
      "stripe.yaml:21:14: description must be a text, not 5",
    ]);
  });

  it("without what is needed names it", async () => {
    expect(await mistakesOf("description: nothing else\n")).toEqual([
      "stripe.yaml:1:1: name is missing: it must be 1 to 63 lower-case letters, digits and hyphens, a letter first and no hyphen last",
      "stripe.yaml:1:1: auth_config is missing: it names the key, unless sandbox is true or api_base is on this machine",
    ]);
    expect(await mistakesOf("name: a\nauth_config: {}\n")).toEqual([
      "stripe.yaml:2:1: auth_config.api_key is missing: it must be {secret_version: projects/…/secrets/…/versions/…} or {env: NAME}: a key itself does not belong in a file",
    ]);
  });

  it("has names by the rule: 63 characters of the right kind", async () => {
    const rest = "\nsandbox: true\n";
    for (const name of ["a", "a1", "stripe-eu", "a".repeat(63)]) {
      const [definition] = await readConnectionFile(folder.write("name.yaml", `name: ${name}${rest}`));
      expect(definition?.name).toBe(name);
    }
    for (const name of ["1a", "-a", "a-", "A", "a_b", "a b", "a".repeat(64), '""', "5", "ä"]) {
      expect((await mistakesOf(`name: ${name}${rest}`))[0], name).toContain(" name must be 1 to 63 lower-case letters");
    }
  });

  it("says of a sandbox what it excludes", async () => {
    expect(await mistakesOf("name: a\nsandbox: true\napi_base: http://127.0.0.1:1\n")).toEqual([
      "stripe.yaml:2:10: sandbox and api_base exclude each other",
    ]);
    expect(await mistakesOf("name: a\nsandbox: {customer: 5, customers: -1}\n")).toEqual([
      'stripe.yaml:2:11: sandbox.customer is no known key. Did you mean "customers"?',
      "stripe.yaml:2:35: sandbox.customers must be a whole number from 0, not -1",
    ]);
    expect(await mistakesOf("name: a\nsandbox: [1]\n")).toEqual([
      "stripe.yaml:1:1: auth_config is missing: it names the key, unless sandbox is true or api_base is on this machine",
      "stripe.yaml:2:10: sandbox must be true, false or {customers, seed} of whole numbers, not a list",
    ]);
  });

  it("names one secret or the other", async () => {
    const rule = "auth_config.api_key must have either secret_version or env";
    for (const secret of ["{}", "{env: A, secret_version: projects/p/secrets/s/versions/1}"]) {
      expect(await mistakesOf(`name: a\nauth_config:\n  api_key: ${secret}\n`)).toEqual([`stripe.yaml:3:12: ${rule}`]);
    }
    expect(await mistakesOf("name: a\nauth_config: {api_key: {secret_version: projects/p/secrets/s}}\n")).toEqual([
      "stripe.yaml:2:41: auth_config.api_key.secret_version must be the name of a secret's version (projects/…/secrets/…/versions/…)",
    ]);
  });
});

describe("no secret in the wrong place is shown", () => {
  it.each([
    `auth_config: {api_key: ${plantedKey}}`,
    "auth_config: {api_key: plantedOpaque}",
    "auth_config: {api_key: {plantedOpaque}}",
    "auth_config: {api_key: {env: planted-opaque}}",
    "auth_config: {api_key: [plantedOpaque]}",
    "auth_config: plantedOpaque",
    "auth_config: {plantedOpaque: 1}",
    "proxy: {enabled: true, host: h, port: 1, password: plantedOpaque}",
    "proxy: {enabled: true, host: h, port: 1, password: {secret_version: plantedOpaque}}",
    "proxy: {enabled: true, host: h, port: 1, password: *plantedOpaque}",
    "proxy: {enabled: true, host: h, port: 1, password: !plantedOpaque x}",
    'proxy: {enabled: true, host: h, port: 1, password: "\\plantedOpaque"}',
    "proxy: {enabled: true, host: h, port: 1, password: @plantedOpaque}",
    "proxy: {enabled: true, host: h, port: 1, password: {x: {plantedOpaque: plantedOpaque}}}",
    "properties: {RateStore: 'http://u:plantedOpaque@h'}",
    `account_id: "${plantedKey} x"`,
    "verbosity: plantedOpaque: x: y",
  ])("%s", async (line) => {
    const error = await errorOf(readConnectionFile(folder.write("secret.yaml", `name: stripe\n${line}\n`)));
    const texts = [error.message, error.detail, error.hint, error.stack, String(error.cause)].join(" ");
    expect(texts).not.toMatch(/plantedKey|plantedOpaque|planted-opaque/);
  });
});

describe("a text that is not YAML", () => {
  it("is told with its place, and a key given twice with its path", async () => {
    expect(await mistakesOf("name: a\nproxy: {host: [a\n")).toEqual([
      "stripe.yaml:3:1: this is not YAML: Flow sequence in block collection must be sufficiently indented and end with a ]",
      "stripe.yaml:3:1: this is not YAML: Flow map in block collection must be sufficiently indented and end with a }",
    ]);
    expect(await mistakesOf("name: a\nsandbox: true\nproxy: {host: a, port: 1, host: b}\nname: b\n")).toEqual([
      "stripe.yaml:3:27: proxy.host is given twice",
      "stripe.yaml:4:1: name is given twice",
    ]);
  });

  it("that grows beyond reason ends in an error", async () => {
    const letters = [..."abcdefgh"];
    const bomb = letters.map((letter, index) => {
      const inner = index === 0 ? "x" : `*${letters[index - 1]}`;
      return `${letter}: &${letter} [${Array(9).fill(inner).join(",")}]`;
    });
    for (const text of ["[".repeat(100_000), "a: &a [*a]\n", bomb.join("\n"), `{"a":`.repeat(20_000)]) {
      expect(await mistakesOf(text)).toEqual(["stripe.yaml:1:1: is too large, or nested too deeply"]);
    }
  });

  it("may be JSON, indented with tabs, with a byte order mark and foreign line ends", async () => {
    const json = '\uFEFF{\r\n\t"name": "tabbed",\r\n\t"sandbox": true,\r\n\t"verbosity": 6\r\n}\r\n';
    expect(await mistakesOf(json, "a.json")).toEqual([
      "a.json:4:15: verbosity must be a whole number from 1 to 5, not 6",
    ]);
  });

  it("may be JSON with a key given twice, which JSON's own parser would pass over", async () => {
    expect(await mistakesOf('{"name": "a", "sandbox": true, "name": "b"}', "a.json")).toEqual([
      "a.json:1:32: name is given twice",
    ]);
  });
});

describe("a connection file", () => {
  it("gives a definition with all that it says", async () => {
    const definitions = await readConnectionFile(folder.write("whole.yaml", whole));
    expect(definitions).toEqual([
      {
        name: "stripe-eu",
        description: "Finance, Europe",
        project: "shop",
        location: "europe-west1",
        connectorVersion: 1,
        serviceAccount: "stripe-reader@example.iam.gserviceaccount.com",
        labels: { team: "finance" },
        nodes: { minimum: 3, maximum: 5 },
        transactionsPerSecondPerNode: 7.5,
        suspended: false,
        options: {
          apiKey: "projects/p/secrets/stripe-key/versions/latest",
          accountId: "acct_123",
          apiBase: "http://127.0.0.1:12111",
          serviceAccount: "stripe-reader@example.iam.gserviceaccount.com",
          secretEndpoint: "127.0.0.1:8085",
          secretInsecure: true,
          secretKeyFile: "/keys/reader.json",
          proxyEnabled: true,
          proxyHost: "proxy.example",
          proxyPort: 3128,
          proxyAuthScheme: "BASIC",
          proxyUser: "u",
          proxyPassword: { env: "PROXY_PASSWORD" },
          proxySslType: "AUTO",
          verbosity: 2,
          logLevel: "ERROR",
          logFile: join(folder.path, "logs/stripe.log"),
          maxRequests: 100,
          requestsPerSecond: 2.5,
          rateStore: "redis://127.0.0.1:6379",
          cachePath: join(folder.path, "cache"),
        },
      },
    ]);
  });

  it("is plain JSON, and so is its definition", async () => {
    const [definition] = await readConnectionFile(folder.write("whole.yaml", whole));
    expect(JSON.parse(JSON.stringify(definition))).toEqual(definition);
  });

  it("has the defaults of Google's connectors", async () => {
    const text = "name: a\nauth_config: {api_key: {env: KEY}}\nnode_config: {max_node_count: 9}\n";
    expect(await readConnectionFile(folder.write("short.yml", text))).toEqual([
      {
        name: "a",
        labels: {},
        nodes: { minimum: 2, maximum: 9 },
        transactionsPerSecondPerNode: 6,
        suspended: false,
        options: { apiKey: { env: "KEY" } },
      },
    ]);
  });

  it("logs as its log_config says", async () => {
    for (const [lines, options] of [
      ["verbosity: 3", { verbosity: 3 }],
      ["log_config: {level: WARN}", { verbosity: 1, logLevel: "WARN" }],
      ["log_config: {enabled: true}\nverbosity: 4", { verbosity: 4 }],
      ["log_config: {enabled: false, level: DEBUG, file: a.log}\nverbosity: 4", {}],
    ] as const) {
      const [definition] = await readConnectionFile(folder.write("log.yaml", `name: a\nsandbox: true\n${lines}\n`));
      expect(definition?.options, lines).toEqual({ sandbox: true, ...options });
    }
  });

  it("may be of several documents, of which a name picks one", async () => {
    const file = folder.write(
      "two.yaml",
      "name: one\nsandbox: true\n---\nname: two\nsandbox: {customers: 5, seed: 3}\n",
    );
    expect((await readConnectionFile(file)).map(({ name }) => name)).toEqual(["one", "two"]);
    expect((await readOneConnection(`${file}#two`)).options).toEqual({ sandbox: { customers: 5, seed: 3 } });
    expect(await errorOf(readOneConnection(file))).toMatchObject({
      sqlState: "22023",
      message: `connection file ${file} has 2 connections`,
      detail: `Say which with a # and its name: ${file}#one, ${file}#two.`,
    });
    expect(await errorOf(readOneConnection(`${file}#tow`))).toMatchObject({
      message: `connection file ${file} has no connection "tow"`,
      detail: 'It has one, two. Did you mean "two"?',
    });
    const twice = folder.write("twice.yaml", "name: one\nsandbox: true\n---\nname: one\nsandbox: true\n");
    expect((await errorOf(readConnectionFile(twice))).message).toContain('has two connections named "one"');
  });
});

import { describe, expect, it } from "vitest";
import { readConnectionFile, readOneConnection } from "../../../src/driver/connection-file/read-connection-file.js";
import { testFolder } from "../../support/folder.js";
import { errorOf } from "../../support/scripted-client.js";

const folder = testFolder();
const type = "google_integration_connectors_connection";
const versionOf = (connector: string) =>
  `projects/shop/locations/global/providers/${connector}/connectors/${connector}/versions/1`;
const apiKey = { key: "api_key", secret_value: { secret_version: "projects/shop/secrets/key/versions/latest" } };

const eu = {
  name: "stripe-eu",
  location: "europe-west1",
  connector_version: versionOf("stripe"),
  auth_config: { auth_type: "AUTH_TYPE_UNSPECIFIED", additional_variable: apiKey },
};

/** What Terraform alone can resolve. */
const reference = (name: string) => `$\{${name}}`;
const write = (content: unknown) => folder.write("main.tf.json", JSON.stringify(content, null, 1));
const resource = (connections: unknown) => ({ resource: { [type]: connections } });

/** The mistakes of a file with one connection, without places. */
async function mistakesOf(connection: unknown): Promise<readonly string[]> {
  const error = await errorOf(readConnectionFile(write(resource({ eu: connection }))));
  expect(error).toMatchObject({ sqlState: "22023", phase: "connect" });
  const lines = (error.detail ?? "").split("\n");
  for (const line of lines) expect(line).toMatch(/main\.tf\.json:\d+:\d+: /);
  return lines.map((line) => line.replace(/^.*main\.tf\.json:\d+:\d+: /, ""));
}

async function optionsOf(connection: unknown) {
  const [definition] = await readConnectionFile(write(resource({ eu: connection })));
  return definition?.options;
}

describe("a Terraform file that is refused", () => {
  it("has every mistake told by Terraform's own paths and places", async () => {
    const text = `{"resource": {"${type}": {
  "eu": {
    "name": "\${var.name}",
    "location": "europe-west1",
    "connector_version": 1,
    "config_variable": [
      {"key": "proxy_enabled", "boolean_value": "true"},
      {"key": "proxy_password", "string_value": "hunter2hunter2"},
      {"key": "proxy_ssltype", "string_value": "MAYBE"},
      {"key": "proxy_ssltypo", "string_value": "MAYBE"},
      {"key": "verbosity", "integer_value": 9}
    ],
    "auth_config": {"auth_type": "X", "user_password": {}, "additional_variable": [{"key": "api_key", "string_value": "plantedKey"}]},
    "node_config": {"min_node_count": 5, "max_node_count": 2},
    "for_each": "\${local.all}",
    "lables": {}
  },
  "us": {
    "name": "us",
    "config_variable": {"key": "proxy_enabled", "boolean_value": true},
    "destination_config": {"key": "p", "destination": {"service_attachment": "projects/x", "port": 1}}
  }
}}}`;
    const error = await errorOf(readConnectionFile(folder.write("bad.tf.json", text)));
    expect(error.detail?.replaceAll(`${folder.path}/bad.tf.json:`, "").split("\n")).toEqual([
      "2:9: eu: destination_config.destination.host is missing: the proxy is enabled",
      "2:9: eu: destination_config.destination.port is missing: the proxy is enabled",
      "3:13: eu.name must be written out: only Terraform can resolve what is in braces",
      "8:49: eu.config_variable[1].string_value must be a secret_value with its secret_version, for proxy_password",
      '9:48: eu.config_variable[2].string_value must be AUTO, ALWAYS, NEVER or TUNNEL, not "MAYBE"',
      '10:15: eu.config_variable[3].key must be one of account_id, proxy_enabled, proxy_auth_scheme, proxy_user, proxy_password, proxy_ssltype, verbosity. Did you mean "proxy_ssltype"?',
      "11:45: eu.config_variable[4].integer_value must be a whole number from 1 to 5, not 9",
      "13:39: eu.auth_config.user_password is not for Stripe, which knows a connection by its API key",
      "13:119: eu.auth_config.additional_variable[0].string_value must be a secret_value with its secret_version, for api_key",
      "14:60: eu.node_config.max_node_count must be at least 5, the min_node_count, not 2",
      "15:17: eu.for_each cannot be resolved here: write each of them out",
      '16:5: eu.lables is no known key. Did you mean "labels"?',
      "18:9: us: auth_config.additional_variable api_key is missing: it names the key, unless sandbox is true or api_base is on this machine",
      "21:78: us.destination_config.destination.service_attachment cannot be reached from here: give the proxy's host",
    ]);
  });

  it("shows no password, however it is given", async () => {
    const planted = "plantedOpaque";
    for (const value of [{ string_value: planted }, { secret_value: planted }, { secret_value: { secret: planted } }]) {
      for (const connection of [
        { ...eu, auth_config: { additional_variable: [{ key: "api_key", ...value }] } },
        { ...eu, config_variable: [{ key: "proxy_password", ...value }] },
        { ...eu, config_variable: [{ key: "proxy_password", secret_value: { secret_version: planted } }] },
      ]) {
        expect((await mistakesOf(connection)).join()).not.toContain(planted);
      }
    }
  });

  it("names an interpolation's path in whatever it stands, and leaves the doubled signs alone", async () => {
    const unresolved = "must be written out: only Terraform can resolve what is in braces";
    const interpolated = reference("var.x");
    for (const [connection, path] of [
      [{ ...eu, location: interpolated }, "eu.location"],
      [{ ...eu, description: "%{ if true }x%{ endif }" }, "eu.description"],
      [{ ...eu, labels: { team: `a-${interpolated}` } }, "eu.labels.team"],
      [{ ...eu, labels: interpolated }, "eu.labels"],
      [{ ...eu, node_config: { min_node_count: interpolated } }, "eu.node_config.min_node_count"],
      [
        { ...eu, config_variable: { key: "account_id", string_value: interpolated } },
        "eu.config_variable.string_value",
      ],
      [
        {
          ...eu,
          auth_config: [{ additional_variable: [{ ...apiKey, secret_value: { secret_version: interpolated } }] }],
        },
        "eu.auth_config[0].additional_variable[0].secret_value.secret_version",
      ],
    ] as const) {
      expect(await mistakesOf(connection), path).toEqual([`${path} ${unresolved}`]);
    }
    const [definition] = await readConnectionFile(
      write(resource({ eu: { ...eu, description: `$${reference("a")} %%{b} $c` } })),
    );
    expect(definition?.description).toBe(`${reference("a")} %{b} $c`);
  });

  it("says when a block, a variable or a value is one too many, or none", async () => {
    const account = { key: "account_id", string_value: "acct_1" };
    expect(await mistakesOf({ ...eu, node_config: [{}, {}] })).toEqual(["eu.node_config[1] is given twice"]);
    expect(await mistakesOf({ ...eu, log_config: 5 })).toEqual(["eu.log_config must be a block"]);
    expect(await mistakesOf({ ...eu, config_variable: [account, account] })).toEqual([
      "eu.config_variable[1].key account_id is given twice",
    ]);
    for (const variable of [{ key: "account_id" }, { ...account, integer_value: 1 }]) {
      expect(await mistakesOf({ ...eu, config_variable: [variable] })).toEqual([
        "eu.config_variable[0] must have one value for account_id: string_value, integer_value, boolean_value, secret_value",
      ]);
    }
    expect(
      await mistakesOf({ ...eu, config_variable: [{ key: "account_id", secret_value: apiKey.secret_value }] }),
    ).toEqual(["eu.config_variable[0].secret_value must be a plain value, for account_id"]);
    expect(await mistakesOf({ ...eu, config_variable: [{ string_value: "x" }] })).toEqual([
      expect.stringMatching(/^eu\.config_variable\[0\]\.key must be one of account_id, /),
    ]);
    const destination = { host: "a.example", port: 1 };
    const proxied = { ...eu, config_variable: { key: "proxy_enabled", boolean_value: true } };
    expect(
      await mistakesOf({ ...proxied, destination_config: { key: "p", destination: [destination, destination] } }),
    ).toEqual(["eu.destination_config.destination[1] is one too many: a connection has one proxy"]);
  });

  it("has no connection of Stripe's", async () => {
    for (const content of [
      {},
      { resource: {} },
      { resource: [{ aws_thing: { a: {} } }] },
      resource({}),
      resource({ zendesk: { name: "z", connector_version: versionOf("zendesk") } }),
    ]) {
      expect((await errorOf(readConnectionFile(write(content)))).detail).toMatch(
        /:1:1: this has no Stripe connection of the resource google_integration_connectors_connection$/,
      );
    }
    expect((await errorOf(readConnectionFile(write({ resource: 5 })))).detail).toContain("resource must be a block");
  });

  it("under another name says how it is to be called", async () => {
    const file = folder.write("terraform.json", JSON.stringify(resource({ eu })));
    expect((await errorOf(readConnectionFile(file))).detail).toContain(
      "resource is no known key. Terraform's definitions are read from files named *.tf.json.",
    );
  });
});

describe("Terraform's own definition", () => {
  it("is read as it stands", async () => {
    const connection = {
      ...eu,
      "//": "of the payments team",
      project: "shop",
      description: "Finance",
      service_account: "reader@shop.iam.gserviceaccount.com",
      suspended: false,
      config_variable: [
        { key: "account_id", string_value: "acct_1" },
        { key: "proxy_enabled", boolean_value: true },
        { key: "proxy_auth_scheme", string_value: "DIGEST" },
        { key: "proxy_user", string_value: "u" },
        { key: "proxy_password", secret_value: { secret_version: "projects/shop/secrets/proxy/versions/2" } },
        { key: "proxy_ssltype", string_value: "TUNNEL" },
        { key: "verbosity", string_value: "3" },
      ],
      destination_config: { key: "ProxyServer", destination: { host: "proxy.shop.example", port: 3128 } },
      node_config: { min_node_count: 2, max_node_count: 9 },
      labels: { team: "finance" },
      log_config: { enabled: true, level: "ERROR" },
      lifecycle: { ignore_changes: [reference("what.ever")] },
      lock_config: { locked: false, reason: reference("what.ever") },
      timeouts: null,
    };
    expect(await readConnectionFile(write(resource({ eu: connection })))).toEqual([
      {
        name: "stripe-eu",
        description: "Finance",
        project: "shop",
        location: "europe-west1",
        connectorVersion: 1,
        serviceAccount: "reader@shop.iam.gserviceaccount.com",
        labels: { team: "finance" },
        nodes: { minimum: 2, maximum: 9 },
        transactionsPerSecondPerNode: 6,
        suspended: false,
        options: {
          apiKey: "projects/shop/secrets/key/versions/latest",
          accountId: "acct_1",
          serviceAccount: "reader@shop.iam.gserviceaccount.com",
          proxyEnabled: true,
          proxyHost: "proxy.shop.example",
          proxyPort: 3128,
          proxyAuthScheme: "DIGEST",
          proxyUser: "u",
          proxyPassword: "projects/shop/secrets/proxy/versions/2",
          proxySslType: "TUNNEL",
          verbosity: 3,
          logLevel: "ERROR",
        },
      },
    ]);
  });

  it("means the same with every block as an object or as a list", async () => {
    const parts = (list: <T>(block: T) => T | readonly T[]) => ({
      ...eu,
      auth_config: list({ additional_variable: list({ ...apiKey, secret_value: list(apiKey.secret_value) }) }),
      config_variable: list({ key: "proxy_enabled", boolean_value: true }),
      destination_config: list({ key: "p", destination: list({ host: "https://proxy.example/", port: "3128" }) }),
      node_config: list({ min_node_count: "2", max_node_count: 3 }),
      log_config: list({ enabled: "true", level: "LOG_LEVEL_UNSPECIFIED" }),
    });
    const asObjects = await readConnectionFile(write(resource({ eu: parts((block) => block) })));
    const list = <T>(block: T): T | readonly T[] => [block];
    const asLists = await readConnectionFile(write({ resource: [{ [type]: [{ eu: [parts(list)] }] }] }));
    expect(asLists).toEqual(asObjects);
    expect(asObjects[0]).toMatchObject({
      nodes: { minimum: 2, maximum: 3 },
      options: { proxyHost: "proxy.example", proxyPort: 3128, verbosity: 1 },
    });
  });

  it("uses no proxy unless it is enabled", async () => {
    const off = { ...eu, config_variable: [{ key: "proxy_user", string_value: "u" }] };
    expect(
      await optionsOf({ ...off, destination_config: { destination: { host: reference("var.x") } } }),
    ).toMatchObject({
      proxyEnabled: false,
    });
    expect(await optionsOf(eu)).not.toHaveProperty("proxyEnabled");
  });

  it("may stand among other resources and connectors, and one of several is picked by name or label", async () => {
    const file = write({
      variable: { region: { default: reference("x") } },
      resource: [
        { google_secret_manager_secret: { k: { secret_id: reference("var.q") } } },
        {
          [type]: {
            stripe_eu: eu,
            zendesk: {
              name: "z",
              location: reference("var.x"),
              connector_version: versionOf("zendesk").replace("shop", reference("p")),
            },
          },
        },
        { [type]: { stripe_us: { ...eu, name: "stripe-us" } } },
      ],
    });
    expect((await readConnectionFile(file)).map(({ name }) => name)).toEqual(["stripe-eu", "stripe-us"]);
    expect((await readOneConnection(`${file}#stripe_us`)).name).toBe("stripe-us");
    expect((await readOneConnection(`${file}#stripe-eu`)).name).toBe("stripe-eu");
    expect((await errorOf(readOneConnection(file))).detail).toBe(
      `Say which with a # and its name: ${file}#stripe-eu, ${file}#stripe-us.`,
    );
  });
});

import { describe, expect, it } from "vitest";
import { parseConnectionFileName } from "../../../src/driver/connection-file/connection-file-name.js";
import { connectionFileSchema } from "../../../src/driver/connection-file/connection-file-schema.js";
import { placesOfProperties } from "../../../src/driver/connection-file/connection-form.js";
import { parseConnectionDefinition } from "../../../src/driver/connection-file/parse-connection-definition.js";
import { propertyKeys, publicName } from "../../../src/driver/connection-property-schema.js";
import { StripeSqlError } from "../../../src/error/stripe-sql-error.js";
import { isJsonObject } from "../../support/json-object.js";

function refusalOf(definition: unknown): StripeSqlError {
  try {
    parseConnectionDefinition(definition);
  } catch (error) {
    if (error instanceof StripeSqlError) return error;
    throw error;
  }
  throw new Error("The definition was accepted");
}

describe("a program's object", () => {
  it("is refused with every mistake, its path and rule", () => {
    expect(refusalOf({ name: "A", node_config: { min: 1 }, proxy: { host: "a b" } })).toMatchObject({
      sqlState: "22023",
      message: "the connection's definition has 5 mistakes",
      detail: [
        'name must be 1 to 63 lower-case letters, digits and hyphens, a letter first and no hyphen last, not "A"',
        "node_config.min is no known key. The keys are min_node_count, max_node_count.",
        'proxy.host must be a host\'s name or address, without scheme and port, not "a b"',
        "auth_config is missing: it names the key, unless sandbox is true or api_base is on this machine",
        "proxy.port is missing: the proxy is enabled",
      ].join("\n"),
    });
    for (const value of [undefined, null, 5, 5n, "name", [], () => 1, Symbol("a")]) {
      expect(refusalOf(value).detail, String(value)).toMatch(/^(is missing: it )?must be a mapping/);
    }
  });

  it("gives the definition that a file of the same form gives, with its paths as they are", () => {
    const object = { name: "a", sandbox: true, log_config: { file: "a.log" }, properties: { ReadOnly: true } };
    expect(parseConnectionDefinition(object)).toMatchObject({
      name: "a",
      options: { sandbox: true, logFile: "a.log", readOnly: true },
    });
  });

  it("may have a version by its full name", () => {
    const version = "projects/p/locations/global/providers/stripe/connectors/stripe/versions/12";
    const { connectorVersion } = parseConnectionDefinition({ name: "a", sandbox: true, connector_version: version });
    expect(connectorVersion).toBe(12);
    const zendesk = version.replaceAll("stripe", "zendesk");
    expect(refusalOf({ name: "a", sandbox: true, connector_version: zendesk }).detail).toContain("connector_version");
  });

  it("needs no key for a server on this machine alone", () => {
    expect(parseConnectionDefinition({ name: "a", api_base: "http://[::1]:1" }).options).toEqual({
      apiBase: "http://[::1]:1",
    });
    expect(refusalOf({ name: "a", api_base: "https://stripe.example" }).detail).toContain("auth_config is missing");
    expect(refusalOf({ name: "a", sandbox: false }).detail).toContain("auth_config is missing");
  });
});

describe("every connection property", () => {
  it("has one place in the form, and where that is properties, its value's rule", () => {
    for (const key of propertyKeys) {
      const { detail } = refusalOf({ name: "a", sandbox: true, properties: { [publicName(key)]: [] } });
      const place = placesOfProperties[key];
      if (place === undefined) expect(detail, key).toContain(`properties.${publicName(key)} must be`);
      else expect(detail, key).toContain(`properties.${publicName(key)} has a place of its own: ${place}`);
    }
  });
});

describe("the JSON Schema", () => {
  const schema = connectionFileSchema();

  it("is of draft 2020-12 and closed", () => {
    expect(schema).toMatchObject({
      $schema: "https://json-schema.org/draft/2020-12/schema",
      type: "object",
      required: ["name"],
      additionalProperties: false,
    });
  });

  it("describes every key", () => {
    const undescribed: string[] = [];
    const visit = (inner: unknown, path: string) => {
      if (!isJsonObject(inner)) return;
      const { properties } = inner;
      if (!isJsonObject(properties)) return;
      for (const [name, property] of Object.entries(properties)) {
        if (!isJsonObject(property) || typeof property["description"] !== "string") undescribed.push(`${path}${name}`);
        visit(property, `${path}${name}.`);
      }
    };
    visit(schema, "");
    expect(undescribed).toEqual([]);
  });

  it("says what a secret, a name, a choice and a default are", () => {
    expect(schema).toMatchObject({
      properties: {
        name: { pattern: "^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$" },
        auth_config: {
          properties: { api_key: { oneOf: [{ required: ["secret_version"] }, { required: ["env"] }] } },
        },
        node_config: { properties: { min_node_count: { default: 2, minimum: 1 }, max_node_count: { default: 50 } } },
        proxy: { properties: { ssltype: { enum: ["AUTO", "ALWAYS", "NEVER", "TUNNEL"] } } },
        verbosity: { type: "integer" },
        throttle: { properties: { transactions_per_second_per_node: { default: 6 } } },
        properties: { propertyNames: { enum: expect.arrayContaining(["MaxRequests", "RateStore"]) } },
      },
    });
  });
});

describe("the name of a connection file", () => {
  it("is told from a connection string by its ending", () => {
    for (const [text, name] of [
      ["stripe.yaml", { path: "stripe.yaml", connection: undefined }],
      [" /a b/stripe.YML ", { path: "/a b/stripe.YML", connection: undefined }],
      ["main.tf.json#stripe_eu", { path: "main.tf.json", connection: "stripe_eu" }],
      ["a#b.json#c", { path: "a#b.json", connection: "c" }],
      ["ApiKey=a.json", undefined],
      ["LogFile=a;CachePath=b.yaml", undefined],
      ["main.tf", { path: "main.tf", connection: undefined }],
      [".yaml", undefined],
      ["", undefined],
    ] as const) {
      expect(parseConnectionFileName(text), text).toEqual(name);
    }
  });
});

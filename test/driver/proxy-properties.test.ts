import { describe, expect, test } from "vitest";
import type { ConnectOptions } from "../../src/driver/api.js";
import { connectionPropertyTable, resolveProperties } from "../../src/driver/connection-properties.js";
import { StripeSqlError } from "../../src/error/stripe-sql-error.js";

const live = ["sk", "live", "notakey"].join("_");
const secret = "projects/shop/secrets/stripe-key/versions/3";
const proxied: ConnectOptions = { proxyEnabled: true, proxyHost: "proxy.example", proxyPort: 3128 };
const login = { proxyUser: "ada", proxyPassword: "lovelace" };

function refusalOf(input: string | ConnectOptions): StripeSqlError {
  try {
    resolveProperties(input, {});
  } catch (error) {
    if (error instanceof StripeSqlError) return error;
    throw error;
  }
  throw new Error("The properties were accepted");
}

describe("a live key, and one that is a secret,", () => {
  const cases: readonly (readonly [ConnectOptions, string])[] = [
    [{ proxySslType: "NEVER" }, "Set ProxySslType to AUTO."],
    [{ apiBase: "http://127.0.0.1:1" }, "Set ProxySslType to ALWAYS."],
    [{ apiBase: "http://127.0.0.1:1", proxySslType: "TUNNEL" }, "Set ProxySslType to ALWAYS."],
    [{ apiBase: "http://127.0.0.1:1", proxySslType: "NEVER" }, "Set ProxySslType to ALWAYS."],
  ];

  test.each(cases)("crosses no network to a proxy in plain text: %o", (options, hint) => {
    for (const [apiKey, name] of [
      [live, "a live key"],
      [secret, "a key that is a secret"],
    ] as const) {
      expect(refusalOf({ ...proxied, ...options, apiKey })).toMatchObject({
        sqlState: "22023",
        message: `${name} is not sent to a proxy in plain text`,
        hint,
      });
    }
  });

  test.each(cases)(
    "may go in plain text to a proxy on this machine, where a test key may go anywhere: %o",
    (options) => {
      for (const proxyHost of ["127.0.0.1", "localhost", "[::1]"]) {
        expect(resolveProperties({ ...proxied, ...options, apiKey: live, proxyHost }, {}).proxy?.host).toBe(proxyHost);
      }
      expect(resolveProperties({ ...proxied, ...options, apiKey: "sk_test_a" }, {}).proxy).toBeDefined();
    },
  );

  test("goes through a tunnel or over TLS", () => {
    for (const proxySslType of ["AUTO", "ALWAYS", "TUNNEL"] as const) {
      expect(resolveProperties({ ...proxied, apiKey: live, proxySslType }, {}).proxy?.sslType).toBe(proxySslType);
    }
    const plainServer = { ...proxied, apiKey: live, apiBase: "http://127.0.0.1:1", proxySslType: "ALWAYS" } as const;
    expect(resolveProperties(plainServer, {}).proxy?.sslType).toBe("ALWAYS");
  });
});

test("a proxy needs its place, and a scheme its credentials", () => {
  expect(refusalOf({ proxyEnabled: true, proxyHost: "a" }).message).toBe("ProxyEnabled needs ProxyHost and ProxyPort");
  expect(refusalOf({ ...proxied, proxyAuthScheme: "DIGEST", proxyUser: "ada" }).message).toBe(
    "ProxyAuthScheme DIGEST needs ProxyUser and ProxyPassword",
  );
});

test("BASIC ends a user's name at a colon, DIGEST does not", () => {
  const options = { ...proxied, ...login, proxyUser: "domain:ada" };
  expect(refusalOf({ ...options, proxyAuthScheme: "BASIC" }).sqlState).toBe("22023");
  expect(resolveProperties({ ...options, proxyAuthScheme: "DIGEST" }, {}).proxy?.user).toBe("domain:ada");
});

test("a name or password of several lines is refused, and a host that is none", () => {
  for (const [name, value] of [
    ["ProxyUser", "ada\r\nX-Injected: 1"],
    ["ProxyPassword", "a\nb"],
    ["ProxyPassword", ""],
    ["ProxyHost", "http://proxy.example"],
    ["ProxyHost", "proxy.example:3128"],
    ["ProxyHost", "pro%zzxy"],
  ] as const) {
    const error = refusalOf({ ...proxied, ...login, [name]: value, proxyAuthScheme: "BASIC" } as ConnectOptions);
    expect(error.message).toMatch(/^(invalid value for connection property|connection property) Proxy/);
  }
});

test("a password is kept as it is, and never shown", () => {
  const proxyPassword = "  spaced  ";
  const properties = resolveProperties({ ...proxied, ...login, proxyPassword, proxyAuthScheme: "BASIC" }, {});
  expect(properties.proxy?.password).toBe(proxyPassword);
  const shown = connectionPropertyTable(properties);
  expect(shown.find(({ name }) => name === "ProxyPassword")?.value).toBe("***");
  expect(JSON.stringify(shown)).not.toContain("spaced");
});

import { describe, expect, it } from "vitest";
import { redact } from "../../src/error/redact.js";
import { SqlState } from "../../src/error/sql-state.js";
import { StripeSqlError } from "../../src/error/stripe-sql-error.js";

/** Put together here, so that no text of the repository looks like a key. */
const key = (kind: string, mode: string): string => [kind, mode, "4eC39HqLyjWDarjtT1zdp7dc"].join("_");
const clientSecret = (prefix: string): string => [prefix, "1Abc", "secret", "Xyz123"].join("_");

describe("a secret in a text", () => {
  it.each([
    key("sk", "live"),
    key("sk", "test"),
    key("rk", "live"),
    key("rk", "test"),
    key("ek", "live"),
    key("sk", "org_live"),
    key("sk", "org_test"),
    ["whsec", "abcDEF123"].join("_"),
  ])("that is a key is cut after its prefix: %s", (secret) => {
    const shown = redact(`Invalid API Key provided: ${secret}, try another`);
    expect(shown).toMatch(/^Invalid API Key provided: [a-z_]+\*\*\*, try another$/);
    expect(shown).not.toContain(secret.slice(-8));
  });

  it.each(["pi", "seti", "cs_test"])("that is a client secret of %s is cut", (prefix) => {
    expect(redact(`${clientSecret(prefix)} was used`)).toBe(`${prefix}_1Abc_secret_*** was used`);
  });

  it.each([
    "4242424242424242",
    "4242 4242 4242 4242",
    "4242-4242-4242-4242",
    "5555555555554444",
    "378282246310005",
    "3782 822463 10005",
    "6011111111111117",
    "2223003122003222",
  ])("that is a card number is gone: %s", (number) => {
    expect(redact(`card ${number}.`)).toBe("card [card number].");
  });

  it("that is a URL's password is gone, its user kept", () => {
    expect(redact("http://user:hunter2@proxy.example:8080/")).toBe("http://user:***@proxy.example:8080/");
    expect(redact("redis://:hunter2@redis.example:6379")).toBe("redis://:***@redis.example:6379");
  });

  it("that is BASIC's user and password is gone, and so are tokens and private keys", () => {
    const basic = Buffer.from("user:hunter2").toString("base64");
    expect(redact(`Proxy-Authorization: Basic ${basic}, basic ${basic}`)).toBe(
      "Proxy-Authorization: Basic ***, basic ***",
    );
    expect(redact(`Bearer ${["ya29", "a0Af-b_c"].join(".")} was refused`)).toBe("Bearer ya29.*** was refused");
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
    expect(redact(`Bearer ${part({ alg: "RS256" })}.${part({ iss: "a" })}.c2ln`)).toBe("Bearer [token]");
    const mark = (side: string) => `-----${side} PRIVATE KEY-----`;
    expect(redact(`key ${mark("BEGIN")}\nMII\n${mark("END")}\n.`)).toBe("key [private key]\n.");
  });

  it("is found as often as it stands there", () => {
    expect(redact(`${key("sk", "test")} and ${key("sk", "test")}`)).toBe("sk_test_*** and sk_test_***");
  });
});

describe("a text without secrets", () => {
  it.each([
    "cus_NffrFeUfNV2Hib, ch_3MmlLrLkdIwHu7ix0snN0B15 and txn_1234567890123456",
    "amount 1767225600123 at 1767225600",
    "https://docs.stripe.com/api/charges",
    "2026-01-31 13:00:00+00",
    "pk_test_ is for browsers",
    "Basic subscription, basic plan or Basic Auth",
    "Basic YWJj is no user with a password",
  ])("stays as it is: %s", (text) => {
    expect(redact(text)).toBe(text);
  });
});

it("no error keeps a secret in its message, detail or hint", () => {
  const secret = key("sk", "test");
  const error = new StripeSqlError(`no ${secret}`, {
    sqlState: SqlState.invalidAuthorization,
    phase: "stripe",
    detail: `no ${secret}`,
    hint: `no ${secret}`,
  });
  expect([error.message, error.detail, error.hint]).toEqual(Array.from({ length: 3 }, () => "no sk_test_***"));
});

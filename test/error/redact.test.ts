import fc from "fast-check";
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
    "4242\u00a04242\u00a04242\u00a04242",
    "4242  4242  4242  4242",
    "4242\t4242\n4242 4242",
    "4242-4242-4242-4242",
    "5555555555554444",
    "378282246310005",
    "3782 822463 10005",
    "6011111111111117",
    "2223003122003222",
    "4222222222222",
    "6304000000000000000",
    "4242.4242.4242.4242",
    "42 42424242 424242 42",
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

  it("of millions of digits are read to their end", () => {
    const zeros = "0".repeat(8_000_000);
    expect(redact(`${zeros} 4242424242424242`)).toBe(`${zeros} [card number]`);
    expect(redact("4 ".repeat(100_000))).toContain("[card number]");
  });

  it("that is a card number is gone though digits or letters stand beside it", () => {
    expect(redact("CAST('4242424242424242x' AS INT)")).toBe("CAST('[card number]x' AS INT)");
    expect(redact("4242 4242 4242 4242 123 12/28")).toBe("[card number] 123 12/28");
    expect(redact("99994242424242424242")).toBe("9999[card number]");
  });

  it.each(["cvc=123", '"cvc": "123"', "card[cvc]=1234", "CardCvc = '123'", "security_code: 123"])(
    "that is a card's security code is gone: %s",
    (text) => {
      expect(redact(text)).toMatch(/\*\*\*/);
      expect(redact(text)).not.toMatch(/\d/);
    },
  );

  it("that is a header's is gone", () => {
    expect(redact("authorization: whatever it is\nhost: a")).toBe("authorization: ***\nhost: a");
    expect(redact("Bearer abcdefghijklmnop1234 was refused")).toBe("Bearer *** was refused");
  });

  it("is gone whatever characters it holds", () => {
    expect(redact(`'${["sk", "live", "51Habc+def/g%h"].join("_")}'`)).toBe("'sk_live_***'");
    expect(redact(`x=KEY_${key("sk", "live")}`)).toBe("x=KEY_sk_live_***");
    expect(redact("redis://u:p@ss@h:6379/0")).toBe("redis://u:***@h:6379/0");
    expect(redact("redis://u:p/a:ss@h:6379/0")).toBe("redis://u:***@h:6379/0");
  });

  /** What may stand around a secret in an error, a log or a URL. */
  const neighbour = fc.constantFrom(
    "",
    " ",
    "'",
    '"',
    "\n",
    "=",
    "&",
    "(",
    ",",
    ";",
    "{",
    "key: ",
    "https://a/b?c=",
    "é",
  );
  const planted = fc.oneof(
    fc.tuple(
      fc.constantFrom("sk_live_", "sk_org_test_", "rk_live_", "whsec_", "pi_1_secret_"),
      fc.stringMatching(/^[A-Za-z0-9+/._~-]{12,40}$/),
    ),
    fc.tuple(
      fc.constant(""),
      fc.constantFrom("4242424242424242", "4000-0566-5566-5556", "3782 822463 10005", "6011.1111.1111.1117"),
    ),
    fc.tuple(
      fc.constant("redis://user:"),
      fc.stringMatching(/^[A-Za-z0-9!$%*+@-]{8,20}$/).map((password) => `${password}@host`),
    ),
  );

  it("is gone wherever it is planted", () => {
    fc.assert(
      fc.property(neighbour, planted, neighbour, (before, [prefix, secret], after) => {
        expect(redact(`${before}${prefix}${secret}${after}`)).not.toContain(secret.replace(/@host$/, ""));
      }),
      { numRuns: 2_000 },
    );
  });

  it("is found as often as it stands there", () => {
    expect(redact(`${key("sk", "test")} and ${key("sk", "test")}`)).toBe("sk_test_*** and sk_test_***");
  });
});

describe("a text without secrets", () => {
  it.each([
    "cus_NffrFeUfNV2Hib, ch_3MmlLrLkdIwHu7ix0snN0B15 and txn_1234567890123456",
    "amount 1767225600123 at 1767225600",
    "from -9223372036854775808 to 9223372036854775807, not 9223372036854775808",
    "under stripe-sql-ebe7d948-e4f2-4291-9819-97585a88937f",
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

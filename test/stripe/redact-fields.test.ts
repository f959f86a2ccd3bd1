import { expect, test } from "vitest";
import { redactFields, redactForm, redactPath } from "../../src/stripe/redact-fields.js";

const clientSecret = ["pi_1", "secret", "planted1"].join("_");

test("fields that are secret by name are masked at any depth, whatever they hold", () => {
  const value = {
    card: { number: 4242, cvc: 123, exp_month: 1 },
    CardCvc: "123",
    headers: { Authorization: "Bearer x", "Proxy-Authorization": "Basic x", "Set-Cookie": ["a=b"] },
    list: [{ client_secret: "x" }, { clientSecret: { nested: "y" } }],
  };
  expect(redactFields(value)).toEqual({
    card: { number: "***", cvc: "***", exp_month: 1 },
    CardCvc: "***",
    headers: { Authorization: "***", "Proxy-Authorization": "***", "Set-Cookie": "***" },
    list: [{ client_secret: "***" }, { clientSecret: "***" }],
  });
});

test("other texts, numbers and names lose what is recognised in them", () => {
  expect(redactFields({ note: `see ${clientSecret}`, paid: 4242424242424242, [clientSecret]: 1 })).toEqual({
    note: "see pi_1_secret_***",
    paid: "[card number]",
    "pi_1_secret_***": 1,
  });
});

test("JSON within a text is read as such", () => {
  expect(redactFields({ text: '{"cvc":"123","brand":"visa"}' })).toEqual({ text: '{"cvc":"***","brand":"visa"}' });
  expect(redactFields({ text: "{no JSON}" })).toEqual({ text: "{no JSON}" });
});

test("the link of an object that lets its holder in is masked, and no other link", () => {
  expect(
    redactFields([
      { object: "login_link", url: "https://a" },
      { object: "charge", url: "https://b" },
    ]),
  ).toEqual([
    { object: "login_link", url: "***" },
    { object: "charge", url: "https://b" },
  ]);
});

test("what is no secret stays as it is, of its own type", () => {
  const value = {
    number: "INV-1",
    cvc_check: "pass",
    last4: "4242",
    elapsedMs: 0.4567890123456789,
    amount: 100n,
    huge: 99999999999999999999n,
    active: true,
    none: null,
    shipping: { name: "Ada" },
    at: new Date(0),
  };
  expect(redactFields(value)).toEqual({ ...value, amount: 100, huge: "99999999999999999999" });
});

test("a form and a query are decoded and masked by their brackets", () => {
  expect(redactForm("type=card&card%5Bcvc%5D=123&card[number]=4242&name=Ada+L&empty=")).toBe(
    "type=card&card[cvc]=***&card[number]=***&name=Ada L&empty=",
  );
  expect(redactPath(`/v1/payment_intents/pi_1?client_secret=${clientSecret}&limit=1`)).toBe(
    "/v1/payment_intents/pi_1?client_secret=***&limit=1",
  );
  expect(redactPath("/v1/customers/%zz")).toBe("/v1/customers/%zz");
});

test("texts to hide are taken out wherever they stand", () => {
  expect(redactFields({ a: "x opaque y", opaque: ["opaque"] }, ["opaque"])).toEqual({ a: "x *** y", "***": ["***"] });
});

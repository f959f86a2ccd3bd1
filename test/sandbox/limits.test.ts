import { describe, expect, it } from "vitest";
import { runSandbox } from "./running-sandbox.js";

const running = runSandbox({ customers: 1 });

function refused(path: string, fields: Readonly<Record<string, string>>) {
  return running.raw("POST", path, { body: String(new URLSearchParams(fields)) });
}

function keys(count: number): Readonly<Record<string, string>> {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`metadata[k${index}]`, "v"]));
}

describe("beyond Stripe's limits, the sandbox refuses", () => {
  it.each([
    ["/v1/customers", { name: "n".repeat(257) }, "name", undefined],
    ["/v1/customers", { email: `${"e".repeat(510)}@a.b` }, "email", undefined],
    ["/v1/customers", { email: "nobody" }, "email", "email_invalid"],
    ["/v1/customers", { description: "d".repeat(5001) }, "description", undefined],
    ["/v1/customers", { "metadata[a]": "v".repeat(501) }, "metadata[a]", undefined],
    ["/v1/customers", { [`metadata[${"k".repeat(41)}]`]: "v" }, "metadata", undefined],
    ["/v1/customers", keys(51), "metadata", undefined],
    ["/v1/coupons", { name: "n".repeat(41), percent_off: "5" }, "name", undefined],
    ["/v1/payment_intents", { amount: "500", currency: "usx" }, "currency", undefined],
    ["/v1/payment_intents", { amount: "49", currency: "usd" }, "amount", "amount_too_small"],
    ["/v1/payment_intents", { amount: "100000000", currency: "usd" }, "amount", "amount_too_large"],
    [
      "/v1/payment_intents",
      { amount: "500", currency: "usd", statement_descriptor: "Shop*" },
      "statement_descriptor",
      undefined,
    ],
    [
      "/v1/payment_intents",
      { amount: "500", currency: "usd", statement_descriptor: "Shop" },
      "statement_descriptor",
      undefined,
    ],
    [
      "/v1/payment_intents",
      { amount: "500", currency: "usd", statement_descriptor: "12345" },
      "statement_descriptor",
      undefined,
    ],
  ] as const)("%s %j", async (path, fields, param, code) => {
    const { status, json } = await refused(path, fields);
    expect([status, json.error.type, json.error.param, json.error.code]).toEqual([
      400,
      "invalid_request_error",
      param,
      code,
    ]);
  });

  it("more than fifty keys of metadata over several updates", async () => {
    const { id } = (await refused("/v1/customers", keys(50))).json;
    expect(await refused(`/v1/customers/${id}`, { "metadata[k0]": "other" })).toMatchObject({ status: 200 });
    expect(await refused(`/v1/customers/${id}`, { "metadata[one more]": "v" })).toMatchObject({
      status: 400,
      json: { error: { param: "metadata" } },
    });
  });
});

describe("within them, it takes", () => {
  it.each([
    ["/v1/customers", { name: "n".repeat(256), email: "a.b+c@example.co.uk", description: "d".repeat(5000) }],
    ["/v1/customers", { [`metadata[${"k".repeat(40)}]`]: "v".repeat(500) }],
    ["/v1/customers", keys(50)],
    ["/v1/payment_intents", { amount: "50", currency: "USD", statement_descriptor: "Shop 5" }],
    ["/v1/payment_intents", { amount: "99999999", currency: "usd" }],
  ] as const)("%s %j", async (path, fields) => {
    expect((await refused(path, fields)).status).toBe(200);
  });
});

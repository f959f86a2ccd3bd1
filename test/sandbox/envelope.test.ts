import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { runSandbox } from "./running-sandbox.js";

const running = runSandbox({ customers: 1 });
const sources = fileURLToPath(new URL("../../src/sandbox", import.meta.url));
const declared = fileURLToPath(new URL("../../node_modules/stripe/esm/resources/PaymentIntents.d.ts", import.meta.url));

/** Codes that Stripe's declarations list for an error. */
function declaredCodes(): ReadonlySet<string> {
  const [, union = ""] =
    /namespace LastPaymentError \{\s*type Code = ([^;]+);/.exec(readFileSync(declared, "utf8")) ?? [];
  return new Set([...union.matchAll(/'([a-z0-9_]+)'/g)].map(([, code = ""]) => code));
}

/** Codes that the sandbox gives, from every place that makes an error. */
function givenCodes(): readonly string[] {
  const files = readdirSync(sources, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".ts"));
  return files.flatMap((name) => {
    const text = readFileSync(join(sources, name), "utf8");
    return [...text.matchAll(/(?:\bcode: |\bdecline\(\s*)"([a-z0-9_]+)"/g)].map(([, code = ""]) => code);
  });
}

describe("an error", () => {
  it("has none but Stripe's codes, wherever it is made", () => {
    const known = declaredCodes();
    const given = givenCodes();
    expect(known.size).toBeGreaterThan(100);
    expect(new Set(given).size).toBeGreaterThan(15);
    expect(given.filter((code) => !known.has(code))).toEqual([]);
  });

  it("tells where its request is logged, and what its code means", async () => {
    const answer = await running.raw("GET", "/v1/customers/cus_x");
    expect(answer.json.error).toEqual({
      code: "resource_missing",
      doc_url: "https://stripe.com/docs/error-codes/resource-missing",
      message: "No such customer: 'cus_x'",
      param: "id",
      request_log_url: expect.stringContaining(answer.headers.get("request-id") ?? "none"),
      type: "invalid_request_error",
    });
  });
});

describe("Stripe-Version", () => {
  it("is answered with, asked for or not", async () => {
    const { apiVersion } = running.catalog;
    const asked = await running.raw("GET", "/v1/customers", { headers: { "stripe-version": apiVersion } });
    const unasked = await running.raw("GET", "/v1/customers");
    for (const { headers } of [asked, unasked]) expect(headers.get("stripe-version")).toBe(apiVersion);
  });

  it("is refused where there is no such version", async () => {
    const answer = await running.raw("GET", "/v1/customers", { headers: { "stripe-version": "2030-13-01" } });
    expect(answer).toMatchObject({ status: 400, json: { error: { type: "invalid_request_error" } } });
  });

  it("is needed in API v2", async () => {
    const { status } = await running.raw("GET", "/v2/core/accounts", { headers: { "stripe-version": "" } });
    expect(status).toBe(400);
  });
});

describe("a body", () => {
  it("is JSON in API v2, and a form in v1", async () => {
    const json = { "content-type": "application/json" };
    const body = '{"contact_email":"a@example.com"}';
    expect((await running.raw("POST", "/v2/core/accounts", { body, headers: json })).status).toBe(200);
    expect((await running.raw("POST", "/v2/core/accounts", { body: "contact_email=a@example.com" })).status).toBe(400);
    expect((await running.raw("POST", "/v1/customers", { body: '{"name":"A"}', headers: json })).status).toBe(400);
  });
});

describe("the event of a change", () => {
  it("names the request that made it, and its key", async () => {
    const { headers } = await running.raw("POST", "/v1/customers", {
      body: "name=Jane",
      headers: { "idempotency-key": "made once" },
    });
    const { json } = await running.raw("GET", "/v1/events?types[]=customer.created&limit=1");
    expect(json.data[0].request).toEqual({ id: headers.get("request-id"), idempotency_key: "made once" });
  });
});

import type Stripe from "stripe";
import { describe, expect, it } from "vitest";
import { refusal, runSandbox } from "./running-sandbox.js";

const running = runSandbox();

describe("a parameter is refused", () => {
  it("where the call does not know it", async () => {
    const answer = await running.raw("POST", "/v1/customers", { body: "nmae=Jane" });
    expect(answer.status).toBe(400);
    expect(answer.json.error).toMatchObject({
      type: "invalid_request_error",
      code: "parameter_unknown",
      param: "nmae",
      message: "Received unknown parameter: nmae",
    });
  });

  it("with the others that are unknown", async () => {
    const answer = await running.raw("POST", "/v1/customers", { body: "a=1&address[b]=2" });
    expect(answer.json.error.message).toBe("Received unknown parameters: a, address[b]");
  });

  it("where a list does not know it", async () => {
    const answer = await running.raw("GET", "/v1/customers?name=Jane");
    expect(answer.json.error).toMatchObject({ code: "parameter_unknown", param: "name" });
  });

  it("where it is required and missing", async () => {
    const answer = await running.raw("POST", "/v1/payment_intents", { body: "currency=usd" });
    expect(answer.json.error).toMatchObject({
      code: "parameter_missing",
      param: "amount",
      message: "Missing required param: amount.",
    });
  });

  it("where it is required and empty", async () => {
    const answer = await running.raw("POST", "/v1/payment_intents", { body: "amount=&currency=usd" });
    expect(answer.json.error).toMatchObject({ code: "parameter_invalid_empty", param: "amount" });
  });

  it("where it should be an integer", async () => {
    const answer = await running.raw("POST", "/v1/payment_intents", { body: "amount=10.5&currency=usd" });
    expect(answer.json.error).toMatchObject({
      code: "parameter_invalid_integer",
      param: "amount",
      message: "Invalid integer: 10.5",
    });
  });

  it("where it should be a boolean", async () => {
    const answer = await running.raw("POST", "/v1/products", { body: "name=a&active=maybe" });
    expect(answer.json.error).toMatchObject({ param: "active", message: "Invalid boolean: maybe" });
  });

  it("where it is none of the values it may have", async () => {
    const error = await refusal(
      running.stripe.invoices.list({ status: "outstanding" as Stripe.InvoiceListParams.Status }),
    );
    expect(error).toMatchObject({ statusCode: 400, param: "status" });
    expect(error.message).toBe("Invalid status: must be one of draft, open, paid, uncollectible, or void");
  });

  it("where it names an object that does not exist", async () => {
    const error = await refusal(
      running.stripe.paymentIntents.create({ amount: 500, currency: "usd", customer: "cus_nobody" }),
    );
    expect(error).toMatchObject({
      statusCode: 400,
      code: "resource_missing",
      param: "customer",
      message: "No such customer: 'cus_nobody'",
    });
  });

  it("where the sandbox would lose it in silence", async () => {
    const answer = await running.raw("POST", "/v1/customers", { body: "source=tok_visa" });
    expect(answer.json.error).toMatchObject({
      type: "invalid_request_error",
      message: "The sandbox does not model the parameter source of customers",
    });
  });
});

describe("an id in the path", () => {
  it("that nothing has is a 404", async () => {
    const error = await refusal(running.stripe.customers.retrieve("cus_x"));
    expect(error).toMatchObject({
      statusCode: 404,
      code: "resource_missing",
      param: "id",
      message: "No such customer: 'cus_x'",
    });
  });
});

describe("a call that the sandbox does not model", () => {
  it("says so", async () => {
    const answer = await running.raw("POST", "/v1/account_sessions", {
      body: "account=acct_sandbox_connected&components[payments][enabled]=true",
    });
    expect(answer.status).toBe(400);
    expect(answer.json.error).toMatchObject({
      type: "invalid_request_error",
      message: "The sandbox does not model POST /v1/account_sessions",
    });
  });
});

describe("metadata", () => {
  it("is merged key by key; an empty value removes one", async () => {
    const customer = await running.stripe.customers.create({ metadata: { a: "1", b: "2" } });
    const updated = await running.stripe.customers.update(customer.id, { metadata: { b: "", c: "3" } });
    expect(updated.metadata).toEqual({ a: "1", c: "3" });
  });

  it("is cleared by an empty text", async () => {
    const customer = await running.stripe.customers.create({ metadata: { a: "1" } });
    const updated = await running.stripe.customers.update(customer.id, { metadata: "" });
    expect(updated.metadata).toEqual({});
  });

  it("may have numbers for keys", async () => {
    const customer = await running.stripe.customers.create({ metadata: { "0": "a", "1": "b" } });
    expect(customer.metadata).toEqual({ "0": "a", "1": "b" });
  });
});

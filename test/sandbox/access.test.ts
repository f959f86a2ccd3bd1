import { describe, expect, it } from "vitest";
import { refusal, runSandbox, stripeFor } from "./running-sandbox.js";

const running = runSandbox();

describe("the API key", () => {
  it("is demanded", async () => {
    const answer = await running.raw("GET", "/v1/customers", { apiKey: "" });
    expect(answer.status).toBe(401);
    expect(answer.json.error.message).toMatch(/^You did not provide an API key\./);
  });

  it("is refused where it is another, without being repeated", async () => {
    const error = await refusal(stripeFor(running.sandbox, "sk_test_wrong0123456789").customers.list());
    expect(error).toMatchObject({ statusCode: 401, rawType: "invalid_request_error" });
    expect(error.message).toBe("Invalid API Key provided: sk_test_***********6789");
  });

  it("may come as the user name of basic authentication", async () => {
    const authorization = `Basic ${Buffer.from(`${running.sandbox.apiKey}:`).toString("base64")}`;
    const answer = await running.raw("GET", "/v1/customers?limit=1", { apiKey: "", headers: { authorization } });
    expect(answer.status).toBe(200);
  });
});

describe("an unknown path", () => {
  it("is named in the answer", async () => {
    const answer = await running.raw("GET", "/v1/customer");
    expect(answer.status).toBe(404);
    expect(answer.json.error.message).toMatch(/^Unrecognized request URL \(GET: \/v1\/customer\)\./);
  });

  it("may hold what is no valid escape", async () => {
    const answer = await running.raw("GET", "/v1/customers/%E0%A4%A");
    expect(answer.status).toBe(404);
  });
});

describe("every answer", () => {
  it("has a request id", async () => {
    const customers = await running.stripe.customers.list({ limit: 1 });
    expect(customers.lastResponse.requestId).toMatch(/^req_[A-Za-z0-9]{14}$/);
  });
});

describe("a connected account", () => {
  it("is refused where it is unknown", async () => {
    const error = await refusal(running.stripe.customers.list({}, { stripeAccount: "acct_nobody" }));
    expect(error).toMatchObject({ statusCode: 403, code: "account_invalid" });
  });

  it("has customers of its own", async () => {
    const own = await running.stripe.customers.list({ limit: 100 }, { stripeAccount: "acct_sandbox_connected" });
    const platform = await running.stripe.customers.list({ limit: 100 });
    const platformIds = new Set(platform.data.map(({ id }) => id));
    expect(own.data).toHaveLength(7);
    expect(own.data.filter(({ id }) => platformIds.has(id))).toEqual([]);
  });

  it("does not see the platform's objects", async () => {
    const [customer] = (await running.stripe.customers.list({ limit: 1 })).data;
    const error = await refusal(
      running.stripe.customers.retrieve(customer?.id ?? "", {}, { stripeAccount: "acct_sandbox_connected" }),
    );
    expect(error.code).toBe("resource_missing");
  });

  it("keeps what is created in it", async () => {
    const account = await running.stripe.accounts.create({ country: "US", email: "new@example.com" });
    const options = { stripeAccount: account.id };
    const created = await running.stripe.customers.create({ name: "Only here" }, options);
    const listed = await running.stripe.customers.list({}, options);
    expect(listed.data.map(({ id }) => id)).toEqual([created.id]);
  });

  it("may be named as the platform's own", async () => {
    const own = await running.stripe.customers.list({ limit: 3 }, { stripeAccount: "acct_sandbox" });
    const plain = await running.stripe.customers.list({ limit: 3 });
    expect(own.data).toEqual(plain.data);
  });
});

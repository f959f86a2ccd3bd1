import { describe, expect, it } from "vitest";
import { openRunning, refusal, runSandbox } from "./running-sandbox.js";

const running = runSandbox();

function searchCharges(query: string, limit = 100) {
  return running.stripe.charges.search({ query, limit });
}

describe("a search is refused", () => {
  it("without a query", async () => {
    expect((await running.raw("GET", "/v1/customers/search")).json.error.code).toBe("parameter_missing");
  });

  it("where its query cannot be read", async () => {
    const error = await refusal(running.stripe.customers.search({ query: "email:" }));
    expect(error).toMatchObject({ statusCode: 400, param: "query" });
    expect(error.message).toMatch(/^We were unable to parse your search query\./);
  });

  it("over a field that is not searched", async () => {
    const error = await refusal(running.stripe.customers.search({ query: 'balance>"0"' }));
    expect(error.message).toMatch(/^Field `balance` is an unsupported search field for resource `customers`\./);
  });

  it("for a substring of fewer than three characters", async () => {
    expect((await refusal(running.stripe.customers.search({ query: 'email~"cu"' }))).message).toMatch(
      /at least 3 characters/,
    );
  });

  it("for a substring of a token", async () => {
    expect((await refusal(searchCharges('currency~"usd"'))).message).toMatch(/doesn't support the operator `~`/);
  });

  it("where AND and OR are mixed", async () => {
    await expect(searchCharges('currency:"usd" AND status:"failed" OR amount>5')).rejects.toThrow(/unable to parse/);
  });

  it("with a page that it never gave", async () => {
    expect((await refusal(running.stripe.customers.search({ query: 'email~"customer"', page: "x" }))).param).toBe(
      "page",
    );
  });
});

describe("a search", () => {
  it("compares texts without regard to case", async () => {
    const found = await running.stripe.customers.search({ query: 'email:"CUSTOMER5@example.com"' });
    expect(found.data.map(({ email }) => email)).toEqual(["customer5@example.com"]);
  });

  it("finds a substring", async () => {
    const found = await running.stripe.customers.search({ query: 'email~"mer3"', limit: 100 });
    expect(found.data.every(({ email }) => email?.includes("mer3"))).toBe(true);
    expect(found.data).toHaveLength(11);
  });

  it("compares numbers", async () => {
    const found = await searchCharges("amount>20000");
    const all = await running.stripe.charges.list({ limit: 100 }).autoPagingToArray({ limit: 1000 });
    expect(found.data.map(({ id }) => id)).toEqual(all.filter(({ amount }) => amount > 20_000).map(({ id }) => id));
  });

  it("joins clauses by AND or by OR", async () => {
    const both = await searchCharges('status:"failed" AND currency:"eur"');
    const either = await searchCharges('status:"failed" OR currency:"eur"');
    expect(both.data.every(({ status, currency }) => status === "failed" && currency === "eur")).toBe(true);
    expect(either.data.every(({ status, currency }) => status === "failed" || currency === "eur")).toBe(true);
    expect(either.data.length).toBeGreaterThan(both.data.length);
  });

  it("reads metadata by key", async () => {
    const found = await running.stripe.customers.search({ query: 'metadata["segment"]:"pro"', limit: 100 });
    expect(found.data.length).toBeGreaterThan(0);
    expect(found.data.every(({ metadata }) => metadata["segment"] === "pro")).toBe(true);
  });

  it("tells a key that is there from one that is not", async () => {
    const absent = await running.stripe.customers.search({ query: 'metadata["segment"]:null', limit: 100 });
    const present = await running.stripe.customers.search({ query: '-metadata["segment"]:null', limit: 100 });
    expect(absent.data.every(({ metadata }) => !("segment" in metadata))).toBe(true);
    expect(absent.data.length + present.data.length).toBe(40);
  });

  it("negates; what lacks the field does not match the clause either", async () => {
    const found = await running.stripe.customers.search({ query: '-metadata["segment"]:"pro"', limit: 100 });
    expect(found.data.some(({ metadata }) => !("segment" in metadata))).toBe(true);
    expect(found.data.every(({ metadata }) => metadata["segment"] !== "pro")).toBe(true);
  });

  it("knows booleans by their words", async () => {
    const refunded = await searchCharges('refunded:"true"');
    expect(refunded.data.length).toBeGreaterThan(0);
    expect(refunded.data.every((charge) => charge.refunded)).toBe(true);
  });

  it("finds the invoices of a subscription", async () => {
    const [subscription] = (await running.stripe.subscriptions.list({ status: "active", limit: 1 })).data;
    const found = await running.stripe.invoices.search({ query: `subscription:"${subscription?.id}"` });
    expect(found.data.length).toBeGreaterThan(0);
  });

  it("pages to the end, each object once", async () => {
    const ids: string[] = [];
    for await (const { id } of running.stripe.customers.search({ query: 'email~"customer"', limit: 7 })) ids.push(id);
    expect(new Set(ids).size).toBe(40);
    expect(ids).toHaveLength(40);
  });

  it("counts what it finds only where it is asked to", async () => {
    const plain = await running.stripe.customers.search({ query: 'email~"customer"' });
    const counted = await running.stripe.customers.search({
      query: 'email~"customer"',
      limit: 2,
      expand: ["total_count"],
    });
    expect(plain.total_count).toBeUndefined();
    expect(counted.total_count).toBe(40);
  });

  it("expands its objects", async () => {
    const found = await running.stripe.charges.search({ query: "amount>0", limit: 1, expand: ["data.customer"] });
    expect(found.data[0]?.customer).toMatchObject({ object: "customer" });
  });
});

describe("search that lags", () => {
  it("does not see what was just created, though the list does", async () => {
    const { sandbox, stripe, catalog } = await openRunning({ customers: 2, searchLagSeconds: 60 });
    try {
      await stripe.customers.create({ email: "fresh@example.com" });
      expect((await stripe.customers.list({ email: "fresh@example.com" })).data).toHaveLength(1);
      expect((await stripe.customers.search({ query: 'email:"fresh@example.com"' })).data).toEqual([]);
    } finally {
      await sandbox.close();
      catalog.close();
    }
  });
});

import { describe, expect, it } from "vitest";
import { refusal, runSandbox } from "./running-sandbox.js";

const running = runSandbox();

describe("a list refuses", () => {
  it("a limit over 100", async () => {
    const error = await refusal(running.stripe.customers.list({ limit: 101 }));
    expect(error).toMatchObject({ code: "parameter_invalid_integer", param: "limit" });
    expect(error.message).toBe("This value must be less than or equal to 100 (it currently is '101').");
  });

  it("a limit below 1", async () => {
    expect((await refusal(running.stripe.customers.list({ limit: 0 }))).param).toBe("limit");
  });

  it("both cursors at once", async () => {
    const [customer] = (await running.stripe.customers.list({ limit: 1 })).data;
    const error = await refusal(
      running.stripe.customers.list({ starting_after: customer?.id ?? "", ending_before: customer?.id ?? "" }),
    );
    expect(error.message).toMatch(/only use one of/);
  });

  it("a cursor that is no object of the list", async () => {
    const error = await refusal(running.stripe.customers.list({ starting_after: "cus_x" }));
    expect(error).toMatchObject({ statusCode: 400, code: "resource_missing", param: "starting_after" });
  });

  it("to list the rows of a parent that does not exist", async () => {
    const error = await refusal(running.stripe.invoices.listLineItems("in_x"));
    expect(error).toMatchObject({ statusCode: 404, message: "No such invoice: 'in_x'" });
  });

  it("to go without a filter that Stripe demands", async () => {
    const answer = await running.raw("GET", "/v1/subscription_items");
    expect(answer.json.error).toMatchObject({ code: "parameter_missing", param: "subscription" });
  });

  it("paging where it has none", async () => {
    const unpaged = running.catalog
      .tables()
      .flatMap(({ lists }) => lists)
      .find(({ pagination, path }) => pagination === "none" && !path.includes("{"));
    if (unpaged === undefined) return;
    expect((await running.raw("GET", `${unpaged.path}?limit=5`)).json.error.code).toBe("parameter_unknown");
  });
});

describe("a page", () => {
  it("holds ten rows unless asked otherwise", async () => {
    const page = await running.stripe.customers.list();
    expect(page.data).toHaveLength(10);
    expect(page).toMatchObject({ object: "list", has_more: true, url: "/v1/customers" });
  });

  it("is ordered from the newest", async () => {
    const { data } = await running.stripe.charges.list({ limit: 100 });
    const times = data.map(({ created }) => created);
    expect(times).toEqual([...times].sort((a, b) => b - a));
  });

  it("after page meets every row once", async () => {
    const ids: string[] = [];
    for await (const { id } of running.stripe.customers.list({ limit: 7 })) ids.push(id);
    expect(ids).toHaveLength(40);
    expect(new Set(ids).size).toBe(40);
  });

  it("before a row holds the nearest ones, in the list's order", async () => {
    const { data } = await running.stripe.customers.list({ limit: 10 });
    const page = await running.stripe.customers.list({ limit: 3, ending_before: data[7]?.id ?? "" });
    expect(page.data.map(({ id }) => id)).toEqual(data.slice(4, 7).map(({ id }) => id));
    expect(page.has_more).toBe(true);
  });

  it("may begin after an object that was deleted meanwhile", async () => {
    const { data } = await running.stripe.customers.list({ limit: 5 });
    await running.stripe.customers.del(data[2]?.id ?? "");
    const page = await running.stripe.customers.list({ limit: 2, starting_after: data[2]?.id ?? "" });
    expect(page.data.map(({ id }) => id)).toEqual(data.slice(3, 5).map(({ id }) => id));
  });
});

describe("a filter", () => {
  it("on created takes one moment", async () => {
    const { data } = await running.stripe.charges.list({ limit: 5 });
    const moment = data[3]?.created ?? 0;
    const page = await running.stripe.charges.list({ created: moment });
    expect(page.data.every(({ created }) => created === moment)).toBe(true);
    expect(page.data.length).toBeGreaterThan(0);
  });

  it("on created takes bounds, each of them exact", async () => {
    const { data } = await running.stripe.charges.list({ limit: 20 });
    const [newest, oldest] = [data[2]?.created ?? 0, data[12]?.created ?? 0];
    const page = await running.stripe.charges.list({ limit: 100, created: { gt: oldest, lte: newest } });
    const expected = data.filter(({ created }) => created > oldest && created <= newest);
    expect(page.data.map(({ id }) => id)).toEqual(expected.map(({ id }) => id));
  });

  it("by customer gives only the customer's rows", async () => {
    const [first] = (await running.stripe.charges.list({ limit: 1 })).data;
    const customer = String(first?.customer);
    const page = await running.stripe.charges.list({ customer, limit: 100 });
    expect(page.data.length).toBeGreaterThan(0);
    expect(page.data.every((charge) => charge.customer === customer)).toBe(true);
  });

  it("by e-mail tells upper from lower case", async () => {
    expect((await running.stripe.customers.list({ email: "customer5@example.com" })).data).toHaveLength(1);
    expect((await running.stripe.customers.list({ email: "Customer5@example.com" })).data).toHaveLength(0);
  });

  it("by lookup keys gives the prices of any of them", async () => {
    const prices = await running.stripe.prices.list({ lookup_keys: ["starter_month_usd", "team_month_eur"] });
    expect(prices.data.map(({ lookup_key }) => lookup_key).sort()).toEqual(["starter_month_usd", "team_month_eur"]);
  });

  it("by ids gives just these products", async () => {
    const { data } = await running.stripe.products.list({ limit: 3 });
    const products = await running.stripe.products.list({ ids: data.map(({ id }) => id) });
    expect(products.data).toEqual(data);
  });

  it("by a group of event types takes a wildcard", async () => {
    const events = await running.stripe.events.list({ type: "charge.*", limit: 100 });
    expect(events.data.length).toBeGreaterThan(0);
    expect(events.data.every(({ type }) => type.startsWith("charge."))).toBe(true);
  });

  it("by payout gives the transactions that it paid out and its own", async () => {
    const { data } = await running.stripe.payouts.list({ limit: 100 });
    const payout = data.find(({ automatic }) => automatic);
    const contents = await running.stripe.balanceTransactions.list({ payout: payout?.id ?? "", limit: 100 });
    const incoming = contents.data.filter(({ type }) => type !== "payout");
    expect(incoming.reduce((sum, { net }) => sum + net, 0)).toBe(payout?.amount);
  });

  it("by a payout made by hand is refused", async () => {
    const { data } = await running.stripe.payouts.list({ limit: 100 });
    const payout = data.find(({ automatic }) => !automatic);
    expect((await refusal(running.stripe.balanceTransactions.list({ payout: payout?.id ?? "" }))).param).toBe("payout");
  });

  it("by subscription gives its invoices", async () => {
    const { data } = await running.stripe.subscriptions.list({ status: "active", limit: 1 });
    const invoices = await running.stripe.invoices.list({ subscription: data[0]?.id ?? "", limit: 100 });
    expect(invoices.data.length).toBeGreaterThan(0);
    expect(invoices.data.every(({ parent }) => parent?.subscription_details?.subscription === data[0]?.id)).toBe(true);
  });

  it("by price gives the subscriptions that have an item of it", async () => {
    const [first] = (await running.stripe.subscriptions.list({ limit: 1 })).data;
    const price = first?.items.data[0]?.price.id ?? "";
    const { data } = await running.stripe.subscriptions.list({ price, limit: 100 });
    expect(data.map(({ id }) => id)).toContain(first?.id);
    expect(data.every(({ items }) => items.data.some((item) => item.price.id === price))).toBe(true);
  });

  it("for pending invoice items leaves out those on an invoice", async () => {
    const pending = await running.stripe.invoiceItems.list({ pending: true, limit: 100 });
    expect(pending.data.length).toBeGreaterThan(0);
    expect(pending.data.every(({ invoice }) => invoice === null)).toBe(true);
  });
});

describe("what a list leaves out unless asked", () => {
  it("is canceled subscriptions", async () => {
    const { data } = await running.stripe.subscriptions.list({ limit: 100 });
    expect(data.some(({ status }) => status === "canceled")).toBe(false);
  });

  it("comes with status=all", async () => {
    const all = await running.stripe.subscriptions.list({ status: "all", limit: 100 });
    const statuses = new Set(all.data.map(({ status }) => status));
    expect([...statuses].sort()).toEqual([
      "active",
      "canceled",
      "incomplete",
      "incomplete_expired",
      "past_due",
      "paused",
      "trialing",
      "unpaid",
    ]);
  });

  it("comes with status=ended, which is canceled and expired ones", async () => {
    const ended = await running.stripe.subscriptions.list({ status: "ended", limit: 100 });
    expect(new Set(ended.data.map(({ status }) => status))).toEqual(new Set(["canceled", "incomplete_expired"]));
  });

  it("is inactive prices", async () => {
    expect((await running.stripe.prices.list({ limit: 100 })).data.every(({ active }) => active)).toBe(true);
    expect((await running.stripe.prices.list({ active: false, limit: 100 })).data.length).toBeGreaterThan(0);
  });
});

describe("a nested list", () => {
  it("goes on where the parent's embedded rows end", async () => {
    const { data } = await running.stripe.invoices.list({ limit: 100 });
    const invoice = data.find(({ lines }) => lines.has_more);
    const embedded = invoice?.lines.data ?? [];
    const lines = await running.stripe.invoices.listLineItems(invoice?.id ?? "", { limit: 100 });
    expect(embedded).toHaveLength(10);
    expect(lines.data).toHaveLength(25);
    expect(lines.data.slice(0, 10)).toEqual(embedded);
  });

  it("of a customer holds its payment methods", async () => {
    const [customer] = (await running.stripe.customers.list({ limit: 1 })).data;
    const methods = await running.stripe.customers.listPaymentMethods(customer?.id ?? "");
    expect(methods.data.map((method) => method.customer)).toEqual([customer?.id]);
  });
});

describe("an object of a nested list", () => {
  it("is not found under another parent", async () => {
    const [one, other] = [await running.stripe.customers.create({}), await running.stripe.customers.create({})];
    const movement = await running.stripe.customers.createBalanceTransaction(one.id, { amount: -100, currency: "usd" });
    expect(await running.stripe.customers.retrieveBalanceTransaction(one.id, movement.id)).toEqual(movement);
    expect((await refusal(running.stripe.customers.retrieveBalanceTransaction(other.id, movement.id))).code).toBe(
      "resource_missing",
    );
  });
});

describe("a list of API v2", () => {
  it("pages by URL, and back", async () => {
    const first = (await running.raw("GET", "/v2/core/event_destinations?limit=2")).json;
    expect(first.data).toHaveLength(2);
    expect(first.previous_page_url).toBeNull();
    const second = (await running.raw("GET", first.next_page_url)).json;
    expect(second.data).toHaveLength(1);
    expect(second.next_page_url).toBeNull();
    expect((await running.raw("GET", second.previous_page_url)).json.data).toEqual(first.data);
  });

  it("writes times as ISO 8601", async () => {
    const { data } = await running.stripe.v2.core.eventDestinations.list();
    expect(data[0]?.created).toMatch(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/);
  });
});

describe("a deleted object", () => {
  it("is told as deleted, and listed no more", async () => {
    const customer = await running.stripe.customers.create({ email: "gone@example.com" });
    expect(await running.stripe.customers.del(customer.id)).toMatchObject({
      id: customer.id,
      object: "customer",
      deleted: true,
    });
    expect((await running.stripe.customers.list({ email: "gone@example.com" })).data).toEqual([]);
  });

  it("is still retrieved where it was a customer", async () => {
    const customer = await running.stripe.customers.create({});
    await running.stripe.customers.del(customer.id);
    expect(await running.stripe.customers.retrieve(customer.id)).toMatchObject({ id: customer.id, deleted: true });
  });

  it("is missing where it was anything else", async () => {
    const coupon = await running.stripe.coupons.create({ percent_off: 5 });
    await running.stripe.coupons.del(coupon.id);
    expect((await refusal(running.stripe.coupons.retrieve(coupon.id))).code).toBe("resource_missing");
  });
});

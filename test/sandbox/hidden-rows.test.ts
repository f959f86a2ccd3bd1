import type Stripe from "stripe";
import { describe, expect, it } from "vitest";
import { openRunning, refusal, runSandbox } from "./running-sandbox.js";

const running = runSandbox({ customers: 10 });

async function price(): Promise<string> {
  const { data } = await running.stripe.prices.list({ type: "recurring", currency: "usd", limit: 1 });
  return data[0]?.id ?? "";
}

describe("on a test clock", () => {
  async function customerOnClock(): Promise<{
    readonly clock: string;
    readonly customer: string;
    readonly email: string;
  }> {
    const clock = await running.stripe.testHelpers.testClocks.create({ frozen_time: 1_790_000_000 });
    const email = `${clock.id}@example.com`;
    const customer = await running.stripe.customers.create({ email, test_clock: clock.id });
    return { clock: clock.id, customer: customer.id, email };
  }

  it("a customer is in the clock's list alone, and found by its id", async () => {
    const { clock, customer, email } = await customerOnClock();
    expect((await running.stripe.customers.list({ email })).data).toEqual([]);
    expect((await running.stripe.customers.list({ test_clock: clock })).data.map(({ id }) => id)).toEqual([customer]);
    expect((await running.stripe.customers.retrieve(customer)).id).toBe(customer);
  });

  it("a customer may be put later, and goes with the clock", async () => {
    const { id } = await running.stripe.customers.create({});
    const clock = await running.stripe.testHelpers.testClocks.create({ frozen_time: 1_790_000_000, customer: id });
    expect((await running.stripe.customers.list({ test_clock: clock.id })).data.map((one) => one.id)).toEqual([id]);
    await running.stripe.testHelpers.testClocks.del(clock.id);
    expect(await running.stripe.customers.retrieve(id)).toMatchObject({ deleted: true });
  });

  it("a subscription is in the lists of its clock and of its customer", async () => {
    const { clock, customer } = await customerOnClock();
    const { id } = await running.stripe.subscriptions.create({
      customer,
      items: [{ price: await price() }],
      payment_behavior: "default_incomplete",
    });
    const ids = async (params: Stripe.SubscriptionListParams) =>
      (await running.stripe.subscriptions.list({ status: "all", limit: 100, ...params })).data.map((one) => one.id);
    expect(await ids({})).not.toContain(id);
    expect(await ids({ test_clock: clock })).toEqual([id]);
    expect(await ids({ customer })).toEqual([id]);
  });

  it("a quote is in the lists of its clock and of its customer", async () => {
    const { clock, customer } = await customerOnClock();
    const { id } = await running.stripe.quotes.create({ customer, line_items: [{ price: await price() }] });
    expect((await running.stripe.quotes.list({ limit: 100 })).data.map((one) => one.id)).not.toContain(id);
    expect((await running.stripe.quotes.list({ test_clock: clock })).data.map((one) => one.id)).toEqual([id]);
    expect((await running.stripe.quotes.list({ customer })).data.map((one) => one.id)).toEqual([id]);
  });
});

describe("a price made for one object", () => {
  it("is inactive, in no list, and found by its id", async () => {
    const [product] = (await running.stripe.products.list({ limit: 1 })).data;
    const [customer] = (await running.stripe.customers.list({ limit: 1 })).data;
    const { items } = await running.stripe.subscriptions.create({
      customer: customer?.id ?? "",
      items: [
        {
          price_data: {
            currency: "usd",
            product: product?.id ?? "",
            recurring: { interval: "month" },
            unit_amount: 4321,
          },
        },
      ],
    });
    const id = items.data[0]?.price.id ?? "";
    expect(await running.stripe.prices.retrieve(id)).toMatchObject({ active: false, unit_amount: 4321 });
    for (const active of [true, false]) {
      const { data } = await running.stripe.prices.list({ active, limit: 100 });
      expect(data.map((one) => one.id)).not.toContain(id);
    }
  });
});

describe("the list of reviews", () => {
  it("has the open ones alone", async () => {
    const { data } = await running.stripe.reviews.list();
    expect(data.length).toBeGreaterThan(0);
    expect(data.every(({ open }) => open)).toBe(true);
    const [review] = data;
    await running.stripe.reviews.approve(review?.id ?? "");
    expect((await running.stripe.reviews.list()).data.map(({ id }) => id)).not.toContain(review?.id);
    expect((await running.stripe.reviews.retrieve(review?.id ?? "")).open).toBe(false);
  });
});

describe("the list of events", () => {
  it("refuses both filters by type at once", async () => {
    const answer = await running.raw("GET", "/v1/events?type=charge.succeeded&types[]=charge.failed");
    expect(answer).toMatchObject({
      status: 400,
      json: { error: { type: "invalid_request_error", code: "parameters_exclusive", param: "type" } },
    });
  });

  it("ends after thirty days, and so does retrieving one", async () => {
    let now = Date.UTC(2026, 10, 1) / 1000;
    const aging = await openRunning({ customers: 10, nowSeconds: () => now });
    try {
      const { data } = await aging.stripe.events.list({ limit: 100 });
      const [newest, oldest] = [data[0], data[data.length - 1]];
      now = (oldest?.created ?? 0) + 30 * 86_400;
      const left = (await aging.stripe.events.list({ limit: 100 })).data.map(({ id }) => id);
      expect(left).toContain(newest?.id);
      expect(left).not.toContain(oldest?.id);
      expect(await refusal(aging.stripe.events.retrieve(oldest?.id ?? ""))).toMatchObject({
        statusCode: 404,
        code: "resource_missing",
      });
    } finally {
      await aging.sandbox.close();
      aging.catalog.close();
    }
  });
});

describe("the list of events of API v2", () => {
  it("ends after thirty days too", async () => {
    let now = Date.UTC(2026, 10, 1) / 1000;
    const aging = await openRunning({ customers: 1, nowSeconds: () => now });
    try {
      const events = async () => (await aging.stripe.v2.core.events.list({ limit: 20 })).data;
      const [newest] = await events();
      expect(await aging.stripe.v2.core.events.retrieve(newest?.id ?? "")).toMatchObject({ id: newest?.id });
      now += 30 * 86_400;
      expect(await events()).toEqual([]);
      expect(await refusal(aging.stripe.v2.core.events.retrieve(newest?.id ?? ""))).toMatchObject({ statusCode: 404 });
    } finally {
      await aging.sandbox.close();
      aging.catalog.close();
    }
  });
});

describe("the charges of a transfer group", () => {
  it("are the newest hundred, however they are paged", async () => {
    const created: string[] = [];
    for (let index = 0; index < 105; index++) {
      const body = "amount=500&currency=usd&source=tok_visa&transfer_group=g1";
      created.unshift((await running.raw("POST", "/v1/charges", { body })).json.id);
    }
    const found: string[] = [];
    for await (const { id } of running.stripe.charges.list({ transfer_group: "g1", limit: 30 })) found.push(id);
    expect(found).toEqual(created.slice(0, 100));
  });
});

describe("a list of API v2", () => {
  it("lags behind where the sandbox is told so", async () => {
    let now = Date.UTC(2026, 10, 1) / 1000;
    const lagging = await openRunning({ customers: 1, listLagSeconds: 60, nowSeconds: () => now });
    try {
      const { id } = await lagging.stripe.v2.core.accounts.create({ contact_email: "a@example.com" });
      const ids = async () => (await lagging.stripe.v2.core.accounts.list({ limit: 20 })).data.map((one) => one.id);
      expect(await ids()).not.toContain(id);
      now += 60;
      expect(await ids()).toContain(id);
    } finally {
      await lagging.sandbox.close();
      lagging.catalog.close();
    }
  });
});

describe("a deleted object", () => {
  it("is not found, but for a customer, of whom the deletion is told", async () => {
    const customer = await running.stripe.customers.create({});
    await running.stripe.customers.del(customer.id);
    expect(await running.stripe.customers.retrieve(customer.id)).toEqual(
      expect.objectContaining({ id: customer.id, object: "customer", deleted: true }),
    );
    const coupon = await running.stripe.coupons.create({ percent_off: 10, duration: "once" });
    await running.stripe.coupons.del(coupon.id);
    expect(await refusal(running.stripe.coupons.retrieve(coupon.id))).toMatchObject({
      statusCode: 404,
      code: "resource_missing",
    });
  });
});

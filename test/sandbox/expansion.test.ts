import { describe, expect, it } from "vitest";
import { refusal, runSandbox } from "./running-sandbox.js";

const running = runSandbox();

describe("expanding is refused", () => {
  it("for a field that is no reference", async () => {
    const error = await refusal(running.stripe.charges.list({ expand: ["data.amount"] }));
    expect(error.message).toMatch(/^This property cannot be expanded \(amount\)/);
  });

  it("for a field that does not exist", async () => {
    const [charge] = (await running.stripe.charges.list({ limit: 1 })).data;
    const error = await refusal(running.stripe.charges.retrieve(charge?.id ?? "", { expand: ["cutsomer"] }));
    expect(error.message).toMatch(/^This property cannot be expanded \(cutsomer\)/);
  });

  it("on a list without data", async () => {
    const error = await refusal(running.stripe.charges.list({ expand: ["customer"] }));
    expect(error.message).toMatch(/You may want to try expanding 'data\.customer' instead\.$/);
  });

  it("deeper than four levels", async () => {
    const error = await refusal(
      running.stripe.subscriptions.list({ expand: ["data.latest_invoice.customer.default_source.customer"] }),
    );
    expect(error.message).toMatch(/more than 4 levels/);
  });
});

describe("expanding", () => {
  it("replaces an id by its object", async () => {
    const { data } = await running.stripe.charges.list({ limit: 3, expand: ["data.customer"] });
    for (const { customer } of data) expect(customer).toMatchObject({ object: "customer" });
  });

  it("goes four levels deep", async () => {
    const page = await running.stripe.charges.list({
      limit: 3,
      expand: ["data.payment_intent.customer.invoice_settings"],
    });
    expect(page.data[0]?.payment_intent).toMatchObject({ customer: { object: "customer", invoice_settings: {} } });
  });

  it("reaches into lists that an object embeds", async () => {
    const [first] = (await running.stripe.subscriptions.list({ limit: 1 })).data;
    const subscription = await running.stripe.subscriptions.retrieve(first?.id ?? "", {
      expand: ["items.data.price.product"],
    });
    expect(subscription.items.data[0]?.price.product).toMatchObject({ object: "product" });
  });

  it("reaches into nested objects", async () => {
    const invoices = await running.stripe.invoices.list({
      limit: 50,
      expand: ["data.parent.subscription_details.subscription"],
    });
    const billed = invoices.data.find(({ parent }) => parent?.type === "subscription_details");
    expect(billed?.parent?.subscription_details?.subscription).toMatchObject({ object: "subscription" });
  });

  it("takes several paths", async () => {
    const page = await running.stripe.charges.list({ limit: 1, expand: ["data.customer", "data.payment_intent"] });
    expect(page.data[0]).toMatchObject({
      customer: { object: "customer" },
      payment_intent: { object: "payment_intent" },
    });
  });

  it("leaves null as it is", async () => {
    const { data } = await running.stripe.charges.list({ limit: 100, expand: ["data.balance_transaction"] });
    const failed = data.find(({ status }) => status === "failed");
    expect(failed?.balance_transaction).toBeNull();
  });

  it("shows a deleted customer as deleted", async () => {
    const customer = await running.stripe.customers.create({});
    const intent = await running.stripe.paymentIntents.create({ amount: 500, currency: "usd", customer: customer.id });
    await running.stripe.customers.del(customer.id);
    const expanded = await running.stripe.paymentIntents.retrieve(intent.id, { expand: ["customer"] });
    expect(expanded.customer).toEqual({ id: customer.id, object: "customer", deleted: true });
  });

  it("works on what a write answers", async () => {
    const [customer] = (await running.stripe.customers.list({ limit: 1 })).data;
    const request = { amount: 500, currency: "usd", customer: customer?.id ?? "", expand: ["customer"] };
    expect((await running.stripe.paymentIntents.create(request)).customer).toMatchObject({
      id: customer?.id,
      object: "customer",
    });
  });
});

describe("a field that is not sent by default", () => {
  it("comes where it is expanded", async () => {
    const { data } = await running.stripe.checkout.sessions.list({ limit: 1 });
    expect(data[0]).not.toHaveProperty("line_items");
    const session = await running.stripe.checkout.sessions.retrieve(data[0]?.id ?? "", { expand: ["line_items"] });
    expect(session.line_items?.data.length).toBeGreaterThan(0);
  });

  it("lists the customer's subscriptions", async () => {
    const [subscription] = (await running.stripe.subscriptions.list({ limit: 1 })).data;
    const customer = await running.stripe.customers.retrieve(String(subscription?.customer), {
      expand: ["subscriptions"],
    });
    expect(customer).toMatchObject({ subscriptions: { object: "list", data: [{ id: subscription?.id }] } });
  });

  it("lists the refunds of a charge", async () => {
    const [refund] = (await running.stripe.refunds.list({ limit: 1 })).data;
    const charge = await running.stripe.charges.retrieve(String(refund?.charge), { expand: ["refunds"] });
    expect(charge.refunds?.data.map(({ id }) => id)).toContain(refund?.id);
  });

  it("keeps what was set in it", async () => {
    const [product] = (await running.stripe.products.list({ limit: 1 })).data;
    const coupon = await running.stripe.coupons.create({
      percent_off: 10,
      applies_to: { products: [product?.id ?? ""] },
    });
    expect(coupon).not.toHaveProperty("applies_to");
    const expanded = await running.stripe.coupons.retrieve(coupon.id, { expand: ["applies_to"] });
    expect(expanded.applies_to).toEqual({ products: [product?.id] });
  });
});

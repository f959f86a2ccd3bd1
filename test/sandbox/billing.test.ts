import type Stripe from "stripe";
import { describe, expect, it } from "vitest";
import { refusal, runSandbox } from "./running-sandbox.js";

const running = runSandbox();

async function price(lookupKey: string): Promise<Stripe.Price> {
  const [found] = (await running.stripe.prices.list({ lookup_keys: [lookupKey] })).data;
  if (found === undefined) throw new Error(`no price ${lookupKey}`);
  return found;
}

async function customerWithCard(card = "pm_card_visa"): Promise<Stripe.Customer> {
  const customer = await running.stripe.customers.create({ email: "billing@example.com" });
  const method = await running.stripe.paymentMethods.attach(card, { customer: customer.id });
  return running.stripe.customers.update(customer.id, { invoice_settings: { default_payment_method: method.id } });
}

async function openInvoice(customer: string, amount = 4200): Promise<Stripe.Invoice> {
  const invoice = await running.stripe.invoices.create({ customer });
  await running.stripe.invoiceItems.create({ customer, invoice: invoice.id ?? "", amount, currency: "usd" });
  return running.stripe.invoices.finalizeInvoice(invoice.id ?? "");
}

describe("a tiered price", () => {
  it("has a last tier without end, and amounts as texts too", async () => {
    const product = await running.stripe.products.create({ name: "Seats" });
    const { id } = await running.stripe.prices.create({
      ...{ product: product.id, currency: "eur", recurring: { interval: "month" } },
      ...{ billing_scheme: "tiered", tiers_mode: "volume" },
      tiers: [
        { up_to: 5, unit_amount: 700, flat_amount: 100 },
        { up_to: "inf", unit_amount: 500 },
      ],
    });
    const { tiers } = await running.stripe.prices.retrieve(id, { expand: ["tiers"] });
    expect(tiers).toMatchObject([
      { up_to: 5, unit_amount: 700, flat_amount: 100 },
      { up_to: null, unit_amount: 500, flat_amount: null },
    ]);
  });
});

describe("an invoice", () => {
  it("needs a customer that exists", async () => {
    expect((await refusal(running.stripe.invoices.create({ customer: "cus_x" }))).param).toBe("customer");
  });

  it("takes up pending items where it is told to", async () => {
    const customer = await running.stripe.customers.create({});
    await running.stripe.invoiceItems.create({
      customer: customer.id,
      amount: 1000,
      currency: "usd",
      description: "A",
    });
    const cap = await price("t-shirt_once_usd");
    await running.stripe.invoiceItems.create({ customer: customer.id, pricing: { price: cap.id }, quantity: 2 });
    const invoice = await running.stripe.invoices.create({
      customer: customer.id,
      pending_invoice_items_behavior: "include",
    });
    expect(invoice).toMatchObject({ status: "draft", subtotal: 6000, total: 6000, amount_due: 6000, number: null });
    expect(invoice.lines.data.map(({ amount }) => amount)).toEqual([1000, 5000]);
    expect((await running.stripe.invoiceItems.list({ customer: customer.id, pending: true })).data).toEqual([]);
  });

  it("is numbered when it is finalized, and only once", async () => {
    const customer = await running.stripe.customers.create({ invoice_prefix: "ACME" });
    const invoice = await openInvoice(customer.id);
    expect(invoice).toMatchObject({ status: "open", number: "ACME-0001", amount_remaining: 4200 });
    expect((await refusal(running.stripe.invoices.finalizeInvoice(invoice.id ?? ""))).message).toMatch(
      /already finalized/,
    );
    expect((await openInvoice(customer.id)).number).toBe("ACME-0002");
  });

  it("uses up the customer's credit", async () => {
    const customer = await running.stripe.customers.create({ balance: -1000 });
    const invoice = await openInvoice(customer.id);
    expect(invoice).toMatchObject({ total: 4200, amount_due: 3200 });
    expect(await running.stripe.customers.retrieve(customer.id)).toMatchObject({ balance: 0 });
  });

  it("is paid by the customer's default payment method", async () => {
    const customer = await customerWithCard();
    const invoice = await openInvoice(customer.id);
    const paid = await running.stripe.invoices.pay(invoice.id ?? "");
    expect(paid).toMatchObject({ status: "paid", amount_paid: 4200, amount_remaining: 0 });
    const payments = await running.stripe.invoicePayments.list({ invoice: invoice.id ?? "" });
    expect(payments.data).toHaveLength(1);
  });

  it("is not paid twice", async () => {
    const customer = await customerWithCard();
    const invoice = await openInvoice(customer.id);
    await running.stripe.invoices.pay(invoice.id ?? "");
    expect((await refusal(running.stripe.invoices.pay(invoice.id ?? ""))).message).toBe("Invoice is already paid");
  });

  it("stays open where the card is declined, and counts the attempt", async () => {
    const customer = await customerWithCard("pm_card_chargeCustomerFail");
    const invoice = await openInvoice(customer.id);
    expect((await refusal(running.stripe.invoices.pay(invoice.id ?? ""))).statusCode).toBe(402);
    expect(await running.stripe.invoices.retrieve(invoice.id ?? "")).toMatchObject({
      status: "open",
      attempt_count: 1,
    });
  });

  it("without any payment method cannot be paid but out of band", async () => {
    const customer = await running.stripe.customers.create({});
    const invoice = await openInvoice(customer.id);
    expect((await refusal(running.stripe.invoices.pay(invoice.id ?? ""))).code).toBe("resource_missing");
    expect((await running.stripe.invoices.pay(invoice.id ?? "", { paid_out_of_band: true })).status).toBe("paid");
  });

  it("is voided while it is open, never as a draft", async () => {
    const customer = await running.stripe.customers.create({});
    const draft = await running.stripe.invoices.create({ customer: customer.id });
    expect((await refusal(running.stripe.invoices.voidInvoice(draft.id ?? ""))).code).toBe("invoice_not_editable");
    const open = await openInvoice(customer.id);
    expect((await running.stripe.invoices.voidInvoice(open.id ?? "")).status).toBe("void");
  });

  it("is deleted only as a draft", async () => {
    const customer = await running.stripe.customers.create({});
    const open = await openInvoice(customer.id);
    expect((await refusal(running.stripe.invoices.del(open.id ?? ""))).message).toBe(
      "You can only delete draft invoices.",
    );
    const draft = await running.stripe.invoices.create({ customer: customer.id });
    expect(await running.stripe.invoices.del(draft.id ?? "")).toMatchObject({ deleted: true });
  });

  it("takes a coupon off its total", async () => {
    const customer = await running.stripe.customers.create({});
    await running.stripe.invoiceItems.create({ customer: customer.id, amount: 1000, currency: "usd" });
    const discounts = [{ coupon: "WELCOME20" }];
    const invoice = await running.stripe.invoices.create({
      customer: customer.id,
      discounts,
      pending_invoice_items_behavior: "include",
    });
    expect(invoice).toMatchObject({ subtotal: 1000, total: 800, total_discount_amounts: [{ amount: 200 }] });
  });
});

describe("a subscription", () => {
  it("needs items", async () => {
    const customer = await customerWithCard();
    expect((await refusal(running.stripe.subscriptions.create({ customer: customer.id }))).param).toBe("items");
  });

  it("takes no one-time price", async () => {
    const customer = await customerWithCard();
    const once = await price("t-shirt_once_usd");
    const error = await refusal(
      running.stripe.subscriptions.create({ customer: customer.id, items: [{ price: once.id }] }),
    );
    expect(error.param).toBe("items[0][price]");
  });

  it("needs a payment method", async () => {
    const customer = await running.stripe.customers.create({});
    const monthly = await price("team_month_usd");
    const error = await refusal(
      running.stripe.subscriptions.create({ customer: customer.id, items: [{ price: monthly.id }] }),
    );
    expect(error.message).toMatch(/^This customer has no attached payment source/);
  });

  it("bills its first period", async () => {
    const customer = await customerWithCard();
    const monthly = await price("team_month_usd");
    const subscription = await running.stripe.subscriptions.create({
      customer: customer.id,
      items: [{ price: monthly.id, quantity: 3 }],
      expand: ["latest_invoice"],
    });
    expect(subscription).toMatchObject({ status: "active", latest_invoice: { status: "paid", total: 8700 } });
    const [item] = subscription.items.data;
    expect(item?.current_period_end).toBeGreaterThan(item?.current_period_start ?? 0);
  });

  it("is incomplete where the card is declined", async () => {
    const customer = await customerWithCard("pm_card_chargeCustomerFail");
    const monthly = await price("team_month_usd");
    const subscription = await running.stripe.subscriptions.create({
      customer: customer.id,
      items: [{ price: monthly.id }],
    });
    expect(subscription.status).toBe("incomplete");
    expect(await running.stripe.invoices.retrieve(String(subscription.latest_invoice))).toMatchObject({
      status: "open",
    });
  });

  it("is not made at all where the request prefers an error", async () => {
    const customer = await customerWithCard("pm_card_chargeCustomerFail");
    const monthly = await price("team_month_usd");
    const request = {
      customer: customer.id,
      items: [{ price: monthly.id }],
      payment_behavior: "error_if_incomplete" as const,
    };
    expect((await refusal(running.stripe.subscriptions.create(request))).statusCode).toBe(402);
    expect((await running.stripe.subscriptions.list({ customer: customer.id, status: "all" })).data).toEqual([]);
  });

  it("may begin with a trial", async () => {
    const customer = await running.stripe.customers.create({});
    const monthly = await price("team_month_usd");
    const subscription = await running.stripe.subscriptions.create({
      customer: customer.id,
      items: [{ price: monthly.id }],
      trial_period_days: 7,
      expand: ["latest_invoice"],
    });
    const trialEnd = (subscription.trial_start ?? 0) + 7 * 86_400;
    expect(subscription).toMatchObject({ status: "trialing", trial_end: trialEnd });
    expect(subscription.items.data[0]?.current_period_end).toBe(trialEnd);
    expect(subscription.latest_invoice).toMatchObject({ status: "paid", total: 0 });
  });

  it("is billed when its trial ends, and past due where that is not paid", async () => {
    const monthly = await price("team_month_usd");
    const end = async (customer: Stripe.Customer) => {
      const trial = { customer: customer.id, items: [{ price: monthly.id }], trial_period_days: 7 };
      const { id } = await running.stripe.subscriptions.create(trial);
      return running.stripe.subscriptions.update(id, { trial_end: "now", expand: ["latest_invoice"] });
    };
    const paid = { billing_reason: "subscription_cycle", status: "paid", amount_paid: monthly.unit_amount };
    expect(await end(await customerWithCard())).toMatchObject({ status: "active", latest_invoice: paid });
    for (const customer of [
      await customerWithCard("pm_card_chargeCustomerFail"),
      await running.stripe.customers.create({}),
    ])
      expect(await end(customer)).toMatchObject({ status: "past_due", latest_invoice: { status: "open" } });
  });

  it("shows its discounts with their coupons, and their end where they have one", async () => {
    const customer = await customerWithCard();
    const monthly = await price("team_month_usd");
    const subscription = await running.stripe.subscriptions.create({
      customer: customer.id,
      items: [{ price: monthly.id }],
      discounts: [{ coupon: "LOYAL10" }, { coupon: "FIVEOFF" }],
      expand: ["discounts.source.coupon"],
    });
    const [lasting, passing] = subscription.discounts as Stripe.Discount[];
    expect(lasting).toMatchObject({ end: null, source: { coupon: { id: "LOYAL10", duration: "forever" } } });
    expect((passing?.end ?? 0) - (passing?.start ?? 0)).toBeGreaterThan(89 * 86_400);
  });

  it("ends at once, and once only", async () => {
    const customer = await customerWithCard();
    const monthly = await price("team_month_usd");
    const subscription = await running.stripe.subscriptions.create({
      customer: customer.id,
      items: [{ price: monthly.id }],
    });
    expect(await running.stripe.subscriptions.cancel(subscription.id)).toMatchObject({ status: "canceled" });
    expect((await refusal(running.stripe.subscriptions.cancel(subscription.id))).code).toBe("resource_missing");
    expect((await refusal(running.stripe.subscriptions.update(subscription.id, { description: "x" }))).message).toMatch(
      /^A canceled subscription can only/,
    );
  });

  it("may end with its period", async () => {
    const customer = await customerWithCard();
    const monthly = await price("team_month_usd");
    const subscription = await running.stripe.subscriptions.create({
      customer: customer.id,
      items: [{ price: monthly.id }],
    });
    const updated = await running.stripe.subscriptions.update(subscription.id, { cancel_at_period_end: true });
    expect(updated).toMatchObject({
      status: "active",
      cancel_at_period_end: true,
      cancel_at: subscription.items.data[0]?.current_period_end,
    });
  });

  it("changes its items, and prorates what changed", async () => {
    const customer = await customerWithCard();
    const [team, business] = [await price("team_month_usd"), await price("business_month_usd")];
    const subscription = await running.stripe.subscriptions.create({
      customer: customer.id,
      items: [{ price: team.id }],
    });
    const items = [{ id: subscription.items.data[0]?.id ?? "", price: business.id }];
    const updated = await running.stripe.subscriptions.update(subscription.id, { items });
    expect(updated.items.data.map((item) => item.price.id)).toEqual([business.id]);
    const pending = await running.stripe.invoiceItems.list({ customer: customer.id, pending: true });
    expect(pending.data.map(({ amount, proration }) => [amount, proration])).toEqual([
      [9900, true],
      [-2900, true],
    ]);
  });

  it("resumes only from a pause", async () => {
    const paused = (await running.stripe.subscriptions.list({ status: "paused" })).data[0];
    expect((await running.stripe.subscriptions.resume(paused?.id ?? "")).status).toBe("active");
    expect((await refusal(running.stripe.subscriptions.resume(paused?.id ?? ""))).message).toMatch(/`paused`/);
  });

  it("ends with its customer", async () => {
    const customer = await customerWithCard();
    const monthly = await price("team_month_usd");
    const subscription = await running.stripe.subscriptions.create({
      customer: customer.id,
      items: [{ price: monthly.id }],
    });
    await running.stripe.customers.del(customer.id);
    expect((await running.stripe.subscriptions.retrieve(subscription.id)).status).toBe("canceled");
  });
});

describe("a subscription item", () => {
  it("that is the last one stays", async () => {
    const customer = await customerWithCard();
    const [team, storage] = [await price("team_month_usd"), await price("storage_month_usd")];
    const subscription = await running.stripe.subscriptions.create({
      customer: customer.id,
      items: [{ price: team.id }],
    });
    const added = await running.stripe.subscriptionItems.create({
      subscription: subscription.id,
      price: storage.id,
      quantity: 2,
    });
    expect((await running.stripe.subscriptions.retrieve(subscription.id)).items.data).toHaveLength(2);
    await running.stripe.subscriptionItems.del(added.id);
    const last = subscription.items.data[0]?.id ?? "";
    expect((await refusal(running.stripe.subscriptionItems.del(last))).message).toMatch(/at least one active plan/);
  });
});

describe("a quote", () => {
  async function draft(lookupKey: string): Promise<Stripe.Quote> {
    const customer = await customerWithCard();
    const line = await price(lookupKey);
    return running.stripe.quotes.create({ customer: customer.id, line_items: [{ price: line.id, quantity: 2 }] });
  }

  it("is not accepted before it is finalized", async () => {
    const quote = await draft("t-shirt_once_usd");
    expect((await refusal(running.stripe.quotes.accept(quote.id))).message).toMatch(/its status is draft/);
  });

  it("becomes an invoice where it sells once", async () => {
    const quote = await draft("t-shirt_once_usd");
    expect(quote).toMatchObject({ status: "draft", amount_total: 5000, number: null });
    const finalized = await running.stripe.quotes.finalizeQuote(quote.id);
    expect(finalized.status).toBe("open");
    const accepted = await running.stripe.quotes.accept(quote.id, { expand: ["invoice"] });
    expect(accepted).toMatchObject({ status: "accepted", invoice: { status: "draft", total: 5000 } });
  });

  it("becomes a subscription where it sells by the month", async () => {
    const quote = await draft("team_month_usd");
    await running.stripe.quotes.finalizeQuote(quote.id);
    const accepted = await running.stripe.quotes.accept(quote.id, { expand: ["subscription"] });
    expect(accepted.subscription).toMatchObject({ object: "subscription", items: { data: [{ quantity: 2 }] } });
  });

  it("is canceled while it is open, and not again", async () => {
    const quote = await draft("t-shirt_once_usd");
    expect((await running.stripe.quotes.cancel(quote.id)).status).toBe("canceled");
    expect((await refusal(running.stripe.quotes.cancel(quote.id))).message).toMatch(/its status is canceled/);
  });

  it("lists its lines", async () => {
    const quote = await draft("t-shirt_once_usd");
    const lines = await running.stripe.quotes.listLineItems(quote.id);
    expect(lines.data).toMatchObject([{ object: "item", quantity: 2, amount_total: 5000 }]);
  });
});

describe("a credit note", () => {
  it("is refused over more than was invoiced", async () => {
    const customer = await running.stripe.customers.create({});
    const invoice = await openInvoice(customer.id, 1000);
    expect((await refusal(running.stripe.creditNotes.create({ invoice: invoice.id ?? "", amount: 1001 }))).param).toBe(
      "amount",
    );
  });

  it("lowers what an open invoice asks for", async () => {
    const customer = await running.stripe.customers.create({});
    const invoice = await openInvoice(customer.id, 1000);
    const note = await running.stripe.creditNotes.create({ invoice: invoice.id ?? "", amount: 400 });
    expect(note).toMatchObject({ status: "issued", amount: 400, type: "pre_payment" });
    expect(await running.stripe.invoices.retrieve(invoice.id ?? "")).toMatchObject({ amount_remaining: 600 });
  });

  it("over a paid invoice credits the customer", async () => {
    const customer = await customerWithCard();
    const invoice = await openInvoice(customer.id, 1000);
    await running.stripe.invoices.pay(invoice.id ?? "");
    await running.stripe.creditNotes.create({ invoice: invoice.id ?? "", amount: 400 });
    expect(await running.stripe.customers.retrieve(customer.id)).toMatchObject({ balance: -400 });
  });

  it("is voided once", async () => {
    const customer = await running.stripe.customers.create({});
    const invoice = await openInvoice(customer.id, 1000);
    const note = await running.stripe.creditNotes.create({ invoice: invoice.id ?? "", amount: 400 });
    expect((await running.stripe.creditNotes.voidCreditNote(note.id)).status).toBe("void");
    expect((await refusal(running.stripe.creditNotes.voidCreditNote(note.id))).message).toMatch(/already void/);
  });
});

describe("the assortment", () => {
  it("keeps a product that has prices", async () => {
    const [product] = (await running.stripe.products.list({ limit: 1 })).data;
    expect((await refusal(running.stripe.products.del(product?.id ?? ""))).message).toMatch(
      /one or more user-created prices/,
    );
  });

  it("makes a product with its first price", async () => {
    const product = await running.stripe.products.create({
      name: "Poster",
      default_price_data: { currency: "usd", unit_amount: 900 },
      expand: ["default_price"],
    });
    expect(product).toMatchObject({
      active: true,
      default_price: { unit_amount: 900, unit_amount_decimal: "900", type: "one_time" },
    });
  });

  it("gives a lookup key to one price only", async () => {
    const taken = await price("team_month_usd");
    const request = { currency: "usd", unit_amount: 1, product: String(taken.product), lookup_key: "team_month_usd" };
    expect((await refusal(running.stripe.prices.create(request))).param).toBe("lookup_key");
  });

  it("refuses a coupon's id a second time", async () => {
    await running.stripe.coupons.create({ id: "TWICE", percent_off: 10 });
    expect((await refusal(running.stripe.coupons.create({ id: "TWICE", percent_off: 10 }))).code).toBe(
      "resource_already_exists",
    );
  });

  it("refuses a coupon that takes nothing off", async () => {
    expect((await refusal(running.stripe.coupons.create({ duration: "once" }))).message).toMatch(
      /percent_off or amount_off/,
    );
  });
});

describe("a checkout session", () => {
  it("expires once", async () => {
    const once = await price("t-shirt_once_usd");
    const session = await running.stripe.checkout.sessions.create({
      mode: "payment",
      success_url: "https://example.com",
      line_items: [{ price: once.id, quantity: 2 }],
      expand: ["line_items"],
    });
    expect(session).toMatchObject({ status: "open", amount_total: 5000, line_items: { data: [{ quantity: 2 }] } });
    expect((await running.stripe.checkout.sessions.expire(session.id)).status).toBe("expired");
    expect((await refusal(running.stripe.checkout.sessions.expire(session.id))).message).toMatch(/can be expired/);
  });
});

describe("what happens", () => {
  it("is told by an event", async () => {
    const customer = await running.stripe.customers.create({ name: "Watched" });
    const [event] = (await running.stripe.events.list({ type: "customer.created", limit: 1 })).data;
    expect(event?.data.object).toMatchObject({ id: customer.id, name: "Watched" });
  });
});

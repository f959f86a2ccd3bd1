import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type Stripe from "stripe";
import { describe, expect, it } from "vitest";
import type { RunningSandbox } from "./running-sandbox.js";
import { openRunning, runSandbox } from "./running-sandbox.js";

const running = runSandbox({ customers: 120 });

async function everything<Row>(list: {
  autoPagingToArray(options: { limit: number }): Promise<Row[]>;
}): Promise<Row[]> {
  return list.autoPagingToArray({ limit: 10_000 });
}

async function withSandbox<Result>(
  options: Parameters<typeof openRunning>[0],
  use: (one: RunningSandbox) => Promise<Result>,
): Promise<Result> {
  const one = await openRunning(options);
  try {
    return await use(one);
  } finally {
    await one.sandbox.close();
    one.catalog.close();
  }
}

describe("the seed", () => {
  it("gives the same business again", async () => {
    const customers = (one: RunningSandbox) => one.stripe.customers.list({ limit: 5 }).then(({ data }) => data);
    const [first, again, other] = [
      await withSandbox({ seed: 7, customers: 9 }, customers),
      await withSandbox({ seed: 7, customers: 9 }, customers),
      await withSandbox({ seed: 8, customers: 9 }, customers),
    ];
    expect(again).toEqual(first);
    expect(other).not.toEqual(first);
  });

  it("makes as many customers as it is told to, none at all included", async () => {
    expect(await everything(running.stripe.customers.list({ limit: 100 }))).toHaveLength(120);
    const none = await withSandbox({ customers: 0 }, (one) => one.stripe.customers.list());
    expect(none.data).toEqual([]);
  });

  it("lies between November 2024 and November 2026", async () => {
    const charges = await everything(running.stripe.charges.list({ limit: 100 }));
    const times = charges.map(({ created }) => created);
    expect(Math.min(...times)).toBeGreaterThan(Date.UTC(2024, 10, 1) / 1000);
    expect(Math.max(...times)).toBeLessThanOrEqual(Date.UTC(2026, 10, 1) / 1000);
  });
});

describe("the business", () => {
  it("has customers in many countries, with credit, with shared names, each with an e-mail of its own", async () => {
    const customers = await everything(running.stripe.customers.list({ limit: 100 }));
    expect(new Set(customers.map(({ address }) => address?.country)).size).toBeGreaterThan(10);
    expect(customers.some(({ balance }) => balance < 0)).toBe(true);
    expect(new Set(customers.map(({ name }) => name)).size).toBeLessThan(120);
    expect(new Set(customers.map(({ email }) => email)).size).toBe(120);
  });

  it("has invoices in every status whose lines and discounts add up", async () => {
    const invoices = await everything(running.stripe.invoices.list({ limit: 100 }));
    expect(new Set(invoices.map(({ status }) => status))).toEqual(
      new Set(["draft", "open", "paid", "uncollectible", "void"]),
    );
    for (const invoice of invoices) expect(await sumOfLines(invoice)).toBe(invoice.subtotal);
    for (const { subtotal, total, total_discount_amounts: discounts, total_taxes: taxes } of invoices) {
      const onTop = (taxes ?? []).filter(({ tax_behavior: behavior }) => behavior === "exclusive");
      expect(total).toBe(subtotal - amountOf(discounts) + amountOf(onTop));
    }
    expect(invoices.some(({ total_discount_amounts: discounts }) => (discounts ?? []).length > 0)).toBe(true);
  });

  it("taxes invoices line by line, within the price or on top of it", async () => {
    const invoices = await everything(running.stripe.invoices.list({ limit: 100 }));
    const taxed = invoices.filter(({ automatic_tax: { enabled } }) => enabled);
    for (const invoice of taxed) {
      const lines = await linesOf(invoice);
      expect(lines.reduce((sum, line) => sum + amountOf(line.taxes), 0)).toBe(amountOf(invoice.total_taxes));
      expect(invoice.total_excluding_tax).toBe(invoice.total - amountOf(invoice.total_taxes));
    }
    const behaviors = taxed.flatMap(({ total_taxes: taxes }) => (taxes ?? []).map((tax) => tax.tax_behavior));
    expect(new Set(behaviors)).toEqual(new Set(["inclusive", "exclusive"]));
    const rates = new Set((await everything(running.stripe.taxRates.list({ limit: 100 }))).map(({ id }) => id));
    const named = taxed.flatMap(({ total_taxes: taxes }) => (taxes ?? []).map((tax) => tax.tax_rate_details?.tax_rate));
    expect(named.every((rate) => rates.has(rate ?? ""))).toBe(true);
  });

  it("has coupons and promotion codes in use, each line with its part of the discount", async () => {
    const invoices = await everything(running.stripe.invoices.list({ limit: 100, expand: ["data.discounts"] }));
    const discounted = invoices.filter(({ discounts }) => discounts.length > 0);
    for (const invoice of discounted) {
      const lines = await linesOf(invoice);
      const parts = lines.reduce((sum, line) => sum + amountOf(line.discount_amounts), 0);
      expect(parts).toBe(amountOf(invoice.total_discount_amounts));
    }
    const discounts = discounted.flatMap((invoice) => invoice.discounts).map((one) => one as Stripe.Discount);
    expect(discounts.every(({ object, source }) => object === "discount" && source.coupon !== null)).toBe(true);
    expect(discounts.some(({ promotion_code: code }) => String(code).startsWith("promo_"))).toBe(true);
  });

  it("has invoices of more than two pages of embedded lines", async () => {
    const invoices = await everything(running.stripe.invoices.list({ limit: 100 }));
    const counts = await Promise.all(invoices.filter(({ lines }) => lines.has_more).map(linesOf));
    expect(Math.max(...counts.map((lines) => lines.length))).toBe(25);
  });

  it("goes up to the sandbox's day, and tells of the last thirty in events", async () => {
    const [newest] = (await running.stripe.charges.list({ limit: 1 })).data;
    expect(newest?.created).toBeGreaterThan(lastDay - 86_400);
    const events = await everything(running.stripe.events.list({ limit: 100 }));
    expect(events.every(({ created }) => created > lastDay - 30 * 86_400 && created <= lastDay)).toBe(true);
    const charges = await everything(
      running.stripe.charges.list({ created: { gt: lastDay - 30 * 86_400 }, limit: 100 }),
    );
    const told = events.filter(({ type }) => type === "charge.succeeded" || type === "charge.failed");
    expect(idsIn(told)).toEqual(charges.map(({ id }) => id).sort());
    expect(events.some(({ request }) => request?.id === null)).toBe(true);
    const asked = events.filter(({ request }) => request?.id !== null);
    expect(asked.every(({ request }) => /^[0-9a-f-]{36}$/.test(request?.idempotency_key ?? ""))).toBe(true);
  });

  it("has a payment for every paid invoice", async () => {
    const invoices = await everything(running.stripe.invoices.list({ limit: 100, status: "paid" }));
    const payments = await everything(running.stripe.invoicePayments.list({ limit: 100 }));
    const paid = new Map(
      payments.filter(({ status }) => status === "paid").map((payment) => [payment.invoice, payment.amount_paid]),
    );
    for (const { id, amount_paid: amount } of invoices) if (amount > 0) expect(paid.get(id ?? "")).toBe(amount);
  });

  it("has payment intents and quotes in every status", async () => {
    const intents = await everything(running.stripe.paymentIntents.list({ limit: 100 }));
    const quotes = await everything(running.stripe.quotes.list({ limit: 100 }));
    expect(new Set(intents.map(({ status }) => status)).size).toBe(7);
    expect(new Set(quotes.map(({ status }) => status))).toEqual(new Set(["draft", "open", "accepted", "canceled"]));
  });

  it("has failed, refunded and disputed charges", async () => {
    const charges = await everything(running.stripe.charges.list({ limit: 100 }));
    expect(charges.filter(({ status }) => status === "failed").every(({ failure_code: code }) => code !== null)).toBe(
      true,
    );
    expect(charges.some(({ refunded }) => refunded)).toBe(true);
    expect(charges.some(({ amount_refunded: amount, refunded }) => amount > 0 && !refunded)).toBe(true);
    expect(charges.filter(({ disputed }) => disputed)).toHaveLength(
      (await everything(running.stripe.disputes.list({ limit: 100 }))).length,
    );
  });

  it("has balance transactions whose fees and nets add up to the balance, in two currencies", async () => {
    const movements = await everything(running.stripe.balanceTransactions.list({ limit: 100 }));
    for (const { amount, fee, net, fee_details: fees } of movements) {
      expect(net).toBe(amount - fee);
      expect(fees.reduce((sum, one) => sum + one.amount, 0)).toBe(fee);
    }
    const balance = await running.stripe.balance.retrieve();
    expect(balance.available.map(({ currency }) => currency).sort()).toEqual(["eur", "usd"]);
    for (const { currency, amount } of balance.available) expect(amount).toBe(netOf(movements, currency, "available"));
    for (const { currency, amount } of balance.pending) expect(amount).toBe(netOf(movements, currency, "pending"));
  });

  it("has references that lead somewhere", async () => {
    const charges = await running.stripe.charges.list({
      limit: 100,
      expand: ["data.customer", "data.payment_intent.payment_method", "data.balance_transaction"],
    });
    for (const charge of charges.data) {
      expect(charge.customer).toMatchObject({ object: "customer" });
      expect(charge.payment_intent).toMatchObject({ object: "payment_intent" });
      if (charge.captured) expect(charge.balance_transaction).toMatchObject({ source: charge.id });
    }
  });
});

function netOf(movements: readonly Stripe.BalanceTransaction[], currency: string, status: string): number {
  return movements
    .filter((one) => one.currency === currency && one.status === status)
    .reduce((sum, { net }) => sum + net, 0);
}

async function sumOfLines(invoice: Stripe.Invoice): Promise<number> {
  return amountOf(await linesOf(invoice));
}

async function linesOf({ id, lines }: Stripe.Invoice): Promise<readonly Stripe.InvoiceLineItem[]> {
  return lines.has_more ? everything(running.stripe.invoices.listLineItems(id ?? "", { limit: 100 })) : lines.data;
}

function amountOf(parts: readonly { readonly amount: number }[] | null): number {
  return (parts ?? []).reduce((sum, { amount }) => sum + amount, 0);
}

function idsIn(events: readonly Stripe.Event[]): readonly string[] {
  return events.map(({ data }) => String(Object(data.object).id)).sort();
}

/** The day on which the tests' sandboxes start. */
const lastDay = Date.UTC(2026, 10, 1) / 1000;

describe("bulk charges", () => {
  it("come on top, with their balance transactions", async () => {
    await withSandbox({ customers: 3, charges: 500 }, async ({ stripe }) => {
      const bulk = await stripe.charges.search({
        query: '-metadata["order_id"]:null AND amount>0',
        limit: 1,
        expand: ["total_count"],
      });
      expect(bulk.total_count).toBeGreaterThanOrEqual(500);
      const { data } = await stripe.charges.list({ limit: 100, expand: ["data.balance_transaction", "data.customer"] });
      for (const charge of data.filter(({ captured }) => captured)) {
        expect(charge.balance_transaction).toMatchObject({
          source: charge.id,
          amount: charge.amount,
          currency: charge.currency,
        });
        expect(charge.customer).toMatchObject({ object: "customer" });
      }
    });
  });
});

describe("a file", () => {
  it("keeps the state for the next time", async () => {
    const folder = mkdtempSync(join(tmpdir(), "sandbox-"));
    const file = join(folder, "state.db");
    try {
      const created = await withSandbox({ file, customers: 5 }, ({ stripe }) =>
        stripe.customers.create({ name: "Kept" }),
      );
      await withSandbox({ file, customers: 5 }, async ({ stripe }) => {
        expect(await stripe.customers.retrieve(created.id)).toMatchObject({ name: "Kept" });
        expect(await everything(stripe.customers.list())).toHaveLength(6);
        expect((await stripe.customers.create({})).id).not.toBe(created.id);
      });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

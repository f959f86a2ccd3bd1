import type { Json, JsonObject } from "../../value/json.js";
import { textField } from "../json-field.js";
import type { AppliedDiscount } from "../resources/discounts.js";
import { discountFields } from "../resources/discounts.js";
import type { LineDraft } from "../resources/invoice-lines.js";
import { lineFields } from "../resources/invoice-lines.js";
import type { AppliedTax, InvoiceTotals } from "../resources/invoice-totals.js";
import { amountFields, totalsOf } from "../resources/invoice-totals.js";
import type { SeedContext } from "./seed-context.js";
import type { SeededCustomer } from "./seed-customers.js";
import { seedPayment } from "./seed-payments.js";
import type { Assortment } from "./seed-products.js";

const day = 86_400;

export type InvoiceStatus = "draft" | "open" | "paid" | "uncollectible" | "void";

export interface SeededInvoice {
  readonly customer: SeededCustomer;
  readonly created: number;
  readonly lines: readonly LineDraft[];
  readonly discounts: readonly AppliedDiscount[];
  readonly tax: AppliedTax | undefined;
  readonly status: InvoiceStatus;
  readonly reason: "manual" | "subscription_create" | "subscription_cycle";
  readonly subscription?: string;
  readonly dueDays?: number;
}

const sequences = new WeakMap<SeededCustomer, number>();

/** An invoice with its lines, and the payment that its status tells of; the answer is its id. */
export function seedInvoice(seed: SeedContext, invoice: SeededInvoice): string {
  const id = seed.newId("Invoice");
  const totals = totalsOf(
    invoice.lines.map(({ amount }) => amount),
    invoice.discounts,
    invoice.tax,
  );
  const lines = invoice.lines.map((line, index) =>
    seed.add(
      "InvoiceLineItem",
      { id: seed.newId("InvoiceLineItem"), ...lineFields(line, id, totals.shares[index]) },
      id,
    ),
  );
  keepDiscounts(seed, invoice, id);
  const url = `/v1/invoices/${id}/lines`;
  seed.add("Invoice", {
    ...invoiceFields(invoice, totals, id),
    lines: { object: "list", data: lines.slice(0, 10), has_more: lines.length > 10, total_count: lines.length, url },
  });
  pay(seed, invoice, { id, total: totals.total });
  return id;
}

/** A subscription's discount is kept once, with the subscription. */
function keepDiscounts(
  seed: SeedContext,
  { customer, created, discounts, subscription }: SeededInvoice,
  id: string,
): void {
  if (subscription !== undefined) return;
  for (const discount of discounts)
    seed.add("Discount", discountFields(discount, { customer: customer.id, invoice: id, start: created }));
}

function pay(seed: SeedContext, invoice: SeededInvoice, bill: { readonly id: string; readonly total: number }): void {
  const isOverdue = invoice.status === "open" && invoice.reason !== "manual";
  if ((invoice.status !== "paid" && !isOverdue) || bill.total <= 0) return;
  const created = Math.min(seed.endSeconds - 60, invoice.created + 3600);
  const { intent } = seedPayment(seed, {
    customer: invoice.customer,
    amount: bill.total,
    created,
    description:
      invoice.reason === "subscription_create"
        ? "Subscription creation"
        : invoice.reason === "manual"
          ? "Payment for Invoice"
          : "Subscription update",
    result: isOverdue ? "failed" : "succeeded",
  });
  seed.add("InvoicePayment", {
    amount_paid: isOverdue ? null : bill.total,
    amount_requested: bill.total,
    created,
    currency: invoice.customer.currency,
    invoice: bill.id,
    is_default: true,
    payment: { payment_intent: intent["id"] ?? null, type: "payment_intent" },
    status: isOverdue ? "open" : "paid",
    status_transitions: { canceled_at: null, paid_at: isOverdue ? null : created },
  });
}

function invoiceFields(invoice: SeededInvoice, totals: InvoiceTotals, id: string): JsonObject {
  const { customer, status, created } = invoice;
  return {
    id,
    account_country: "US",
    account_name: "Sandbox",
    ...amountFields(totals),
    ...settlement(invoice, Math.max(0, totals.total)),
    ...(status === "draft" ? {} : finalFields(invoice, id)),
    auto_advance: false,
    automatic_tax: automaticTax(invoice.tax),
    billing_reason: invoice.reason,
    collection_method: invoice.reason === "manual" ? "send_invoice" : "charge_automatically",
    created,
    currency: customer.currency,
    customer: customer.id,
    customer_address: customer.object["address"] ?? null,
    customer_email: customer.email,
    customer_name: customer.object["name"] ?? null,
    customer_tax_exempt: customer.object["tax_exempt"] ?? "none",
    customer_tax_ids: [],
    discounts: invoice.discounts.map((discount) => discount.id),
    due_date: invoice.dueDays === undefined ? null : created + invoice.dueDays * day,
    issuer: { type: "self" },
    metadata: {},
    parent: parentOf(invoice),
    payment_settings: { default_mandate: null, payment_method_options: null, payment_method_types: null },
    period_end: created,
    period_start: created,
    status,
    status_transitions: transitions(invoice),
    webhooks_delivered_at: created,
  };
}

function automaticTax(tax: AppliedTax | undefined): JsonObject {
  if (tax === undefined)
    return { disabled_reason: null, enabled: false, liability: null, provider: null, status: null };
  return { disabled_reason: null, enabled: true, liability: { type: "self" }, provider: "stripe", status: "complete" };
}

/** What was paid of the amount due, and how often it was tried. */
function settlement({ status, reason }: SeededInvoice, due: number): JsonObject {
  if (status === "paid") return { amount_paid: due, amount_remaining: 0, attempt_count: 1, attempted: true };
  const isOverdue = status === "open" && reason !== "manual";
  return { amount_paid: 0, amount_remaining: due, attempt_count: isOverdue ? 3 : 0, attempted: isOverdue };
}

/** What an invoice gets when it is finalized. */
function finalFields({ customer, created }: SeededInvoice, id: string): JsonObject {
  return {
    effective_at: created + 60,
    ending_balance: 0,
    hosted_invoice_url: `https://invoice.stripe.com/i/${id}`,
    invoice_pdf: `https://pay.stripe.com/invoice/${id}/pdf`,
    number: nextNumber(customer),
  };
}

function nextNumber(customer: SeededCustomer): string {
  const sequence = (sequences.get(customer) ?? 0) + 1;
  sequences.set(customer, sequence);
  return `${String(customer.object["invoice_prefix"])}-${String(sequence).padStart(4, "0")}`;
}

/** Customers go on counting where their seeded invoices end. */
export function seedInvoiceSequences(seed: SeedContext, customers: readonly SeededCustomer[]): void {
  const byId = new Map<Json, number>(customers.map((customer) => [customer.id, (sequences.get(customer) ?? 0) + 1]));
  seed.amend("Customer", ({ id }) => ({ next_invoice_sequence: byId.get(id ?? null) ?? 1 }));
}

function parentOf({ subscription }: SeededInvoice): Json {
  if (subscription === undefined) return null;
  return { quote_details: null, subscription_details: { metadata: {}, subscription }, type: "subscription_details" };
}

function transitions({ status, created }: SeededInvoice): JsonObject {
  return {
    finalized_at: status === "draft" ? null : created + 60,
    marked_uncollectible_at: status === "uncollectible" ? created + 30 * day : null,
    paid_at: status === "paid" ? created + 3600 : null,
    voided_at: status === "void" ? created + 5 * day : null,
  };
}

const manualStatuses: readonly InvoiceStatus[] = ["open", "paid", "draft", "uncollectible", "void", "open", "paid"];

/** Invoices written by hand, of every status; some with more lines than an invoice embeds, some discounted. */
export function seedManualInvoices(
  seed: SeedContext,
  customers: readonly SeededCustomer[],
  assortment: Assortment,
): void {
  let count = 0;
  for (const customer of customers) {
    if (customer.index % 7 !== 1) continue;
    const room = Math.max(day, seed.endSeconds - customer.created - 2 * day);
    const created = customer.created + day + seed.random.below(room);
    const lines = manualLines({ customer, assortment, created, count: count % 4 === 1 ? 14 : 1 + (count % 4) });
    const coupon = count % 3 === 1 ? assortment.coupons[0] : undefined;
    seedInvoice(seed, {
      customer,
      created,
      lines,
      discounts: coupon === undefined ? [] : [{ id: `di_${seed.random.text(24)}`, coupon }],
      tax: taxFor(customer, assortment),
      status: manualStatuses[count % manualStatuses.length] ?? "open",
      reason: "manual",
      dueDays: 30,
    });
    count += 1;
  }
}

/** Lines enough to fill three pages of ten, a promotion code in use, and a tax that comes on top. */
export function seedLongInvoices(
  seed: SeedContext,
  customers: readonly SeededCustomer[],
  assortment: Assortment,
): void {
  const code = seed.all("PromotionCode").find((one) => one["code"] === "WELCOME201");
  const americans = customers.filter(({ currency, country }) => currency === "usd" && country === "US");
  for (const [index, customer] of americans.slice(0, 3).entries()) {
    const created = seed.endSeconds - (20 - 5 * index) * day;
    const coupon = assortment.coupons[0];
    const discount = {
      id: `di_${seed.random.text(24)}`,
      coupon: coupon ?? {},
      promotionCode: textField(code ?? {}, "id"),
    };
    seedInvoice(seed, {
      customer,
      created,
      lines: manualLines({ customer, assortment, created, count: 25 }),
      discounts: index === 1 || coupon === undefined ? [] : [discount],
      tax: assortment.salesTax,
      status: index === 2 ? "open" : "paid",
      reason: "manual",
      dueDays: 30,
    });
  }
}

/** Customers of countries with a value added tax pay it within the price, unless they are exempt. */
export function taxFor(customer: SeededCustomer, assortment: Assortment): AppliedTax | undefined {
  return customer.object["tax_exempt"] === "none" && customer.currency === "eur"
    ? assortment.valueAddedTaxes.get(customer.country)
    : undefined;
}

function manualLines(plan: {
  readonly customer: SeededCustomer;
  readonly assortment: Assortment;
  readonly created: number;
  readonly count: number;
}): readonly LineDraft[] {
  const prices = plan.assortment.oneTime[plan.customer.currency];
  const { created, customer } = plan;
  return Array.from({ length: plan.count }, (_, index) => {
    const price = prices[(index + plan.customer.index) % prices.length] ?? {};
    const quantity = 1 + (index % 3);
    const amount = Number(price["unit_amount"]) * quantity;
    const description = `${String(price["nickname"])} (${index + 1})`;
    const period = { start: created, end: created };
    return { amount, currency: customer.currency, description, quantity, period, price };
  });
}

/** Items that wait for the customer's next invoice. */
export function seedPendingItems(seed: SeedContext, customers: readonly SeededCustomer[]): void {
  for (const customer of customers) {
    if (customer.index % 20 !== 5) continue;
    const date = Math.max(customer.created + day, seed.endSeconds - (1 + (customer.index % 25)) * day);
    seed.add("InvoiceItem", {
      amount: 1500 + 10 * customer.index,
      currency: customer.currency,
      customer: customer.id,
      date: Math.min(date, seed.endSeconds - 60),
      description: "Extra hours",
      discountable: true,
      invoice: null,
      metadata: {},
      net_amount: 1500 + 10 * customer.index,
      period: { start: date, end: date },
      quantity: 1,
      quantity_decimal: "1",
    });
  }
}

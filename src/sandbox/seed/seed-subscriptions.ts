import type { Json, JsonObject } from "../../value/json.js";
import { numberField, objectField, textField } from "../json-field.js";
import { addMonths } from "../resources/billing-period.js";
import type { AppliedDiscount } from "../resources/discounts.js";
import { discountFields } from "../resources/discounts.js";
import type { AppliedTax } from "../resources/invoice-totals.js";
import { itemFields } from "../resources/subscription-items.js";
import type { SeedContext } from "./seed-context.js";
import type { SeededCustomer } from "./seed-customers.js";
import type { InvoiceStatus } from "./seed-invoices.js";
import { seedInvoice, taxFor } from "./seed-invoices.js";
import type { Assortment } from "./seed-products.js";

const day = 86_400;

type SubscriptionStatus =
  | "active"
  | "trialing"
  | "past_due"
  | "unpaid"
  | "canceled"
  | "incomplete"
  | "incomplete_expired"
  | "paused";

/** Statuses in turn, so that even a small business has every one. */
const statuses: readonly SubscriptionStatus[] = [
  "active",
  "canceled",
  "trialing",
  "active",
  "past_due",
  "active",
  "unpaid",
  "active",
  "canceled",
  "active",
  "incomplete",
  "active",
  "incomplete_expired",
  "active",
  "paused",
  "active",
  "active",
  "canceled",
  "active",
  "active",
];

/** How many past periods are billed; enough for cohorts without a thousand rows for each customer. */
const billedPeriods = 4;

interface SeededSubscription {
  readonly customer: SeededCustomer;
  readonly status: SubscriptionStatus;
  readonly id: string;
  readonly start: number;
  readonly items: readonly JsonObject[];
  readonly discount: AppliedDiscount | undefined;
  readonly tax: AppliedTax | undefined;
}

/** Where among the subscriptions it stands, and in which of its periods. */
interface SubscriptionPlace {
  readonly number: number;
  readonly period: { readonly start: number; readonly end: number };
}

/** Two of three customers subscribe; each subscription has its items, invoices and payments. */
export function seedSubscriptions(
  seed: SeedContext,
  customers: readonly SeededCustomer[],
  assortment: Assortment,
): void {
  let count = 0;
  for (const customer of customers) {
    if (customer.index % 3 === 2) continue;
    seedSubscription(seed, { customer, assortment, number: count });
    count += 1;
  }
}

function seedSubscription(
  seed: SeedContext,
  plan: { readonly customer: SeededCustomer; readonly assortment: Assortment; readonly number: number },
): void {
  const { customer, assortment, number } = plan;
  const status = statuses[number % statuses.length] ?? "active";
  const start = startOf(seed, customer, status);
  const id = seed.newId("Subscription");
  const period = currentPeriod(seed, start, status);
  const items = seedItems(seed, { id, customer, assortment, number, period });
  const coupon = number % 8 === 3 ? assortment.coupons[1] : undefined;
  const discount = coupon === undefined ? undefined : { id: `di_${seed.random.text(24)}`, coupon };
  if (discount !== undefined)
    seed.add("Discount", discountFields(discount, { customer: customer.id, subscription: id, start }));
  const subscription = { customer, status, id, start, items, discount, tax: taxFor(customer, assortment) };
  const latest = seedPeriods(seed, subscription);
  seed.add("Subscription", { ...subscriptionFields(seed, subscription, { period, number }), latest_invoice: latest });
}

function startOf(seed: SeedContext, customer: SeededCustomer, status: SubscriptionStatus): number {
  if (status === "trialing") return seed.endSeconds - (1 + seed.random.below(12)) * day;
  if (status === "incomplete") return seed.endSeconds - 3600 * (1 + seed.random.below(20));
  return customer.created + 600 + seed.random.below(10 * day);
}

/** The month that the business's last day lies in, counted from the start; ended ones stopped after some. */
function currentPeriod(
  seed: SeedContext,
  start: number,
  status: SubscriptionStatus,
): { readonly start: number; readonly end: number } {
  if (status === "trialing") return { start, end: start + 14 * day };
  let months = 0;
  const last =
    status === "canceled" || status === "incomplete_expired" || status === "incomplete" ? 1 : Number.POSITIVE_INFINITY;
  while (addMonths(start, months + 1) <= seed.endSeconds && months + 1 < last) months += 1;
  return { start: addMonths(start, months), end: addMonths(start, months + 1) };
}

function seedItems(
  seed: SeedContext,
  plan: {
    readonly id: string;
    readonly customer: SeededCustomer;
    readonly assortment: Assortment;
    readonly number: number;
    readonly period: { readonly start: number; readonly end: number };
  },
): readonly JsonObject[] {
  const monthly = plan.assortment.recurring[plan.customer.currency].filter(
    (price) => objectField(price, "recurring")?.["interval"] === "month",
  );
  const count = plan.number % 7 === 6 ? 2 : 1;
  return Array.from({ length: count }, (_, index) =>
    seed.add(
      "SubscriptionItem",
      {
        ...itemFields(monthly[(plan.number + index) % monthly.length] ?? {}, plan.period),
        created: plan.period.start,
        metadata: {},
        quantity: 1 + (plan.number % 3),
        subscription: plan.id,
      },
      plan.id,
    ),
  );
}

function subscriptionFields(seed: SeedContext, subscription: SeededSubscription, place: SubscriptionPlace): JsonObject {
  const { number } = place;
  const { customer, status, id, start, items, discount, tax } = subscription;
  const url = `/v1/subscription_items?subscription=${id}`;
  return {
    id,
    ...ending(seed, subscription, place),
    automatic_tax: {
      disabled_reason: null,
      enabled: tax !== undefined,
      liability: tax === undefined ? null : { type: "self" },
    },
    billing_cycle_anchor: start,
    billing_mode: { type: "flexible", flexible: null },
    collection_method: "charge_automatically",
    created: start,
    currency: customer.currency,
    customer: customer.id,
    default_payment_method: customer.method["id"] ?? null,
    discounts: discount === undefined ? [] : [discount.id],
    invoice_settings: { account_tax_ids: null, issuer: { type: "self" } },
    items: { object: "list", data: items, has_more: false, total_count: items.length, url },
    metadata: number % 4 === 0 ? { campaign: number % 8 === 0 ? "spring" : "autumn" } : {},
    payment_settings: { payment_method_options: null, payment_method_types: null, save_default_payment_method: "off" },
    start_date: start,
    status,
    trial_end: status === "trialing" ? place.period.end : null,
    trial_start: status === "trialing" ? start : null,
    trial_settings: { end_behavior: { missing_payment_method: "create_invoice" } },
  };
}

/** When and why it ended, or will. */
function ending(
  seed: SeedContext,
  { status, start }: SeededSubscription,
  { period, number }: SubscriptionPlace,
): JsonObject {
  if (status === "canceled") {
    const endedAt = Math.min(seed.endSeconds - day, start + (10 + (number % 200)) * day);
    return { ...cancellation(true, number), cancel_at: null, canceled_at: endedAt, ended_at: endedAt };
  }
  if (status === "active" && number % 5 === 3) {
    const decidedAt = Math.min(seed.endSeconds - 60, period.start + day);
    return { ...cancellation(true, number), cancel_at: period.end, cancel_at_period_end: true, canceled_at: decidedAt };
  }
  return { ...cancellation(false, number), ended_at: status === "incomplete_expired" ? start + day : null };
}

function cancellation(isCanceled: boolean, number: number): JsonObject {
  const feedback = ["too_expensive", "unused", "switched_service", "missing_features"];
  const nothing = { comment: null, feedback: null, feedback_option: null, reason: null };
  if (!isCanceled) return { cancellation_details: nothing };
  const details = {
    comment: number % 3 === 0 ? "No longer needed" : null,
    feedback: feedback[number % 4] ?? null,
    feedback_option: null,
    reason: "cancellation_requested",
  };
  return { cancellation_details: details };
}

/** Bills the last periods; the answer is the last invoice's id. */
function seedPeriods(seed: SeedContext, subscription: SeededSubscription): Json {
  const { status, start } = subscription;
  const starts = periodStarts(seed, start, status);
  let latest: Json = null;
  for (const [index, periodStart] of starts.entries()) {
    const isLast = index === starts.length - 1;
    latest = billPeriod(seed, subscription, {
      start: periodStart,
      isFirst: periodStart === start,
      status: isLast ? lastStatus(status) : "paid",
    });
  }
  return latest;
}

function periodStarts(seed: SeedContext, start: number, status: SubscriptionStatus): readonly number[] {
  if (status === "trialing" || status === "incomplete" || status === "incomplete_expired" || status === "canceled")
    return [start];
  const starts: number[] = [];
  for (let months = 0; addMonths(start, months) < seed.endSeconds; months++) starts.push(addMonths(start, months));
  return starts.slice(-billedPeriods);
}

/** What the status of a subscription says about its last invoice. */
function lastStatus(status: SubscriptionStatus): InvoiceStatus {
  switch (status) {
    case "past_due":
    case "unpaid":
    case "incomplete":
      return "open";
    case "incomplete_expired":
      return "void";
    case "active":
    case "trialing":
    case "canceled":
    case "paused":
      return "paid";
  }
}

function billPeriod(
  seed: SeedContext,
  subscription: SeededSubscription,
  period: { readonly start: number; readonly isFirst: boolean; readonly status: InvoiceStatus },
): Json {
  const { customer, items, id, discount, status } = subscription;
  const end = addMonths(period.start, 1);
  const lines = items.map((item) => {
    const price = objectField(item, "price") ?? {};
    const quantity = numberField(item, "quantity");
    return {
      amount: status === "trialing" ? 0 : numberField(price, "unit_amount") * quantity,
      currency: customer.currency,
      description:
        status === "trialing"
          ? `Trial period for ${textField(price, "nickname") ?? ""}`
          : `${quantity} × ${textField(price, "nickname") ?? ""}`,
      quantity,
      period: { start: period.start, end },
      price,
      subscription: id,
      subscriptionItem: textField(item, "id") ?? "",
    };
  });
  return seedInvoice(seed, {
    customer,
    created: period.start,
    lines,
    discounts: discount === undefined ? [] : [discount],
    tax: subscription.tax,
    status: period.status,
    reason: period.isFirst ? "subscription_create" : "subscription_cycle",
    subscription: id,
  });
}

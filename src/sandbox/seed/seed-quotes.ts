import type { JsonObject } from "../../value/json.js";
import { textField } from "../json-field.js";
import { amountsOf } from "../resources/quotes.js";
import type { SaleLine } from "../resources/sale-lines.js";
import { saleLine, saleLineFields } from "../resources/sale-lines.js";
import type { SeedContext } from "./seed-context.js";
import type { SeededCustomer } from "./seed-customers.js";
import type { Assortment } from "./seed-products.js";

const day = 86_400;
const quoteStatuses = ["draft", "open", "accepted", "canceled", "open"];
const sessionStatuses = ["complete", "expired", "open", "complete"];

/** Quotes and checkout sessions with their lines. */
export function seedSales(seed: SeedContext, customers: readonly SeededCustomer[], assortment: Assortment): void {
  for (const customer of customers) {
    if (customer.index % 10 === 3) seedQuote(seed, customer, assortment);
    if (customer.index % 8 === 2) seedSession(seed, customer, assortment);
  }
}

function linesFor(customer: SeededCustomer, assortment: Assortment): readonly SaleLine[] {
  const shelf = assortment.oneTime[customer.currency];
  const count = 1 + (customer.index % 3);
  return Array.from({ length: count }, (_, index) => {
    const price = shelf[(customer.index + index) % shelf.length] ?? {};
    return saleLine(price, 1 + (index % 2), textField(price, "nickname") ?? "");
  });
}

function seedQuote(seed: SeedContext, customer: SeededCustomer, assortment: Assortment): void {
  const number = Math.floor(customer.index / 10);
  const status = quoteStatuses[number % quoteStatuses.length] ?? "draft";
  const created = Math.min(seed.endSeconds - day, customer.created + 2 * day);
  const lines = linesFor(customer, assortment);
  const quote = seed.add("Quote", {
    ...amountsOf(lines, []),
    automatic_tax: { enabled: false, liability: null, provider: null, status: null },
    collection_method: "charge_automatically",
    created,
    currency: customer.currency,
    customer: customer.id,
    description: number % 2 === 0 ? "Offer" : null,
    expires_at: created + 30 * day,
    invoice_settings: { days_until_due: null, issuer: { type: "self" } },
    metadata: {},
    number: status === "draft" ? null : `QT-${seed.random.text(8).toUpperCase()}-0001-1`,
    status,
    status_transitions: {
      accepted_at: status === "accepted" ? created + 3 * day : null,
      canceled_at: status === "canceled" ? created + 3 * day : null,
      finalized_at: status === "draft" ? null : created + day,
    },
    subscription_data: {
      billing_mode: { type: "flexible" },
      description: null,
      effective_date: null,
      metadata: {},
      trial_period_days: null,
    },
  });
  addLines(seed, { type: "QuoteLineItem", parent: textField(quote, "id") ?? "", lines });
}

function seedSession(seed: SeedContext, customer: SeededCustomer, assortment: Assortment): void {
  const status = sessionStatuses[Math.floor(customer.index / 8) % sessionStatuses.length] ?? "complete";
  const lines = linesFor(customer, assortment);
  const total = lines.reduce((sum, line) => sum + line.amount, 0);
  const created = Math.min(seed.endSeconds - day, customer.created + day);
  const id = seed.newId("CheckoutSession");
  seed.add("CheckoutSession", {
    id,
    amount_subtotal: total,
    amount_total: total,
    created,
    currency: customer.currency,
    customer: customer.id,
    customer_details: sessionCustomer(customer),
    customer_email: customer.email,
    expires_at: created + day,
    livemode: false,
    metadata: {},
    mode: "payment",
    payment_method_types: ["card"],
    payment_status: status === "complete" ? "paid" : "unpaid",
    status,
    success_url: "https://example.com/thanks",
    total_details: { amount_discount: 0, amount_shipping: 0, amount_tax: 0 },
    url: status === "open" ? `https://checkout.stripe.com/c/pay/${id}` : null,
  });
  addLines(seed, { type: "CheckoutSessionLineItem", parent: id, lines });
}

function sessionCustomer(customer: SeededCustomer): JsonObject {
  return {
    address: customer.object["address"] ?? null,
    business_name: null,
    email: customer.email,
    individual_name: null,
    name: customer.object["name"] ?? null,
    phone: null,
    tax_exempt: "none",
    tax_ids: [],
  };
}

function addLines(
  seed: SeedContext,
  target: { readonly type: string; readonly parent: string; readonly lines: readonly SaleLine[] },
): void {
  for (const line of target.lines)
    seed.add(target.type, { id: seed.newId(target.type), ...saleLineFields(line) }, target.parent);
}

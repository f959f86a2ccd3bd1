import type { Json, JsonObject } from "../../value/json.js";
import type { AccountState, StripeObject } from "../account-state.js";
import { idOf } from "../account-state.js";
import { numberField, objectField, textField, without } from "../json-field.js";
import type { Call, OperationTable } from "../operation.js";
import { keyOf } from "../operation.js";
import { createObject, updateObject } from "../plain-operations.js";
import { invalidRequest, missingParameter, notModelled } from "../refusals.js";
import type { AppliedDiscount } from "./discounts.js";
import { discountOf, readDiscounts } from "./discounts.js";
import { draftInvoice } from "./invoices.js";
import type { SaleLine } from "./sale-lines.js";
import { readLineItems, saleLineFields } from "./sale-lines.js";
import { createSubscription } from "./subscriptions.js";

const type = "Quote";

export const quoteOperations: OperationTable = {
  "POST /v1/quotes": (state, { parameters }) => createQuote(state, parameters),
  "POST /v1/quotes/{}": updateQuote,
  "POST /v1/quotes/{}/finalize": finalizeQuote,
  "POST /v1/quotes/{}/accept": acceptQuote,
  "POST /v1/quotes/{}/cancel": cancelQuote,
};

function createQuote(state: AccountState, parameters: JsonObject): StripeObject {
  if (parameters["from_quote"] !== undefined) throw notModelled("the parameter from_quote of quotes");
  const discounts = readDiscounts(state, parameters["discounts"]);
  const lines = readLineItems(state, parameters["line_items"]);
  const quote = createObject(state, state.world.shapes.table(type), without(parameters, ["line_items", "discounts"]), {
    ...quoteDefaults(state, parameters),
    ...amountsOf(lines, discounts),
    test_clock: parameters["test_clock"] ?? clockOf(state, parameters),
    currency: lines[0]?.currency ?? null,
    discounts: discounts.map(({ id }) => id),
  });
  keepLines(state, quote, lines);
  return quote;
}

/** A quote for a customer on a test clock is on it too. */
function clockOf(state: AccountState, parameters: JsonObject): Json {
  const customer = state.find("Customer", textField(parameters, "customer") ?? "");
  return customer?.["test_clock"] ?? null;
}

function quoteDefaults(state: AccountState, parameters: JsonObject): JsonObject {
  return {
    automatic_tax: { enabled: false, liability: null, provider: null, status: null },
    collection_method: parameters["collection_method"] ?? "charge_automatically",
    expires_at: parameters["expires_at"] ?? state.now() + 30 * 86_400,
    invoice_settings: { days_until_due: null, issuer: { type: "self" } },
    status: "draft",
    status_transitions: { accepted_at: null, canceled_at: null, finalized_at: null },
    subscription_data: {
      billing_mode: { type: "flexible" },
      description: null,
      effective_date: null,
      metadata: {},
      trial_period_days: null,
      ...objectField(parameters, "subscription_data"),
    },
  };
}

function keepLines(state: AccountState, quote: StripeObject, lines: readonly SaleLine[]): void {
  for (const line of lines) state.create("QuoteLineItem", saleLineFields(line), idOf(quote));
}

/** A quote's amounts: what is paid at once, and what recurs. */
export function amountsOf(lines: readonly SaleLine[], discounts: readonly AppliedDiscount[]): JsonObject {
  const subtotal = lines.reduce((sum, line) => sum + line.amount, 0);
  const off = discounts.reduce((sum, { coupon }) => sum + discountOf(coupon, subtotal), 0);
  const recurring = lines.filter((line) => line.price["recurring"] !== null);
  const [first] = recurring;
  const interval = first === undefined ? undefined : objectField(first.price, "recurring");
  const part = (some: readonly SaleLine[]) => some.reduce((sum, line) => sum + line.amount, 0);
  const details = { amount_discount: off, amount_shipping: 0, amount_tax: 0 };
  return {
    amount_subtotal: subtotal,
    amount_total: subtotal - off,
    computed: {
      recurring:
        interval === undefined
          ? null
          : {
              amount_subtotal: part(recurring),
              amount_total: part(recurring),
              interval: interval["interval"] ?? "month",
              interval_count: interval["interval_count"] ?? 1,
              total_details: details,
            },
      upfront: { amount_subtotal: subtotal, amount_total: subtotal - off, total_details: details },
    },
    total_details: details,
  };
}

function updateQuote(state: AccountState, call: Call): StripeObject {
  const quote = state.require(type, keyOf(call));
  if (quote["status"] !== "draft" && Object.keys(call.parameters).some((key) => key !== "metadata"))
    throw wrongState(quote, "updated", "draft");
  const table = state.world.shapes.table(type);
  const updated = updateObject(state, table, idOf(quote), without(call.parameters, ["line_items", "discounts"]));
  if (call.parameters["line_items"] === undefined) return updated;
  const lines = readLineItems(state, call.parameters["line_items"]);
  for (const old of state.childrenOf("QuoteLineItem", idOf(quote))) state.remove("QuoteLineItem", old);
  keepLines(state, quote, lines);
  return state.change(type, updated, { ...amountsOf(lines, []), currency: lines[0]?.currency ?? null });
}

function finalizeQuote(state: AccountState, call: Call): StripeObject {
  const quote = state.require(type, keyOf(call));
  if (quote["status"] !== "draft") throw wrongState(quote, "finalized", "draft");
  if (textField(quote, "customer") === undefined) throw missingParameter("customer");
  if (state.childrenOf("QuoteLineItem", idOf(quote)).length === 0)
    throw invalidRequest("The quote must have at least one line item to be finalized.");
  return transition(state, quote, {
    status: "open",
    moment: "finalized_at",
    fields: {
      number: `QT-${state.world.random.text(8).toUpperCase()}-0001-1`,
      expires_at: call.parameters["expires_at"] ?? quote["expires_at"] ?? null,
    },
  });
}

/** An accepted quote becomes a subscription where a price recurs, else a draft invoice. */
function acceptQuote(state: AccountState, call: Call): StripeObject {
  const quote = state.require(type, keyOf(call));
  if (quote["status"] !== "open") throw wrongState(quote, "accepted", "open");
  const lines = state.childrenOf("QuoteLineItem", idOf(quote));
  const isRecurring = lines.some((line) => objectField(line, "price")?.["recurring"] !== null);
  const fields = isRecurring
    ? { subscription: subscribe(state, quote, lines) }
    : { invoice: invoice(state, quote, lines) };
  return transition(state, quote, { status: "accepted", moment: "accepted_at", fields });
}

function subscribe(state: AccountState, quote: StripeObject, lines: readonly StripeObject[]): string {
  const data = objectField(quote, "subscription_data") ?? {};
  const subscription = createSubscription(state, {
    customer: quote["customer"] ?? null,
    items: lines.map((line) => ({
      price: textField(objectField(line, "price") ?? {}, "id") ?? "",
      quantity: line["quantity"] ?? 1,
    })),
    collection_method: quote["collection_method"] ?? "charge_automatically",
    payment_behavior: "default_incomplete",
    ...(data["trial_period_days"] === null ? {} : { trial_period_days: data["trial_period_days"] ?? 0 }),
  });
  return idOf(subscription);
}

function invoice(state: AccountState, quote: StripeObject, lines: readonly StripeObject[]): string {
  const customer = state.require("Customer", textField(quote, "customer") ?? "", "customer");
  const now = state.now();
  const created = draftInvoice(state, {
    customer,
    currency: textField(quote, "currency") ?? "usd",
    fields: {
      collection_method: quote["collection_method"] ?? "charge_automatically",
      parent: { quote_details: { quote: idOf(quote) }, subscription_details: null, type: "quote_details" },
    },
    lines: lines.map((line) => ({
      amount: numberField(line, "amount_subtotal"),
      currency: textField(line, "currency") ?? "usd",
      description: textField(line, "description") ?? null,
      quantity: numberField(line, "quantity"),
      period: { start: now, end: now },
      price: objectField(line, "price") ?? {},
    })),
    discounts: [],
  });
  return idOf(created);
}

function cancelQuote(state: AccountState, call: Call): StripeObject {
  const quote = state.require(type, keyOf(call));
  if (quote["status"] !== "draft" && quote["status"] !== "open") throw wrongState(quote, "canceled", "draft or open");
  return transition(state, quote, { status: "canceled", moment: "canceled_at", fields: {} });
}

function transition(
  state: AccountState,
  quote: StripeObject,
  to: { readonly status: string; readonly moment: string; readonly fields: JsonObject },
): StripeObject {
  const transitions = { ...objectField(quote, "status_transitions"), [to.moment]: state.now() };
  return state.change(type, quote, { status: to.status, status_transitions: transitions, ...to.fields });
}

function wrongState(quote: StripeObject, verb: string, wanted: string): Error {
  return invalidRequest(
    `This quote cannot be ${verb} because its status is ${String(quote["status"])}; it must be ${wanted}.`,
  );
}

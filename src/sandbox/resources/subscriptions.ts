import type { JsonObject } from "../../value/json.js";
import type { AccountState, StripeObject } from "../account-state.js";
import { idOf } from "../account-state.js";
import { objectField, objectsField, textField, without } from "../json-field.js";
import type { Call, OperationTable } from "../operation.js";
import { keyOf } from "../operation.js";
import { createObject, updateObject } from "../plain-operations.js";
import { invalidRequest, missingParameter, notModelled } from "../refusals.js";
import { StripeFailure } from "../stripe-failure.js";
import { periodEnd } from "./billing-period.js";
import type { AppliedDiscount } from "./discounts.js";
import { keepDiscounts, readDiscounts } from "./discounts.js";
import { defaultMethodOf, noPaymentMethod, payInvoice } from "./invoice-payment.js";
import { draftInvoice, finalizeInvoice } from "./invoices.js";
import { changeItems, createItem, itemsOf, lineOfSubscriptionItem, showItems } from "./subscription-items.js";

const type = "Subscription";
const ended = ["canceled", "incomplete_expired"];

export const subscriptionOperations: OperationTable = {
  "POST /v1/subscriptions": (state, { parameters }) => createSubscription(state, parameters),
  "POST /v1/subscriptions/{}": updateSubscription,
  "DELETE /v1/subscriptions/{}": (state, call) =>
    cancelSubscription(state, state.require(type, keyOf(call)), call.parameters),
  "POST /v1/subscriptions/{}/resume": resumeSubscription,
  "DELETE /v1/subscriptions/{}/discount": (state, call) => {
    const subscription = state.require(type, keyOf(call));
    state.change(type, subscription, { discounts: [] });
    return { object: "discount", deleted: true, subscription: idOf(subscription) };
  },
};

const handled = [
  "items",
  "trial_period_days",
  "trial_end",
  "trial_from_plan",
  "payment_behavior",
  "proration_behavior",
  "off_session",
  "discounts",
  "add_invoice_items",
  "backdate_start_date",
];

export function createSubscription(state: AccountState, parameters: JsonObject): StripeObject {
  const items = objectsField(parameters, "items");
  const customerId = textField(parameters, "customer");
  if (customerId === undefined) throw missingParameter("customer");
  if (items.length === 0) throw missingParameter("items");
  if (parameters["add_invoice_items"] !== undefined)
    throw notModelled("the parameter add_invoice_items of subscriptions");
  const customer = state.require("Customer", customerId, "customer");
  const trialEnd = trialEndOf(state, parameters);
  const discounts = readDiscounts(state, parameters["discounts"]);
  const subscription = createObject(state, state.world.shapes.table(type), without(parameters, handled), {
    ...subscriptionDefaults(state, parameters),
    trial_start: trialEnd === null ? null : state.now(),
    trial_end: trialEnd,
    test_clock: customer["test_clock"] ?? null,
    discounts: discounts.map(({ id }) => id),
  });
  keepDiscounts(state, discounts, { customer: customerId, subscription: idOf(subscription) });
  for (const item of items) createItem(state, subscription, item);
  const shown = showItems(state, subscription);
  if (trialEnd !== null) return startTrial(state, shown);
  return firstInvoice(state, { subscription: shown, customer, parameters, discounts });
}

function subscriptionDefaults(state: AccountState, parameters: JsonObject): JsonObject {
  const now = state.now();
  return {
    automatic_tax: { disabled_reason: null, enabled: false, liability: null },
    billing_cycle_anchor: parameters["billing_cycle_anchor"] ?? now,
    billing_mode: { type: "flexible", flexible: null },
    cancel_at_period_end: parameters["cancel_at_period_end"] ?? false,
    collection_method: parameters["collection_method"] ?? "charge_automatically",
    currency: parameters["currency"] ?? "usd",
    invoice_settings: { account_tax_ids: null, issuer: { type: "self" } },
    payment_settings: { payment_method_options: null, payment_method_types: null, save_default_payment_method: "off" },
    start_date: now,
    status: "incomplete",
    trial_settings: { end_behavior: { missing_payment_method: "create_invoice" } },
  };
}

function trialEndOf(state: AccountState, parameters: JsonObject): number | null {
  const end = parameters["trial_end"];
  if (typeof end === "number") return end;
  const days = parameters["trial_period_days"];
  return typeof days === "number" && days > 0 ? state.now() + days * 86_400 : null;
}

/** A trial begins with an invoice over nothing, which is paid at once. */
function startTrial(state: AccountState, subscription: StripeObject): StripeObject {
  const invoice = billSubscription(state, subscription, { reason: "subscription_create", isFree: true });
  finalizeInvoice(state, invoice);
  return state.change(type, subscription, { status: "trialing", latest_invoice: idOf(invoice) });
}

/** Bills the first period: paid makes the subscription active, refused leaves it incomplete. */
function firstInvoice(
  state: AccountState,
  start: {
    readonly subscription: StripeObject;
    readonly customer: StripeObject;
    readonly parameters: JsonObject;
    readonly discounts: readonly AppliedDiscount[];
  },
): StripeObject {
  const { subscription, customer, parameters, discounts } = start;
  const automatic = subscription["collection_method"] === "charge_automatically";
  const behavior = textField(parameters, "payment_behavior") ?? "allow_incomplete";
  const hasMethod = hasPaymentMethod(subscription, customer);
  if (automatic && !hasMethod && behavior !== "default_incomplete") throw noPaymentMethod();
  const invoice = billSubscription(state, subscription, {
    reason: "subscription_create",
    discounts,
  });
  const billed = state.change(type, subscription, { latest_invoice: idOf(invoice) });
  if (!automatic) return state.change(type, billed, { status: "active" });
  const open = finalizeInvoice(state, invoice);
  if (open["status"] === "paid") return state.change(type, billed, { status: "active" });
  return behavior === "default_incomplete" ? billed : chargeFirst(state, billed, { open, behavior });
}

function hasPaymentMethod(subscription: StripeObject, customer: StripeObject): boolean {
  return textField(subscription, "default_payment_method") !== undefined || defaultMethodOf(customer) !== undefined;
}

function chargeFirst(
  state: AccountState,
  subscription: StripeObject,
  attempt: { open: StripeObject; behavior: string },
): StripeObject {
  try {
    payInvoice(state, attempt.open, {});
    return state.change(type, subscription, { status: "active" });
  } catch (failure) {
    const isDecline = failure instanceof StripeFailure && failure.keepsState;
    if (!isDecline) throw failure;
    if (attempt.behavior === "error_if_incomplete") throw new StripeFailure(failure.status, failure.facts);
    return subscription;
  }
}

/** An invoice over the subscription's current period. */
function billSubscription(
  state: AccountState,
  subscription: StripeObject,
  bill: {
    readonly reason: string;
    readonly discounts?: readonly AppliedDiscount[];
    readonly isFree?: boolean;
  },
): StripeObject {
  const items = itemsOf(state, idOf(subscription));
  const customer = state.require("Customer", textField(subscription, "customer") ?? "", "customer");
  const details = { metadata: subscription["metadata"] ?? {}, subscription: idOf(subscription) };
  return draftInvoice(state, {
    customer,
    currency: textField(subscription, "currency") ?? "usd",
    fields: {
      billing_reason: bill.reason,
      collection_method: subscription["collection_method"] ?? "charge_automatically",
      parent: { quote_details: null, subscription_details: details, type: "subscription_details" },
    },
    lines: items
      .map((item) => lineOfSubscriptionItem(item, idOf(subscription)))
      .map((line) => (bill.isFree === true ? { ...line, amount: 0 } : line)),
    discounts: bill.discounts ?? [],
  });
}

function updateSubscription(state: AccountState, call: Call): StripeObject {
  const subscription = state.require(type, keyOf(call));
  refuseEnded(subscription, Object.keys(call.parameters));
  const items = objectsField(call.parameters, "items");
  if (call.parameters["add_invoice_items"] !== undefined)
    throw notModelled("the parameter add_invoice_items of subscriptions");
  const fields = without(call.parameters, [...handled, "proration_date"]);
  const updated = updateObject(state, state.world.shapes.table(type), idOf(subscription), {
    ...fields,
    ...cancellation(subscription, fields),
  });
  const trial = trialChange(state, updated, call.parameters);
  if (items.length > 0)
    changeItems(state, trial, { items, prorates: call.parameters["proration_behavior"] !== "none" });
  return showItems(state, trial);
}

/** `cancel_at_period_end` states when, and when that was decided. */
function cancellation(subscription: StripeObject, fields: JsonObject): JsonObject {
  if (fields["cancel_at_period_end"] === false) return { cancel_at: null, canceled_at: null };
  if (fields["cancel_at_period_end"] !== true) return {};
  const [item] = objectsField(subscription, "items");
  return { cancel_at: item?.["current_period_end"] ?? null };
}

function trialChange(state: AccountState, subscription: StripeObject, parameters: JsonObject): StripeObject {
  const end = parameters["trial_end"];
  if (end === "now") return endTrial(state, subscription);
  if (typeof end !== "number") return subscription;
  return state.change(type, subscription, {
    trial_end: end,
    trial_start: subscription["trial_start"] ?? state.now(),
    status: "trialing",
  });
}

/** The period that follows a trial is billed at once; where that is not paid, the subscription is past due. */
function endTrial(state: AccountState, subscription: StripeObject): StripeObject {
  const now = state.now();
  for (const item of itemsOf(state, idOf(subscription))) {
    const end = periodEnd(now, objectField(item, "price") ?? {});
    state.change("SubscriptionItem", item, { current_period_start: now, current_period_end: end });
  }
  const active = state.change(type, subscription, { trial_end: now, status: "active", billing_cycle_anchor: now });
  const invoice = billSubscription(state, active, { reason: "subscription_cycle" });
  const billed = showItems(state, state.change(type, active, { latest_invoice: idOf(invoice) }));
  const open = finalizeInvoice(state, invoice);
  if (open["status"] === "paid" || subscription["collection_method"] !== "charge_automatically") return billed;
  const customer = state.require("Customer", textField(subscription, "customer") ?? "");
  const paid = hasPaymentMethod(billed, customer)
    ? chargeFirst(state, billed, { open, behavior: "allow_incomplete" })
    : billed;
  return paid === billed ? state.change(type, billed, { status: "past_due" }) : paid;
}

export function cancelSubscription(
  state: AccountState,
  subscription: StripeObject,
  parameters: JsonObject,
): StripeObject {
  if (ended.includes(textField(subscription, "status") ?? "")) {
    throw new StripeFailure(404, {
      type: "invalid_request_error",
      code: "resource_missing",
      message: `No such subscription: '${idOf(subscription)}'`,
      param: "id",
    });
  }
  for (const key of ["invoice_now", "prorate"])
    if (parameters[key] === true) throw notModelled(`the parameter ${key} of canceling a subscription`);
  const now = state.now();
  const details = {
    ...objectField(subscription, "cancellation_details"),
    ...objectField(parameters, "cancellation_details"),
    reason: "cancellation_requested",
  };
  return state.change(type, subscription, {
    status: "canceled",
    canceled_at: now,
    ended_at: now,
    cancellation_details: details,
  });
}

function resumeSubscription(state: AccountState, call: Call): StripeObject {
  const subscription = state.require(type, keyOf(call));
  if (subscription["status"] !== "paused")
    throw invalidRequest("You can only resume subscriptions with a `paused` status.");
  return state.change(type, subscription, { status: "active", billing_cycle_anchor: state.now() });
}

function refuseEnded(subscription: StripeObject, changed: readonly string[]): void {
  const onlyDetails = changed.every((key) => key === "metadata" || key === "cancellation_details");
  if (onlyDetails || !ended.includes(textField(subscription, "status") ?? "")) return;
  throw invalidRequest("A canceled subscription can only update its cancellation_details and metadata.");
}

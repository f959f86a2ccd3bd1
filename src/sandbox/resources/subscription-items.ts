import type { JsonObject } from "../../value/json.js";
import type { AccountState, StripeObject } from "../account-state.js";
import { idOf } from "../account-state.js";
import { numberField, objectField, textField, without } from "../json-field.js";
import type { Call, OperationTable } from "../operation.js";
import { keyOf } from "../operation.js";
import { deleteObject } from "../plain-operations.js";
import { invalidRequest, missingParameter } from "../refusals.js";
import { mergedMetadata } from "../written-fields.js";
import { periodEnd } from "./billing-period.js";
import { createInvoiceItem } from "./invoice-items.js";
import type { LineDraft } from "./invoice-lines.js";
import { createInlinePrice } from "./product-catalog.js";

const type = "SubscriptionItem";

export const subscriptionItemOperations: OperationTable = {
  "POST /v1/subscription_items": (state, { parameters }) => {
    const subscription = state.require("Subscription", textField(parameters, "subscription") ?? "", "subscription");
    const item = createItem(state, subscription, without(parameters, ["subscription"]));
    showItems(state, subscription);
    return item;
  },
  "POST /v1/subscription_items/{}": (state, call) => {
    const item = state.require(type, keyOf(call));
    const subscription = state.require("Subscription", textField(item, "subscription") ?? "");
    changeItem(state, subscription, {
      item,
      change: call.parameters,
      prorates: call.parameters["proration_behavior"] !== "none",
    });
    showItems(state, subscription);
    return state.require(type, keyOf(call));
  },
  "DELETE /v1/subscription_items/{}": deleteItem,
};

export function itemsOf(state: AccountState, subscriptionId: string): readonly StripeObject[] {
  return state.where(type, ["subscription"], subscriptionId);
}

/** The subscription with its items embedded as they now are. */
export function showItems(state: AccountState, subscription: StripeObject): StripeObject {
  const items = itemsOf(state, idOf(subscription));
  const list = {
    ...state.embeddedList(items, `/v1/subscription_items?subscription=${idOf(subscription)}`),
    data: items,
    has_more: false,
  };
  const currency = items[0] === undefined ? undefined : textField(objectField(items[0], "price") ?? {}, "currency");
  return state.change("Subscription", subscription, {
    items: list,
    currency: currency ?? subscription["currency"] ?? "usd",
  });
}

export function createItem(state: AccountState, subscription: StripeObject, given: JsonObject): StripeObject {
  const price = priceOf(state, given);
  const start = numberField(subscription, "start_date") || state.now();
  return state.create(type, {
    ...itemFields(price, { start, end: numberField(subscription, "trial_end") || periodEnd(start, price) }),
    subscription: idOf(subscription),
    quantity: numberField(given, "quantity") || 1,
    metadata: mergedMetadata({}, given["metadata"] ?? {}),
  });
}

export function itemFields(price: StripeObject, period: { readonly start: number; readonly end: number }): JsonObject {
  return {
    billing_thresholds: null,
    current_period_start: period.start,
    current_period_end: period.end,
    current_trial: null,
    discounts: [],
    plan: planOf(price),
    price,
    tax_rates: [],
  };
}

/** Stripe shows each recurring price as a plan too, under the same id. */
export function planOf(price: StripeObject): JsonObject {
  const recurring = objectField(price, "recurring") ?? {};
  return {
    id: idOf(price),
    object: "plan",
    active: price["active"] ?? true,
    amount: price["unit_amount"] ?? null,
    amount_decimal: price["unit_amount_decimal"] ?? null,
    billing_scheme: price["billing_scheme"] ?? "per_unit",
    created: price["created"] ?? 0,
    currency: price["currency"] ?? "usd",
    interval: recurring["interval"] ?? "month",
    interval_count: recurring["interval_count"] ?? 1,
    livemode: false,
    metadata: price["metadata"] ?? {},
    meter: null,
    nickname: price["nickname"] ?? null,
    product: price["product"] ?? null,
    tiers_mode: null,
    transform_usage: null,
    trial_period_days: null,
    usage_type: recurring["usage_type"] ?? "licensed",
  };
}

function priceOf(state: AccountState, given: JsonObject): StripeObject {
  const id = textField(given, "price") ?? textField(given, "plan");
  const data = objectField(given, "price_data");
  if (id === undefined && data !== undefined) return createInlinePrice(state, data);
  if (id === undefined) throw missingParameter("items[0][price]");
  const price = state.require("Price", id, "items[0][price]");
  if (price["type"] === "recurring") return price;
  throw invalidRequest(
    "The price specified is set to `type=one_time` but this field only accepts prices with `type=recurring`.",
    { param: "items[0][price]" },
  );
}

/** Items of an update: with an id changed or deleted, without one added. */
export function changeItems(
  state: AccountState,
  subscription: StripeObject,
  update: { readonly items: readonly JsonObject[]; readonly prorates: boolean },
): void {
  for (const change of update.items) {
    const id = textField(change, "id");
    if (id === undefined) createItem(state, subscription, change);
    else if (change["deleted"] === true) deleteObject(state, state.world.shapes.table(type), id);
    else
      changeItem(state, subscription, {
        item: state.require(type, id, "items[0][id]"),
        change,
        prorates: update.prorates,
      });
  }
}

function changeItem(
  state: AccountState,
  subscription: StripeObject,
  request: { readonly item: StripeObject; readonly change: JsonObject; readonly prorates: boolean },
): void {
  const { item, change, prorates } = request;
  const changesPrice =
    change["price"] !== undefined || change["plan"] !== undefined || change["price_data"] !== undefined;
  const price = changesPrice ? priceOf(state, change) : (objectField(item, "price") ?? {});
  const quantity = typeof change["quantity"] === "number" ? change["quantity"] : numberField(item, "quantity");
  const metadata = mergedMetadata(item["metadata"], change["metadata"] ?? item["metadata"] ?? {});
  const changed = state.change(type, item, { price, plan: planOf(price), quantity, metadata });
  if (prorates && subscription["status"] === "active") prorate(state, subscription, { from: item, to: changed });
}

/** Credits what is left of the old item's period and charges the same of the new one. */
function prorate(
  state: AccountState,
  subscription: StripeObject,
  change: { readonly from: StripeObject; readonly to: StripeObject },
): void {
  const start = numberField(change.from, "current_period_start");
  const end = numberField(change.from, "current_period_end");
  const left = Math.min(1, Math.max(0, (end - state.now()) / (end - start)));
  const book = (item: StripeObject, sign: 1 | -1, words: string) => {
    const amount = sign * Math.round(itemAmount(item) * left);
    if (amount === 0) return;
    const created = createInvoiceItem(state, {
      customer: subscription["customer"] ?? null,
      amount,
      currency: subscription["currency"] ?? "usd",
      description: `${words} time on ${textField(objectField(item, "price") ?? {}, "nickname") ?? "subscription"}`,
      period: { start: state.now(), end },
    });
    state.change("InvoiceItem", created, { proration: true });
  };
  if (itemAmount(change.from) === itemAmount(change.to)) return;
  book(change.from, -1, "Unused");
  book(change.to, 1, "Remaining");
}

function itemAmount(item: StripeObject): number {
  return numberField(objectField(item, "price") ?? {}, "unit_amount") * numberField(item, "quantity");
}

function deleteItem(state: AccountState, call: Call): StripeObject {
  const item = state.require(type, keyOf(call));
  const subscriptionId = textField(item, "subscription") ?? "";
  if (itemsOf(state, subscriptionId).length === 1) {
    throw invalidRequest(
      "A subscription must have at least one active plan. To cancel a subscription, please use the cancel endpoint.",
    );
  }
  const deleted = deleteObject(state, state.world.shapes.table(type), keyOf(call));
  showItems(state, state.require("Subscription", subscriptionId));
  return deleted;
}

export function lineOfSubscriptionItem(item: StripeObject, subscription: string): LineDraft {
  const price = objectField(item, "price") ?? {};
  const quantity = numberField(item, "quantity");
  return {
    amount: itemAmount(item),
    currency: textField(price, "currency") ?? "usd",
    description: `${quantity} × ${textField(price, "nickname") ?? "subscription"}`,
    quantity,
    period: { start: numberField(item, "current_period_start"), end: numberField(item, "current_period_end") },
    price,
    subscription,
    subscriptionItem: idOf(item),
  };
}

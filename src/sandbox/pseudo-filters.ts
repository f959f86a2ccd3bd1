import type { Filter } from "../catalog/catalog.js";
import type { Json } from "../value/json.js";
import type { AccountState } from "./account-state.js";
import { type Condition, jsonAtPath } from "./object-store.js";
import { invalidRequest } from "./refusals.js";

type FilterMeaning = (state: AccountState, value: Json) => readonly Condition[];

/** Filters that mean something else than "the field of that name equals". Sources: the parameters' documentation. */
const meanings: Readonly<Record<string, FilterMeaning>> = {
  "BalanceTransaction.payout": payoutContents,
  "Invoice.subscription": (_, value) => [fieldIs(["parent", "subscription_details", "subscription"], value)],
  "InvoiceItem.pending": (_, value) => [{ sql: `${jsonAtPath(["invoice"])} IS ${value === "true" ? "" : "NOT "}NULL`, bindings: [] }],
  "InvoiceItem.created": (_, value) => createdRange(value),
  "InvoicePayment.payment[type]": (_, value) => [fieldIs(["payment", "type"], value)],
  "Subscription.price": (_, value) => [subscriptionItemIs("price", value)],
  "Subscription.plan": (_, value) => [subscriptionItemIs("plan", value)],
  "Subscription.status": subscriptionStatus,
  "Price.recurring[interval]": (_, value) => [fieldIs(["recurring", "interval"], value)],
  "Price.recurring[usage_type]": (_, value) => [fieldIs(["recurring", "usage_type"], value)],
  "Price.recurring[meter]": (_, value) => [fieldIs(["recurring", "meter"], value)],
  "Event.delivery_success": (_, value) => [{ sql: `(${jsonAtPath(["pending_webhooks"])} = 0) = ?`, bindings: [value === "true" ? 1 : 0] }],
  "PromotionCode.coupon": (_, value) => [fieldIs(["promotion", "coupon"], value)],
  "SubscriptionSchedule.scheduled": scheduleIn("not_started"),
  "CheckoutSession.customer_details[email]": (_, value) => [fieldIs(["customer_details", "email"], value)],
  "TaxRegistration.status": taxRegistrationStatus,
};

/** The conditions of a filter that has a meaning of its own; undefined for a plain one. */
export function pseudoFilter(state: AccountState, type: string, filter: Filter, value: Json): readonly Condition[] | undefined {
  return meanings[`${type}.${filter.parameter}`]?.(state, value);
}

/** What a list leaves out unless the parameter named first is given. Sources: the lists' documentation. */
const omissions: Readonly<Record<string, { readonly unless: string; readonly condition: Condition }>> = {
  Subscription: { unless: "status", condition: { sql: `${jsonAtPath(["status"])} <> 'canceled'`, bindings: [] } },
  Price: { unless: "active", condition: { sql: `${jsonAtPath(["active"])} = 1`, bindings: [] } },
  PaymentMethod: { unless: "type", condition: { sql: `${jsonAtPath(["type"])} <> 'custom'`, bindings: [] } },
  "v2.Account": { unless: "closed", condition: { sql: `coalesce(${jsonAtPath(["closed"])}, 0) = 0`, bindings: [] } },
  "v2.FinancialAccount": { unless: "statuses", condition: { sql: `${jsonAtPath(["status"])} <> 'closed'`, bindings: [] } },
};

export function defaultConditions(type: string, given: (parameter: string) => boolean): readonly Condition[] {
  const omission = omissions[type];
  return omission === undefined || given(omission.unless) ? [] : [omission.condition];
}

function fieldIs(path: readonly string[], value: Json): Condition {
  return { sql: `${jsonAtPath(path)} = ?`, bindings: [String(value)] };
}

function subscriptionStatus(_: AccountState, value: Json): readonly Condition[] {
  if (value === "all") return [];
  if (value === "ended") return [{ sql: `${jsonAtPath(["status"])} IN ('canceled', 'incomplete_expired')`, bindings: [] }];
  return [fieldIs(["status"], value)];
}

function taxRegistrationStatus(_: AccountState, value: Json): readonly Condition[] {
  return value === "all" ? [] : [fieldIs(["status"], value)];
}

function subscriptionItemIs(key: "price" | "plan", value: Json): Condition {
  const sql = `EXISTS (SELECT 1 FROM json_each(json, '$.items.data') WHERE json_extract(value, '$.${key}.id') = ?)`;
  return { sql, bindings: [String(value)] };
}

function scheduleIn(status: string): FilterMeaning {
  return (_, value) => (value === "true" ? [fieldIs(["status"], status)] : []);
}

/** Transactions that an automatic payout paid out; a manual one has no such list. */
function payoutContents(state: AccountState, value: Json): readonly Condition[] {
  const payout = state.require("Payout", String(value), "payout");
  if (payout["automatic"] !== true) {
    throw invalidRequest("Balance transaction history can only be filtered on automatic transfers, not manual.", { param: "payout" });
  }
  return [{ sql: "parent = ? OR json_extract(json, '$.source') = ?", bindings: [String(value), String(value)] }];
}

/** Invoice items have no `created`; the store's own column holds their `date`. */
function createdRange(value: Json): readonly Condition[] {
  const bounds = typeof value === "object" && value !== null ? Object.entries(value) : [["eq", value] as const];
  const signs: Readonly<Record<string, string>> = { gt: ">", gte: ">=", lt: "<", lte: "<=", eq: "=" };
  return bounds.map(([name, bound]) => ({ sql: `created ${signs[name] ?? "="} ?`, bindings: [Number(bound)] }));
}

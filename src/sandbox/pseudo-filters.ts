import type { Filter } from "../catalog/catalog.js";
import type { Json } from "../value/json.js";
import { isJsonObject } from "../value/json.js";
import type { AccountState } from "./account-state.js";
import type { Condition } from "./object-store.js";
import { jsonAtPath } from "./object-store.js";
import { invalidRequest } from "./refusals.js";

type FilterMeaning = (state: AccountState, value: Json) => readonly Condition[];

/** Filters that mean something else than "the field of that name equals". Sources: the parameters' documentation. */
const meanings: Readonly<Record<string, FilterMeaning>> = {
  "BalanceTransaction.payout": payoutContents,
  "Charge.transfer_group": (_, value) => [firstOfTransferGroup(value)],
  "Invoice.subscription": (_, value) => [fieldIs(["parent", "subscription_details", "subscription"], value)],
  "InvoiceItem.pending": (_, value) => [
    { sql: `${jsonAtPath(["invoice"])} IS ${value === "true" ? "" : "NOT "}NULL`, bindings: [] },
  ],
  "InvoiceItem.created": (_, value) => createdRange(value),
  "InvoicePayment.payment[type]": (_, value) => [fieldIs(["payment", "type"], value)],
  "Subscription.price": (_, value) => [subscriptionItemIs("price", value)],
  "Subscription.plan": (_, value) => [subscriptionItemIs("plan", value)],
  "Subscription.status": subscriptionStatus,
  "Price.recurring[interval]": (_, value) => [fieldIs(["recurring", "interval"], value)],
  "Price.recurring[usage_type]": (_, value) => [fieldIs(["recurring", "usage_type"], value)],
  "Price.recurring[meter]": (_, value) => [fieldIs(["recurring", "meter"], value)],
  "Event.delivery_success": (_, value) => [
    { sql: `(${jsonAtPath(["pending_webhooks"])} = 0) = ?`, bindings: [value === "true" ? 1 : 0] },
  ],
  "PromotionCode.coupon": (_, value) => [fieldIs(["promotion", "coupon"], value)],
  "SubscriptionSchedule.scheduled": scheduleIn("not_started"),
  "CheckoutSession.customer_details[email]": (_, value) => [fieldIs(["customer_details", "email"], value)],
  "TaxRegistration.status": taxRegistrationStatus,
  "Subscription.current_period_start": (_, value) => [subscriptionItemIn("current_period_start", value)],
  "Subscription.current_period_end": (_, value) => [subscriptionItemIn("current_period_end", value)],
  "EntitlementsFeature.archived": (_, value) => [
    { sql: `${jsonAtPath(["active"])} = ?`, bindings: [value === "true" ? 0 : 1] },
  ],
  "ShippingRate.currency": (_, value) => [fieldIs(["fixed_amount", "currency"], value)],
  "ProductCatalogTrialOffer.created": (_, value) => createdRange(value),
  "PaymentRecord.created_after": (_, value) => createdRange({ gt: value }),
  "PaymentRecord.created_before": (_, value) => createdRange({ lt: value }),
  "BillingMeterEventSummary.start_time": (_, value) => [
    { sql: `${jsonAtPath(["start_time"])} >= ?`, bindings: [Number(value)] },
  ],
  "BillingMeterEventSummary.end_time": (_, value) => [
    { sql: `${jsonAtPath(["end_time"])} <= ?`, bindings: [Number(value)] },
  ],
  "RadarValueList.contains": (_, value) => [valueListContains(value)],
  "BillingCreditBalanceTransaction.customer": (_, value) => [creditGrantIs("customer", value)],
  "BillingCreditBalanceTransaction.customer_account": (_, value) => [creditGrantIs("customer_account", value)],
  "v2.Event.object_id": (_, value) => [fieldIs(["related_object", "id"], value)],
  "v2.ProductCatalogImport.created_gt": (_, value) => createdRange({ gt: value }),
  "v2.ProductCatalogImport.created_gte": (_, value) => createdRange({ gte: value }),
  "v2.ProductCatalogImport.created_lt": (_, value) => createdRange({ lt: value }),
  "v2.ProductCatalogImport.created_lte": (_, value) => createdRange({ lte: value }),
};

/** The conditions of a filter that has a meaning of its own; undefined for a plain one. */
export function pseudoFilter(
  state: AccountState,
  type: string,
  filter: Filter,
  value: Json,
): readonly Condition[] | undefined {
  return meanings[`${type}.${filter.parameter}`]?.(state, value);
}

/** What a list leaves out. */
interface Omission {
  /** Parameters any of which takes it in; none where nothing does. */
  readonly unless: readonly string[];
  readonly kept: (state: AccountState) => Condition;
}

/** Stripe keeps events for thirty days. Source: https://docs.stripe.com/api/events */
export const eventDays = 30;

const days = 86_400;

function always(sql: string): Omission["kept"] {
  return () => ({ sql, bindings: [] });
}

function ofLateEvents(state: AccountState): Condition {
  return { sql: "created > ?", bindings: [state.now() - eventDays * days] };
}

const offTestClocks = always(`${jsonAtPath(["test_clock"])} IS NULL`);

/** Sources: the lists' documentation, and that of the parameters. */
const omissions: Readonly<Record<string, readonly Omission[]>> = {
  Customer: [{ unless: ["test_clock"], kept: offTestClocks }],
  Event: [{ unless: [], kept: ofLateEvents }],
  PaymentMethod: [{ unless: ["type"], kept: always(`${jsonAtPath(["type"])} <> 'custom'`) }],
  Price: [{ unless: ["active"], kept: always(`${jsonAtPath(["active"])} = 1`) }],
  Quote: [{ unless: ["test_clock", "customer"], kept: offTestClocks }],
  Review: [{ unless: [], kept: always(`${jsonAtPath(["open"])} = 1`) }],
  Subscription: [
    { unless: ["status"], kept: always(`${jsonAtPath(["status"])} <> 'canceled'`) },
    { unless: ["test_clock", "customer"], kept: offTestClocks },
  ],
  SubscriptionSchedule: [{ unless: ["customer"], kept: offTestClocks }],
  "v2.Event": [{ unless: [], kept: ofLateEvents }],
  "v2.Account": [{ unless: ["closed"], kept: always(`coalesce(${jsonAtPath(["closed"])}, 0) = 0`) }],
  "v2.FinancialAccount": [{ unless: ["statuses"], kept: always(`${jsonAtPath(["status"])} <> 'closed'`) }],
};

export function defaultConditions(
  state: AccountState,
  type: string,
  given: (parameter: string) => boolean,
): readonly Condition[] {
  const applied = (omissions[type] ?? []).filter(({ unless }) => !unless.some(given));
  return [...applied.map(({ kept }) => kept(state)), ...lagCondition(state, type)];
}

/** At Stripe, what was just created is not in API v2's lists yet. */
function lagCondition(state: AccountState, type: string): readonly Condition[] {
  const { listLagSeconds } = state.world;
  if (listLagSeconds === 0 || !type.startsWith("v2.")) return [];
  return [{ sql: "created <= ?", bindings: [state.now() - listLagSeconds] }];
}

/** The newest hundred of a group, and no more of it. Source: the parameter's documentation */
function firstOfTransferGroup(value: Json): Condition {
  const group = jsonAtPath(["transfer_group"]).replace("json,", "member.json,");
  const sql =
    "sequence IN (SELECT member.sequence FROM object AS member WHERE member.type = 'Charge' AND member.account = object.account " +
    `AND member.deleted = 0 AND ${group} = ? ORDER BY member.created DESC, member.sequence DESC LIMIT 100)`;
  return { sql, bindings: [String(value)] };
}

function fieldIs(path: readonly string[], value: Json): Condition {
  return { sql: `${jsonAtPath(path)} = ?`, bindings: [String(value)] };
}

function subscriptionStatus(_: AccountState, value: Json): readonly Condition[] {
  if (value === "all") return [];
  if (value === "ended")
    return [{ sql: `${jsonAtPath(["status"])} IN ('canceled', 'incomplete_expired')`, bindings: [] }];
  return [fieldIs(["status"], value)];
}

function taxRegistrationStatus(_: AccountState, value: Json): readonly Condition[] {
  return value === "all" ? [] : [fieldIs(["status"], value)];
}

function subscriptionItemIs(key: "price" | "plan", value: Json): Condition {
  const sql = `EXISTS (SELECT 1 FROM json_each(object.json, '$.items.data') WHERE json_extract(value, '$.${key}.id') = ?)`;
  return { sql, bindings: [String(value)] };
}

function subscriptionItemIn(key: string, value: Json): Condition {
  const { sql, bindings } = rangeOf(`json_extract(value, '$.${key}')`, value);
  return { sql: `EXISTS (SELECT 1 FROM json_each(object.json, '$.items.data') WHERE ${sql})`, bindings };
}

function valueListContains(value: Json): Condition {
  const sql =
    "EXISTS (SELECT 1 FROM object AS item WHERE item.type = 'RadarValueListItem' AND item.account = object.account AND item.deleted = 0 " +
    "AND json_extract(item.json, '$.value_list') = object.id AND json_extract(item.json, '$.value') = ?)";
  return { sql, bindings: [String(value)] };
}

function creditGrantIs(key: string, value: Json): Condition {
  const sql =
    "EXISTS (SELECT 1 FROM object AS credit WHERE credit.type = 'BillingCreditGrant' AND credit.account = object.account " +
    `AND credit.id = json_extract(object.json, '$.credit_grant') AND json_extract(credit.json, '$.${key}') = ?)`;
  return { sql, bindings: [String(value)] };
}

function scheduleIn(status: string): FilterMeaning {
  return (_, value) => (value === "true" ? [fieldIs(["status"], status)] : []);
}

/** Transactions that an automatic payout paid out; a manual one has no such list. */
function payoutContents(state: AccountState, value: Json): readonly Condition[] {
  const payout = state.require("Payout", String(value), "payout");
  if (payout["automatic"] !== true) {
    throw invalidRequest("Balance transaction history can only be filtered on automatic transfers, not manual.", {
      param: "payout",
    });
  }
  return [{ sql: "parent = ? OR json_extract(json, '$.source') = ?", bindings: [String(value), String(value)] }];
}

/** For rows whose moment of creation is not in a field `created`: the store's own column holds it. */
function createdRange(value: Json): readonly Condition[] {
  return [rangeOf("created", value)];
}

function rangeOf(expression: string, value: Json): Condition {
  const bounds: readonly (readonly [string, Json])[] = isJsonObject(value) ? Object.entries(value) : [["eq", value]];
  const signs: Readonly<Record<string, string>> = { gt: ">", gte: ">=", lt: "<", lte: "<=", eq: "=" };
  return {
    sql: bounds.map(([name]) => `${expression} ${signs[name] ?? "="} ?`).join(" AND "),
    bindings: bounds.map(([, bound]) => secondsOf(String(bound))),
  };
}

function secondsOf(text: string): number {
  return /^\d+$/.test(text) ? Number(text) : Date.parse(text) / 1000;
}

import type { Omission } from "../catalog.js";

/**
 * What the declarations do not say, each entry with its reason. Tables are named by their SQL name, lists by
 * their path with `{}` for placeholders. Nothing here may repeat what the declarations state.
 */

/** Nested lists that are tables of their own though their rows are a table's too. */
export const separateNestedLists: ReadonlySet<string> = new Set([
  // /v1/tax_ids lists only the account's own tax IDs (owner[type]=self); a customer's are listed nowhere else.
  "/v1/customers/{}/tax_ids",
]);

/** SDK methods that are neither tables' nor procedures'. */
export const excludedMethods: ReadonlySet<string> = new Set([
  // A multipart upload to another host: a file's bytes have no place in a statement.
  "files.create",
  // OAuth talks to connect.stripe.com with a client secret, not with the connection's key.
  "oauth.token",
  "oauth.deauthorize",
]);

/** Parameters that an endpoint needs in order to mean its whole table. */
export const baseParameters: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  // `scope` is required; without a user, the account's own secrets are all there are.
  "/v1/apps/secrets": { "scope[type]": "account" },
  // "If omitted, closed FinancialAccounts are not returned."
  "/v2/money_management/financial_accounts": {
    "statuses[0]": "closed",
    "statuses[1]": "open",
    "statuses[2]": "pending",
  },
};

/** Lists of which no single request means the whole table: the table is the union of these. */
export const partitions: Readonly<Record<string, readonly Readonly<Record<string, string>>[]>> = {
  // "Returns a list of your active prices … For the list of inactive prices, set active to false."
  "/v1/prices": [{ active: "true" }, { active: "false" }],
  // "If omitted, returns only Accounts that are not closed."
  "/v2/core/accounts": [{ closed: "false" }, { closed: "true" }],
  // "Unfiltered, the list returns all payment method types except `custom`."
  "/v1/payment_methods": [{}, { type: "custom" }],
};

/**
 * Enums that the SDK does not mark as open, by module and name, though its changelog adds values to them in releases
 * that break nothing: their words come from the lists of events and of API versions.
 */
export const openEnums: ReadonlySet<string> = new Set([
  "resources/Events Event.Type",
  "resources/WebhookEndpoints WebhookEndpointCreateParams.ApiVersion",
  "resources/WebhookEndpoints WebhookEndpointCreateParams.EnabledEvent",
  "resources/WebhookEndpoints WebhookEndpointUpdateParams.EnabledEvent",
]);

/** Filters of a column that another filter of the list tests too. */
export const supersededParameters: Readonly<Record<string, readonly string[]>> = {
  // "You may pass either `type` or `types`, but not both": `types` takes one type as well, and no wildcard.
  "/v1/events": ["type"],
};

/** List parameters that are no filters of ours. */
export const excludedParameters: Readonly<Record<string, readonly string[]>> = {
  // The list is the account's own tax IDs only; an owner is asked for through CustomerTaxId.
  "/v1/tax_ids": ["owner"],
  // Documented as the effect on the payment method, not as a test of the field.
  "/v1/setup_intents": ["attach_to_self"],
  // Only together with status=posted and order_by=posted_at, which gives the rows in another order.
  "/v1/treasury/transactions": ["status_transitions"],
  // Documented only together with order_by=effective_at, which gives the rows in another order.
  "/v1/treasury/transaction_entries": ["effective_at"],
};

/** Filters of a field that lies elsewhere than the parameter's name says, by its dotted path. */
export const filteredFields: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  // An invoice item's `date` is documented as the time at which it was created; it has no field `created`.
  "/v1/invoiceitems": { created: "date" },
  // "Only return promotion codes for this coupon": the coupon has moved into `promotion`.
  "/v1/promotion_codes": { coupon: "promotion.coupon" },
  // "alerts with the given meter": the meter is part of the threshold.
  "/v1/billing/alerts": { meter: "usage_threshold.meter" },
};

/**
 * Fields that a filter is named after but that the objects hold elsewhere, by the name of the filter: they are columns
 * of that name too. Tables of API v2 have its name before theirs.
 */
export const movedFields: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  // Moved with API version 2025-03-31.basil, the filter was not.
  Invoice: { subscription: ["parent", "subscription_details", "subscription"] },
  // "Only return shipping rates for the given currency."
  ShippingRate: { currency: ["fixed_amount", "currency"] },
  // "Only return OutboundPayments sent to this recipient."
  "v2.OutboundPayment": { recipient: ["to", "recipient"] },
  // "Primary object ID used to retrieve related events."
  "v2.Event": { object_id: ["related_object", "id"] },
};

/** References to another table than the one that the declarations lead to, by table and dotted path. */
export const references: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  // "The ID of the Stripe account": within its file, `Account` is the Financial Connections account.
  FinancialConnectionsAccount: { "account_holder.account": "Account" },
};

/** Filters that Stripe reads more loosely than SQL's equality, where the parameter's documentation does not say so. */
export const inexactParameters: Readonly<Record<string, readonly string[]>> = {
  // `in_transit` is a status of payouts that the filter does not know: its words may not be the field's.
  "/v1/payouts": ["status"],
  // "associated with the given object": may reach beyond the `source` field.
  "/v1/balance_transactions": ["source"],
  // Whether the e-mail's case counts is not documented, as it is for customers.
  "/v1/checkout/sessions": ["customer_details[email]"],
  "/v1/issuing/cardholders": ["email"],
  // A rate has amounts in other currencies too (`currency_options`), which the filter may look at.
  "/v1/shipping_rates": ["currency"],
  // Whether events of the object's parts are among them is not documented.
  "/v2/core/events": ["object_id"],
};

/** Parameters that Stripe demands along with a filter. */
export const companions: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, string>>>>>> = {
  // payment[type] is required wherever payment is given.
  "/v1/invoice_payments": {
    "payment[payment_intent]": { "payment[type]": "payment_intent" },
    "payment[payment_record]": { "payment[type]": "payment_record" },
  },
  // "The user ID. This is required if type is set to `user`"
  "/v1/apps/secrets": { "scope[user]": { "scope[type]": "user" } },
};

/**
 * Fields that Stripe's reference marks "Expandable" and "not included by default"; the declarations only make
 * them optional. An issued card's number and security code are left out on purpose: no `*` may ask for them.
 * Source: https://docs.stripe.com/api
 */
export const includableFields: Readonly<Record<string, readonly string[]>> = {
  Customer: ["cash_balance", "invoice_credit_balance", "tax"],
  Price: ["tiers", "currency_options"],
  Plan: ["tiers"],
  Coupon: ["applies_to", "currency_options"],
  ShippingRate: ["fixed_amount.currency_options"],
  FinancialConnectionsAccount: ["ownership"],
  IdentityVerificationSession: ["verified_outputs"],
};

/** A field whose references Stripe gives as objects where it is asked to expand them. */
export interface ExpandedField {
  readonly field: string;
  /** What is expanded, at most four levels deep with a list's `data`. Source: https://docs.stripe.com/expand */
  readonly expand: readonly string[];
  readonly description: string;
}

/**
 * Lists of references to what is no table, and so known by its id alone: hidden columns of these names hold the objects.
 */
export const expandedFields: Readonly<Record<string, Readonly<Record<string, ExpandedField>>>> = {
  Subscription: {
    discount_details: {
      field: "discounts",
      expand: ["discounts", "source", "coupon"],
      description: "The discounts applied to the subscription as objects, each with its coupon.",
    },
  },
  Invoice: {
    total_discount_details: {
      field: "total_discount_amounts",
      expand: ["total_discount_amounts", "discount"],
      description: "The amounts of total_discount_amounts with their discounts as objects.",
    },
  },
};

/** Procedures with names and inputs of their own: the connector's actions. Source: the connector's description. */
export const procedureNames: Readonly<Record<string, string>> = {
  "paymentMethods.attach": "AttachPaymentMethodToCustomer",
  "paymentMethods.detach": "DetachPaymentMethodFromCustomer",
};

export interface InputOverride {
  readonly name: string;
  readonly required: boolean;
}

/** Inputs by the parameter that they set. */
export const procedureInputs: Readonly<Record<string, Readonly<Record<string, InputOverride>>>> = {
  // The connector's action demands a customer; Stripe would also take customer_account.
  "paymentMethods.attach": { customer: { name: "CustomerId", required: true } },
};

/** Rows that a list is documented to leave out, with what is known of them. */
export const unlistedRows: Readonly<
  Record<string, Pick<Extract<Omission, { kind: "unlisted" }>, "what" | "value"> & { readonly field: string }>
> = {
  // "Returns a list of your active prices, excluding inline prices": they are created inactive, and stay so.
  // Source: https://docs.stripe.com/products-prices/how-products-and-prices-work#use-inline-pricing
  "/v1/prices": { what: "prices that were made inline (price_data)", field: "active", value: false },
};

/** A list's own order, where it is not the newest first. */
export const unorderedLists: ReadonlySet<string> = new Set([
  // No order is documented, and `created` is when the supplier was added.
  "/v1/climate/products",
]);

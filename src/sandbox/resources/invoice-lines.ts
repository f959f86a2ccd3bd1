import type { Json, JsonObject } from "../../value/json.js";
import type { AccountState, StripeObject } from "../account-state.js";
import { idOf } from "../account-state.js";
import { numberField, textField } from "../json-field.js";
import type { AppliedDiscount } from "./discounts.js";
import { amountFields, totalsOf } from "./invoice-totals.js";

/** One line of an invoice before it is kept. */
export interface LineDraft {
  readonly amount: number;
  readonly currency: string;
  readonly description: string | null;
  readonly quantity: number;
  readonly period: { readonly start: number; readonly end: number };
  readonly price?: StripeObject;
  readonly metadata?: JsonObject;
  readonly proration?: boolean;
  readonly subscription?: string;
  readonly subscriptionItem?: string;
  readonly invoiceItem?: string;
}

/** What of an invoice's discounts and taxes falls on one of its lines. */
export interface LineShares {
  readonly discountAmounts: readonly JsonObject[];
  readonly taxes: readonly JsonObject[];
}

/** The fields of an invoice's line. */
export function lineFields(draft: LineDraft, invoice: string, shares?: LineShares): JsonObject {
  return {
    amount: draft.amount,
    currency: draft.currency,
    description: draft.description,
    discount_amounts: shares?.discountAmounts ?? [],
    discountable: true,
    discounts: [],
    invoice,
    metadata: draft.metadata ?? {},
    parent: lineParent(draft),
    period: draft.period,
    pretax_credit_amounts: [],
    pricing: draft.price === undefined ? null : pricing(draft.price),
    quantity: draft.quantity,
    quantity_decimal: String(draft.quantity),
    subscription: draft.subscription ?? null,
    subtotal: draft.amount,
    taxes: shares?.taxes ?? [],
  };
}

function lineParent(draft: LineDraft): Json {
  const common = { proration: draft.proration ?? false, proration_details: { credited_items: null } };
  if (draft.subscriptionItem !== undefined) {
    const details = {
      ...common,
      invoice_item: null,
      subscription: draft.subscription ?? null,
      subscription_item: draft.subscriptionItem,
    };
    return { invoice_item_details: null, subscription_item_details: details, type: "subscription_item_details" };
  }
  const details = { ...common, invoice_item: draft.invoiceItem ?? null, subscription: draft.subscription ?? null };
  return { invoice_item_details: details, subscription_item_details: null, type: "invoice_item_details" };
}

export function pricing(price: StripeObject): JsonObject {
  return {
    price_details: { price: idOf(price), product: textField(price, "product") ?? "" },
    type: "price_details",
    unit_amount_decimal: price["unit_amount_decimal"] ?? null,
  };
}

/** Keeps lines and shows the first ten in the invoice. */
export function addLines(
  state: AccountState,
  invoice: StripeObject,
  drafts: readonly LineDraft[],
  discounts: readonly AppliedDiscount[],
): StripeObject {
  const id = idOf(invoice);
  for (const draft of drafts) state.create("InvoiceLineItem", lineFields(draft, id), id);
  return refreshLines(state, invoice, discounts);
}

/** The invoice with its embedded lines and totals as its lines now are. */
function refreshLines(state: AccountState, invoice: StripeObject, discounts: readonly AppliedDiscount[]): StripeObject {
  const lines = state.childrenOf("InvoiceLineItem", idOf(invoice));
  const totals = totalsOf(
    lines.map((line) => numberField(line, "amount")),
    discounts,
  );
  return state.change("Invoice", invoice, {
    ...amountFields(totals),
    lines: state.embeddedList(lines, `/v1/invoices/${idOf(invoice)}/lines`),
  });
}

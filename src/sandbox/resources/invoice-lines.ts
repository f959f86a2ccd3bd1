import type { Json, JsonObject } from "../../value/json.js";
import type { AccountState, StripeObject } from "../account-state.js";
import { idOf } from "../account-state.js";
import { numberField, textField } from "../json-field.js";
import type { AppliedDiscount } from "./discounts.js";
import { discountOf } from "./discounts.js";

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

/** The fields of an invoice's line. */
export function lineFields(draft: LineDraft, invoice: string): JsonObject {
  return {
    amount: draft.amount,
    currency: draft.currency,
    description: draft.description,
    discount_amounts: [],
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
    taxes: [],
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

/** What the lines of an invoice come to. */
export interface InvoiceTotals {
  readonly subtotal: number;
  readonly discount: number;
  readonly total: number;
  readonly discountAmounts: readonly JsonObject[];
}

export function totalsOf(lineAmounts: readonly number[], discounts: readonly AppliedDiscount[]): InvoiceTotals {
  const subtotal = lineAmounts.reduce((sum, amount) => sum + amount, 0);
  let left = Math.max(0, subtotal);
  const discountAmounts = discounts.map(({ id, coupon }) => {
    const amount = discountOf(coupon, left);
    left -= amount;
    return { amount, discount: id };
  });
  const discount = discountAmounts.reduce((sum, { amount }) => sum + amount, 0);
  return { subtotal, discount, total: subtotal - discount, discountAmounts };
}

/** The invoice's amounts for its lines, as the fields state them before any payment. */
export function amountFields(totals: InvoiceTotals): JsonObject {
  const due = Math.max(0, totals.total);
  return {
    amount_due: due,
    amount_paid: 0,
    amount_remaining: due,
    subtotal: totals.subtotal,
    subtotal_excluding_tax: totals.subtotal,
    total: totals.total,
    total_excluding_tax: totals.total,
    total_discount_amounts: totals.discountAmounts,
    total_taxes: [],
    total_pretax_credit_amounts: [],
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

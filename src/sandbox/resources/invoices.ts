import type { JsonObject } from "../../value/json.js";
import type { AccountState, StripeObject } from "../account-state.js";
import { idOf } from "../account-state.js";
import { numberField, objectField, textField, without } from "../json-field.js";
import type { Call, OperationTable } from "../operation.js";
import { keyOf } from "../operation.js";
import { createObject, deleteObject, updateObject } from "../plain-operations.js";
import { invalidRequest, missingParameter } from "../refusals.js";
import { moveCustomerBalance } from "./customer-balance.js";
import type { AppliedDiscount } from "./discounts.js";
import { keepDiscounts, readDiscounts } from "./discounts.js";
import { lineOfItem } from "./invoice-items.js";
import type { LineDraft } from "./invoice-lines.js";
import { addLines } from "./invoice-lines.js";
import { payInvoice } from "./invoice-payment.js";

const type = "Invoice";

export const invoiceOperations: OperationTable = {
  "POST /v1/invoices": (state, { parameters }) => createInvoice(state, parameters),
  "POST /v1/invoices/{}": updateInvoice,
  "DELETE /v1/invoices/{}": deleteInvoice,
  "POST /v1/invoices/{}/finalize": (state, call) => finalizeInvoice(state, state.require(type, keyOf(call))),
  "POST /v1/invoices/{}/pay": (state, call) => payInvoice(state, finalized(state, keyOf(call)), call.parameters),
  "POST /v1/invoices/{}/void": (state, call) => closeInvoice(state, keyOf(call), "void"),
  "POST /v1/invoices/{}/mark_uncollectible": (state, call) => closeInvoice(state, keyOf(call), "uncollectible"),
  "POST /v1/invoices/{}/send": sendInvoice,
};

/** What an invoice begins with. */
export interface InvoiceDraft {
  readonly customer: StripeObject;
  readonly currency: string;
  readonly fields: JsonObject;
  readonly lines: readonly LineDraft[];
  readonly discounts: readonly AppliedDiscount[];
}

export function draftInvoice(state: AccountState, draft: InvoiceDraft): StripeObject {
  const { customer, currency, fields, lines, discounts } = draft;
  const invoice = createObject(
    state,
    state.world.shapes.table(type),
    {},
    {
      ...invoiceDefaults(state, customer),
      currency,
      discounts: discounts.map(({ id }) => id),
      ...fields,
    },
  );
  return addLines(state, invoice, lines, discounts);
}

/** Fields of a new draft that follow from its customer and the account. */
function invoiceDefaults(state: AccountState, customer: StripeObject): JsonObject {
  const now = state.now();
  return {
    account_country: "US",
    account_name: "Sandbox",
    attempt_count: 0,
    attempted: false,
    auto_advance: false,
    billing_reason: "manual",
    collection_method: "charge_automatically",
    created: now,
    customer: idOf(customer),
    customer_address: customer["address"] ?? null,
    customer_email: customer["email"] ?? null,
    customer_name: customer["name"] ?? null,
    customer_phone: customer["phone"] ?? null,
    customer_shipping: customer["shipping"] ?? null,
    customer_tax_exempt: customer["tax_exempt"] ?? "none",
    customer_tax_ids: [],
    issuer: { type: "self" },
    payment_settings: { default_mandate: null, payment_method_options: null, payment_method_types: null },
    period_start: now,
    period_end: now,
    status: "draft",
    status_transitions: { finalized_at: null, marked_uncollectible_at: null, paid_at: null, voided_at: null },
  };
}

/** Pending invoice items go onto it unless `pending_invoice_items_behavior` excludes them. */
function createInvoice(state: AccountState, parameters: JsonObject): StripeObject {
  const customerId = textField(parameters, "customer");
  if (customerId === undefined) throw missingParameter("customer");
  const customer = state.require("Customer", customerId, "customer");
  const includes = parameters["pending_invoice_items_behavior"] === "include";
  const items = includes ? pendingItems(state, customerId) : [];
  const days = parameters["days_until_due"];
  const fields = without(parameters, [
    "pending_invoice_items_behavior",
    "days_until_due",
    "discounts",
    "subscription",
    "customer",
  ]);
  const discounts = readDiscounts(state, parameters["discounts"]);
  const invoice = draftInvoice(state, {
    customer,
    currency: textField(parameters, "currency") ?? textField(customer, "currency") ?? "usd",
    fields: typeof days === "number" ? { ...fields, due_date: state.now() + days * 86_400 } : fields,
    lines: items.map(lineOfItem),
    discounts,
  });
  keepDiscounts(state, discounts, { customer: customerId, invoice: idOf(invoice) });
  for (const item of items) state.change("InvoiceItem", item, { invoice: idOf(invoice) });
  return invoice;
}

function pendingItems(state: AccountState, customerId: string): readonly StripeObject[] {
  return state.where("InvoiceItem", ["customer"], customerId).filter(({ invoice }) => invoice === null);
}

function updateInvoice(state: AccountState, call: Call): StripeObject {
  const invoice = state.require(type, keyOf(call));
  const editable = ["metadata", "description", "footer", "auto_advance", "default_payment_method", "payment_settings"];
  const locked = Object.keys(call.parameters).find((key) => !editable.includes(key));
  if (invoice["status"] !== "draft" && locked !== undefined) {
    throw invalidRequest("Finalized invoices can't be updated in this way", {
      code: "invoice_not_editable",
      param: locked,
    });
  }
  const days = call.parameters["days_until_due"];
  const fields = without(call.parameters, ["days_until_due", "discounts"]);
  const dated = typeof days === "number" ? { ...fields, due_date: state.now() + days * 86_400 } : fields;
  return updateObject(state, state.world.shapes.table(type), idOf(invoice), dated);
}

function deleteInvoice(state: AccountState, call: Call): StripeObject {
  const invoice = state.require(type, keyOf(call));
  if (invoice["status"] !== "draft") {
    throw invalidRequest("You can only delete draft invoices.", { code: "invoice_not_editable" });
  }
  for (const item of state.where("InvoiceItem", ["invoice"], idOf(invoice)))
    state.change("InvoiceItem", item, { invoice: null });
  return deleteObject(state, state.world.shapes.table(type), idOf(invoice));
}

/** Numbers the invoice and applies the customer's credit; an invoice that leaves nothing to pay is paid. */
export function finalizeInvoice(state: AccountState, invoice: StripeObject): StripeObject {
  if (invoice["status"] !== "draft")
    throw invalidRequest("This invoice is already finalized, you can't re-finalize a non-draft invoice.", {
      code: "invoice_not_editable",
    });
  const customer = state.require("Customer", textField(invoice, "customer") ?? "", "customer");
  const sequence = Math.max(1, numberField(customer, "next_invoice_sequence"));
  state.change("Customer", customer, { next_invoice_sequence: sequence + 1 });
  const credited = applyCredit(state, invoice, idOf(customer));
  const due = numberField(invoice, "amount_due") - credited;
  const open = state.change(type, invoice, {
    amount_due: due,
    amount_remaining: due,
    effective_at: state.now(),
    ending_balance: numberField(state.require("Customer", idOf(customer)), "balance"),
    hosted_invoice_url: `https://invoice.stripe.com/i/${idOf(invoice)}`,
    invoice_pdf: `https://pay.stripe.com/invoice/${idOf(invoice)}/pdf`,
    number: `${textField(customer, "invoice_prefix") ?? "SANDBOX"}-${String(sequence).padStart(4, "0")}`,
    status: "open",
    status_transitions: { ...objectField(invoice, "status_transitions"), finalized_at: state.now() },
  });
  return due === 0 ? payInvoice(state, open, {}) : open;
}

/** A negative balance is credit; the amount of it that this invoice uses. */
function applyCredit(state: AccountState, invoice: StripeObject, customerId: string): number {
  const customer = state.require("Customer", customerId);
  const balance = numberField(customer, "balance");
  const credit = Math.min(Math.max(0, -balance), numberField(invoice, "amount_due"));
  if (credit === 0) return 0;
  moveCustomerBalance(state, customer, {
    amount: credit,
    currency: invoice["currency"] ?? "usd",
    invoice: idOf(invoice),
    type: "applied_to_invoice",
  });
  return credit;
}

function finalized(state: AccountState, id: string): StripeObject {
  const invoice = state.require(type, id);
  return invoice["status"] === "draft" ? finalizeInvoice(state, invoice) : invoice;
}

function closeInvoice(state: AccountState, id: string, status: "void" | "uncollectible"): StripeObject {
  const invoice = state.require(type, id);
  const closable = status === "void" ? ["open", "uncollectible"] : ["open"];
  if (!closable.includes(textField(invoice, "status") ?? "")) {
    const article = closable.length > 1 ? "open or uncollectible invoices" : "open invoices";
    throw invalidRequest(
      `You can only pass in ${article}. This invoice has a status of ${String(invoice["status"])}.`,
      { code: "invoice_not_editable" },
    );
  }
  const moment = status === "void" ? "voided_at" : "marked_uncollectible_at";
  const transitions = { ...objectField(invoice, "status_transitions"), [moment]: state.now() };
  return state.change(type, invoice, { status, status_transitions: transitions });
}

function sendInvoice(state: AccountState, call: Call): StripeObject {
  const invoice = finalized(state, keyOf(call));
  if (invoice["collection_method"] !== "send_invoice") {
    throw invalidRequest("You can only manually send an invoice if its collection method is 'send_invoice'.");
  }
  return invoice;
}

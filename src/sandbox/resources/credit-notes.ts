import type { JsonObject } from "../../value/json.js";
import type { AccountState, StripeObject } from "../account-state.js";
import { idOf } from "../account-state.js";
import { numberField, objectsField, textField } from "../json-field.js";
import type { OperationTable } from "../operation.js";
import { keyOf } from "../operation.js";
import { invalidRequest, missingParameter, notModelled } from "../refusals.js";
import { mergedMetadata } from "../written-fields.js";
import { moveCustomerBalance } from "./customer-balance.js";

const type = "CreditNote";

export const creditNoteOperations: OperationTable = {
  "POST /v1/credit_notes": (state, { parameters }) => createCreditNote(state, parameters),
  "POST /v1/credit_notes/{}/void": (state, call) => {
    const note = state.require(type, keyOf(call));
    if (note["status"] !== "issued") throw invalidRequest("This credit note is already void.");
    return state.change(type, note, { status: "void", voided_at: state.now() });
  },
};

/** Before payment it lowers what is due; after it, the amount goes to the customer's balance. */
function createCreditNote(state: AccountState, parameters: JsonObject): StripeObject {
  for (const key of ["refund_amount", "refunds", "shipping_cost", "effective_at"]) {
    if (parameters[key] !== undefined) throw notModelled(`the parameter ${key} of credit notes`);
  }
  const invoice = state.require("Invoice", textField(parameters, "invoice") ?? "", "invoice");
  const status = textField(invoice, "status");
  if (status !== "open" && status !== "paid")
    throw invalidRequest(`Credit notes can only be created for open or paid invoices; this one is ${status}.`, {
      param: "invoice",
    });
  const amount = amountOf(state, invoice, parameters);
  const note = noteOf(state, invoice, { amount, isPaid: status === "paid", parameters });
  addLine(state, note, { amount, parameters });
  return status === "paid" ? credit(state, invoice, note, amount) : lowerDue(state, invoice, note, amount);
}

function amountOf(state: AccountState, invoice: StripeObject, parameters: JsonObject): number {
  const lines = objectsField(parameters, "lines");
  const given = parameters["amount"] ?? parameters["credit_amount"] ?? parameters["out_of_band_amount"];
  if (typeof given !== "number" && lines.length === 0) throw missingParameter("amount");
  const amount = typeof given === "number" ? given : lines.reduce((sum, line) => sum + lineAmount(state, line), 0);
  const limit =
    invoice["status"] === "paid" ? numberField(invoice, "amount_paid") : numberField(invoice, "amount_remaining");
  const left = limit - numberField(invoice, "post_payment_credit_notes_amount");
  if (amount < 1 || amount > left) {
    throw invalidRequest(
      `The sum of credit amount, refund amount and out of band amount (${amount}) must not exceed the amount of the invoice that is left to credit (${left}).`,
      { param: "amount" },
    );
  }
  return amount;
}

function lineAmount(state: AccountState, line: JsonObject): number {
  const amount = line["amount"];
  if (typeof amount === "number") return amount;
  const invoiceLine = textField(line, "invoice_line_item");
  const quantity = Math.max(1, numberField(line, "quantity"));
  if (invoiceLine === undefined) return numberField(line, "unit_amount") * quantity;
  return numberField(state.require("InvoiceLineItem", invoiceLine, "lines[0][invoice_line_item]"), "amount");
}

function noteOf(
  state: AccountState,
  invoice: StripeObject,
  note: { readonly amount: number; readonly isPaid: boolean; readonly parameters: JsonObject },
): StripeObject {
  const { amount, isPaid, parameters } = note;
  const previous = state.where(type, ["invoice"], idOf(invoice)).length;
  return state.create(type, {
    amount,
    currency: invoice["currency"] ?? "usd",
    customer: invoice["customer"] ?? null,
    invoice: idOf(invoice),
    memo: parameters["memo"] ?? null,
    metadata: mergedMetadata({}, parameters["metadata"] ?? {}),
    number: `${textField(invoice, "number") ?? "DRAFT"}-CN-${String(previous + 1).padStart(2, "0")}`,
    out_of_band_amount: parameters["out_of_band_amount"] ?? null,
    pdf: "https://pay.stripe.com/credit_notes/sandbox/pdf",
    post_payment_amount: isPaid ? amount : 0,
    pre_payment_amount: isPaid ? 0 : amount,
    reason: parameters["reason"] ?? null,
    status: "issued",
    subtotal: amount,
    subtotal_excluding_tax: amount,
    total: amount,
    total_excluding_tax: amount,
    total_taxes: [],
    type: isPaid ? "post_payment" : "pre_payment",
  });
}

function addLine(
  state: AccountState,
  note: StripeObject,
  line: { readonly amount: number; readonly parameters: JsonObject },
): void {
  const fields = {
    amount: line.amount,
    description: textField(line.parameters, "memo") ?? "Credit",
    quantity: 1,
    type: "custom_line_item",
    unit_amount: line.amount,
    unit_amount_decimal: String(line.amount),
  };
  const created = state.create("CreditNoteLineItem", fields, idOf(note));
  state.change(type, note, { lines: state.embeddedList([created], `/v1/credit_notes/${idOf(note)}/lines`) });
}

function credit(state: AccountState, invoice: StripeObject, note: StripeObject, amount: number): StripeObject {
  const total = numberField(invoice, "post_payment_credit_notes_amount") + amount;
  state.change("Invoice", invoice, { post_payment_credit_notes_amount: total });
  const customer = state.find("Customer", textField(invoice, "customer") ?? "");
  const shown = state.require(type, idOf(note));
  if (customer === undefined || note["out_of_band_amount"] !== null) return shown;
  const fields = {
    amount: -amount,
    currency: invoice["currency"] ?? "usd",
    credit_note: idOf(note),
    type: "credit_note",
  };
  const movement = moveCustomerBalance(state, customer, fields);
  return state.change(type, shown, { customer_balance_transaction: idOf(movement) });
}

function lowerDue(state: AccountState, invoice: StripeObject, note: StripeObject, amount: number): StripeObject {
  const remaining = numberField(invoice, "amount_remaining") - amount;
  state.change("Invoice", invoice, {
    amount_due: numberField(invoice, "amount_due") - amount,
    amount_remaining: remaining,
    pre_payment_credit_notes_amount: numberField(invoice, "pre_payment_credit_notes_amount") + amount,
    ...(remaining === 0 ? { status: "paid" } : {}),
  });
  return state.require(type, idOf(note));
}

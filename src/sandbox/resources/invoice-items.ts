import type { JsonObject } from "../../value/json.js";
import type { AccountState, StripeObject } from "../account-state.js";
import { idOf } from "../account-state.js";
import { numberField, objectField, textField, without } from "../json-field.js";
import type { Call, OperationTable } from "../operation.js";
import { keyOf } from "../operation.js";
import { createObject, deleteObject, updateObject } from "../plain-operations.js";
import { invalidRequest, missingParameter } from "../refusals.js";
import type { LineDraft } from "./invoice-lines.js";
import { addLines, pricing } from "./invoice-lines.js";
import { createInlinePrice } from "./product-catalog.js";

const type = "InvoiceItem";

export const invoiceItemOperations: OperationTable = {
  "POST /v1/invoiceitems": (state, { parameters }) => createInvoiceItem(state, parameters),
  "POST /v1/invoiceitems/{}": updateInvoiceItem,
  "DELETE /v1/invoiceitems/{}": (state, call) => {
    refuseInvoiced(state.require(type, keyOf(call)));
    return deleteObject(state, state.world.shapes.table(type), keyOf(call));
  },
};

export function createInvoiceItem(state: AccountState, parameters: JsonObject): StripeObject {
  const customerId = textField(parameters, "customer");
  if (customerId === undefined) throw missingParameter("customer");
  state.require("Customer", customerId, "customer");
  const priceId = textField(objectField(parameters, "pricing") ?? {}, "price");
  const data = objectField(parameters, "price_data");
  const inline = data === undefined ? undefined : createInlinePrice(state, data);
  const price = priceId === undefined ? inline : state.require("Price", priceId, "pricing[price]");
  const quantity = Math.max(1, numberField(parameters, "quantity"));
  const amount = price === undefined ? numberField(parameters, "amount") : numberField(price, "unit_amount") * quantity;
  if (price === undefined && parameters["amount"] === undefined) throw missingParameter("amount");
  const now = state.now();
  const fields = without(parameters, [
    "pricing",
    "price_data",
    "quantity_decimal",
    "invoice",
    "unit_amount_decimal",
    "subscription",
  ]);
  const item = createObject(state, state.world.shapes.table(type), fields, {
    amount,
    currency:
      (price === undefined ? undefined : textField(price, "currency")) ?? textField(parameters, "currency") ?? "usd",
    discountable: parameters["discountable"] ?? true,
    net_amount: amount,
    period: parameters["period"] ?? { start: now, end: now },
    pricing: price === undefined ? null : pricing(price),
    quantity,
    quantity_decimal: String(quantity),
    invoice: null,
  });
  const invoiceId = textField(parameters, "invoice");
  return invoiceId === undefined ? item : putOnInvoice(state, item, invoiceId);
}

function putOnInvoice(state: AccountState, item: StripeObject, invoiceId: string): StripeObject {
  const invoice = state.require("Invoice", invoiceId, "invoice");
  if (invoice["status"] !== "draft") {
    throw invalidRequest("This invoice is no longer editable", { code: "invoice_not_editable", param: "invoice" });
  }
  addLines(state, invoice, [lineOfItem(item)], []);
  return state.change(type, item, { invoice: invoiceId });
}

export function lineOfItem(item: StripeObject): LineDraft {
  const period = objectField(item, "period") ?? {};
  return {
    amount: numberField(item, "amount"),
    currency: textField(item, "currency") ?? "usd",
    description: textField(item, "description") ?? null,
    quantity: Math.max(1, numberField(item, "quantity")),
    period: { start: numberField(period, "start"), end: numberField(period, "end") },
    metadata: objectField(item, "metadata") ?? {},
    proration: item["proration"] === true,
    invoiceItem: idOf(item),
  };
}

function updateInvoiceItem(state: AccountState, call: Call): StripeObject {
  const item = state.require(type, keyOf(call));
  if (Object.keys(call.parameters).some((key) => key !== "metadata")) refuseInvoiced(item);
  return updateObject(state, state.world.shapes.table(type), idOf(item), call.parameters);
}

function refuseInvoiced(item: StripeObject): void {
  if (item["invoice"] === null) return;
  throw invalidRequest("This invoice item is attached to an invoice that is no longer editable.", {
    code: "invoice_not_editable",
  });
}

import type { Json, JsonObject } from "../../value/json.js";
import type { AccountState, StripeObject } from "../account-state.js";
import { numberField, objectField, textField } from "../json-field.js";
import { missingParameter } from "../refusals.js";
import { createInlinePrice } from "./product-catalog.js";

/** One line of a quote, a checkout session or a payment link. */
export interface SaleLine {
  readonly price: StripeObject;
  readonly quantity: number;
  readonly amount: number;
  readonly currency: string;
  readonly description: string;
}

/** Reads `line_items[0][price]=…&line_items[0][quantity]=…`. */
export function readLineItems(state: AccountState, given: Json | undefined): readonly SaleLine[] {
  if (!Array.isArray(given)) return [];
  return given.map((line: JsonObject, index: number) => {
    const price = priceOf(state, line, `line_items[${index}][price]`);
    return saleLine(price, numberField(line, "quantity") || 1, nameOf(state, price));
  });
}

function priceOf(state: AccountState, line: JsonObject, param: string): StripeObject {
  const id = textField(line, "price");
  const data = objectField(line, "price_data");
  if (id === undefined && data !== undefined) return createInlinePrice(state, data);
  if (id === undefined) throw missingParameter(param);
  return state.require("Price", id, param);
}

function nameOf(state: AccountState, price: StripeObject): string {
  const product = state.find("Product", textField(price, "product") ?? "");
  return product === undefined ? "" : (textField(product, "name") ?? "");
}

export function saleLine(price: StripeObject, quantity: number, description: string): SaleLine {
  return {
    price,
    quantity,
    amount: numberField(price, "unit_amount") * quantity,
    currency: textField(price, "currency") ?? "usd",
    description,
  };
}

export function saleLineFields(line: SaleLine): JsonObject {
  return {
    object: "item",
    adjustable_quantity: null,
    amount_discount: 0,
    amount_subtotal: line.amount,
    amount_tax: 0,
    amount_total: line.amount,
    currency: line.currency,
    description: line.description,
    metadata: {},
    price: line.price,
    quantity: line.quantity,
  };
}

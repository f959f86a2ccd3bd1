import type { Json, JsonObject } from "../../value/json.js";
import type { AccountState, StripeObject } from "../account-state.js";
import { idOf } from "../account-state.js";
import { objectField, objectsField, textField, without } from "../json-field.js";
import type { Call, OperationTable } from "../operation.js";
import { keyOf } from "../operation.js";
import { createObject, deleteObject } from "../plain-operations.js";
import { invalidRequest, missingParameter } from "../refusals.js";

/** Products, prices, coupons and promotion codes. */
export const productCatalogOperations: OperationTable = {
  "POST /v1/products": (state, { parameters }) => createProduct(state, parameters),
  "DELETE /v1/products/{}": deleteProduct,
  "POST /v1/prices": (state, { parameters }) => createPrice(state, parameters),
  "POST /v1/coupons": (state, { parameters }) => createCoupon(state, parameters),
  "POST /v1/promotion_codes": (state, { parameters }) => createPromotionCode(state, parameters),
};

function createProduct(state: AccountState, parameters: JsonObject): StripeObject {
  const priceData = objectField(parameters, "default_price_data");
  const product = createObject(state, state.world.shapes.table("Product"), {
    active: true,
    type: "service",
    ...without(parameters, ["default_price_data"]),
  });
  if (priceData === undefined) return product;
  const price = createPrice(state, { ...priceData, product: idOf(product) });
  return state.change("Product", product, { default_price: idOf(price) });
}

function deleteProduct(state: AccountState, call: Call): StripeObject {
  if (state.where("Price", ["product"], keyOf(call)).length > 0) {
    throw invalidRequest("This product cannot be deleted because it has one or more user-created prices.");
  }
  return deleteObject(state, state.world.shapes.table("Product"), keyOf(call));
}

function createPrice(state: AccountState, parameters: JsonObject): StripeObject {
  const recurring = objectField(parameters, "recurring");
  refuseTakenLookupKey(state, parameters);
  return createObject(state, state.world.shapes.table("Price"), {
    active: true,
    billing_scheme: "per_unit",
    tax_behavior: "unspecified",
    ...without(parameters, ["product_data", "transfer_lookup_key"]),
    ...amounts(parameters),
    ...(Array.isArray(parameters["tiers"]) ? { tiers: objectsField(parameters, "tiers").map(tierOf) } : {}),
    product: productOf(state, parameters),
    type: recurring === undefined ? "one_time" : "recurring",
    recurring:
      recurring === undefined
        ? null
        : { interval_count: 1, meter: null, trial_period_days: null, usage_type: "licensed", ...recurring },
  });
}

/**
 * A price that only the object is for that it is created with: in no list, and of no further use.
 * Source: https://docs.stripe.com/products-prices/how-products-and-prices-work#use-inline-pricing
 */
export function createInlinePrice(state: AccountState, parameters: JsonObject): StripeObject {
  const price = state.change("Price", createPrice(state, parameters), { active: false });
  state.unlist("Price", price);
  return price;
}

function productOf(state: AccountState, parameters: JsonObject): string {
  const product = textField(parameters, "product");
  if (product !== undefined) return product;
  const data = objectField(parameters, "product_data");
  if (data === undefined) throw missingParameter("product");
  return idOf(createProduct(state, data));
}

function amounts(parameters: JsonObject): { readonly [key: string]: Json } {
  const amount = parameters["unit_amount"];
  const decimal = parameters["unit_amount_decimal"];
  if (typeof amount === "number") return { unit_amount: amount, unit_amount_decimal: String(amount) };
  if (typeof decimal !== "string") return {};
  return { unit_amount: /^\d+$/.test(decimal) ? Number(decimal) : null, unit_amount_decimal: decimal };
}

/** Amounts as numbers and as texts; the last tier has no end. Source: https://docs.stripe.com/api/prices/object */
function tierOf(given: JsonObject): JsonObject {
  const amount = (key: string) => given[key] ?? null;
  const decimal = (key: string) => given[`${key}_decimal`] ?? (given[key] === undefined ? null : String(given[key]));
  return {
    ...{ flat_amount: amount("flat_amount"), flat_amount_decimal: decimal("flat_amount") },
    ...{ unit_amount: amount("unit_amount"), unit_amount_decimal: decimal("unit_amount") },
    up_to: given["up_to"] === "inf" ? null : (given["up_to"] ?? null),
  };
}

function refuseTakenLookupKey(state: AccountState, parameters: JsonObject): void {
  const key = textField(parameters, "lookup_key");
  const [holder] = key === undefined ? [] : state.where("Price", ["lookup_key"], key);
  if (key === undefined || holder === undefined) return;
  if (parameters["transfer_lookup_key"] === true) {
    state.change("Price", holder, { lookup_key: null });
    return;
  }
  throw invalidRequest(`A price (\`${idOf(holder)}\`) already uses that lookup key.`, { param: "lookup_key" });
}

function createCoupon(state: AccountState, parameters: JsonObject): StripeObject {
  if (parameters["percent_off"] === undefined && parameters["amount_off"] === undefined) {
    throw invalidRequest("You must pass either percent_off or amount_off.");
  }
  if (parameters["amount_off"] !== undefined && parameters["currency"] === undefined)
    throw missingParameter("currency");
  return createObject(state, state.world.shapes.table("Coupon"), { duration: "once", ...parameters }, { valid: true });
}

function createPromotionCode(state: AccountState, parameters: JsonObject): StripeObject {
  const promotion = objectField(parameters, "promotion") ?? {};
  const coupon = textField(promotion, "coupon");
  if (coupon === undefined) throw missingParameter("promotion[coupon]");
  state.require("Coupon", coupon, "promotion[coupon]");
  return createObject(state, state.world.shapes.table("PromotionCode"), {
    active: true,
    code: state.world.random.text(8).toUpperCase(),
    ...parameters,
    promotion: { type: "coupon", coupon },
  });
}

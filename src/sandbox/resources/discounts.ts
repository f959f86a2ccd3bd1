import type { Json, JsonObject } from "../../value/json.js";
import type { AccountState, StripeObject } from "../account-state.js";
import { numberField, objectField, textField } from "../json-field.js";
import { notModelled } from "../refusals.js";
import { addMonths } from "./billing-period.js";

/** A coupon in use on an invoice, a subscription or a quote. */
export interface AppliedDiscount {
  readonly id: string;
  readonly coupon: StripeObject;
  readonly promotionCode?: string | undefined;
}

/** Whom a discount is for, and since when. */
export interface DiscountPlace {
  readonly customer: string | null;
  readonly start: number;
  readonly invoice?: string;
  readonly subscription?: string;
}

/** The fields of a discount; what it is on names it by id. */
export function discountFields({ id, coupon, promotionCode }: AppliedDiscount, place: DiscountPlace): JsonObject {
  return {
    id,
    object: "discount",
    checkout_session: null,
    customer: place.customer,
    customer_account: null,
    end: endOf(coupon, place.start),
    invoice: place.invoice ?? null,
    invoice_item: null,
    promotion_code: promotionCode ?? null,
    source: { coupon: textField(coupon, "id") ?? null, type: "coupon" },
    start: place.start,
    subscription: place.subscription ?? null,
    subscription_item: null,
  };
}

/** A discount of some months ends with the last of them. */
function endOf(coupon: StripeObject, start: number): number | null {
  return coupon["duration"] === "repeating" ? addMonths(start, numberField(coupon, "duration_in_months")) : null;
}

/** Reads `discounts[0][coupon]=…` or `[promotion_code]=…`. */
export function readDiscounts(state: AccountState, given: Json | undefined): readonly AppliedDiscount[] {
  if (!Array.isArray(given)) return [];
  return given.map((one: JsonObject) => ({ id: `di_${state.world.random.text(24)}`, coupon: couponOf(state, one) }));
}

/** Keeps discounts as the objects that `expand` shows; they are in no list. */
export function keepDiscounts(
  state: AccountState,
  discounts: readonly AppliedDiscount[],
  place: Omit<DiscountPlace, "start">,
): void {
  for (const discount of discounts) {
    const fields = discountFields(discount, { ...place, start: state.now() });
    state.world.store.insert({
      ...{ type: "Discount", account: state.account, id: discount.id, parent: "", createdSeconds: state.now() },
      json: JSON.stringify(fields),
    });
  }
}

function couponOf(state: AccountState, given: JsonObject): StripeObject {
  const coupon = textField(given, "coupon");
  if (coupon !== undefined) return state.require("Coupon", coupon, "discounts[0][coupon]");
  const code = textField(given, "promotion_code");
  if (code === undefined) throw notModelled("a discount by id");
  const promotion = objectField(state.require("PromotionCode", code, "discounts[0][promotion_code]"), "promotion");
  return state.require("Coupon", textField(promotion ?? {}, "coupon") ?? "", "discounts[0][promotion_code]");
}

/** What a coupon takes off an amount. */
export function discountOf(coupon: StripeObject, amount: number): number {
  const percent = coupon["percent_off"];
  if (typeof percent === "number") return Math.round((amount * percent) / 100);
  const off = coupon["amount_off"];
  return typeof off === "number" ? Math.min(off, amount) : 0;
}

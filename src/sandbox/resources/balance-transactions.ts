import type { JsonObject } from "../../value/json.js";
import type { AccountState, StripeObject } from "../account-state.js";

export interface BalanceMovement {
  readonly type:
    | "charge"
    | "payment"
    | "refund"
    | "payout"
    | "payout_cancel"
    | "adjustment"
    | "topup"
    | "transfer"
    | "stripe_fee";
  readonly amount: number;
  readonly currency: string;
  /** Stripe's fee in the same currency; default none. */
  readonly fee?: number;
  readonly source: string;
  readonly description?: string | null;
  readonly reportingCategory?: string;
}

const secondsPerDay = 86_400;

/** Stripe's standard fee: 2.9 % and 30 cents. */
export function processingFee(amount: number): number {
  return Math.round(amount * 0.029) + 30;
}

/** The fields of a movement of the account's balance, available two days later. */
export function movementFields(movement: BalanceMovement, createdSeconds: number): JsonObject {
  const { amount, currency, fee = 0, type } = movement;
  const feeDetail = {
    amount: fee,
    application: null,
    currency,
    description: "Stripe processing fees",
    type: "stripe_fee",
  };
  return {
    amount,
    available_on: type === "charge" ? createdSeconds + 2 * secondsPerDay : createdSeconds,
    balance_type: "payments",
    created: createdSeconds,
    currency,
    description: movement.description ?? null,
    exchange_rate: null,
    fee,
    fee_details: fee === 0 ? [] : [feeDetail],
    net: amount - fee,
    reporting_category: movement.reportingCategory ?? type,
    source: movement.source,
    status: type === "charge" ? "pending" : "available",
    type,
  };
}

export function recordMovement(state: AccountState, movement: BalanceMovement): StripeObject {
  return state.create("BalanceTransaction", movementFields(movement, state.now()));
}

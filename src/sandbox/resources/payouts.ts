import type { JsonObject } from "../../value/json.js";
import type { AccountState, StripeObject } from "../account-state.js";
import { idOf } from "../account-state.js";
import { numberField, textField } from "../json-field.js";
import type { OperationTable } from "../operation.js";
import { keyOf } from "../operation.js";
import { createObject } from "../plain-operations.js";
import { invalidRequest } from "../refusals.js";
import { availableBalance } from "./balance.js";
import { recordMovement } from "./balance-transactions.js";
import { checkAmount, checkCurrency } from "./money.js";

export const payoutOperations: OperationTable = {
  "POST /v1/payouts": (state, { parameters }) => createPayout(state, parameters),
  "POST /v1/payouts/{}/cancel": (state, call) => cancelPayout(state, state.require("Payout", keyOf(call))),
  "POST /v1/payouts/{}/reverse": (state, call) =>
    reversePayout(state, state.require("Payout", keyOf(call)), call.parameters),
};

function createPayout(state: AccountState, parameters: JsonObject): StripeObject {
  const currency = checkCurrency(textField(parameters, "currency") ?? "");
  const amount = numberField(parameters, "amount");
  checkAmount(amount, "", "amount");
  if (amount > availableBalance(state, currency)) {
    throw invalidRequest(
      "You have insufficient funds in your Stripe account for this transfer. Your card balance is too low. You can use the the /v1/balance endpoint to view your Stripe balance (for more details, see stripe.com/docs/api#balance).",
      { code: "balance_insufficient" },
    );
  }
  const id = state.newId("Payout");
  const movement = recordMovement(state, {
    type: "payout",
    amount: -amount,
    currency,
    source: id,
    description: "STRIPE PAYOUT",
  });
  return createObject(
    state,
    state.world.shapes.table("Payout"),
    { method: "standard", source_type: "card", ...parameters },
    {
      id,
      currency,
      automatic: false,
      arrival_date: state.now() + 2 * 86_400,
      balance_transaction: idOf(movement),
      reconciliation_status: "not_applicable",
      status: "pending",
      type: "bank_account",
    },
  );
}

function cancelPayout(state: AccountState, payout: StripeObject): StripeObject {
  if (payout["status"] !== "pending") {
    throw invalidRequest("Payouts can only be canceled while they are pending.");
  }
  const movement = giveBack(state, payout, "payout_cancel");
  return state.change("Payout", payout, { status: "canceled", failure_balance_transaction: idOf(movement) });
}

function reversePayout(state: AccountState, payout: StripeObject, parameters: JsonObject): StripeObject {
  if (payout["status"] !== "paid" || payout["reversed_by"] !== null)
    throw invalidRequest("Payouts can only be reversed once, after they are paid.");
  const id = state.newId("Payout");
  const amount = -numberField(payout, "amount");
  const movement = recordMovement(state, {
    type: "payout",
    amount: -amount,
    currency: textField(payout, "currency") ?? "usd",
    source: id,
  });
  state.change("Payout", payout, { reversed_by: id });
  return state.create("Payout", {
    ...payout,
    id,
    amount,
    created: state.now(),
    automatic: false,
    balance_transaction: idOf(movement),
    metadata: parameters["metadata"] ?? {},
    original_payout: idOf(payout),
    status: "pending",
  });
}

function giveBack(state: AccountState, payout: StripeObject, type: "payout_cancel"): StripeObject {
  return recordMovement(state, {
    type,
    amount: numberField(payout, "amount"),
    currency: textField(payout, "currency") ?? "usd",
    source: idOf(payout),
    reportingCategory: "payout_reversal",
  });
}

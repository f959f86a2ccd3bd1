import type { JsonObject } from "../../value/json.js";
import type { AccountState, StripeObject } from "../account-state.js";
import { idOf } from "../account-state.js";
import { numberField, textField } from "../json-field.js";
import type { OperationTable } from "../operation.js";
import { keyOf } from "../operation.js";
import { invalidRequest, notModelled } from "../refusals.js";
import { mergedMetadata } from "../written-fields.js";
import { recordMovement } from "./balance-transactions.js";
import { formatMoney } from "./money.js";

export const refundOperations: OperationTable = {
  "POST /v1/refunds": (state, { parameters }) => createRefund(state, parameters),
  "POST /v1/refunds/{}/cancel": (state, call) => {
    const refund = state.require("Refund", keyOf(call));
    throw invalidRequest(
      `Refund ${idOf(refund)} cannot be canceled because its status is ${String(refund["status"])}. Only refunds with a status of requires_action can be canceled.`,
    );
  },
};

function createRefund(state: AccountState, parameters: JsonObject): StripeObject {
  for (const key of ["origin", "refund_application_fee", "reverse_transfer", "instructions_email"]) {
    if (parameters[key] !== undefined && parameters[key] !== false)
      throw notModelled(`the parameter ${key} of refunds`);
  }
  const charge = chargeOf(state, parameters);
  const amount = amountToRefund(charge, parameters["amount"]);
  const id = state.newId("Refund");
  const currency = textField(charge, "currency") ?? "usd";
  const movement = recordMovement(state, {
    type: "refund",
    amount: -amount,
    currency,
    source: id,
    description: "REFUND FOR CHARGE",
  });
  const refunded = numberField(charge, "amount_refunded") + amount;
  state.change("Charge", charge, { amount_refunded: refunded, refunded: refunded >= numberField(charge, "amount") });
  return state.create("Refund", {
    id,
    amount,
    balance_transaction: idOf(movement),
    charge: idOf(charge),
    currency,
    customer: charge["customer"] ?? null,
    metadata: mergedMetadata({}, parameters["metadata"] ?? {}),
    payment_intent: charge["payment_intent"] ?? null,
    payment_method: charge["payment_method"] ?? null,
    reason: parameters["reason"] ?? null,
    status: "succeeded",
    destination_details: {
      card: { reference_status: "pending", reference_type: "acquirer_reference_number", type: "refund" },
      type: "card",
    },
  });
}

function chargeOf(state: AccountState, parameters: JsonObject): StripeObject {
  const chargeId = textField(parameters, "charge");
  if (chargeId !== undefined) return state.require("Charge", chargeId, "charge");
  const intentId = textField(parameters, "payment_intent");
  if (intentId === undefined)
    throw invalidRequest("One of the following params should be provided for this request: payment_intent or charge.");
  const intent = state.require("PaymentIntent", intentId, "payment_intent");
  const latest = textField(intent, "latest_charge");
  if (latest === undefined || intent["status"] !== "succeeded") {
    throw invalidRequest(`This PaymentIntent (${intentId}) does not have a successful charge to refund.`);
  }
  return state.require("Charge", latest, "payment_intent");
}

function amountToRefund(charge: StripeObject, requested: unknown): number {
  const id = idOf(charge);
  const currency = textField(charge, "currency") ?? "usd";
  const left = numberField(charge, "amount") - numberField(charge, "amount_refunded");
  if (charge["captured"] !== true)
    throw invalidRequest(`Charge ${id} has not been captured; cancel its payment intent instead.`);
  if (charge["disputed"] === true)
    throw invalidRequest(`Charge ${id} has been charged back; cannot issue a refund.`, { code: "charge_disputed" });
  if (charge["refunded"] === true)
    throw invalidRequest(`Charge ${id} has already been refunded.`, { code: "charge_already_refunded" });
  const amount = typeof requested === "number" ? requested : left;
  if (amount < 1)
    throw invalidRequest("This value must be greater than or equal to 1.", {
      code: "parameter_invalid_integer",
      param: "amount",
    });
  if (amount > left) {
    const money = (value: number) => formatMoney(value, currency).replace(/ [a-z]{3}$/, "");
    throw invalidRequest(
      `Refund amount (${money(amount)}) is greater than unrefunded amount on charge (${money(left)})`,
      { param: "amount" },
    );
  }
  return amount;
}

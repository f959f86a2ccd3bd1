import type { JsonObject } from "../../value/json.js";
import type { AccountState, StripeObject } from "../account-state.js";
import { idOf } from "../account-state.js";
import { recordEvent } from "../event-recorder.js";
import { numberField, objectField, textField, without } from "../json-field.js";
import type { OperationTable } from "../operation.js";
import { keyOf } from "../operation.js";
import { invalidRequest, missingParameter } from "../refusals.js";
import { StripeFailure } from "../stripe-failure.js";
import { processingFee, recordMovement } from "./balance-transactions.js";
import { resolvePaymentMethod } from "./payment-methods.js";
import type { CardBehaviour } from "./test-cards.js";
import { cardBehaviour } from "./test-cards.js";

export interface ChargeRequest {
  readonly amount: number;
  readonly currency: string;
  readonly paymentMethod: StripeObject;
  readonly captures: boolean;
  /** Fields taken over from the payment intent or the request: customer, description, metadata, … */
  readonly fields: JsonObject;
}

export const chargeOperations: OperationTable = {
  "POST /v1/charges": (state, { parameters }) => createCharge(state, parameters),
  "POST /v1/charges/{}/capture": (state, call) => {
    const charge = state.require("Charge", keyOf(call));
    return captureCharge(state, charge, amountToCapture(charge, call.parameters["amount"]));
  },
};

export function behaviourOf(paymentMethod: StripeObject): CardBehaviour {
  const card = objectField(paymentMethod, "card");
  return cardBehaviour(card === undefined ? undefined : textField(card, "last4"));
}

/** A charge that went through; with its balance transaction where it is captured at once. */
export function recordCharge(state: AccountState, request: ChargeRequest): StripeObject {
  const charge = state.create("Charge", {
    ...chargeFields(request),
    outcome: outcome("approved_by_network", null, "authorized", "Payment complete."),
    paid: true,
    status: "succeeded",
    captured: false,
    receipt_url: "https://pay.stripe.com/receipts/sandbox",
  });
  const settled = request.captures ? captureCharge(state, charge, request.amount) : charge;
  recordEvent(state, settled, "transition");
  return settled;
}

export function recordFailedCharge(
  state: AccountState,
  request: ChargeRequest,
  reason: { readonly code: string; readonly declineCode: string; readonly message: string },
): StripeObject {
  return state.create("Charge", {
    ...chargeFields(request),
    outcome: outcome(
      "declined_by_network",
      reason.declineCode,
      "issuer_declined",
      "The bank did not return any further details with this decline.",
    ),
    paid: false,
    status: "failed",
    captured: false,
    failure_code: reason.code,
    failure_message: reason.message,
  });
}

export function outcome(networkStatus: string, reason: string | null, type: string, sellerMessage: string): JsonObject {
  return {
    advice_code: null,
    network_advice_code: null,
    network_decline_code: null,
    network_status: networkStatus,
    reason,
    risk_level: "normal",
    risk_score: 12,
    seller_message: sellerMessage,
    type,
  };
}

function chargeFields({ amount, currency, paymentMethod, fields }: ChargeRequest): JsonObject {
  return {
    amount,
    currency,
    amount_captured: 0,
    amount_refunded: 0,
    billing_details: paymentMethod["billing_details"] ?? null,
    payment_method: idOf(paymentMethod),
    payment_method_details: chargedMethod(paymentMethod),
    fraud_details: {},
    calculated_statement_descriptor: "SANDBOX",
    ...fields,
  };
}

export function chargedMethod(paymentMethod: StripeObject): JsonObject {
  const type = textField(paymentMethod, "type") ?? "card";
  const details = objectField(paymentMethod, type) ?? {};
  return {
    [type]: {
      ...without(details, ["display_brand", "networks", "three_d_secure_usage"]),
      network: details["brand"] ?? null,
    },
    type,
  };
}

/** Moves the captured amount into the balance; what is not captured counts as refunded, as at Stripe. */
export function captureCharge(state: AccountState, charge: StripeObject, amount: number): StripeObject {
  if (charge["captured"] === true) {
    throw invalidRequest(`Charge ${idOf(charge)} has already been captured.`, { code: "charge_already_captured" });
  }
  const movement = recordMovement(state, {
    type: "charge",
    amount,
    currency: textField(charge, "currency") ?? "usd",
    fee: processingFee(amount),
    source: idOf(charge),
    description: textField(charge, "description") ?? null,
  });
  return state.change("Charge", charge, {
    captured: true,
    amount_captured: amount,
    amount_refunded: numberField(charge, "amount") - amount,
    balance_transaction: idOf(movement),
  });
}

function amountToCapture(charge: StripeObject, requested: unknown): number {
  const whole = numberField(charge, "amount");
  const amount = typeof requested === "number" ? requested : whole;
  if (amount > whole) throw captureTooLarge();
  return amount;
}

export function captureTooLarge(): StripeFailure {
  return invalidRequest("The requested capture amount is greater than the amount you can capture for this charge.", {
    code: "amount_too_large",
    param: "amount_to_capture",
  });
}

function createCharge(state: AccountState, parameters: JsonObject): StripeObject {
  const source = textField(parameters, "source");
  const amount = parameters["amount"];
  const currency = textField(parameters, "currency");
  if (typeof amount !== "number") throw missingParameter("amount");
  if (currency === undefined) throw missingParameter("currency");
  if (source === undefined) throw invalidRequest("Must provide source or customer.");
  const paymentMethod = resolvePaymentMethod(state, source);
  const fields = without(parameters, ["source", "amount", "currency", "capture"]);
  const request = { amount, currency, paymentMethod, captures: parameters["capture"] !== false, fields };
  const behaviour = behaviourOf(paymentMethod);
  if (behaviour.kind === "succeed") return recordCharge(state, request);
  if (behaviour.kind === "authenticate") throw authenticationRequired({});
  throw cardDeclined(behaviour, { charge: idOf(recordFailedCharge(state, request, behaviour)) });
}

/** 402 for a declined card; the failed charge stays. */
export function cardDeclined(
  reason: { code: string; declineCode: string; message: string },
  extra: JsonObject,
): StripeFailure {
  const { code, declineCode, message } = reason;
  return new StripeFailure(402, { type: "card_error", code, declineCode, message, extra }, { keepsState: true });
}

export function authenticationRequired(extra: JsonObject): StripeFailure {
  return cardDeclined(
    {
      code: "authentication_required",
      declineCode: "authentication_required",
      message: "Your card was declined. This transaction requires authentication.",
    },
    extra,
  );
}

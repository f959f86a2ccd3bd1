import type { JsonObject } from "../../value/json.js";
import type { AccountState, StripeObject } from "../account-state.js";
import { idOf } from "../account-state.js";
import { numberField, objectField, textField, without } from "../json-field.js";
import type { OperationTable } from "../operation.js";
import { keyOf } from "../operation.js";
import { createObject, updateObject } from "../plain-operations.js";
import { invalidRequest, missingParameter, noSuchObject } from "../refusals.js";
import { StripeFailure } from "../stripe-failure.js";
import type { CardBehaviour } from "./test-cards.js";
import { cardByNumber, setupBehaviour, testCardByName } from "./test-cards.js";

export const paymentMethodOperations: OperationTable = {
  "POST /v1/payment_methods": (state, { parameters }) => createPaymentMethod(state, parameters),
  "POST /v1/payment_methods/{}": (state, call) => {
    const table = state.world.shapes.table("PaymentMethod");
    return updateObject(state, table, keyOf(call), call.parameters);
  },
  "GET /v1/customers/{}/payment_methods/{}": (state, { keys: [customer = "", id = ""] }) => {
    const method = state.require("PaymentMethod", id);
    if (method["customer"] !== customer) throw noSuchObject("payment_method", id);
    return method;
  },
  "POST /v1/payment_methods/{}/attach": (state, call) =>
    attach(state, keyOf(call), textField(call.parameters, "customer")),
  "POST /v1/payment_methods/{}/detach": (state, call) => detach(state, keyOf(call)),
};

/**
 * A payment method by id or by one of Stripe's test names, which stand for a new one each time.
 * Source: https://docs.stripe.com/testing#cards
 */
export function resolvePaymentMethod(state: AccountState, id: string): StripeObject {
  const existing = state.find("PaymentMethod", id);
  if (existing !== undefined) return existing;
  const card = testCardByName(id);
  if (card === undefined) throw noSuchObject("PaymentMethod", id, "payment_method");
  return state.create("PaymentMethod", { ...blankCard, card });
}

const blankBilling = {
  address: { city: null, country: null, line1: null, line2: null, postal_code: null, state: null },
  email: null,
  name: null,
  phone: null,
  tax_id: null,
};
const blankCard: JsonObject = {
  type: "card",
  allow_redisplay: "unspecified",
  billing_details: blankBilling,
  metadata: {},
};

export function createPaymentMethod(state: AccountState, parameters: JsonObject): StripeObject {
  const type = textField(parameters, "type");
  if (type === undefined) throw missingParameter("type");
  const table = state.world.shapes.table("PaymentMethod");
  const billing = { ...blankBilling, ...objectField(parameters, "billing_details") };
  const base = { ...blankCard, type, billing_details: billing };
  const rest = without(parameters, ["billing_details", "card"]);
  return createObject(state, table, rest, type === "card" ? { ...base, card: cardOf(parameters) } : base);
}

function cardOf(parameters: JsonObject): JsonObject {
  const card = objectField(parameters, "card");
  const token = card === undefined ? undefined : textField(card, "token");
  if (card === undefined) throw missingParameter("card");
  if (token !== undefined) {
    const known = testCardByName(token);
    if (known === undefined) throw noSuchObject("token", token, "card[token]");
    return known;
  }
  const number = textField(card, "number");
  if (number === undefined) throw missingParameter("card[number]");
  return cardByNumber(number, { month: numberField(card, "exp_month"), year: numberField(card, "exp_year") });
}

/** For an attach that a client asks for: a card that its issuer declines stays off the customer. */
export function attach(state: AccountState, id: string, customerId: string | undefined): StripeObject {
  if (customerId === undefined) throw missingParameter("customer");
  const method = resolvePaymentMethod(state, id);
  refuseSpent(state, method);
  const behaviour = setupBehaviour(lastDigits(method));
  if (behaviour.kind === "decline") throw declinedAtAttach(behaviour);
  return attachTo(state, method, customerId);
}

function lastDigits(method: StripeObject): string | undefined {
  return textField(objectField(method, "card") ?? {}, "last4");
}

function declinedAtAttach({ code, declineCode, message }: CardBehaviour & { kind: "decline" }): StripeFailure {
  return new StripeFailure(402, { type: "card_error", code, declineCode, message });
}

/**
 * A payment method that was used without a customer, or was detached from one, is of no further use.
 * Source: https://docs.stripe.com/api/payment_methods/detach
 */
export function refuseSpent(state: AccountState, method: StripeObject): void {
  if (state.world.store.readFact(spentFact(state, method)) === undefined) return;
  throw invalidRequest(
    "This PaymentMethod was used before without being attached to a Customer, or was detached from one, and may not " +
      "be used again. To use a PaymentMethod several times, attach it to a Customer first.",
  );
}

/** To be called once it was charged, or is off its customer. */
export function spend(state: AccountState, method: StripeObject): void {
  if (textField(method, "customer") === undefined) state.world.store.writeFact(spentFact(state, method), "");
}

function spentFact(state: AccountState, method: StripeObject): string {
  return `spent ${state.account} ${idOf(method)}`;
}

/** Attaches one that has just been charged or set up. */
export function attachTo(state: AccountState, method: StripeObject, customerId: string): StripeObject {
  const customer = state.require("Customer", customerId, "customer");
  const attachedTo = textField(method, "customer");
  if (attachedTo === customerId) return method;
  if (attachedTo !== undefined) {
    throw invalidRequest("The payment method you provided has already been attached to a customer.", {
      code: "payment_method_unexpected_state",
    });
  }
  return state.change("PaymentMethod", method, { customer: idOf(customer) });
}

function detach(state: AccountState, id: string): StripeObject {
  const method = state.require("PaymentMethod", id);
  const customerId = textField(method, "customer");
  if (customerId === undefined) {
    throw invalidRequest("The payment method you provided is not attached to a customer so detachment is impossible.");
  }
  forgetDefault(state, customerId, id);
  const detached = state.change("PaymentMethod", method, { customer: null });
  spend(state, detached);
  return detached;
}

/** A detached payment method is no longer what the customer's invoices are charged to. */
function forgetDefault(state: AccountState, customerId: string, id: string): void {
  const customer = state.find("Customer", customerId);
  const settings = customer === undefined ? undefined : objectField(customer, "invoice_settings");
  if (customer === undefined || settings?.["default_payment_method"] !== id) return;
  state.change("Customer", customer, { invoice_settings: { ...settings, default_payment_method: null } });
}

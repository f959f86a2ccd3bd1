import type { Json, JsonObject } from "../../value/json.js";
import type { AccountState, StripeObject } from "../account-state.js";
import { idOf } from "../account-state.js";
import { numberField, objectField, textField, without } from "../json-field.js";
import type { Call, OperationTable } from "../operation.js";
import { keyOf } from "../operation.js";
import { createObject, updateObject } from "../plain-operations.js";
import { invalidRequest } from "../refusals.js";
import type { StripeFailure } from "../stripe-failure.js";
import { acceptedMethods, acceptsRedirects, refuseUnconfirmed, returnUrlMissing } from "./accepted-methods.js";
import type { ChargeRequest } from "./charges.js";
import {
  authenticationRequired,
  behaviourOf,
  captureCharge,
  captureTooLarge,
  cardDeclined,
  recordCharge,
  recordFailedCharge,
} from "./charges.js";
import { checkAmount, checkCurrency } from "./money.js";
import { attachTo, createPaymentMethod, refuseSpent, resolvePaymentMethod, spend } from "./payment-methods.js";
import type { CardBehaviour } from "./test-cards.js";

const type = "PaymentIntent";

/** Parameters of a confirmation that leave no field on the payment intent. */
const confirmationParameters = [
  "confirm",
  "off_session",
  "return_url",
  "use_stripe_sdk",
  "error_on_requires_action",
  "mandate_data",
  "payment_method_data",
  "automatic_payment_methods",
];

/** Source: their documentation. */
const needConfirm = ["error_on_requires_action", "mandate", "mandate_data", "off_session", "return_url"];

const beforeConfirmation = ["requires_payment_method", "requires_confirmation", "requires_action"];
const cancelable = [
  "requires_payment_method",
  "requires_capture",
  "requires_confirmation",
  "requires_action",
  "processing",
];

export const paymentIntentOperations: OperationTable = {
  "POST /v1/payment_intents": (state, { parameters }) => createIntent(state, parameters),
  "POST /v1/payment_intents/{}": updateIntent,
  "POST /v1/payment_intents/{}/confirm": (state, call) => {
    const intent = state.require(type, keyOf(call));
    return confirmIntent(state, changedBefore(state, intent, call.parameters), call.parameters);
  },
  "POST /v1/payment_intents/{}/capture": captureIntent,
  "POST /v1/payment_intents/{}/cancel": (state, call) =>
    cancelIntent(state, state.require(type, keyOf(call)), call.parameters),
};

export function createIntent(state: AccountState, parameters: JsonObject): StripeObject {
  refuseUnconfirmed(parameters, needConfirm);
  const currency = checkCurrency(textField(parameters, "currency") ?? "");
  checkAmount(numberField(parameters, "amount"), currency, "amount");
  const method = givenMethod(state, parameters);
  const id = state.newId(type);
  const fields = without(parameters, [...confirmationParameters, "payment_method"]);
  const intent = createObject(state, state.world.shapes.table(type), fields, {
    id,
    currency,
    capture_method: parameters["capture_method"] ?? "automatic_async",
    confirmation_method: parameters["confirmation_method"] ?? "automatic",
    client_secret: `${id}_secret_${state.world.random.text(25)}`,
    ...acceptedMethods(parameters),
    payment_method: method === undefined ? null : idOf(method),
    status: method === undefined ? "requires_payment_method" : "requires_confirmation",
  });
  return parameters["confirm"] === true ? confirmIntent(state, intent, parameters) : intent;
}

function givenMethod(state: AccountState, parameters: JsonObject): StripeObject | undefined {
  const id = textField(parameters, "payment_method");
  if (id !== undefined) return resolvePaymentMethod(state, id);
  const data = objectField(parameters, "payment_method_data");
  return data === undefined ? undefined : createPaymentMethod(state, data);
}

function updateIntent(state: AccountState, call: Call): StripeObject {
  const intent = state.require(type, keyOf(call));
  const status = textField(intent, "status") ?? "";
  for (const key of ["amount", "currency", "payment_method", "customer"]) {
    if (key in call.parameters && !beforeConfirmation.includes(status)) throw notUpdatable(key, status);
  }
  if ("amount" in call.parameters)
    checkAmount(numberField(call.parameters, "amount"), textField(intent, "currency") ?? "", "amount");
  return changedBefore(state, intent, call.parameters);
}

/** The intent with what the request gives, its payment method by id. */
function changedBefore(state: AccountState, intent: StripeObject, parameters: JsonObject): StripeObject {
  const method = givenMethod(state, parameters);
  const fields = without(parameters, [...confirmationParameters, "payment_method"]);
  const changed = state.change(
    type,
    updateObject(state, state.world.shapes.table(type), idOf(intent), fields),
    parameters["allowed_payment_method_types"] === undefined ? {} : { automatic_payment_methods: null },
  );
  if (method === undefined) return changed;
  const isWaiting = intent["status"] === "requires_payment_method";
  return state.change(type, changed, {
    payment_method: idOf(method),
    ...(isWaiting ? { status: "requires_confirmation" } : {}),
  });
}

function confirmIntent(state: AccountState, intent: StripeObject, options: JsonObject): StripeObject {
  refuseConfirmation(intent);
  const methodId = textField(intent, "payment_method");
  if (methodId === undefined) throw methodMissing();
  const method = resolvePaymentMethod(state, methodId);
  refuseSpent(state, method);
  refuseForeignMethod(intent, method);
  refuseWithoutReturn(intent, options);
  const behaviour = behaviourOf(method);
  switch (behaviour.kind) {
    case "succeed":
      return succeed(state, intent, method);
    case "decline":
      throw declined(state, { intent, method, behaviour });
    case "authenticate":
      return authenticate(state, intent, options);
  }
}

function refuseWithoutReturn(intent: StripeObject, options: JsonObject): void {
  if (objectField(intent, "automatic_payment_methods") === undefined) return;
  if (options["error_on_requires_action"] === true)
    throw invalidRequest(
      "`error_on_requires_action` needs the payment methods to be named in `allowed_payment_method_types`.",
      { param: "error_on_requires_action" },
    );
  const isUnattended = options["off_session"] !== undefined && options["off_session"] !== false;
  const hasReturn = textField(options, "return_url") !== undefined;
  if (acceptsRedirects(intent) && !isUnattended && !hasReturn) throw returnUrlMissing("PaymentIntent");
}

function chargeRequest(intent: StripeObject, paymentMethod: StripeObject): ChargeRequest {
  const taken = [
    "customer",
    "description",
    "receipt_email",
    "shipping",
    "statement_descriptor",
    "statement_descriptor_suffix",
    "transfer_group",
    "on_behalf_of",
  ];
  const fields = Object.fromEntries(taken.map((key) => [key, intent[key] ?? null]));
  return {
    amount: numberField(intent, "amount"),
    currency: textField(intent, "currency") ?? "usd",
    paymentMethod,
    captures: intent["capture_method"] !== "manual",
    fields: { ...fields, metadata: intent["metadata"] ?? {}, payment_intent: idOf(intent) },
  };
}

function succeed(state: AccountState, intent: StripeObject, method: StripeObject): StripeObject {
  const request = chargeRequest(intent, method);
  const charge = recordCharge(state, request);
  keepOrSpend(state, intent, method);
  return state.change(type, intent, {
    status: request.captures ? "succeeded" : "requires_capture",
    amount_received: request.captures ? request.amount : 0,
    amount_capturable: request.captures ? 0 : request.amount,
    latest_charge: idOf(charge),
    last_payment_error: null,
    next_action: null,
  });
}

/** Set up for the future, it goes to the customer; unattached, it cannot be used again. */
function keepOrSpend(state: AccountState, intent: StripeObject, method: StripeObject): void {
  const customer = textField(intent, "customer");
  const isKept = customer !== undefined && textField(intent, "setup_future_usage") !== undefined;
  if (isKept) attachTo(state, method, customer);
  else spend(state, method);
}

function declined(
  state: AccountState,
  attempt: {
    readonly intent: StripeObject;
    readonly method: StripeObject;
    readonly behaviour: CardBehaviour & { kind: "decline" };
  },
): StripeFailure {
  const { intent, method, behaviour } = attempt;
  const charge = recordFailedCharge(state, chargeRequest(intent, method), behaviour);
  spend(state, method);
  const lastError = {
    charge: idOf(charge),
    code: behaviour.code,
    decline_code: behaviour.declineCode,
    doc_url: `https://stripe.com/docs/error-codes/${behaviour.code.replaceAll("_", "-")}`,
    message: behaviour.message,
    payment_method: method,
    type: "card_error",
  };
  const changed = state.change(type, intent, {
    status: "requires_payment_method",
    payment_method: null,
    latest_charge: idOf(charge),
    last_payment_error: lastError,
  });
  return cardDeclined(behaviour, { charge: idOf(charge), payment_intent: changed, payment_method: method });
}

/** The customer must act; a request made without the customer fails instead. */
function authenticate(state: AccountState, intent: StripeObject, options: JsonObject): StripeObject {
  const isUnattended = options["off_session"] === true || options["error_on_requires_action"] === true;
  if (isUnattended) {
    const changed = state.change(type, intent, { status: "requires_payment_method", payment_method: null });
    throw authenticationRequired({ payment_intent: changed });
  }
  return state.change(type, intent, {
    status: "requires_action",
    next_action: nextAction(textField(options, "return_url")),
  });
}

export function nextAction(returnUrl: string | undefined): Json {
  if (returnUrl === undefined) return { type: "use_stripe_sdk", use_stripe_sdk: { type: "three_d_secure_redirect" } };
  return {
    redirect_to_url: { return_url: returnUrl, url: "https://hooks.stripe.com/3d_secure_2/sandbox" },
    type: "redirect_to_url",
  };
}

function captureIntent(state: AccountState, call: Call): StripeObject {
  const intent = state.require(type, keyOf(call));
  const status = textField(intent, "status") ?? "";
  if (status !== "requires_capture") throw unexpected(intent, captureRefusal(status));
  const capturable = numberField(intent, "amount_capturable");
  const requested = call.parameters["amount_to_capture"];
  const amount = typeof requested === "number" ? requested : capturable;
  if (amount > capturable) throw captureTooLarge();
  const fields = without(call.parameters, ["amount_to_capture", "final_capture"]);
  const changed = updateObject(state, state.world.shapes.table(type), idOf(intent), fields);
  captureCharge(state, state.require("Charge", textField(intent, "latest_charge") ?? ""), amount);
  return state.change(type, changed, { status: "succeeded", amount_received: amount, amount_capturable: 0 });
}

function cancelIntent(state: AccountState, intent: StripeObject, parameters: JsonObject): StripeObject {
  const status = textField(intent, "status") ?? "";
  if (!cancelable.includes(status)) throw unexpected(intent, cancelRefusal(status));
  if (status === "requires_capture") releaseAuthorization(state, textField(intent, "latest_charge") ?? "");
  return state.change(type, intent, {
    status: "canceled",
    canceled_at: state.now(),
    cancellation_reason: parameters["cancellation_reason"] ?? null,
    amount_capturable: 0,
    next_action: null,
  });
}

function releaseAuthorization(state: AccountState, chargeId: string): void {
  const charge = state.require("Charge", chargeId);
  state.change("Charge", charge, { refunded: true, amount_refunded: numberField(charge, "amount") });
}

function refuseConfirmation(intent: StripeObject): void {
  const status = textField(intent, "status") ?? "";
  if (beforeConfirmation.includes(status)) return;
  if (status === "succeeded") {
    throw unexpected(
      intent,
      "You cannot confirm this PaymentIntent because it has already succeeded after being previously confirmed.",
    );
  }
  throw unexpected(
    intent,
    `You cannot confirm this PaymentIntent because it has a status of ${status}. Only a PaymentIntent with one of the following statuses may be confirmed: ${beforeConfirmation.join(", ")}.`,
  );
}

function refuseForeignMethod(intent: StripeObject, method: StripeObject): void {
  const owner = textField(method, "customer");
  const customer = textField(intent, "customer");
  if (owner === undefined || owner === customer) return;
  const message =
    customer === undefined
      ? "The provided PaymentMethod cannot be used because it is attached to a Customer and the PaymentIntent has none. Please include the Customer in the `customer` parameter on the PaymentIntent."
      : `The customer does not have a payment method with the ID ${idOf(method)}. The payment method must be attached to the customer.`;
  throw invalidRequest(message, { param: "payment_method" });
}

function methodMissing(): StripeFailure {
  return invalidRequest(
    "You cannot confirm this PaymentIntent because it's missing a payment method. You can either update the PaymentIntent with a payment method and then confirm it again, or confirm it again directly with a payment method or ConfirmationToken.",
    { code: "payment_intent_unexpected_state" },
  );
}

function captureRefusal(status: string): string {
  return `This PaymentIntent could not be captured because it has a status of ${status}. Only a PaymentIntent with one of the following statuses may be captured: requires_capture.`;
}

function cancelRefusal(status: string): string {
  return `You cannot cancel this PaymentIntent because it has a status of ${status}. Only a PaymentIntent with one of the following statuses may be canceled: ${cancelable.join(", ")}.`;
}

function notUpdatable(key: string, status: string): StripeFailure {
  return invalidRequest(
    `This PaymentIntent's ${key} could not be updated because it has a status of ${status}. You may only update the ${key} of a PaymentIntent with one of the following statuses: ${beforeConfirmation.join(", ")}.`,
    { code: "payment_intent_unexpected_state", param: key },
  );
}

function unexpected(intent: StripeObject, message: string): StripeFailure {
  return invalidRequest(message, { code: "payment_intent_unexpected_state", extra: { payment_intent: intent } });
}

import type { JsonObject } from "../../value/json.js";
import type { AccountState, StripeObject } from "../account-state.js";
import { idOf } from "../account-state.js";
import { objectField, textField, without } from "../json-field.js";
import type { OperationTable } from "../operation.js";
import { keyOf } from "../operation.js";
import { createObject, updateObject } from "../plain-operations.js";
import { invalidRequest } from "../refusals.js";
import { acceptedMethods, acceptsRedirects, refuseUnconfirmed, returnUrlMissing } from "./accepted-methods.js";
import { cardDeclined } from "./charges.js";
import { nextAction } from "./payment-intents.js";
import { attachTo, refuseSpent, resolvePaymentMethod } from "./payment-methods.js";
import { setupBehaviour } from "./test-cards.js";

const type = "SetupIntent";
const confirmationParameters = [
  "confirm",
  "return_url",
  "use_stripe_sdk",
  "mandate_data",
  "payment_method",
  "automatic_payment_methods",
];

/** Source: their documentation. */
const needConfirm = ["return_url", "mandate_data"];
const unfinished = ["requires_payment_method", "requires_confirmation", "requires_action"];

export const setupIntentOperations: OperationTable = {
  "POST /v1/setup_intents": (state, { parameters }) => createSetupIntent(state, parameters),
  "POST /v1/setup_intents/{}": (state, call) => changed(state, state.require(type, keyOf(call)), call.parameters),
  "POST /v1/setup_intents/{}/confirm": (state, call) => {
    const intent = changed(state, state.require(type, keyOf(call)), call.parameters);
    return confirmSetup(state, intent, call.parameters);
  },
  "POST /v1/setup_intents/{}/cancel": (state, call) => {
    const intent = state.require(type, keyOf(call));
    refuseFinished(intent, "cancel");
    return state.change(type, intent, {
      status: "canceled",
      cancellation_reason: call.parameters["cancellation_reason"] ?? null,
    });
  },
};

function createSetupIntent(state: AccountState, parameters: JsonObject): StripeObject {
  refuseUnconfirmed(parameters, needConfirm);
  const id = state.newId(type);
  const methodId = textField(parameters, "payment_method");
  const method = methodId === undefined ? undefined : resolvePaymentMethod(state, methodId);
  const intent = createObject(state, state.world.shapes.table(type), without(parameters, confirmationParameters), {
    id,
    client_secret: `${id}_secret_${state.world.random.text(25)}`,
    ...acceptedMethods(parameters),
    usage: parameters["usage"] ?? "off_session",
    payment_method: method === undefined ? null : idOf(method),
    status: method === undefined ? "requires_payment_method" : "requires_confirmation",
  });
  return parameters["confirm"] === true ? confirmSetup(state, intent, parameters) : intent;
}

function changed(state: AccountState, intent: StripeObject, parameters: JsonObject): StripeObject {
  const methodId = textField(parameters, "payment_method");
  const updated = updateObject(
    state,
    state.world.shapes.table(type),
    idOf(intent),
    without(parameters, confirmationParameters),
  );
  if (methodId === undefined) return updated;
  const status =
    updated["status"] === "requires_payment_method" ? "requires_confirmation" : (updated["status"] ?? null);
  return state.change(type, updated, { payment_method: idOf(resolvePaymentMethod(state, methodId)), status });
}

function confirmSetup(state: AccountState, intent: StripeObject, parameters: JsonObject): StripeObject {
  refuseFinished(intent, "confirm");
  const methodId = textField(intent, "payment_method");
  if (methodId === undefined) {
    throw invalidRequest(
      "You cannot confirm this SetupIntent because it's missing a payment method. Update the SetupIntent with a payment method and then confirm it again.",
      { code: "setup_intent_unexpected_state" },
    );
  }
  const method = resolvePaymentMethod(state, methodId);
  refuseSpent(state, method);
  if (acceptsRedirects(intent) && textField(parameters, "return_url") === undefined)
    throw returnUrlMissing("SetupIntent");
  const behaviour = setupBehaviour(textField(objectField(method, "card") ?? {}, "last4"));
  switch (behaviour.kind) {
    case "succeed":
      return finish(state, intent, method);
    case "authenticate":
      return state.change(type, intent, {
        status: "requires_action",
        next_action: nextAction(textField(parameters, "return_url")),
      });
    case "decline": {
      const lastError = {
        code: behaviour.code,
        decline_code: behaviour.declineCode,
        message: behaviour.message,
        type: "card_error",
      };
      const failed = state.change(type, intent, {
        status: "requires_payment_method",
        payment_method: null,
        last_setup_error: lastError,
      });
      throw cardDeclined(behaviour, { setup_intent: failed });
    }
  }
}

function finish(state: AccountState, intent: StripeObject, method: StripeObject): StripeObject {
  const customer = textField(intent, "customer");
  if (customer !== undefined) attachTo(state, method, customer);
  return state.change(type, intent, { status: "succeeded", next_action: null, last_setup_error: null });
}

function refuseFinished(intent: StripeObject, verb: string): void {
  const status = textField(intent, "status") ?? "";
  if (unfinished.includes(status)) return;
  throw invalidRequest(
    `You cannot ${verb} this SetupIntent because it has a status of ${status}. Only a SetupIntent with one of the following statuses may be ${verb === "cancel" ? "canceled" : "confirmed"}: ${unfinished.join(", ")}.`,
    { code: "setup_intent_unexpected_state", extra: { setup_intent: intent } },
  );
}

import type { JsonObject } from "../../value/json.js";
import type { StripeObject } from "../account-state.js";
import { objectField, textField } from "../json-field.js";
import { invalidRequest } from "../refusals.js";
import type { StripeFailure } from "../stripe-failure.js";

/**
 * The fields of an intent that say what it may be paid with. Unless its payment methods are named, it takes those of
 * the Dashboard, some of which redirect the customer.
 * Source: https://docs.stripe.com/changelog/2023-08-16/automatic-payment-methods
 */
export function acceptedMethods(parameters: JsonObject): JsonObject {
  const types = parameters["allowed_payment_method_types"];
  const automatic = objectField(parameters, "automatic_payment_methods") ?? { enabled: types === undefined };
  return {
    automatic_payment_methods:
      automatic["enabled"] === true
        ? { allow_redirects: textField(automatic, "allow_redirects") ?? "always", enabled: true }
        : null,
    payment_method_types: types ?? ["card"],
  };
}

export function acceptsRedirects(intent: StripeObject): boolean {
  return objectField(intent, "automatic_payment_methods")?.["allow_redirects"] === "always";
}

export function returnUrlMissing(intent: "PaymentIntent" | "SetupIntent"): StripeFailure {
  return invalidRequest(
    `This ${intent} accepts the payment methods that are enabled in your Dashboard. As some of them may take your ` +
      "customer away from your page, you must provide a `return_url`. To accept none of these, set " +
      "`automatic_payment_methods[enabled]` to `true` and `automatic_payment_methods[allow_redirects]` to `never`.",
    { param: "return_url" },
  );
}

/** Parameters of a creation that only mean something where it confirms too. */
export function refuseUnconfirmed(parameters: JsonObject, names: readonly string[]): void {
  if (parameters["confirm"] === true) return;
  const given = names.find((name) => parameters[name] !== undefined && parameters[name] !== null);
  if (given === undefined) return;
  throw invalidRequest(`\`${given}\` can only be used with \`confirm=true\`.`, { param: given });
}

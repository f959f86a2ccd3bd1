import type { FailureFacts } from "./stripe-failure.js";
import { StripeFailure } from "./stripe-failure.js";

/** 400 invalid_request_error; the wording is Stripe's. */
export function invalidRequest(message: string, facts: Omit<FailureFacts, "type" | "message"> = {}): StripeFailure {
  return new StripeFailure(400, { type: "invalid_request_error", message, ...facts });
}

export function unknownParameters(names: readonly string[]): StripeFailure {
  const plural = names.length > 1 ? "s" : "";
  return invalidRequest(`Received unknown parameter${plural}: ${names.join(", ")}`, {
    code: "parameter_unknown",
    param: names[0] ?? "",
  });
}

export function missingParameter(name: string): StripeFailure {
  return invalidRequest(`Missing required param: ${name}.`, { code: "parameter_missing", param: name });
}

export function emptyParameter(name: string): StripeFailure {
  const message =
    `You passed an empty string for '${name}'. We assume empty values are an attempt to unset a parameter; ` +
    `however '${name}' cannot be unset. You should remove '${name}' from your request or supply a non-empty value.`;
  return invalidRequest(message, { code: "parameter_invalid_empty", param: name });
}

export function badEnum(name: string, values: readonly string[]): StripeFailure {
  return invalidRequest(`Invalid ${name}: must be ${oneOf(values)}`, { param: name });
}

function oneOf(values: readonly string[]): string {
  if (values.length <= 1) return values.join("");
  if (values.length === 2) return `one of ${values.join(" or ")}`;
  return `one of ${values.slice(0, -1).join(", ")}, or ${values[values.length - 1]}`;
}

export function badInteger(name: string, value: string): StripeFailure {
  return invalidRequest(`Invalid integer: ${value}`, { code: "parameter_invalid_integer", param: name });
}

export function badValue(kind: string, name: string, value: string): StripeFailure {
  return invalidRequest(`Invalid ${kind}: ${value}`, { param: name });
}

/** 404 for an id in the path; 400 for one in a parameter, as Stripe distinguishes them. */
export function noSuchObject(resource: string, id: string, param = "id"): StripeFailure {
  return new StripeFailure(param === "id" ? 404 : 400, {
    type: "invalid_request_error",
    code: "resource_missing",
    message: `No such ${resource}: '${id}'`,
    param,
  });
}

export function unrecognizedUrl(method: string, path: string): StripeFailure {
  return new StripeFailure(404, {
    type: "invalid_request_error",
    message:
      `Unrecognized request URL (${method}: ${path}). Please see https://stripe.com/docs or we can help at ` +
      "https://support.stripe.com/.",
  });
}

/** The sandbox's own refusal: better an error than a pretence. */
export function notModelled(what: string): StripeFailure {
  return invalidRequest(`The sandbox does not model ${what}`);
}

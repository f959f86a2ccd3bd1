import type { Json, JsonObject } from "../value/json.js";
import { isJsonObject } from "../value/json.js";
import { invalidRequest } from "./refusals.js";
import { checkCurrency } from "./resources/money.js";

const longestText = 5_000;

/** Characters that a text may have, where it is not 5,000. Source: https://github.com/stripe/openapi */
const longestTexts: Readonly<Record<string, number>> = {
  "POST /v1/coupons id": 500,
  "POST /v1/coupons name": 40,
  "POST /v1/coupons/{} name": 40,
  "POST /v1/customers email": 512,
  "POST /v1/customers name": 256,
  "POST /v1/customers phone": 20,
  "POST /v1/customers/{} email": 512,
  "POST /v1/customers/{} name": 256,
  "POST /v1/customers/{} phone": 20,
  "POST /v1/invoices description": 1_500,
  "POST /v1/invoices/{} description": 1_500,
  "POST /v1/payment_intents description": 1_000,
  "POST /v1/payment_intents statement_descriptor": 22,
  "POST /v1/payment_intents statement_descriptor_suffix": 22,
  "POST /v1/payment_intents/{} description": 1_000,
  "POST /v1/payment_intents/{} statement_descriptor": 22,
  "POST /v1/payment_intents/{} statement_descriptor_suffix": 22,
  "POST /v1/prices lookup_key": 200,
  "POST /v1/prices/{} lookup_key": 200,
  "POST /v1/products description": 40_000,
  "POST /v1/products statement_descriptor": 22,
  "POST /v1/products/{} description": 40_000,
  "POST /v1/products/{} statement_descriptor": 22,
  "POST /v1/promotion_codes code": 500,
  "POST /v1/quotes description": 500,
  "POST /v1/quotes footer": 500,
  "POST /v1/quotes header": 50,
  "POST /v1/subscriptions description": 500,
  "POST /v1/subscriptions/{} description": 500,
  "POST /v1/tax_rates display_name": 50,
  "POST /v1/test_helpers/test_clocks name": 300,
};

/** Sources: https://docs.stripe.com/metadata#data, https://docs.stripe.com/api/metadata */
const metadataLimits = { keys: 50, keyCharacters: 40, valueCharacters: 500 };

/** Refuses texts and metadata that are longer than Stripe takes; `route` is "POST /v1/customers/{}". */
export function refuseBeyondLimits(route: string, parameters: JsonObject): void {
  for (const [name, value] of Object.entries(parameters)) {
    if (name === "metadata") refuseMetadata(value);
    else if (typeof value === "string") refuseText(route, name, value);
    if (name === "currency" && typeof value === "string") checkCurrency(value);
  }
}

function refuseText(route: string, name: string, value: string): void {
  const limit = longestTexts[`${route} ${name}`] ?? longestText;
  if (value.length > limit) {
    throw invalidRequest(`Invalid string: ${shortened(value)}; must be at most ${limit} characters`, { param: name });
  }
  if (name === "email" && !isEmail(value))
    throw invalidRequest(`Invalid email address: ${value}`, { code: "email_invalid", param: name });
  if (name.startsWith("statement_descriptor")) refuseDescriptor(name, value);
}

function shortened(value: string): string {
  return `${value.slice(0, 10)}...${value.slice(-5)}`;
}

function isEmail(value: string): boolean {
  return /^[^\s@<>,;]+@[^\s@<>,;]+\.[^\s@<>,;.]+$/.test(value);
}

/** Source: https://docs.stripe.com/get-started/account/statement-descriptors#requirements */
function refuseDescriptor(name: string, value: string): void {
  if (/[<>\\'"*]/.test(value))
    throw invalidRequest("A statement descriptor cannot contain any of <, >, \\, ', \" and *.", { param: name });
  if (!/[a-z]/i.test(value)) throw invalidRequest("A statement descriptor must contain a letter.", { param: name });
  if (name === "statement_descriptor" && value.length < 5)
    throw invalidRequest("A statement descriptor must be at least 5 characters long.", { param: name });
}

/** What an object has may not exceed them either. */
export function refuseMetadata(metadata: Json): void {
  if (!isJsonObject(metadata)) return;
  const entries = Object.entries(metadata);
  const { keys, keyCharacters, valueCharacters } = metadataLimits;
  if (entries.length > keys)
    throw invalidRequest(`You can have up to ${keys} metadata keys, but you passed in ${entries.length}.`, {
      param: "metadata",
    });
  for (const [key, value] of entries) {
    if (key.length > keyCharacters)
      throw invalidRequest(
        `Metadata keys can have up to ${keyCharacters} characters, but you passed in one of ${key.length}: ${key}`,
        { param: "metadata" },
      );
    if (/[[\]]/.test(key))
      throw invalidRequest(`Metadata keys cannot contain square brackets: ${key}`, { param: "metadata" });
    if (typeof value === "object" && value !== null)
      throw invalidRequest(`Metadata values must be strings, but the one under ${key} is none.`, {
        param: `metadata[${key}]`,
      });
    if (typeof value === "string" && value.length > valueCharacters)
      throw invalidRequest(
        `Metadata values can have up to ${valueCharacters} characters, but you passed in one of ${value.length} under ${key}.`,
        { param: `metadata[${key}]` },
      );
  }
}

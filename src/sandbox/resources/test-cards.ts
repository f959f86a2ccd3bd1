import type { JsonObject } from "../../value/json.js";

/** What a test card does when it is charged. Source: https://docs.stripe.com/testing */
export type CardBehaviour =
  | { readonly kind: "succeed" }
  | { readonly kind: "decline"; readonly code: string; readonly declineCode: string; readonly message: string }
  | { readonly kind: "authenticate" };

interface TestCard {
  readonly brand: string;
  readonly last4: string;
  readonly funding?: string;
  readonly country?: string;
}

/** Cards by the part of their name after `pm_card_` or `tok_`. */
const cards: Readonly<Record<string, TestCard>> = {
  visa: { brand: "visa", last4: "4242" },
  visa_debit: { brand: "visa", last4: "5556", funding: "debit" },
  mastercard: { brand: "mastercard", last4: "4444" },
  mastercard_debit: { brand: "mastercard", last4: "8210", funding: "debit" },
  mastercard_prepaid: { brand: "mastercard", last4: "5100", funding: "prepaid" },
  amex: { brand: "amex", last4: "8431" },
  discover: { brand: "discover", last4: "9424" },
  diners: { brand: "diners", last4: "3237" },
  jcb: { brand: "jcb", last4: "0505" },
  unionpay: { brand: "unionpay", last4: "0005" },
  us: { brand: "visa", last4: "4242" },
  br: { brand: "visa", last4: "0000", country: "BR" },
  ca: { brand: "visa", last4: "0000", country: "CA" },
  de: { brand: "visa", last4: "0003", country: "DE" },
  fr: { brand: "visa", last4: "0008", country: "FR" },
  gb: { brand: "visa", last4: "0008", country: "GB" },
  jp: { brand: "visa", last4: "0003", country: "JP" },
  chargeDeclined: { brand: "visa", last4: "0002" },
  visa_chargeDeclined: { brand: "visa", last4: "0002" },
  visa_chargeDeclinedInsufficientFunds: { brand: "visa", last4: "9995" },
  chargeDeclinedInsufficientFunds: { brand: "visa", last4: "9995" },
  visa_chargeDeclinedLostCard: { brand: "visa", last4: "9987" },
  visa_chargeDeclinedStolenCard: { brand: "visa", last4: "9979" },
  chargeDeclinedExpiredCard: { brand: "visa", last4: "0069" },
  chargeDeclinedIncorrectCvc: { brand: "visa", last4: "0127" },
  chargeDeclinedProcessingError: { brand: "visa", last4: "0119" },
  chargeDeclinedFraudulent: { brand: "visa", last4: "0019" },
  chargeCustomerFail: { brand: "visa", last4: "0341" },
  authenticationRequired: { brand: "visa", last4: "3184" },
  authenticationRequiredOnSetup: { brand: "visa", last4: "3155" },
  threeDSecure2Required: { brand: "visa", last4: "3220" },
  threeDSecureRequired: { brand: "visa", last4: "3063" },
};

const genericDecline = decline("card_declined", "generic_decline", "Your card was declined.");

const behaviours: Readonly<Record<string, CardBehaviour>> = {
  "0002": genericDecline,
  "0341": genericDecline,
  "0019": decline("card_declined", "fraudulent", "Your card was declined."),
  "9995": decline("card_declined", "insufficient_funds", "Your card has insufficient funds."),
  "9987": decline("card_declined", "lost_card", "Your card was declined."),
  "9979": decline("card_declined", "stolen_card", "Your card was declined."),
  "0069": decline("expired_card", "expired_card", "Your card has expired."),
  "0127": decline("incorrect_cvc", "incorrect_cvc", "Your card's security code is incorrect."),
  "0119": decline(
    "processing_error",
    "processing_error",
    "An error occurred while processing your card. Try again in a little bit.",
  ),
  "3184": { kind: "authenticate" },
  "3155": { kind: "authenticate" },
  "3220": { kind: "authenticate" },
  "3063": { kind: "authenticate" },
};

function decline(code: string, declineCode: string, message: string): CardBehaviour {
  return { kind: "decline", code, declineCode, message };
}

export function cardBehaviour(last4: string | undefined): CardBehaviour {
  return behaviours[last4 ?? ""] ?? { kind: "succeed" };
}

/**
 * What a test card does when it is attached or set up: those that issuers decline cannot be attached, but the one
 * made to be declined later. Source: https://docs.stripe.com/testing#declined-payments
 */
export function setupBehaviour(last4: string | undefined): CardBehaviour {
  return last4 === "0341" || last4 === "0019" ? { kind: "succeed" } : cardBehaviour(last4);
}

/** The `card` of a payment method for one of Stripe's test names (`pm_card_visa`, `tok_visa`). */
export function testCardByName(name: string): JsonObject | undefined {
  const card = cards[name.replace(/^(pm_card|tok)_/, "")];
  return card === undefined ? undefined : cardFields(card);
}

/** The `card` for a number; the brand follows from its first digits. */
export function cardByNumber(number: string, expiry: { month: number; year: number }): JsonObject {
  const brand = brandsByStart.find(([start]) => start.test(number))?.[1] ?? "unknown";
  return { ...cardFields({ brand, last4: number.slice(-4) }), exp_month: expiry.month, exp_year: expiry.year };
}

const brandsByStart: readonly (readonly [RegExp, string])[] = [
  [/^4/, "visa"],
  [/^5[1-5]|^2/, "mastercard"],
  [/^3[47]/, "amex"],
  [/^6(011|5)/, "discover"],
  [/^35/, "jcb"],
  [/^3[068]/, "diners"],
  [/^62/, "unionpay"],
];

export function cardFields(card: TestCard): JsonObject {
  return {
    brand: card.brand,
    checks: { address_line1_check: null, address_postal_code_check: null, cvc_check: "pass" },
    country: card.country ?? "US",
    display_brand: card.brand,
    exp_month: 11,
    exp_year: 2029,
    fingerprint: `fp${card.brand}${card.last4}`,
    funding: card.funding ?? "credit",
    generated_from: null,
    last4: card.last4,
    networks: { available: [card.brand], preferred: null },
    regulated_status: "unregulated",
    three_d_secure_usage: { supported: true },
    wallet: null,
  };
}

import type { JsonObject } from "../../value/json.js";
import { objectField } from "../json-field.js";
import type { BalanceMovement } from "../resources/balance-transactions.js";
import { movementFields, processingFee } from "../resources/balance-transactions.js";
import { chargedMethod, outcome } from "../resources/charges.js";
import type { SeedContext } from "./seed-context.js";
import type { SeededCustomer } from "./seed-customers.js";

const day = 86_400;

export interface SeededPayment {
  readonly customer: SeededCustomer;
  readonly amount: number;
  readonly created: number;
  readonly description: string | null;
  readonly metadata?: JsonObject;
  readonly result: PaymentResult;
}

export type PaymentResult =
  | "succeeded"
  | "failed"
  | "requires_capture"
  | "requires_action"
  | "requires_confirmation"
  | "processing"
  | "canceled";

const declines = [
  ["card_declined", "generic_decline", "Your card was declined."],
  ["card_declined", "insufficient_funds", "Your card has insufficient funds."],
  ["expired_card", "expired_card", "Your card has expired."],
  ["incorrect_cvc", "incorrect_cvc", "Your card's security code is incorrect."],
  ["card_declined", "do_not_honor", "Your card was declined."],
] as const;

/** A payment intent with the charge and balance transaction that it led to. */
export function seedPayment(
  seed: SeedContext,
  payment: SeededPayment,
): { readonly intent: JsonObject; readonly charge: JsonObject | undefined } {
  const { customer, amount, result } = payment;
  const id = seed.newId("PaymentIntent");
  const charge = charged(result) ? seedCharge(seed, payment, id) : undefined;
  const status = result === "failed" ? "requires_payment_method" : result;
  const intent = seed.add("PaymentIntent", {
    id,
    amount,
    amount_capturable: result === "requires_capture" ? amount : 0,
    amount_received: result === "succeeded" ? amount : 0,
    canceled_at: result === "canceled" ? payment.created + day : null,
    cancellation_reason: result === "canceled" ? "requested_by_customer" : null,
    capture_method: result === "requires_capture" ? "manual" : "automatic_async",
    client_secret: `${id}_secret_${seed.random.text(25)}`,
    confirmation_method: "automatic",
    created: payment.created,
    currency: customer.currency,
    customer: customer.id,
    description: payment.description,
    last_payment_error: result === "failed" && charge !== undefined ? lastError(charge, customer.method) : null,
    latest_charge: charge?.["id"] ?? null,
    metadata: payment.metadata ?? {},
    next_action:
      result === "requires_action"
        ? { type: "use_stripe_sdk", use_stripe_sdk: { type: "three_d_secure_redirect" } }
        : null,
    payment_method: result === "failed" ? null : (customer.method["id"] ?? null),
    payment_method_types: ["card"],
    receipt_email: customer.email,
    status,
  });
  return { intent, charge };
}

function charged(result: PaymentResult): boolean {
  return result === "succeeded" || result === "failed" || result === "requires_capture";
}

function lastError(charge: JsonObject, method: JsonObject): JsonObject {
  return {
    charge: charge["id"] ?? null,
    code: charge["failure_code"] ?? null,
    decline_code: objectField(charge, "outcome")?.["reason"] ?? null,
    message: charge["failure_message"] ?? null,
    payment_method: method,
    type: "card_error",
  };
}

function seedCharge(seed: SeedContext, payment: SeededPayment, intent: string): JsonObject {
  const { customer, amount, created, result } = payment;
  const id = seed.newId("Charge");
  const isCaptured = result === "succeeded";
  const movement = isCaptured
    ? seedMovement(
        seed,
        {
          type: "charge",
          amount,
          currency: customer.currency,
          fee: processingFee(amount),
          source: id,
          description: payment.description,
        },
        created,
      )
    : undefined;
  return seed.add("Charge", {
    id,
    amount,
    amount_captured: isCaptured ? amount : 0,
    balance_transaction: movement?.["id"] ?? null,
    billing_details: customer.method["billing_details"] ?? null,
    calculated_statement_descriptor: "SANDBOX",
    captured: isCaptured,
    created: created + 1,
    currency: customer.currency,
    customer: customer.id,
    description: payment.description,
    fraud_details: {},
    metadata: payment.metadata ?? {},
    paid: result !== "failed",
    payment_intent: intent,
    payment_method: customer.method["id"] ?? null,
    payment_method_details: chargedMethod(customer.method),
    receipt_email: customer.email,
    receipt_url: "https://pay.stripe.com/receipts/sandbox",
    status: result === "failed" ? "failed" : "succeeded",
    ...(result === "failed"
      ? failure(seed)
      : { outcome: outcome("approved_by_network", null, "authorized", "Payment complete.") }),
  });
}

function failure(seed: SeedContext): JsonObject {
  const [code, declineCode, message] = seed.random.pick(declines);
  return {
    failure_code: code,
    failure_message: message,
    outcome: outcome(
      "declined_by_network",
      declineCode,
      "issuer_declined",
      "The bank did not return any further details with this decline.",
    ),
  };
}

/** A movement of the balance; available once its day has come. */
export function seedMovement(seed: SeedContext, movement: BalanceMovement, created: number): JsonObject {
  const fields = movementFields(movement, created);
  const availableOn = Number(fields["available_on"]);
  return seed.add("BalanceTransaction", {
    ...fields,
    status: availableOn <= seed.endSeconds ? "available" : "pending",
  });
}

/** One-off payments of the customers, with every result a payment intent can have. */
export function seedSinglePayments(seed: SeedContext, customers: readonly SeededCustomer[]): void {
  const rare: readonly PaymentResult[] = [
    "failed",
    "requires_capture",
    "requires_action",
    "canceled",
    "processing",
    "requires_confirmation",
    "failed",
  ];
  let count = 0;
  for (const customer of customers) {
    const payments = customer.index % 4;
    for (let number = 0; number < payments; number++) {
      count += 1;
      const room = seed.endSeconds - customer.created - day;
      const result = count % 6 === 5 ? (rare[Math.floor(count / 6) % rare.length] ?? "failed") : "succeeded";
      seedPayment(seed, {
        customer,
        amount: 500 + 25 * seed.random.below(1200),
        created: customer.created + 3600 + seed.random.below(Math.max(1, room)),
        description: count % 3 === 0 ? `Order ${7000 + count}` : null,
        metadata: count % 2 === 0 ? { order_id: String(7000 + count) } : {},
        result,
      });
    }
  }
}

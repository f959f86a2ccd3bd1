import type { Json, JsonObject } from "../../value/json.js";
import { numberField, objectField, textField } from "../json-field.js";
import type { SeedContext } from "./seed-context.js";
import { seedMovement } from "./seed-payments.js";

const day = 86_400;
const refundReasons: readonly Json[] = ["requested_by_customer", "duplicate", "fraudulent", null];
const disputeReasons = [
  "fraudulent",
  "product_not_received",
  "duplicate",
  "subscription_canceled",
  "product_unacceptable",
  "general",
];
const disputeStatuses = [
  "lost",
  "needs_response",
  "won",
  "under_review",
  "lost",
  "warning_needs_response",
  "warning_closed",
  "warning_under_review",
];

/** Refunds and disputes of the seeded charges; what became of a charge is written on it. */
export function seedReversals(seed: SeedContext): void {
  const changes = new Map<string, JsonObject>();
  let count = 0;
  for (const charge of seed.all("Charge")) {
    if (charge["captured"] !== true) continue;
    count += 1;
    const id = textField(charge, "id") ?? "";
    if (count % 13 === 5) changes.set(id, refund(seed, charge, count));
    else if (count % 37 === 11) changes.set(id, dispute(seed, charge, Math.floor(count / 37)));
  }
  seed.amend("Charge", (charge) => changes.get(textField(charge, "id") ?? ""));
}

function refund(seed: SeedContext, charge: JsonObject, count: number): JsonObject {
  const whole = numberField(charge, "amount");
  const isPartial = Math.floor(count / 13) % 3 === 2;
  const amount = isPartial ? Math.floor(whole / 2) : whole;
  const id = seed.newId("Refund");
  const created = Math.min(seed.endSeconds - 60, numberField(charge, "created") + (1 + (count % 20)) * day);
  const currency = textField(charge, "currency") ?? "usd";
  const movement = seedMovement(
    seed,
    { type: "refund", amount: -amount, currency, source: id, description: "REFUND FOR CHARGE" },
    created,
  );
  seed.add("Refund", {
    id,
    amount,
    balance_transaction: movement["id"] ?? null,
    charge: charge["id"] ?? null,
    created,
    currency,
    customer: charge["customer"] ?? null,
    metadata: {},
    payment_intent: charge["payment_intent"] ?? null,
    payment_method: charge["payment_method"] ?? null,
    reason: refundReasons[Math.floor(count / 13) % refundReasons.length] ?? null,
    status: "succeeded",
  });
  return { amount_refunded: amount, refunded: !isPartial };
}

function dispute(seed: SeedContext, charge: JsonObject, index: number): JsonObject {
  const status = disputeStatuses[index % disputeStatuses.length] ?? "lost";
  const id = seed.newId("Dispute");
  const created = Math.min(seed.endSeconds - 120, numberField(charge, "created") + 9 * day);
  const isInquiry = status.startsWith("warning");
  const movements = isInquiry ? [] : withdrawals(seed, charge, { id, created, isWon: status === "won" });
  const card = objectField(objectField(charge, "payment_method_details") ?? {}, "card") ?? {};
  seed.add("Dispute", {
    id,
    amount: charge["amount"] ?? 0,
    balance_transactions: movements,
    charge: charge["id"] ?? null,
    created,
    currency: charge["currency"] ?? "usd",
    enhanced_eligibility_types: [],
    evidence: {},
    evidence_details: {
      due_by: created + 14 * day,
      enhanced_eligibility: {},
      has_evidence: status === "under_review",
      past_due: false,
      submission_count: status === "under_review" ? 1 : 0,
      submission_method: "not_submitted",
    },
    is_charge_refundable: isInquiry,
    metadata: {},
    payment_intent: charge["payment_intent"] ?? null,
    payment_method_details: {
      card: {
        brand: card["brand"] ?? "visa",
        case_type: isInquiry ? "inquiry" : "chargeback",
        network_reason_code: "10.4",
      },
      type: "card",
    },
    reason: disputeReasons[index % disputeReasons.length] ?? "general",
    status,
  });
  return { disputed: true };
}

/** The amount leaves the balance with a fee; it comes back where the dispute is won. */
function withdrawals(
  seed: SeedContext,
  charge: JsonObject,
  dispute: { readonly id: string; readonly created: number; readonly isWon: boolean },
): readonly JsonObject[] {
  const amount = numberField(charge, "amount");
  const currency = textField(charge, "currency") ?? "usd";
  const common = { type: "adjustment", currency, source: dispute.id } as const;
  const taken = seedMovement(
    seed,
    { ...common, amount: -amount, fee: 1500, description: "Chargeback withdrawal", reportingCategory: "dispute" },
    dispute.created,
  );
  if (!dispute.isWon) return [taken];
  const returned = { ...common, amount, description: "Chargeback reversal", reportingCategory: "dispute_reversal" };
  return [taken, seedMovement(seed, returned, Math.min(seed.endSeconds - 60, dispute.created + 20 * day))];
}

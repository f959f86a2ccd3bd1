import type { JsonObject } from "../../value/json.js";
import type { ObjectStore } from "../object-store.js";
import { movementFields, processingFee } from "../resources/balance-transactions.js";
import { chargedMethod, outcome } from "../resources/charges.js";
import { cardFields } from "../resources/test-cards.js";
import type { SeedContext } from "./seed-context.js";
import type { SeededCustomer } from "./seed-customers.js";

/** A text with marks where values go; filling it in is far cheaper than serialising an object. */
class TextTemplate {
  readonly #parts: readonly string[];

  constructor(object: JsonObject) {
    this.#parts = JSON.stringify(object).split(/"?%[a-z]+%"?/);
  }

  fill(values: readonly (string | number)[]): string {
    let text = this.#parts[0] ?? "";
    for (const [index, value] of values.entries()) {
      text += typeof value === "number" ? value : `"${value}"`;
      text += this.#parts[index + 1] ?? "";
    }
    return text;
  }
}

/** Charges in bulk, evenly over the two years: what benchmarks page through. */
export function seedBulkCharges(
  seed: SeedContext,
  store: ObjectStore,
  request: { readonly count: number; readonly customers: readonly SeededCustomer[] },
): void {
  const { count, customers } = request;
  const { random, account } = seed;
  const templates = { charge: chargeTemplate(seed), failed: failedTemplate(seed), movement: movementTemplate(seed) };
  const step = (seed.endSeconds - seed.startSeconds) / count;
  for (let index = 0; index < count; index++) {
    const created = Math.floor(seed.startSeconds + index * step);
    const amount = 500 + 25 * random.below(1200);
    const customer = customers[index % customers.length];
    const charge = {
      id: `ch_${random.text(24)}`,
      amount,
      created,
      customer: customer?.id ?? "",
      currency: customer?.currency ?? "usd",
      order: String(100_000 + index),
    };
    const isFailed = index % 12 === 11;
    const movement = `txn_${random.text(24)}`;
    const json = isFailed ? fillFailed(templates.failed, charge) : fillCharge(templates.charge, charge, movement);
    store.insert({ type: "Charge", account, id: charge.id, parent: "", createdSeconds: created, json });
    if (isFailed) continue;
    const text = templates.movement.fill(movementValues(movement, charge));
    store.insert({
      type: "BalanceTransaction",
      account,
      id: movement,
      parent: "",
      createdSeconds: created,
      json: text,
    });
  }
}

interface BulkCharge {
  readonly id: string;
  readonly amount: number;
  readonly created: number;
  readonly customer: string;
  readonly currency: string;
  readonly order: string;
}

const method = { type: "card", card: cardFields({ brand: "visa", last4: "4242" }) };

function commonFields(): JsonObject {
  return {
    calculated_statement_descriptor: "SANDBOX",
    fraud_details: {},
    payment_method_details: chargedMethod(method),
    receipt_url: "https://pay.stripe.com/receipts/sandbox",
  };
}

/** The marks stand in the order in which the object's fields do. */
function chargeTemplate(seed: SeedContext): TextTemplate {
  return new TextTemplate({
    ...withoutMarked(seed.shapes.blank("Charge")),
    ...commonFields(),
    captured: true,
    paid: true,
    outcome: outcome("approved_by_network", null, "authorized", "Payment complete."),
    status: "succeeded",
    id: "%id%",
    amount: "%amount%",
    amount_captured: "%amount%",
    balance_transaction: "%movement%",
    created: "%created%",
    currency: "%currency%",
    customer: "%customer%",
    metadata: { order_id: "%order%" },
  });
}

function fillCharge(template: TextTemplate, charge: BulkCharge, movement: string): string {
  const { id, amount, created, currency, customer, order } = charge;
  return template.fill([id, amount, amount, movement, created, currency, customer, order]);
}

function failedTemplate(seed: SeedContext): TextTemplate {
  return new TextTemplate({
    ...withoutMarked(seed.shapes.blank("Charge")),
    ...commonFields(),
    failure_code: "card_declined",
    failure_message: "Your card was declined.",
    outcome: outcome(
      "declined_by_network",
      "generic_decline",
      "issuer_declined",
      "The bank did not return any further details with this decline.",
    ),
    status: "failed",
    id: "%id%",
    amount: "%amount%",
    created: "%created%",
    currency: "%currency%",
    customer: "%customer%",
    metadata: { order_id: "%order%" },
  });
}

function fillFailed(template: TextTemplate, { id, amount, created, currency, customer, order }: BulkCharge): string {
  return template.fill([id, amount, created, currency, customer, order]);
}

/** A key that is set again keeps its first place; the marked ones have to follow each other. */
function withoutMarked(blank: JsonObject): JsonObject {
  const marked = [
    "id",
    "amount",
    "amount_captured",
    "balance_transaction",
    "created",
    "currency",
    "customer",
    "metadata",
  ];
  return Object.fromEntries(Object.entries(blank).filter(([key]) => !marked.includes(key)));
}

const movementMarks = ["id", "amount", "available_on", "created", "currency", "fee", "fee_details", "net", "source"];

function movementTemplate(seed: SeedContext): TextTemplate {
  const fields = {
    ...seed.shapes.blank("BalanceTransaction"),
    ...movementFields({ type: "charge", amount: 1, currency: "usd", source: "" }, 0),
  };
  const rest = Object.fromEntries(Object.entries(fields).filter(([key]) => !movementMarks.includes(key)));
  return new TextTemplate({
    ...rest,
    status: "available",
    id: "%id%",
    amount: "%amount%",
    available_on: "%available%",
    created: "%created%",
    currency: "%currency%",
    fee: "%fee%",
    fee_details: [
      {
        amount: "%fee%",
        application: null,
        currency: "%currency%",
        description: "Stripe processing fees",
        type: "stripe_fee",
      },
    ],
    net: "%net%",
    source: "%source%",
  });
}

function movementValues(
  id: string,
  { id: source, amount, created, currency }: BulkCharge,
): readonly (string | number)[] {
  const fee = processingFee(amount);
  return [id, amount, created + 2 * 86_400, created, currency, fee, fee, currency, amount - fee, source];
}

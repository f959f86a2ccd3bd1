import type { JsonObject } from "../../value/json.js";
import { numberField, textField } from "../json-field.js";
import type { SeedContext } from "./seed-context.js";
import { seedEndSeconds } from "./seed-context.js";
import { seedMovement } from "./seed-payments.js";

const day = 86_400;

/** Credit notes over paid invoices, top-ups, transfers, and events of the newest objects. */
export function seedNotes(seed: SeedContext): void {
  seedCreditNotes(seed);
  seedTopups(seed);
  seedEvents(seed);
}

function seedCreditNotes(seed: SeedContext): void {
  const noted = new Map<string, number>();
  let count = 0;
  for (const invoice of seed.all("Invoice")) {
    if (invoice["status"] !== "paid" || numberField(invoice, "amount_paid") < 1000) continue;
    count += 1;
    if (count % 60 === 7) noted.set(textField(invoice, "id") ?? "", seedCreditNote(seed, invoice, count));
  }
  seed.amend("Invoice", ({ id }) => {
    const amount = noted.get(String(id));
    return amount === undefined ? undefined : { post_payment_credit_notes_amount: amount };
  });
}

function seedCreditNote(seed: SeedContext, invoice: JsonObject, count: number): number {
  const amount = 500;
  const id = seed.newId("CreditNote");
  const line = seed.add(
    "CreditNoteLineItem",
    {
      id: seed.newId("CreditNoteLineItem"),
      amount,
      description: "Credit",
      quantity: 1,
      type: "custom_line_item",
      unit_amount: amount,
      unit_amount_decimal: String(amount),
    },
    id,
  );
  const isVoid = count % 120 === 67;
  seed.add("CreditNote", {
    id,
    amount,
    created: Math.min(seedEndSeconds - 60, numberField(invoice, "created") + 5 * day),
    currency: invoice["currency"] ?? "usd",
    customer: invoice["customer"] ?? null,
    invoice: invoice["id"] ?? null,
    lines: { object: "list", data: [line], has_more: false, total_count: 1, url: `/v1/credit_notes/${id}/lines` },
    metadata: {},
    number: `${textField(invoice, "number") ?? ""}-CN-01`,
    out_of_band_amount: amount,
    pdf: "https://pay.stripe.com/credit_notes/sandbox/pdf",
    post_payment_amount: amount,
    reason: "product_unsatisfactory",
    status: isVoid ? "void" : "issued",
    subtotal: amount,
    subtotal_excluding_tax: amount,
    total: amount,
    total_excluding_tax: amount,
    total_taxes: [],
    type: "post_payment",
    voided_at: isVoid ? seedEndSeconds - 120 : null,
  });
  return isVoid ? 0 : amount;
}

function seedTopups(seed: SeedContext): void {
  for (const [index, status] of ["succeeded", "succeeded", "failed"].entries()) {
    const id = seed.newId("Topup");
    const created = seedEndSeconds - (300 - 100 * index) * day;
    const amount = 100_000 * (index + 1);
    const movement =
      status === "failed"
        ? undefined
        : seedMovement(seed, { type: "topup", amount, currency: "usd", source: id, description: "Top-up" }, created);
    seed.add("Topup", {
      id,
      amount,
      balance_transaction: movement?.["id"] ?? null,
      created,
      currency: "usd",
      description: "Top-up",
      metadata: {},
      status,
    });
  }
}

const eventTypes: readonly (readonly [table: string, type: string])[] = [
  ["Customer", "customer.created"],
  ["Charge", "charge.succeeded"],
  ["Invoice", "invoice.created"],
  ["Subscription", "customer.subscription.created"],
  ["Payout", "payout.created"],
  ["Refund", "refund.created"],
];

/** Stripe keeps events for thirty days. */
function seedEvents(seed: SeedContext): void {
  for (const [table, type] of eventTypes) {
    const recent = seed.all(table).filter((object) => numberField(object, "created") > seedEndSeconds - 30 * day);
    for (const object of recent.slice(-12)) {
      if (type === "charge.succeeded" && object["status"] !== "succeeded") continue;
      seed.add("Event", {
        api_version: null,
        created: numberField(object, "created"),
        data: { object },
        pending_webhooks: 0,
        request: { id: `req_${seed.random.text(14)}`, idempotency_key: null },
        type,
      });
    }
  }
}

import type { JsonObject } from "../../value/json.js";
import { numberField, textField } from "../json-field.js";
import type { SeedContext } from "./seed-context.js";
import { seedMovement } from "./seed-payments.js";

const day = 86_400;

/** Credit notes over paid invoices, and top-ups. */
export function seedNotes(seed: SeedContext): void {
  seedCreditNotes(seed);
  seedTopups(seed);
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
    created: Math.min(seed.endSeconds - 60, numberField(invoice, "created") + 5 * day),
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
    voided_at: isVoid ? seed.endSeconds - 120 : null,
  });
  return isVoid ? 0 : amount;
}

function seedTopups(seed: SeedContext): void {
  for (const [index, status] of ["succeeded", "succeeded", "failed"].entries()) {
    const id = seed.newId("Topup");
    const created = seed.endSeconds - (300 - 100 * index) * day;
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

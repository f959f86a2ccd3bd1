import type { JsonObject } from "../../value/json.js";
import { numberField, textField } from "../json-field.js";
import { addMonths } from "../resources/billing-period.js";
import type { SeedContext } from "./seed-context.js";
import { seedMovement } from "./seed-payments.js";

const day = 86_400;

/**
 * Monthly automatic payouts by currency: each pays out what became available since the last, so that the
 * balance is what the transactions after the last payout add up to.
 */
export function seedPayouts(seed: SeedContext): void {
  const payoutOf = new Map<string, string>();
  for (const currency of ["usd", "eur"]) {
    const movements = seed
      .all("BalanceTransaction")
      .filter((movement) => movement["currency"] === currency)
      .toSorted((a, b) => numberField(a, "available_on") - numberField(b, "available_on"));
    for (let months = 1; addMonths(seed.startSeconds, months) < seed.endSeconds; months++) {
      payMonth(seed, { currency, movements, payoutOf, end: addMonths(seed.startSeconds, months) });
    }
  }
  const parentOf = (movement: JsonObject) => payoutOf.get(textField(movement, "id") ?? "");
  seed.amend("BalanceTransaction", () => undefined, parentOf);
  seedOddPayouts(seed);
}

interface PayoutMonth {
  readonly currency: string;
  readonly movements: readonly JsonObject[];
  /** Payout by balance transaction, filled month by month. */
  readonly payoutOf: Map<string, string>;
  readonly end: number;
}

/** A month that lost money pays out nothing; the next makes up for it. */
function payMonth(seed: SeedContext, { currency, movements, payoutOf, end }: PayoutMonth): void {
  const open = movements.filter(
    (movement) => numberField(movement, "available_on") < end && !payoutOf.has(textField(movement, "id") ?? ""),
  );
  const amount = open.reduce((sum, movement) => sum + numberField(movement, "net"), 0);
  if (amount <= 0) return;
  const id = seed.newId("Payout");
  const movement = seedMovement(
    seed,
    { type: "payout", amount: -amount, currency, source: id, description: "STRIPE PAYOUT" },
    end,
  );
  for (const paid of [...open, movement]) payoutOf.set(textField(paid, "id") ?? "", id);
  const isRecent = seed.endSeconds - end < 40 * day;
  seed.add("Payout", {
    ...payoutFields({ id, amount, currency, created: end, movement }),
    automatic: true,
    reconciliation_status: "completed",
    status: isRecent ? "in_transit" : "paid",
  });
}

function payoutFields(payout: {
  readonly id: string;
  readonly amount: number;
  readonly currency: string;
  readonly created: number;
  readonly movement: JsonObject;
}): JsonObject {
  return {
    id: payout.id,
    amount: payout.amount,
    arrival_date: payout.created + 2 * day,
    balance_transaction: payout.movement["id"] ?? null,
    created: payout.created,
    currency: payout.currency,
    description: "STRIPE PAYOUT",
    metadata: {},
    method: "standard",
    source_type: "card",
    type: "bank_account",
  };
}

/** One payout that failed and one that was canceled: their money came back. */
function seedOddPayouts(seed: SeedContext): void {
  for (const [index, status] of ["failed", "canceled"].entries()) {
    const created = seed.endSeconds - (10 - index) * day;
    const id = seed.newId("Payout");
    const amount = 5000 + 1000 * index;
    const movement = seedMovement(
      seed,
      { type: "payout", amount: -amount, currency: "usd", source: id, description: "STRIPE PAYOUT" },
      created,
    );
    const returned = {
      type: "payout_cancel",
      amount,
      currency: "usd",
      source: id,
      reportingCategory: "payout_reversal",
    } as const;
    const back = seedMovement(seed, returned, created + day);
    seed.add("Payout", {
      ...payoutFields({ id, amount, currency: "usd", created, movement }),
      automatic: false,
      failure_balance_transaction: back["id"] ?? null,
      failure_code: status === "failed" ? "account_closed" : null,
      failure_message: status === "failed" ? "The bank account has been closed." : null,
      reconciliation_status: "not_applicable",
      status,
    });
  }
}

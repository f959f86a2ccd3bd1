import type { Json, JsonObject } from "../../value/json.js";
import { numberField, objectField, textField } from "../json-field.js";
import type { SeedContext } from "./seed-context.js";

/** Stripe keeps events for thirty days. Source: https://docs.stripe.com/api/events */
const keptSeconds = 30 * 86_400;

/** Something that happened to an object. */
interface Happening {
  readonly type: string;
  readonly at: Json | undefined;
  /** True where Stripe did it by itself; else a request did. */
  readonly automatic?: boolean;
}

type Story = (object: JsonObject) => readonly Happening[];

const created = (type: string): Story => {
  return (object) => [{ type, at: object["created"] }];
};

/** What the objects of a table tell of what happened to them. */
const stories: Readonly<Record<string, Story>> = {
  Charge: chargeStory,
  CheckoutSession: sessionStory,
  CreditNote: (note) => [
    { type: "credit_note.created", at: note["created"] },
    { type: "credit_note.voided", at: note["voided_at"] },
  ],
  Customer: created("customer.created"),
  Dispute: (dispute) => [
    { type: "charge.dispute.created", at: dispute["created"], automatic: true },
    ...(objectsOf(dispute).length === 0
      ? []
      : [{ type: "charge.dispute.funds_withdrawn", at: dispute["created"], automatic: true }]),
  ],
  Invoice: invoiceStory,
  InvoiceItem: (item) => [{ type: "invoiceitem.created", at: item["date"] }],
  PaymentIntent: intentStory,
  PaymentMethod: created("payment_method.attached"),
  Payout: payoutStory,
  Quote: quoteStory,
  Refund: created("refund.created"),
  Subscription: subscriptionStory,
  Topup: (topup) => [
    { type: "topup.created", at: topup["created"] },
    { type: `topup.${String(topup["status"])}`, at: topup["created"], automatic: true },
  ],
};

/** The events of the last thirty days: one for each change that the seeded objects tell of. */
export function seedEvents(seed: SeedContext): void {
  const first = seed.endSeconds - keptSeconds;
  for (const [table, story] of Object.entries(stories)) {
    for (const object of seed.all(table)) {
      for (const happening of story(object)) {
        const { at } = happening;
        if (typeof at === "number" && at > first && at <= seed.endSeconds) addEvent(seed, object, { ...happening, at });
      }
    }
  }
}

function addEvent(seed: SeedContext, object: JsonObject, happening: Happening & { readonly at: number }): void {
  const isAutomatic = happening.automatic === true;
  const request = {
    id: isAutomatic ? null : `req_${seed.random.text(14)}`,
    idempotency_key: isAutomatic ? null : keyFrom(seed),
  };
  seed.add("Event", {
    api_version: seed.apiVersion,
    created: happening.at,
    data: { object },
    pending_webhooks: 0,
    request,
    type: happening.type,
  });
}

/** In a UUID's form, as Stripe's libraries make keys. */
function keyFrom(seed: SeedContext): string {
  const part = (length: number) => Array.from({ length }, () => seed.random.below(16).toString(16)).join("");
  return `${part(8)}-${part(4)}-4${part(3)}-a${part(3)}-${part(12)}`;
}

function objectsOf(dispute: JsonObject): readonly Json[] {
  const movements = dispute["balance_transactions"];
  return Array.isArray(movements) ? movements : [];
}

function chargeStory(charge: JsonObject): readonly Happening[] {
  const isOfInvoice = charge["description"] === "Subscription update";
  return [{ type: `charge.${String(charge["status"])}`, at: charge["created"], automatic: isOfInvoice }];
}

function intentStory(intent: JsonObject): readonly Happening[] {
  const automatic = intent["description"] === "Subscription update";
  const start = { type: "payment_intent.created", at: intent["created"], automatic };
  const type = intentOutcomes[textField(intent, "status") ?? ""];
  const at = intent["status"] === "canceled" ? intent["canceled_at"] : intent["created"];
  return type === undefined ? [start] : [start, { type, at, automatic }];
}

const intentOutcomes: Readonly<Record<string, string>> = {
  canceled: "payment_intent.canceled",
  processing: "payment_intent.processing",
  requires_action: "payment_intent.requires_action",
  requires_capture: "payment_intent.amount_capturable_updated",
  requires_payment_method: "payment_intent.payment_failed",
  succeeded: "payment_intent.succeeded",
};

function invoiceStory(invoice: JsonObject): readonly Happening[] {
  const automatic = invoice["billing_reason"] === "subscription_cycle";
  const moments = objectField(invoice, "status_transitions") ?? {};
  const isOverdue = invoice["status"] === "open" && numberField(invoice, "attempt_count") > 0;
  return [
    { type: "invoice.created", at: invoice["created"], automatic },
    { type: "invoice.finalized", at: moments["finalized_at"], automatic },
    { type: "invoice.paid", at: moments["paid_at"], automatic },
    { type: "invoice.payment_succeeded", at: moments["paid_at"], automatic },
    { type: "invoice.voided", at: moments["voided_at"] },
    { type: "invoice.marked_uncollectible", at: moments["marked_uncollectible_at"] },
    ...(isOverdue ? [{ type: "invoice.payment_failed", at: moments["finalized_at"], automatic: true }] : []),
  ];
}

function subscriptionStory(subscription: JsonObject): readonly Happening[] {
  const isCanceled = subscription["status"] === "canceled";
  return [
    { type: "customer.subscription.created", at: subscription["created"] },
    isCanceled
      ? { type: "customer.subscription.deleted", at: subscription["ended_at"] }
      : { type: "customer.subscription.updated", at: subscription["canceled_at"] },
  ];
}

function payoutStory(payout: JsonObject): readonly Happening[] {
  const automatic = payout["automatic"] === true;
  const made = { type: "payout.created", at: payout["created"], automatic };
  const status = textField(payout, "status") ?? "";
  if (status === "in_transit" || status === "pending") return [made];
  return [made, { type: `payout.${status}`, at: payout["arrival_date"], automatic: status !== "canceled" }];
}

function quoteStory(quote: JsonObject): readonly Happening[] {
  const moments = objectField(quote, "status_transitions") ?? {};
  return [
    { type: "quote.created", at: quote["created"] },
    { type: "quote.finalized", at: moments["finalized_at"] },
    { type: "quote.accepted", at: moments["accepted_at"] },
    { type: "quote.canceled", at: moments["canceled_at"] },
  ];
}

function sessionStory(session: JsonObject): readonly Happening[] {
  if (session["status"] === "expired")
    return [{ type: "checkout.session.expired", at: session["expires_at"], automatic: true }];
  return session["status"] === "complete" ? [{ type: "checkout.session.completed", at: session["created"] }] : [];
}

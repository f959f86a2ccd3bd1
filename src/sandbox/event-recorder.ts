import type { Json } from "../value/json.js";
import type { AccountState, StripeObject } from "./account-state.js";

/** Event names of resources that are not called by their `object`. */
const eventNames: Readonly<Record<string, string>> = {
  subscription: "customer.subscription",
  subscription_schedule: "subscription_schedule",
  dispute: "charge.dispute",
  tax_id: "customer.tax_id",
};

/** What a status is called where an event tells that it was reached. */
const statusEvents: Readonly<Record<string, string>> = {
  open: "finalized",
  void: "voided",
  uncollectible: "marked_uncollectible",
  requires_capture: "amount_capturable_updated",
};

export type Happening = "created" | "updated" | "deleted" | "transition";

/** Keeps the event that Stripe would send of a change, where it has one of that name. */
export function recordEvent(state: AccountState, object: StripeObject, happening: Happening): void {
  const type = eventTypes(object, happening).find((candidate) => knownTypes(state).has(candidate));
  if (type === undefined) return;
  state.create("Event", {
    api_version: state.world.apiVersion,
    data: { object },
    pending_webhooks: 0,
    request: { id: state.cause?.id ?? null, idempotency_key: state.cause?.idempotencyKey ?? null },
    type,
  });
}

function eventTypes(object: StripeObject, happening: Happening): readonly string[] {
  const objectType: Json | undefined = object["object"];
  if (typeof objectType !== "string") return [];
  const name = eventNames[objectType] ?? objectType;
  // Issuing's objects are "issuing.card", and their events "issuing_card.created".
  if (happening !== "transition") return [`${name}.${happening}`, `${name.replaceAll(".", "_")}.${happening}`];
  const status = String(object["status"]);
  return [`${name}.${statusEvents[status] ?? status}`, `${name}.updated`];
}

const typesByWorld = new WeakMap<object, ReadonlySet<string>>();

function knownTypes(state: AccountState): ReadonlySet<string> {
  const known = typesByWorld.get(state.world);
  if (known !== undefined) return known;
  const column = state.world.shapes.tables.get("Event")?.columns.find(({ stripeName }) => stripeName === "type");
  const types = new Set(column?.enumValues ?? []);
  typesByWorld.set(state.world, types);
  return types;
}

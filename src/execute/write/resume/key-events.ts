import { listPages } from "../../../stripe/pager.js";
import type { JsonObject } from "../../../value/json.js";
import { isJsonObject, jsonAt } from "../../../value/json.js";
import type { StatementContext } from "../../statement-context.js";
import type { UnsettledCall, UnsettledWrite } from "./unsettled-write.js";

/** Clocks differ. */
const marginSeconds = 3600;

/** The events that tell of calls, by the calls' idempotency keys. */
export type KeyEvents = ReadonlyMap<string, readonly JsonObject[]>;

/**
 * Reads an account's events of the time in which its calls may have been carried out. Stripe has no filter for keys:
 * all of that time's are read.
 */
export async function findKeyEvents(
  write: UnsettledWrite,
  calls: readonly UnsettledCall[],
  { client, scope }: Pick<StatementContext, "client" | "scope">,
): Promise<KeyEvents> {
  const found = new Map<string, JsonObject[]>();
  const { path } = write.events;
  const created = {
    gte: Math.floor(Math.min(...calls.map(({ sentMs }) => sentMs)) / 1000) - marginSeconds,
    lte: Math.ceil(write.lastMs / 1000) + marginSeconds,
  };
  const keys = new Set(calls.map(({ call }) => call.idempotencyKey));
  const accountId = calls[0]?.call.accountId;
  const list = { path, endpointPath: path, parameters: { created }, apiBase: "api", accountId } as const;
  const pages = { budget: "read", pagination: "cursor", pageSize: 100, readAll: true } as const;
  for await (const page of listPages(client, { ...list, ...pages }, scope)) {
    for (const event of page.rows) {
      const key = jsonAt(event, ["request", "idempotency_key"]);
      if (typeof key !== "string" || !keys.has(key)) continue;
      found.set(key, [...(found.get(key) ?? []), event]);
    }
  }
  return found;
}

/** The id of the object of a type that a call's events tell of, one that was made first of all. */
export function objectIn(events: readonly JsonObject[], objectType: string | undefined): string | undefined {
  const objects = events.flatMap((event) => {
    const object = jsonAt(event, ["data", "object"]);
    return isJsonObject(object) && object["object"] === objectType ? [{ type: event["type"], id: object["id"] }] : [];
  });
  const made = objects.find(({ type }) => typeof type === "string" && type.endsWith(".created")) ?? objects[0];
  return typeof made?.id === "string" ? made.id : undefined;
}

/** "customer.created, customer.updated" */
export function eventTypes(events: readonly JsonObject[]): string {
  return [...new Set(events.map(({ type }) => String(type)))].sort().join(", ");
}

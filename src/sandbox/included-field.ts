import type { Column, ListEndpoint, Table } from "../catalog/catalog.js";
import type { Json, JsonObject } from "../value/json.js";
import type { AccountState, StripeObject } from "./account-state.js";
import { idOf } from "./account-state.js";
import { blankValue, typeOf } from "./object-shape.js";

/** Lists that Stripe includes on request though no nested list method names them: rows by a field of theirs. */
const listsByField: Readonly<Record<string, { readonly type: string; readonly field: string }>> = {
  "Customer.subscriptions": { type: "Subscription", field: "customer" },
  "Charge.refunds": { type: "Refund", field: "charge" },
};

/** The value of a field that Stripe only sends when it is expanded. */
export function includedField(state: AccountState, table: Table, object: StripeObject, column: Column): Json {
  const key = column.path[0] ?? "";
  const type = typeOf(table);
  const kept = state.world.store.readFact(includedFact(state, type, object, key));
  if (kept !== undefined) return readKept(kept);
  const byField = listsByField[`${type}.${key}`];
  if (byField !== undefined) {
    const rows = state.where(byField.type, [byField.field], idOf(object)).filter(({ status }) => status !== "canceled");
    return state.embeddedList([...rows].reverse(), `/v1/${table.stripePlural}/${idOf(object)}/${key}`);
  }
  const nested = nestedListOf(state, table, key);
  if (nested === undefined) return blankValue(column);
  const children = state.childrenOf(typeOf(nested.table), idOf(object));
  return state.embeddedList(children, nested.endpoint.path.replace(/\{[^}]*\}/, idOf(object)));
}

function readKept(text: string): Json {
  // The store holds nothing but serialised values.
  return JSON.parse(text) as Json;
}

/** Keeps what a request set in a field that is not sent by default. */
export function keepIncludedFields(state: AccountState, type: string, object: StripeObject, fields: JsonObject): void {
  for (const [key, value] of Object.entries(fields)) {
    state.world.store.writeFact(includedFact(state, type, object, key), JSON.stringify(value));
  }
}

function includedFact(state: AccountState, type: string, object: StripeObject, key: string): string {
  return `included ${type} ${state.account} ${idOf(object)} ${key}`;
}

/** The nested list at "<path of the object>/<key>". */
function nestedListOf(
  state: AccountState,
  owner: Table,
  key: string,
): { table: Table; endpoint: ListEndpoint } | undefined {
  const path = shapeOfPath(`${owner.retrieve?.path ?? ""}/${key}`);
  for (const table of state.world.shapes.tables.values()) {
    const endpoint = table.lists.find((list) => shapeOfPath(list.path) === path);
    if (endpoint !== undefined) return { table, endpoint };
  }
  return undefined;
}

function shapeOfPath(path: string): string {
  return path.replace(/\{[^}]*\}/g, "{}");
}

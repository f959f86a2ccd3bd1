import type { Table, WriteEndpoint } from "../catalog/catalog.js";
import type { Json, JsonObject } from "../value/json.js";
import type { AccountState, StripeObject } from "./account-state.js";
import { keepIncludedFields } from "./included-field.js";
import { initialState } from "./initial-fields.js";
import { typeOf } from "./object-shape.js";
import { eventDays } from "./pseudo-filters.js";
import { invalidRequest, noSuchObject } from "./refusals.js";
import { writtenFields } from "./written-fields.js";

/** Creates an object whose fields are what its parameters say; `derived` goes over both. */
export function createObject(
  state: AccountState,
  table: Table,
  parameters: JsonObject,
  derived: JsonObject = {},
): StripeObject {
  const type = typeOf(table);
  refuseTakenId(state, type, parameters["id"]);
  const blank = state.draft(type, initialState(type, state.world.shapes.blank(type)));
  const { fields, included } = writtenFields(state, table, blank, parameters);
  const object = state.create(type, { ...blank, ...fields, ...derived });
  keepIncludedFields(state, type, object, included);
  return object;
}

function refuseTakenId(state: AccountState, type: string, id: Json | undefined): void {
  if (typeof id !== "string" || state.row(type, id) === undefined) return;
  const name = state.world.shapes.resourceName(type);
  const label = name.charAt(0).toUpperCase() + name.slice(1);
  throw invalidRequest(`${label} already exists.`, { code: "resource_already_exists", param: "id" });
}

/** Creates a row of a nested list: the path's keys name its parent. */
export function createNestedObject(
  state: AccountState,
  table: Table,
  request: { readonly endpoint: WriteEndpoint; readonly keys: readonly string[]; readonly parameters: JsonObject },
): StripeObject {
  const type = typeOf(table);
  const blank = state.draft(type, initialState(type, state.world.shapes.blank(type)));
  const { fields } = writtenFields(state, table, blank, request.parameters);
  const parentFields: Record<string, Json> = {};
  for (const [position, { column, table: parentTable }] of request.endpoint.keys.entries()) {
    const key = request.keys[position] ?? "";
    const parentType = typeOf({ schema: table.schema, name: parentTable });
    if (state.world.shapes.tables.has(parentType)) state.require(parentType, key);
    const path = table.columns.find(({ name }) => name === column)?.path;
    if (path?.length === 1 && path[0] !== undefined) parentFields[path[0]] = key;
  }
  return state.create(type, { ...blank, ...fields, ...parentFields }, request.keys[request.keys.length - 1] ?? "");
}

export function updateObject(state: AccountState, table: Table, id: string, parameters: JsonObject): StripeObject {
  const type = typeOf(table);
  const object = state.require(type, id);
  const { fields, included } = writtenFields(state, table, object, parameters);
  keepIncludedFields(state, type, object, included);
  return state.change(
    type,
    object,
    "updated" in object && type === "Product" ? { ...fields, updated: state.now() } : fields,
  );
}

/** Changes the one object of a table whose rows have no ids. */
export function updateSingleton(state: AccountState, table: Table, parameters: JsonObject): StripeObject {
  const type = typeOf(table);
  return state.changeSingleton(type, writtenFields(state, table, state.singleton(type), parameters).fields);
}

export function deleteObject(state: AccountState, table: Table, id: string): StripeObject {
  const type = typeOf(table);
  return state.remove(type, state.require(type, id));
}

export function retrieveObject(state: AccountState, type: string, id: string): StripeObject {
  const row = state.row(type, id);
  if (row?.deleted === 1 && type === "Customer") return { id, object: "customer", deleted: true };
  if (row !== undefined && /^(v2\.)?Event$/.test(type) && row.created <= state.now() - eventDays * 86_400)
    throw noSuchObject("event", id);
  return state.require(type, id);
}

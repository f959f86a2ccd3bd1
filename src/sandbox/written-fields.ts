import type { Table } from "../catalog/catalog.js";
import type { Json, JsonObject } from "../value/json.js";
import { isJsonObject } from "../value/json.js";
import type { AccountState, StripeObject } from "./account-state.js";
import { refuseMetadata } from "./parameter-limits.js";
import { noSuchObject, notModelled } from "./refusals.js";

/** What a request sets: fields of the object, and those that are only sent when expanded. */
export interface WrittenFields {
  readonly fields: JsonObject;
  readonly included: JsonObject;
}

/**
 * Lays a request's parameters over an object: a parameter sets the field of the same name, metadata is
 * merged key by key. A parameter that no field holds is refused, for it would be lost in silence.
 */
export function writtenFields(
  state: AccountState,
  table: Table,
  object: StripeObject,
  parameters: JsonObject,
): WrittenFields {
  const fields: Record<string, Json> = {};
  const included: Record<string, Json> = {};
  for (const [key, value] of Object.entries(parameters)) {
    refuseDanglingReference(state, table, key, value);
    if (table.columns.some(({ path, includable }) => includable && path[0] === key)) included[key] = value;
    else if (key === "metadata") fields[key] = mergedMetadata(object[key], value);
    else if (key in object || table.columns.some(({ path }) => path[0] === key))
      fields[key] = merged(object[key], value);
    else throw notModelled(`the parameter ${key} of ${table.stripePlural}`);
  }
  return { fields, included };
}

/** An empty value removes a key; an empty map removes all. Source: https://docs.stripe.com/api/metadata */
export function mergedMetadata(existing: Json | undefined, given: Json): JsonObject {
  if (!isJsonObject(given)) return {};
  const merged = { ...(isJsonObject(existing) ? existing : {}), ...given };
  const kept = Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== "" && value !== null));
  refuseMetadata(kept);
  return kept;
}

function merged(existing: Json | undefined, given: Json): Json {
  if (!isJsonObject(existing) || !isJsonObject(given)) return given;
  const result: Record<string, Json> = { ...existing };
  for (const [key, value] of Object.entries(given)) result[key] = merged(existing[key], value);
  return result;
}

function refuseDanglingReference(state: AccountState, table: Table, key: string, value: Json): void {
  if (typeof value !== "string") return;
  const column = table.columns.find(({ path }) => path.length === 1 && path[0] === key);
  if (column?.references === undefined || column.includable) return;
  const type = table.schema === "v2" ? `v2.${column.references}` : column.references;
  const { shapes } = state.world;
  if (shapes.tables.has(type) && state.find(type, value) === undefined)
    throw noSuchObject(shapes.resourceName(type), value, key);
}

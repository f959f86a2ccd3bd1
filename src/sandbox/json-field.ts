import type { Json, JsonObject } from "../value/json.js";
import { isJsonObject } from "../value/json.js";

/** The text of a field; undefined where it is absent, null or something else. */
export function textField(object: JsonObject, key: string): string | undefined {
  const value = object[key];
  return typeof value === "string" ? value : undefined;
}

/** The number of a field; 0 where it is absent or null. */
export function numberField(object: JsonObject, key: string): number {
  const value = object[key];
  return typeof value === "number" ? value : 0;
}

export function objectField(object: JsonObject, key: string): JsonObject | undefined {
  const value = object[key];
  return isJsonObject(value) ? value : undefined;
}

/** The objects in an array field, or in a list's `data`; none where it is absent. */
export function objectsField(object: JsonObject, key: string): readonly JsonObject[] {
  const value = object[key];
  const elements: Json | undefined = isJsonObject(value) ? value["data"] : value;
  return Array.isArray(elements) ? elements.filter((element: Json) => isJsonObject(element)) : [];
}

/** The object without some of its fields. */
export function without(object: JsonObject, keys: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([key]) => !keys.includes(key)));
}

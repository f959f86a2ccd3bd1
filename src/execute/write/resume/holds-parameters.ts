import { ExactNumber } from "../../../value/exact-number.js";
import type { Json, JsonObject } from "../../../value/json.js";
import { isJsonObject } from "../../../value/json.js";

/**
 * True where an object is as an update would leave it: each parameter stands in the field of its name. What cannot be
 * compared, a parameter without a field or a list, makes it false.
 */
export function holdsParameters(object: JsonObject, parameters: Readonly<Record<string, Json>>): boolean {
  return Object.entries(parameters).every(([name, value]) => holds(object[name], value));
}

function holds(field: Json | undefined, value: Json): boolean {
  if (isUnset(value)) return field === undefined || isUnset(field);
  if (field === undefined) return false;
  if (isJsonObject(value))
    return isJsonObject(field) && Object.entries(value).every(([key, part]) => holds(field[key], part));
  return !isStructure(field) && !isStructure(value) && textOf(field) === textOf(value);
}

const isUnset = (value: Json): boolean => value === null || value === "";

const isStructure = (value: Json): boolean =>
  typeof value === "object" && value !== null && !(value instanceof ExactNumber);

const textOf = (value: Json): string => (value instanceof ExactNumber ? value.text : String(value));

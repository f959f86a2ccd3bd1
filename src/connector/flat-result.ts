import { exactText } from "../value/exact-number.js";
import type { Json, JsonObject } from "../value/json.js";
import { isJsonObject } from "../value/json.js";
import type { ActionResult } from "./connector.js";

/**
 * An object of Stripe's as an action gives it: nested names joined by dots, every value a text or null, an empty list
 * null, any other list as JSON. An empty structure has no names to give.
 */
export function flatResult(object: JsonObject): ActionResult {
  return Object.fromEntries(flatten(object, []));
}

function flatten(object: JsonObject, path: readonly string[]): readonly (readonly [string, string | null])[] {
  return Object.entries(object).flatMap(([key, value]) => {
    const own = [...path, key];
    return isJsonObject(value) ? flatten(value, own) : [[own.join("."), textOf(value)] as const];
  });
}

function textOf(value: Json): string | null {
  if (value === null) return null;
  if (typeof value === "string") return value;
  if (!Array.isArray(value)) return String(value);
  return value.length === 0 ? null : exactText(value);
}

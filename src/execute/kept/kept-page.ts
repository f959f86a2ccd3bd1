import { deflateRawSync, inflateRawSync } from "node:zlib";
import { parseJson } from "../../value/exact-number.js";
import type { Json, JsonObject } from "../../value/json.js";
import type { KeptPage } from "../../value/kept-list.js";
import type { KeepableObjects } from "./withheld-fields.js";

/** Stripe's objects say the same names again and again: the fastest level takes seven eighths of them away. */
const level = 1;

export function packPage(
  { objects, text }: KeepableObjects,
  keyOf: (object: JsonObject) => Json | undefined,
): KeptPage {
  const keys = objects.map(keyOf).filter((key) => typeof key === "string" || typeof key === "number");
  return { keys: `\n${keys.join("\n")}\n`, objects: deflateRawSync(text, { level }), rows: objects.length };
}

export function unpackPage(packed: Uint8Array): readonly JsonObject[] {
  return parseJson(inflateRawSync(packed).toString()) as readonly JsonObject[];
}

import type { Row, SqlValue } from "../driver/api.js";
import type { Json } from "../value/json.js";
import type { EntityFields } from "./connector.js";

/** A row as plain JSON: times as ISO 8601, whole numbers past 2^53 as text. */
export function entityFields(row: Row): EntityFields {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, jsonValue(value)]));
}

function jsonValue(value: SqlValue): Json {
  if (value === null || typeof value === "boolean" || typeof value === "string") return value;
  if (typeof value === "number") return Number.isFinite(value) ? value : String(value);
  if (typeof value === "bigint") return value.toString();
  if (value instanceof Date) return value.toISOString().replace(".000Z", "Z");
  return plainJson(value);
}

/** Lists and structures of the local engine may hold values of every kind. */
function plainJson(value: unknown): Json {
  if (value === null || value === undefined) return null;
  if (Array.isArray(value)) return value.map(plainJson);
  if (value instanceof Date || typeof value === "bigint") return jsonValue(value);
  if (typeof value === "object") {
    return Object.fromEntries(Object.entries(value).map(([key, item]: [string, unknown]) => [key, plainJson(item)]));
  }
  if (typeof value === "number" || typeof value === "boolean" || typeof value === "string") return jsonValue(value);
  return String(value);
}

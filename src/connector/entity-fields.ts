import type { Row, SqlValue } from "../driver/api.js";
import type { Json } from "../value/json.js";
import type { EntityFields } from "./connector.js";

/** A row as plain JSON: times as ISO 8601, whole numbers past 2^53 as text. */
export function entityFields(row: Row): EntityFields {
  // A copy takes over the row's shape: a fraction of what it costs to add many fields.
  const fields: Record<string, Json | SqlValue> = { ...row };
  for (const name of Object.keys(row)) fields[name] = jsonValue(row[name] ?? null);
  // Each value has been replaced.
  return fields as EntityFields;
}

/** The same of many rows, and of these columns alone. */
export function namedFields(names: readonly string[]): (row: Row) => EntityFields {
  // A copy takes over the shape that was made once.
  const empty: EntityFields = Object.fromEntries(names.map((name) => [name, null]));
  return (row) => {
    const fields: Record<string, Json> = { ...empty };
    for (const name of names) fields[name] = jsonValue(row[name] ?? null);
    return fields;
  };
}

function jsonValue(value: SqlValue): Json {
  if (value === null || typeof value === "boolean" || typeof value === "string") return value;
  if (typeof value === "number") return Number.isFinite(value) ? value : String(value);
  if (typeof value === "bigint") return value.toString();
  if (value instanceof Date) return value.toISOString().replace(".000Z", "Z");
  return isPlain(value) ? value : plainJson(value);
}

/** Nearly every value of Stripe's is, and to look costs less than to build it anew. */
function isPlain(value: unknown): value is Json {
  if (value === null || typeof value === "string" || typeof value === "boolean") return true;
  if (typeof value === "number") return Number.isFinite(value);
  if (Array.isArray(value)) return value.every(isPlain);
  if (typeof value !== "object" || Object.getPrototypeOf(value) !== Object.prototype) return false;
  for (const key in value) if (!isPlain((value as Readonly<Record<string, unknown>>)[key])) return false;
  return true;
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

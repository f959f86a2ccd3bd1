import type { Json } from "../value/json.js";

/**
 * Parameters as a query string in Stripe's bracket form: `created[gte]=1&expand[0]=data.customer`.
 * The Stripe SDK encodes queries of API v1 and v2 alike in this way.
 */
export function encodeQuery(parameters: Readonly<Record<string, Json>>): string {
  return Object.entries(parameters)
    .flatMap(([key, value]) => pairs(key, value))
    .map(([key, value]) => `${encodeKey(key)}=${encodeURIComponent(value)}`)
    .join("&");
}

function pairs(key: string, value: Json): readonly (readonly [string, string])[] {
  if (value === null) return [[key, ""]];
  if (typeof value !== "object") return [[key, String(value)]];
  return Object.entries(value).flatMap(([inner, innerValue]) => pairs(`${key}[${inner}]`, innerValue));
}

function encodeKey(key: string): string {
  return encodeURIComponent(key).replace(/%5B/g, "[").replace(/%5D/g, "]");
}

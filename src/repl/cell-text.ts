import type { SqlValue } from "../driver/api.js";

/**
 * A value for people: timestamps as PostgreSQL prints them, NULL as the word. Control characters are shown
 * as escapes, so that no text of a customer's reaches the terminal as a command.
 */
export function displayText(value: SqlValue, type: string): string {
  if (value === null) return "NULL";
  if (value instanceof Date) return displayTime(value, type);
  return visibleText(plainText(value, type) ?? "");
}

/** A value for programs: timestamps in ISO 8601, structures as JSON; NULL is undefined. */
export function plainText(value: SqlValue, type: string): string | undefined {
  if (value === null) return undefined;
  if (value instanceof Date) return isoTime(value, type);
  if (typeof value === "object") return jsonText(value);
  return type === "JSON" ? jsonText(value) : String(value);
}

/** JSON with integers past 2^53 and non-finite numbers as strings, which JSON's numbers cannot hold. */
export function jsonText(value: SqlValue): string {
  return JSON.stringify(value, (_key, inner: unknown) => {
    if (typeof inner === "bigint") return Number.isSafeInteger(Number(inner)) ? Number(inner) : String(inner);
    return typeof inner === "number" && !Number.isFinite(inner) ? String(inner) : inner;
  });
}

/** "2026-11-01T12:00:00Z"; the fraction only where there is one. A DATE has no time. */
export function isoTime(time: Date, type: string): string {
  const text = time.toISOString();
  if (type === "DATE") return text.slice(0, text.indexOf("T"));
  return text.replace(".000Z", "Z");
}

function displayTime(time: Date, type: string): string {
  const zone = type === "TIMESTAMP" ? "" : "+00";
  return isoTime(time, type).replace("T", " ").replace("Z", zone);
}

const namedEscapes: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/** Control characters, and those that reorder text, as escapes. */
export function visibleText(text: string): string {
  return text.replace(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, (character) => {
    return namedEscapes[character] ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}

import { SqlState } from "../../error/sql-state.js";
import { ExactNumber } from "../../value/exact-number.js";
import type { Json, JsonObject } from "../../value/json.js";
import { isJsonObject } from "../../value/json.js";
import { numericText } from "./numeric-text.js";
import { invalidSyntax, valueError } from "./value-error.js";

/** The first byte of the binary form, before the text. */
export const jsonbVersion = 1;

/** Levels of arrays and objects within each other. */
const deepest = 1000;

/**
 * A value's text as PostgreSQL prints jsonb: keys by their length in bytes and then by their bytes, a space behind each
 * colon and comma, numbers as numeric prints them.
 */
export function jsonbText(value: Json, depth = 0): string {
  if (value === null) return "null";
  if (typeof value === "string") return stringText(value);
  if (typeof value === "boolean") return String(value);
  if (typeof value === "number" || value instanceof ExactNumber) return numberText(value);
  if (depth > deepest) throw tooDeep();
  if (isJsonObject(value)) return objectText(value, depth + 1);
  return `[${value.map((item) => jsonbText(item, depth + 1)).join(", ")}]`;
}

export function tooDeep() {
  return valueError("stack depth limit exceeded", SqlState.statementTooComplex);
}

function objectText(object: JsonObject, depth: number): string {
  const names = Object.keys(object);
  const keys = names.sort(names.every(isAscii) ? compareAscii : compareBytes);
  return `{${keys.map((key) => `${stringText(key)}: ${jsonbText(object[key] ?? null, depth)}`).join(", ")}}`;
}

function compareAscii(one: string, other: string): number {
  return one.length - other.length || (one < other ? -1 : Number(one > other));
}

function compareBytes(one: string, other: string): number {
  const [bytes, otherBytes] = [Buffer.from(one), Buffer.from(other)];
  return bytes.length - otherBytes.length || Buffer.compare(bytes, otherBytes);
}

const isAscii = (text: string): boolean => !/[\u0080-\uffff]/.test(text);

function numberText(number: number | ExactNumber): string {
  const text = String(number);
  if (Number.isSafeInteger(number)) return text;
  const printed = numericText(text);
  if (printed === undefined) throw invalidSyntax("json", text);
  return printed;
}

/** What no text of PostgreSQL's can hold is refused as it refuses it. */
function stringText(text: string): string {
  const printed = JSON.stringify(text);
  if (printed.length !== text.length + 2 && /[\0\p{Surrogate}]/u.test(text)) throw unsupported(text.includes("\0"));
  return printed;
}

function unsupported(isZero: boolean) {
  return isZero
    ? valueError(
        "unsupported Unicode escape sequence",
        SqlState.unsupportedUnicodeEscape,
        "\\u0000 cannot be converted to text.",
      )
    : valueError(
        "invalid input syntax for type json",
        SqlState.invalidTextRepresentation,
        "A text holds half a surrogate pair.",
      );
}

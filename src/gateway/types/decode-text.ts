import { SqlState } from "../../error/sql-state.js";
import { hexOf } from "./hex.js";
import { numericText } from "./numeric-text.js";
import type { PostgresTypeName } from "./postgres-type.js";
import { postgresTypes } from "./postgres-type.js";
import { invalidSyntax, outOfRange, shownText, valueError } from "./value-error.js";

/** The value of a type by its text. Dates and times are left to whoever reads the SQL: they have too many spellings. */
export function decodeText(name: PostgresTypeName, text: string): boolean | number | bigint | string {
  switch (name) {
    case "bool":
      return decodeBoolean(text);
    case "int2":
      return decodeInteger(text, { name, bits: 16 });
    case "int4":
      return decodeInteger(text, { name, bits: 32 });
    case "int8":
      return decodeInteger(text, { name, bits: 64 });
    case "float4":
    case "float8":
      return decodeFloat(text, name);
    case "numeric":
      return decodeNumericText(text);
    case "uuid":
      return decodeUuid(text);
    case "bytea":
      return decodeBytea(text);
    case "json":
    case "jsonb":
      return decodeJson(text, name);
    case "date":
    case "timestamp":
    case "timestamptz":
    case "text":
    case "varchar":
    case "bpchar":
    case "name":
      return text;
  }
}

/** Beginnings that lead to one word only. Source: parse_bool_with_len of PostgreSQL's bool.c */
const truths = /^(?:t(?:r(?:ue?)?)?|y(?:es?)?|on|1)$/i;
const falsehoods = /^(?:f(?:a(?:l(?:se?)?)?)?|no?|off?|0)$/i;

function decodeBoolean(text: string): boolean {
  const word = trimmed(text);
  if (truths.test(word)) return true;
  if (falsehoods.test(word)) return false;
  throw invalidSyntax("boolean", text);
}

/** Underscores stand between digits, and behind the letter of another base. */
const integerForm = /^([+-]?)(0x(?:_?[\da-f])+|0o(?:_?[0-7])+|0b(?:_?[01])+|\d+(?:_\d+)*)$/i;

interface IntegerType {
  readonly name: "int2" | "int4" | "int8";
  readonly bits: number;
}

function decodeInteger(text: string, { name, bits }: IntegerType): number | bigint {
  const type = postgresTypes[name].name;
  const [, sign, digits = ""] = integerForm.exec(trimmed(text)) ?? [];
  if (sign === undefined) throw invalidSyntax(type, text);
  // Leading zeros of any number are no digits that count, and more than these are out of every range.
  const base = /^0[xob]/i.test(digits) ? digits.slice(0, 2) : "";
  const counted =
    base +
    digits
      .slice(base.length)
      .replaceAll("_", "")
      .replace(/^0+(?=.)/, "");
  if (counted.length > 70) throw outOfRange(type, text);
  const value = sign === "-" ? -BigInt(counted) : BigInt(counted);
  if (BigInt.asIntN(bits, value) !== value) throw outOfRange(type, text);
  return Number.isSafeInteger(Number(value)) ? Number(value) : value;
}

const floatForm = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
const infinityForm = /^([+-]?)inf(?:inity)?$/i;

function decodeFloat(text: string, name: "float4" | "float8"): number {
  const type = postgresTypes[name].name;
  const word = trimmed(text);
  if (/^nan$/i.test(word)) return Number.NaN;
  const [, sign] = infinityForm.exec(word) ?? [];
  if (sign !== undefined) return sign === "-" ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  if (!floatForm.test(word)) throw invalidSyntax(type, text);
  const value = name === "float4" ? Math.fround(Number(word)) : Number(word);
  const isLost = !Number.isFinite(value) || (value === 0 && /[1-9]/.test(word.replace(/e.*/i, "")));
  if (isLost)
    throw valueError(`"${shownText(text)}" is out of range for type ${type}`, SqlState.numericValueOutOfRange);
  return value;
}

function decodeNumericText(text: string): string {
  const word = trimmed(text);
  if (/^nan$/i.test(word)) return "NaN";
  const [, sign] = infinityForm.exec(word) ?? [];
  if (sign !== undefined) return sign === "-" ? "-Infinity" : "Infinity";
  const printed = numericText(word.replace(/(?<=\d)_(?=\d)/g, ""));
  if (printed === undefined) throw invalidSyntax("numeric", text);
  return printed;
}

/** A hyphen may stand behind every four digits. Source: string_to_uuid of PostgreSQL's uuid.c */
const uuidForm = /^(?:[\da-f]{4}-?){7}[\da-f]{4}$/i;

function decodeUuid(text: string): string {
  const inner = text.startsWith("{") && text.endsWith("}") ? text.slice(1, -1) : text;
  if (!uuidForm.test(inner)) throw invalidSyntax("uuid", text);
  const digits = inner.replaceAll("-", "").toLowerCase();
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** In hexadecimal digits, or as the bytes' characters, with `\\` and `\ooo` for those that are none. */
function decodeBytea(text: string): string {
  if (text.startsWith("\\x")) {
    const digits = text.slice(2).replace(/\s+/g, "");
    if (/^(?:[\da-f]{2})*$/i.test(digits)) return `\\x${digits.toLowerCase()}`;
    throw valueError("invalid hexadecimal data", SqlState.invalidParameterValue);
  }
  if (/\\(?![0-3][0-7]{2})/.test(text.replaceAll("\\\\", " ")))
    throw valueError("invalid input syntax for type bytea", SqlState.invalidTextRepresentation);
  return `\\x${hexOf(unescaped(new TextEncoder().encode(text)))}`;
}

const backslash = 0x5c;

/** The bytes that escapes stand for, in place of them; they are known to be whole. */
function unescaped(bytes: Uint8Array): Uint8Array {
  let length = 0;
  for (let at = 0; at < bytes.length; length += 1) {
    const isEscape = bytes[at] === backslash;
    const isOctal = isEscape && bytes[at + 1] !== backslash;
    bytes[length] = isOctal ? octal(bytes, at + 1) : (bytes[at] ?? 0);
    at += isOctal ? 4 : isEscape ? 2 : 1;
  }
  return bytes.subarray(0, length);
}

/** Three digits, each the low bits of its character. */
function octal(bytes: Uint8Array, at: number): number {
  const [first = 0, second = 0, third = 0] = bytes.subarray(at, at + 3);
  return ((first & 7) << 6) | ((second & 7) << 3) | (third & 7);
}

/** The text itself, as no number of it is to be rounded. */
function decodeJson(text: string, type: "json" | "jsonb"): string {
  try {
    JSON.parse(text);
  } catch {
    throw invalidSyntax("json", text);
  }
  if (type === "jsonb" && hasZeroEscape(text)) {
    const detail = "\\u0000 cannot be converted to text.";
    throw valueError("unsupported Unicode escape sequence", SqlState.unsupportedUnicodeEscape, detail);
  }
  return text;
}

/** Whether a text of a JSON text holds U+0000; the escape's own backslash may be another's. */
function hasZeroEscape(json: string): boolean {
  for (let at = json.indexOf("\\"); at !== -1; at = json.indexOf("\\", at + 2)) {
    if (json.startsWith("u0000", at + 1)) return true;
  }
  return false;
}

/** PostgreSQL passes over the white space of C around numbers and truth values. */
function trimmed(text: string): string {
  let [start, end] = [0, text.length];
  while (start < end && isSpace(text.charCodeAt(start))) start += 1;
  while (end > start && isSpace(text.charCodeAt(end - 1))) end -= 1;
  return text.slice(start, end);
}

const isSpace = (code: number): boolean => code === 0x20 || (code >= 0x09 && code <= 0x0d);

import { parse } from "lossless-json";

/** A number of a JSON text that no double holds as it is spelled: 9007199254740993, 1.10, 1e3. */
export class ExactNumber {
  /** As it stands in the JSON text. */
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  toString(): string {
    return this.text;
  }

  /** Rounded, as JSON.stringify has no other way; `jsonText` writes it as it is. */
  toJSON(): number {
    return Number(this.text);
  }
}

/** JSON without what JSON.parse would change without a word: a number that a double would spell otherwise is an ExactNumber. */
export function parseJson(text: string): unknown {
  return suspect.test(text) ? parseExactly(text) : JSON.parse(text);
}

/** A number of a fraction, an exponent or sixteen digits. A text that looks like one merely takes the longer way. */
const suspect = /(?:^|[:[,\s])-?(?:\d{16}|\d+[.eE])/;

/**
 * The same for the bytes of a long text, which are looked through in a fraction of the time that the parsing takes. An
 * exponent behind a whole number (1e3) is not looked for: its value is the same, as a double spells it.
 */
export function parseJsonBytes(bytes: Uint8Array, text: string): unknown {
  return hasLongNumber(bytes) || hasFraction(bytes) ? parseJson(text) : JSON.parse(text);
}

function parseExactly(text: string): unknown {
  return parse(text, undefined, { parseNumber: exactNumber, onDuplicateKey: ({ newValue }) => newValue });
}

function exactNumber(text: string): number | ExactNumber {
  const number = Number(text);
  return String(number) === text ? number : new ExactNumber(text);
}

/** The length of a run of digits from which on a double may round it. */
const longNumber = 16;

/** Sixteen digits in a row stand at one place of every sixteenth at least. */
function hasLongNumber(bytes: Uint8Array): boolean {
  for (let at = longNumber - 1; at < bytes.length; at += longNumber) {
    if (isDigit(bytes[at]) && runLength(bytes, at) >= longNumber) return true;
  }
  return false;
}

function runLength(bytes: Uint8Array, at: number): number {
  let [start, end] = [at, at];
  while (isDigit(bytes[start - 1])) start -= 1;
  while (isDigit(bytes[end + 1])) end += 1;
  return end - start + 1;
}

const point = 0x2e;

function hasFraction(bytes: Uint8Array): boolean {
  for (let at = bytes.indexOf(point); at !== -1; at = bytes.indexOf(point, at + 1)) {
    if (isDigit(bytes[at - 1]) && isDigit(bytes[at + 1])) return true;
  }
  return false;
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39;
}

/** The number of a program's: whole ones exact, a bigint past 2^53; of more digits than a double has, the text. */
function programNumber({ text }: ExactNumber): number | bigint | string {
  if (/^-?\d+$/.test(text)) return Number.isSafeInteger(Number(text)) ? Number(text) : BigInt(text);
  const digits = text
    .replace(/[eE].*$/, "")
    .replace(/\D/g, "")
    .replace(/^0+|0+$/g, "");
  return digits.length <= 15 && Number.isFinite(Number(text)) ? Number(text) : text;
}

/** The value as programs take it, with plain numbers. */
export function programJson(value: unknown): unknown {
  return holdsExact(value) ? withPlainNumbers(value) : value;
}

/** Nearly no value does, and to look costs less than to build it anew. */
function holdsExact(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (Array.isArray(value)) return value.some(holdsExact);
  if (value instanceof ExactNumber) return true;
  for (const key in value) if (holdsExact((value as Readonly<Record<string, unknown>>)[key])) return true;
  return false;
}

function withPlainNumbers(value: unknown): unknown {
  if (value instanceof ExactNumber) return programNumber(value);
  if (Array.isArray(value)) return value.map(withPlainNumbers);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, field]: [string, unknown]) => [key, withPlainNumbers(field)]),
  );
}

/** The JSON text of a value of `parseJson`'s, each number spelled as it was. */
export function jsonText(value: unknown): string {
  return holdsExact(value) ? exactText(value) : JSON.stringify(value);
}

/** The same of a program's value, with bigints and dates. */
export function exactText(value: unknown): string {
  if (value instanceof ExactNumber || typeof value === "bigint") return value.toString();
  if (Array.isArray(value)) return `[${value.map(exactText).join(",")}]`;
  if (typeof value !== "object" || value === null || value instanceof Date) return JSON.stringify(value ?? null);
  const fields = Object.entries(value).flatMap(([key, field]: [string, unknown]) =>
    field === undefined ? [] : [`${JSON.stringify(key)}:${exactText(field)}`],
  );
  return `{${fields.join(",")}}`;
}

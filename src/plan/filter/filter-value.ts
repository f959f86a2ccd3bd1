import { SqlState } from "../../error/sql-state.js";
import { StripeSqlError } from "../../error/stripe-sql-error.js";
import type { FilterText, FilterValue } from "../../syntax/filter-node.js";
import { quoteText } from "../../value/quote.js";
import type { SqlType } from "../../value/sql-type.js";
import { parseTimestampSeconds } from "../../value/timestamp.js";

/** A field that values are compared with. */
export interface TypedField {
  /** For messages. */
  readonly name: string;
  readonly type: SqlType;
}

/**
 * A filter clause's value as a literal of its field's type: `AddressPostalCode = 94043` compares texts, `Amount > '15.5'`
 * numbers, `Created > 1707196279` times. 22P02 for a value that is none of the type, 42804 for one of another type.
 */
export function printFilterValue(value: FilterValue, field: TypedField): string {
  if (value.type === "null") return "NULL";
  if (!kindsOf[field.type].has(value.type)) throw mismatch(value, field);
  const literal = printers[field.type](value);
  if (literal === undefined) throw badLiteral(value, field);
  return literal;
}

type ValueKind = FilterText["type"];

const numbers: ReadonlySet<ValueKind> = new Set(["string", "number"]);
const truths: ReadonlySet<ValueKind> = new Set(["string", "number", "boolean"]);

/** What may be compared with a field of a type, numbers and times quoted or not. */
const kindsOf: Readonly<Record<SqlType, ReadonlySet<ValueKind>>> = {
  VARCHAR: truths,
  BIGINT: numbers,
  DOUBLE: numbers,
  DECIMAL: numbers,
  BOOLEAN: truths,
  TIMESTAMPTZ: new Set(["string", "number", "DATE", "TIMESTAMP", "TIMESTAMPTZ"]),
  JSON: new Set(["string"]),
};

/** The literal of a value, undefined where it is none of the type. */
const printers: Readonly<Record<SqlType, (value: FilterText) => string | undefined>> = {
  VARCHAR: ({ text }) => quoteText(text),
  BIGINT: ({ text }) => plainNumber(text),
  DOUBLE: ({ text }) => plainNumber(text),
  DECIMAL: ({ text }) => plainNumber(text),
  BOOLEAN: ({ text }) => truth(text),
  TIMESTAMPTZ: time,
  JSON: ({ text }) => json(text),
};

/** Any field of Stripe's is within them, and the local engine compares such numbers exactly. */
const maximumWholeDigits = 20;
const maximumFractionDigits = 12;

/** In full and without leading zeros, plus sign and exponent, which the planner's parser and the local engine read otherwise. */
function plainNumber(text: string): string | undefined {
  const match = /^([+-]?)(?=\.?\d)(\d*)(?:\.(\d*))?(?:e([+-]?\d{1,3}))?$/i.exec(text.trim());
  if (match === null) return undefined;
  const [, sign, whole = "", fraction = "", exponent = "0"] = match;
  const point = whole.length + Number(exponent);
  const digits = whole + fraction;
  const wholeDigits = digits.slice(0, Math.max(0, point)).padEnd(point, "0").replace(/^0+/, "");
  const fractionDigits = digits
    .slice(Math.max(0, point))
    .padStart(digits.length - point, "0")
    .replace(/0+$/, "");
  if (wholeDigits.length > maximumWholeDigits || fractionDigits.length > maximumFractionDigits) return undefined;
  const magnitude = (wholeDigits || "0") + (fractionDigits === "" ? "" : `.${fractionDigits}`);
  return sign === "-" && magnitude !== "0" ? `-${magnitude}` : magnitude;
}

function truth(text: string): string | undefined {
  const word = text.trim().toUpperCase();
  if (word === "TRUE" || word === "FALSE") return word;
  const number = plainNumber(text);
  return number === "1" ? "TRUE" : number === "0" ? "FALSE" : undefined;
}

/** Fewer digits may be a year or a day, more are milliseconds. */
const unixSeconds = /^\s*(\d{9,11})(?:\.0*)?\s*$/;

function time({ type, text }: FilterText): string | undefined {
  const seconds = type === "string" || type === "number" ? unixSeconds.exec(text)?.[1] : undefined;
  if (seconds !== undefined) return `TIMESTAMPTZ ${quoteText(new Date(Number(seconds) * 1000).toISOString())}`;
  const isDay = /^\d+-\d+-\d+$/.test(text);
  // SQL reads past the zone of a TIMESTAMP.
  const hasOtherZone = /[+-]\d\d(:?\d\d)?\s*$/.test(text) && !isDay;
  if ((type === "DATE" && !isDay) || (type === "TIMESTAMP" && hasOtherZone)) return undefined;
  return parseTimestampSeconds(text) === undefined ? undefined : `TIMESTAMPTZ ${quoteText(text)}`;
}

/** As the local engine holds Stripe's: without spaces, keys in their order. */
function json(text: string): string | undefined {
  try {
    return quoteText(JSON.stringify(JSON.parse(text)));
  } catch (error) {
    // Of some thousands of brackets within one another no text can be made again.
    if (error instanceof SyntaxError || error instanceof RangeError) return undefined;
    throw error;
  }
}

/** Enough of a text to know it by. */
export function excerpt(text: string): string {
  return text.length > 100 ? `${text.slice(0, 100)}…` : text;
}

function badLiteral({ text, position, type: given }: FilterText, { name, type }: TypedField): StripeSqlError {
  const wanted = given === "DATE" || given === "TIMESTAMP" ? given : type;
  return new StripeSqlError(`invalid input syntax for type ${wanted}: "${excerpt(text)}"`, {
    sqlState: SqlState.invalidTextRepresentation,
    phase: "plan",
    position,
    detail: `It is compared with field "${name}".`,
    hint: hints[wanted],
  });
}

const numberHint = `Write a number as -1500, 15.5 or 1.5e3, with at most ${maximumWholeDigits} digits before the point and ${maximumFractionDigits} behind it.`;
const hints: Readonly<Record<SqlType | "DATE" | "TIMESTAMP", string>> = {
  VARCHAR: "Put the value in single quotes.",
  BIGINT: numberHint,
  DOUBLE: numberHint,
  DECIMAL: numberHint,
  BOOLEAN: "Write TRUE or FALSE.",
  TIMESTAMPTZ: "Write a time as '2026-01-31', '2026-01-31T13:00:00Z' or Unix seconds of 9 to 11 digits.",
  DATE: "Write a day as DATE '2026-01-31'.",
  TIMESTAMP:
    "Write a time as TIMESTAMP '2026-01-31 13:00:00', or one with a zone as TIMESTAMPTZ '2026-01-31 13:00:00+02'.",
  JSON: "Name a key of it: Metadata.order_id = '6735'. A whole value is written as JSON: Metadata = '{}'.",
};

const nouns: Readonly<Record<ValueKind, string>> = {
  string: "text",
  number: "number",
  boolean: "boolean",
  DATE: "date",
  TIMESTAMP: "timestamp",
  TIMESTAMPTZ: "timestamp",
};

function mismatch({ type: given, position }: FilterText, { name, type }: TypedField): StripeSqlError {
  return new StripeSqlError(`field "${name}" is of type ${type} but is compared with a ${nouns[given]}`, {
    sqlState: SqlState.datatypeMismatch,
    phase: "plan",
    position,
    hint: hints[type],
  });
}

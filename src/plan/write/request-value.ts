import type { Parameter } from "../../catalog/catalog.js";
import { SqlState } from "../../error/sql-state.js";
import { StripeSqlError } from "../../error/stripe-sql-error.js";
import { didYouMean, nearestValues } from "../../error/suggestion.js";
import { decimalScale, decimalToScaled, scaledToDecimal } from "../../value/decimal.js";
import { ExactNumber, exactText, parseJson as parseExactJson } from "../../value/exact-number.js";
import { isJsonObject } from "../../value/json.js";
import type { TimeReading } from "../../value/timestamp.js";
import { isTimeWord, readTime } from "../../value/timestamp.js";
import type { RequestParameter, RequestParameters } from "../scan/scan.js";

/**
 * A statement's value as Stripe's parameter takes it; undefined for NULL. Whatever would be rounded, guessed
 * or refused by Stripe for its form alone is an error here, before anything is sent.
 */
export function requestValue(parameter: Parameter, value: unknown, reading: TimeReading): RequestParameter | undefined {
  if (value === null || value === undefined) return undefined;
  switch (parameter.type) {
    case "BIGINT":
      return wholeNumber(parameter, value);
    case "DOUBLE":
      return plainNumber(parameter, value);
    case "DECIMAL":
      return decimalText(parameter, value);
    case "BOOLEAN":
      return truth(parameter, value);
    case "TIMESTAMPTZ":
      return unixSeconds(parameter, value, reading);
    case "VARCHAR":
      return text(parameter, value);
    case "JSON":
      return structure(parameter, value);
  }
}

function wholeNumber(parameter: Parameter, value: unknown): RequestParameter {
  const number = Number(isNumeric(value) ? value : Number.NaN);
  if (typeof value === "string" && parameter.enumValues?.includes(value)) return value;
  if (Number.isSafeInteger(number)) return number;
  if (Number.isInteger(number)) return longNumber(parameter, value);
  const fraction = Number.isFinite(number);
  throw badValue(
    parameter,
    value,
    fraction ? "a whole number" : "a number",
    fraction ? "Amounts are in the currency's minor unit: 15.50 USD is 1550." : undefined,
  );
}

/** As its digits, which a number would round. */
function longNumber(parameter: Parameter, value: unknown): RequestParameter {
  const digits = /^\s*[+-]?\d+(?=(?:\.0*)?\s*$)/.exec(String(value))?.[0] ?? "";
  const number = typeof value === "number" || digits === "" ? undefined : BigInt(digits);
  if (number !== undefined && BigInt.asIntN(64, number) === number) return number.toString();
  throw badValue(parameter, value, "a whole number of 64 bits, as a text or a bigint past 2^53");
}

function plainNumber(parameter: Parameter, value: unknown): number {
  const number = Number(isNumeric(value) ? value : Number.NaN);
  if (Number.isFinite(number)) return number;
  throw badValue(parameter, value, "a number");
}

/** As it is written; a number that JavaScript writes with an exponent, which Stripe does not read, in full. */
function decimalText(parameter: Parameter, value: unknown): RequestParameter {
  const number = plainNumber(parameter, value);
  const text = String(value).trim();
  if (!/e/i.test(text)) return text;
  const scaled = decimalToScaled(number.toFixed(decimalScale));
  const written = scaled === undefined ? undefined : scaledToDecimal(scaled);
  if (written === undefined || Number(written) !== number)
    throw badValue(parameter, value, `a number of at most ${decimalScale} decimals`);
  return written;
}

function isNumeric(value: unknown): boolean {
  return (
    typeof value === "number" ||
    typeof value === "bigint" ||
    (typeof value === "string" && /^\s*[+-]?(\d+\.?\d*|\.\d+)\s*$/.test(value))
  );
}

function truth(parameter: Parameter, value: unknown): RequestParameter {
  if (typeof value === "boolean") return value;
  if (typeof value === "string" && /^(true|false)$/i.test(value)) return value.toLowerCase() === "true";
  throw badValue(parameter, value, "TRUE or FALSE");
}

function unixSeconds(parameter: Parameter, value: unknown, reading: TimeReading): RequestParameter {
  if (value instanceof Date) return Math.round(value.getTime() / 1000);
  if (typeof value === "number" && Number.isSafeInteger(value)) return value;
  if (typeof value === "string") {
    if (parameter.enumValues?.includes(value)) return value;
    const seconds = readTime(value, reading);
    if (seconds !== undefined && (Number.isInteger(seconds) || isTimeWord(value))) return Math.floor(seconds);
  }
  throw badValue(parameter, value, "a time", "Write a time as '2026-01-31' or '2026-01-31 13:00:00+00'.");
}

function text(parameter: Parameter, value: unknown): RequestParameter {
  if (typeof value === "object" && !(value instanceof Date)) throw badValue(parameter, exactText(value), "a text");
  const given = value instanceof Date ? value.toISOString() : String(value);
  const { enumValues = [], closedEnum } = parameter;
  if (closedEnum !== true || enumValues.includes(given) || given === "") return given;
  throw new StripeSqlError(`invalid value for "${parameter.name}": '${given}'`, {
    sqlState: SqlState.invalidParameterValue,
    phase: "plan",
    detail: `Stripe takes no other than ${nearestValues(given, enumValues)}.`,
    hint: didYouMean(given, enumValues),
  });
}

/** A value of an open enum that the SDK does not know is sent all the same: Stripe may have added it since. */
export function unknownValueNotices({ name, type, enumValues }: Parameter, given: unknown): readonly string[] {
  if (type !== "VARCHAR" || enumValues === undefined || typeof given !== "string") return [];
  const isKnown = given === "" || enumValues.includes(given);
  return isKnown ? [] : [`the SDK knows no "${name}" '${given}'; nearest are ${nearestValues(given, enumValues)}`];
}

function structure(parameter: Parameter, value: unknown): RequestParameter {
  const parsed = typeof value === "string" ? parseJson(parameter, value) : value;
  if (parsed === "") return "";
  const isArray = Array.isArray(parsed);
  const wantsArray = parameter.jsonShape === "array";
  const wantsObject = parameter.jsonShape === "object" || parameter.jsonShape === "map";
  if (typeof parsed !== "object" || parsed === null || (wantsArray && !isArray) || (wantsObject && isArray)) {
    throw badValue(parameter, value, wantsArray ? "a JSON array" : "a JSON object", exampleOf(parameter));
  }
  if (holdsTexts(parameter) && !isArray) checkTexts(parameter, parsed);
  return plainJson(parsed);
}

/** Metadata, under whatever name (`invoice_metadata`): keys and texts. Source: https://docs.stripe.com/api/metadata */
const holdsTexts = ({ jsonShape, path }: Parameter): boolean =>
  jsonShape === "map" && path.at(-1)?.endsWith("metadata") === true;

/** In the body's form a key with brackets or none would be another key, and a structure several, or nothing at all. */
function checkTexts(parameter: Parameter, given: object): void {
  for (const [key, value] of Object.entries(given)) {
    if (key === "" || /[[\]]/.test(key))
      throw badValue(parameter, key, "keys that are not empty and hold no square brackets");
    if (typeof value === "object" && value !== null && !(value instanceof ExactNumber) && !(value instanceof Date))
      throw badValue(
        parameter,
        exactText(value),
        `a text under "${key}"`,
        "A structure can be given as its JSON text.",
      );
  }
}

function parseJson(parameter: Parameter, source: string): unknown {
  if (source === "") return "";
  try {
    return parseExactJson(source);
  } catch (cause) {
    throw badValue(parameter, source, "JSON", exampleOf(parameter), cause);
  }
}

function exampleOf(parameter: Parameter): string {
  return parameter.jsonShape === "array"
    ? `Write ${parameter.name} = '["a", "b"]'.`
    : parameter.jsonShape === "map"
      ? `Write json_merge_patch(${parameter.name}, '{"key": "value"}') to set some keys and keep the others, '{"key": "value"}' to leave no other.`
      : `Write ${parameter.name} = '{"key": "value"}'.`;
}

/** A structure as plain JSON: a Date or a bigint within one becomes text. */
function plainJson(value: unknown): RequestParameter {
  if (value instanceof ExactNumber) return value.text;
  if (value === null || value === undefined) return null;
  if (Array.isArray(value)) return value.map(plainJson);
  if (value instanceof Date) return value.toISOString();
  if (typeof value === "object")
    return Object.fromEntries(Object.entries(value).map(([key, item]: [string, unknown]) => [key, plainJson(item)]));
  return typeof value === "number" || typeof value === "boolean" ? value : String(value);
}

function badValue(
  parameter: Parameter,
  value: unknown,
  wanted: string,
  hint?: string,
  cause?: unknown,
): StripeSqlError {
  const shown = typeof value === "object" ? "a structure" : `'${String(value)}'`;
  return new StripeSqlError(`"${parameter.name}" takes ${wanted}, not ${shown}`, {
    sqlState: typeof value === "string" ? SqlState.invalidTextRepresentation : SqlState.invalidParameterValue,
    phase: "plan",
    hint,
    cause,
  });
}

/** The parameters with one more at a path of keys: ["address", "city"]. */
export function setAtPath(
  parameters: RequestParameters,
  path: readonly string[],
  value: RequestParameter,
): RequestParameters {
  const [first, ...rest] = path;
  if (first === undefined) return parameters;
  if (rest.length === 0) return { ...parameters, [first]: value };
  const inner = parameters[first];
  const nested = isJsonObject(inner) ? inner : {};
  return { ...parameters, [first]: setAtPath(nested, rest, value) };
}

/** The parameters without what is at a path of keys; an object that held it alone stays, empty. */
export function withoutPath(parameters: RequestParameters, [first, ...rest]: readonly string[]): RequestParameters {
  if (first === undefined) return parameters;
  const { [first]: inner, ...others } = parameters;
  if (rest.length === 0 || !isJsonObject(inner)) return others;
  return { ...others, [first]: withoutPath(inner, rest) };
}

import { SqlState } from "../error/sql-state.js";
import { StripeSqlError } from "../error/stripe-sql-error.js";
import { decimalToScaled } from "./decimal.js";
import { ExactNumber, jsonText } from "./exact-number.js";
import type { Json } from "./json.js";
import { isJsonObject } from "./json.js";
import type { SqlType } from "./sql-type.js";
import { parseTimestampSeconds } from "./timestamp.js";

/**
 * A value in its SQL type, without loss, neither the driver's nor DuckDB's form yet. Whole numbers are numbers where
 * that is exact, or bigints; DECIMAL is an integer number of 10^-scale; a timestamp is counted in its unit from the
 * epoch on, microseconds for TIMESTAMPTZ, and infinity is 2^63 - 1 of them; JSON is what its `DataType` says; BLOB is
 * its bytes. A list is its cells, a structure its fields' cells in order, a map its pairs, a union tag and cell. Dates,
 * times, intervals and what else has an exact text (UUID, BIT, GEOMETRY, ENUM) are DuckDB's text; VARIANT is JSON.
 */
export type Cell = Json | bigint | Uint8Array | readonly Cell[];

/**
 * Reads a JSON value as a column's type. A missing field is NULL; a value that the type cannot hold is an
 * error, never a NULL.
 */
export function readCell(type: SqlType, value: Json | undefined): Cell {
  if (value === null || value === undefined) return null;
  switch (type) {
    case "VARCHAR":
      return typeof value === "string" ? value : textOf(value);
    case "BIGINT":
      return typeof value === "number" && Number.isSafeInteger(value) ? value : integerOf(value);
    case "BOOLEAN":
      return typeof value === "boolean" ? value : booleanOf(value);
    case "TIMESTAMPTZ":
      return typeof value === "number" && Math.abs(value) < furthestSeconds ? value * 1_000_000 : microsecondsOf(value);
    case "DOUBLE":
      return typeof value === "number" ? value : doubleOf(value);
    case "DECIMAL":
      return scaledOf(value);
    case "JSON":
      return value;
  }
}

/** An expanded object stands for its id; any other structure for its JSON text. */
function textOf(value: Json): string {
  if (isJsonObject(value) && typeof value["id"] === "string") return value["id"];
  return typeof value === "object" && !(value instanceof ExactNumber) ? jsonText(value) : String(value);
}

/** What microseconds of 64 bits hold. */
const furthestSeconds = 2 ** 63 / 1_000_000;

function integerOf(value: Json): bigint {
  const text = typeof value === "string" ? value.trim() : String(value);
  const integer = /^[+-]?\d+(\.0+)?$/.test(text)
    ? BigInt(text.replace(/\.0+$/, ""))
    : typeof value === "number" && Number.isInteger(value)
      ? BigInt(value)
      : undefined;
  if (integer === undefined || BigInt.asIntN(64, integer) !== integer) throw unreadable("BIGINT", value);
  return integer;
}

function booleanOf(value: Json): boolean {
  if (value === "true") return true;
  if (value === "false") return false;
  throw unreadable("BOOLEAN", value);
}

function microsecondsOf(value: Json): number {
  if (typeof value === "string") {
    const seconds = /^\d+$/.test(value) ? Number(value) : parseTimestampSeconds(value);
    if (seconds !== undefined && Math.abs(seconds) < furthestSeconds) return Math.round(seconds * 1_000_000);
    // API v2 gives up to nanoseconds; what is finer than a microsecond is dropped.
    const shortened = parseTimestampSeconds(value.replace(/(\.\d{6})\d+/, "$1"));
    if (shortened !== undefined) return Math.round(shortened * 1_000_000);
  }
  throw unreadable("TIMESTAMPTZ", value);
}

function doubleOf(value: Json): number {
  if (typeof value === "string" && value.trim() !== "" && Number.isFinite(Number(value))) return Number(value);
  throw unreadable("DOUBLE", value);
}

function scaledOf(value: Json): bigint {
  const scaled = typeof value === "string" || typeof value === "number" ? decimalToScaled(String(value)) : undefined;
  if (scaled === undefined) throw unreadable("DECIMAL", value);
  return scaled;
}

function unreadable(type: SqlType, value: Json): StripeSqlError {
  return new StripeSqlError(`Stripe answered a value that is not of type ${type}`, {
    sqlState: SqlState.upstreamError,
    phase: "execute",
    detail: `The value is a JSON ${Array.isArray(value) ? "array" : typeof value}.`,
    hint: "The account's API version may differ from the one that the schema was compiled from; set ApiVersion.",
  });
}

import type { SqlValue } from "../driver/api.js";
import { SqlState } from "../error/sql-state.js";
import { StripeSqlError } from "../error/stripe-sql-error.js";
import { parseTimestampSeconds } from "../value/timestamp.js";
import type { CheckedSqlQueryInput } from "./input-schemas.js";

/** The value of a query's parameter: it comes as a text, and its type says what it is. */
export function queryParameter({
  dataType = "VARCHAR",
  value,
}: CheckedSqlQueryInput["queryParameters"][number]): SqlValue {
  const read = readers[dataType.trim().toUpperCase()];
  if (read === undefined) throw unknownType(dataType);
  if (value === null) return null;
  const parsed = read(value);
  if (parsed === undefined) throw unfitValue(dataType, value);
  return parsed;
}

/** Undefined for a text that is none of the type's. */
type ReadParameter = (text: string) => SqlValue | undefined;

const text: ReadParameter = (value) => value;

const whole: ReadParameter = (value) => {
  if (!/^\s*[+-]?\d{1,19}\s*$/.test(value)) return undefined;
  const number = BigInt(value);
  if (BigInt.asIntN(64, number) !== number) return undefined;
  return Number.isSafeInteger(Number(number)) ? Number(number) : number;
};

const decimalPattern = /^\s*[+-]?(\d+(\.\d*)?|\.\d+)\s*$/;

const real: ReadParameter = (value) => {
  const number = Number(value);
  return value.trim() !== "" && Number.isFinite(number) ? number : undefined;
};

/** A number, but for more digits than one keeps: those stay a text, which compares exactly. */
const decimal: ReadParameter = (value) => {
  if (!decimalPattern.test(value)) return undefined;
  return value.replace(/^[^1-9]*/, "").replace(/\D/g, "").length > 15 ? value.trim() : Number(value);
};

const truths: ReadonlyMap<string, boolean> = new Map([
  ["true", true],
  ["1", true],
  ["false", false],
  ["0", false],
]);
const truth: ReadParameter = (value) => truths.get(value.trim().toLowerCase());

/** ISO 8601, UTC unless it says otherwise, or Unix seconds. What is finer than a Date stays a text. */
const moment: ReadParameter = (value) => {
  if (/^\s*-?infinity\s*$/i.test(value)) return value.trim();
  const seconds = /^\s*\d{1,11}\s*$/.test(value) ? Number(value) : parseTimestampSeconds(value.trim());
  if (seconds === undefined) return undefined;
  return /\.\d{4,}/.test(value) ? value.trim() : new Date(seconds * 1000);
};

const date: ReadParameter = (value) => (/^\s*\d{4}-\d\d-\d\d\s*$/.test(value) ? moment(value) : undefined);

const structure: ReadParameter = (value) => {
  try {
    return JSON.parse(value) as SqlValue;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
};

/** By the data types of the connectors' API. */
const readers: Readonly<Record<string, ReadParameter>> = {
  VARCHAR: text,
  CHAR: text,
  LONGVARCHAR: text,
  NVARCHAR: text,
  NCHAR: text,
  STRING: text,
  UUID: text,
  TIME: text,
  BIGINT: whole,
  INTEGER: whole,
  SMALLINT: whole,
  TINYINT: whole,
  INT: whole,
  LONG: whole,
  DECIMAL: decimal,
  NUMERIC: decimal,
  DOUBLE: real,
  FLOAT: real,
  REAL: real,
  BOOLEAN: truth,
  BIT: truth,
  DATE: date,
  TIMESTAMP: moment,
  TIMESTAMP_WITH_TIMEZONE: moment,
  DATETIME: moment,
  STRUCT: structure,
  ARRAY: structure,
  JSON: structure,
};

function unknownType(dataType: string): StripeSqlError {
  return new StripeSqlError(`unknown data type "${dataType}" of a query parameter`, {
    sqlState: SqlState.invalidParameterValue,
    phase: "plan",
    hint: `It is one of ${Object.keys(readers).join(", ")}.`,
  });
}

function unfitValue(dataType: string, value: string): StripeSqlError {
  return new StripeSqlError(`invalid value for a query parameter of type ${dataType}: '${value}'`, {
    sqlState: SqlState.invalidTextRepresentation,
    phase: "plan",
  });
}

import type { Expression, Literal } from "../../syntax/expression.js";
import { parseIntervalSeconds } from "../../value/interval.js";
import { parseTimestampBound } from "../../value/timestamp.js";
import type { ConstantContext, Scalar } from "./scalar.js";

/**
 * Folds an expression without columns to a scalar. Undefined where it has columns, or a form that is not
 * folded here: it is then left to DuckDB, never guessed.
 */
export function foldConstant(expression: Expression, context: ConstantContext): Scalar | undefined {
  switch (expression.kind) {
    case "literal":
      return literalScalar(expression.value);
    case "parameter":
      return parameterScalar(context.parameters[expression.index]);
    case "cast":
      return foldCast(expression.operand, expression.type, context);
    case "call":
      return foldCall(expression.name, expression.arguments, context);
    case "arithmetic":
      return foldArithmetic(expression.operator, expression.left, expression.right, context);
    case "column":
    case "star":
    case "interval":
    case "comparison":
    case "and":
    case "or":
    case "not":
    case "is-null":
    case "is-boolean":
    case "in":
    case "in-query":
    case "between":
    case "like":
    case "json-access":
    case "subquery":
    case "exists":
    case "other":
      return undefined;
  }
}

function literalScalar(literal: Literal): Scalar | undefined {
  if (literal.type !== "number") return literal;
  const { text } = literal;
  const value = Number(text);
  // A fraction too fine for a double would make a whole number of it, and a bound on its wrong side.
  const isRounded = Number.isInteger(value) && /^[^e]*\.\d*[1-9]\d*$/i.test(text);
  return Number.isFinite(value) && !isRounded ? { type: "number", value, text } : undefined;
}

function parameterScalar(value: unknown): Scalar | undefined {
  if (value === null) return { type: "null" };
  if (typeof value === "string") return { type: "string", value };
  if (typeof value === "boolean") return { type: "boolean", value };
  if (typeof value === "number" || typeof value === "bigint") {
    return { type: "number", value: Number(value), text: String(value) };
  }
  if (value instanceof Date) return { type: "timestamp", seconds: value.getTime() / 1000, clock: false };
  return undefined;
}

function foldCast(operand: Expression, type: string, context: ConstantContext): Scalar | undefined {
  const value = foldConstant(operand, context);
  if (value === undefined || value.type === "null") return value;
  if (/^(TIMESTAMPTZ|TIMESTAMP WITH TIME ZONE)$/.test(type)) return castToTimestamp(value);
  // DuckDB leaves a zone out of account here, where TIMESTAMPTZ reads it.
  if (value.type === "string" && /:.*[Z+-]/.test(value.value)) return undefined;
  if (type === "DATE") return castToDate(value);
  if (type === "TIMESTAMP") return castToTimestamp(value);
  return /^(VARCHAR|TEXT|STRING)$/.test(type) && value.type === "string" ? value : undefined;
}

function castToTimestamp(value: Scalar): Extract<Scalar, { type: "timestamp" }> | undefined {
  if (value.type === "timestamp") return value;
  const seconds = value.type === "string" ? parseTimestampBound(value.value) : undefined;
  return seconds === undefined ? undefined : { type: "timestamp", seconds, clock: false };
}

function castToDate(value: Scalar): Scalar | undefined {
  const time = castToTimestamp(value);
  return time === undefined ? undefined : { ...time, seconds: startOf("day", time.seconds) ?? time.seconds };
}

const clockFunctions = new Set(["now", "current_timestamp", "get_current_timestamp", "transaction_timestamp"]);
const dateFunctions = new Set(["current_date", "today"]);

function foldCall(name: string, operands: readonly Expression[], context: ConstantContext): Scalar | undefined {
  if (clockFunctions.has(name)) return { type: "timestamp", seconds: context.nowSeconds, clock: true };
  if (dateFunctions.has(name)) {
    return { type: "timestamp", seconds: startOf("day", context.nowSeconds) ?? context.nowSeconds, clock: true };
  }
  const [first, second] = operands.map((operand) => foldConstant(operand, context));
  if (name === "date_trunc" && first?.type === "string" && second?.type === "timestamp") {
    const seconds = startOf(first.value.toLowerCase(), second.seconds);
    return seconds === undefined ? undefined : { ...second, seconds };
  }
  if (name === "to_timestamp" && first?.type === "number" && operands.length === 1) {
    return { type: "timestamp", seconds: first.value, clock: false };
  }
  return undefined;
}

function foldArithmetic(
  operator: "+" | "-" | "*" | "/" | "%",
  left: Expression,
  right: Expression,
  context: ConstantContext,
): Scalar | undefined {
  const start = foldConstant(left, context);
  if (start?.type !== "timestamp" || right.kind !== "interval" || (operator !== "+" && operator !== "-"))
    return undefined;
  const sign = operator === "+" ? 1 : -1;
  const seconds = parseIntervalSeconds(right.text);
  if (seconds !== undefined) return { ...start, seconds: toMicrosecond(start.seconds + sign * seconds) };
  if (!Number.isFinite(start.seconds)) return start;
  const months = parseIntervalMonths(right.text);
  return months === undefined ? undefined : { ...start, seconds: addMonths(start.seconds, sign * months) };
}

/** The sum of two fractions may be a little off the whole second that it is. */
const toMicrosecond = (seconds: number): number => Math.round(seconds * 1e6) / 1e6;

function parseIntervalMonths(text: string): number | undefined {
  const match = /^\s*(-?\d+)\s*(month|mon|year|quarter)s?\s*$/i.exec(text);
  if (match === null) return undefined;
  const unit = match[2]?.toLowerCase();
  return Number(match[1]) * (unit === "year" ? 12 : unit === "quarter" ? 3 : 1);
}

/** Calendar months on, the day held to the month's last as PostgreSQL and DuckDB do. */
function addMonths(seconds: number, months: number): number {
  const whole = Math.floor(seconds);
  const date = new Date(whole * 1000);
  const day = date.getUTCDate();
  date.setUTCDate(1);
  date.setUTCMonth(date.getUTCMonth() + months);
  const lastDay = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
  date.setUTCDate(Math.min(day, lastDay));
  return date.getTime() / 1000 + (seconds - whole);
}

function startOf(unit: string, seconds: number): number | undefined {
  if (!Number.isFinite(seconds)) return seconds;
  const date = new Date(Math.floor(seconds) * 1000);
  const [year, month, day] = [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()];
  switch (unit) {
    case "hour":
      return Math.floor(seconds / 3600) * 3600;
    case "day":
      return Date.UTC(year, month, day) / 1000;
    case "week":
      return Date.UTC(year, month, day - ((date.getUTCDay() + 6) % 7)) / 1000;
    case "month":
      return Date.UTC(year, month, 1) / 1000;
    case "quarter":
      return Date.UTC(year, month - (month % 3), 1) / 1000;
    case "year":
      return Date.UTC(year, 0, 1) / 1000;
    default:
      return undefined;
  }
}

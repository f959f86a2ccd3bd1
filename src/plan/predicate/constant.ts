import type { ComparisonOperator, Expression, Literal, Query } from "../../syntax/expression.js";
import { onlyValue } from "../../syntax/only-value.js";
import { parseInterval } from "../../value/interval.js";
import { instantOf, isShownOnce, utc, wallClockOf } from "../../value/time-zone.js";
import { isTimeWord, readTime } from "../../value/timestamp.js";
import { calendarUnit, startOf } from "./calendar.js";
import { foldText } from "./constant-text.js";
import type { ConstantContext, Scalar } from "./scalar.js";

/** A date or a time without zone, in seconds as if it were in UTC: which time it is depends on where it is compared. */
interface WallTime {
  readonly type: "wall";
  readonly seconds: number;
  readonly clock: boolean;
}

type Folded = Scalar | WallTime;
type Time = Extract<Folded, { type: "timestamp" | "wall" }>;

/**
 * Folds an expression without columns to a scalar. Undefined where it has columns, or a form that is not
 * folded here: it is then left to DuckDB, never guessed. What has no zone is a time of the context's: Stripe's columns
 * are all of instants.
 */
export function foldConstant(expression: Expression, context: ConstantContext): Scalar | undefined {
  const folded = fold(expression, context);
  return folded?.type === "wall" ? toInstant(folded, context) : folded;
}

function fold(expression: Expression, context: ConstantContext): Folded | undefined {
  switch (expression.kind) {
    case "literal":
      return literalScalar(expression.value);
    case "parameter":
      return expression.elements === true ? undefined : parameterScalar(context.parameters[expression.index]);
    case "cast":
      return foldCast(expression.operand, expression.type, context);
    case "call":
      return foldCall(expression.name, expression.arguments, context);
    case "arithmetic":
      return foldArithmetic(expression.operator, expression.left, expression.right, context);
    case "other":
      return foldForm(expression, context);
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
    case "exists":
      return undefined;
    case "subquery":
      return foldSubquery(expression.query, context);
  }
}

/**
 * `(SELECT 'x')`. That of NULL is not folded: programs that ask for a plan write it where a value will be, as
 * postgres_fdw does.
 */
function foldSubquery(query: Query, context: ConstantContext): Folded | undefined {
  const value = onlyValue(query);
  const folded = value && fold(value, context);
  return folded?.type === "null" ? undefined : folded;
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

function foldCast(operand: Expression, type: string, context: ConstantContext): Folded | undefined {
  const value = fold(operand, context);
  if (value === undefined || value.type === "null") return value;
  if (/^(TIMESTAMPTZ|TIMESTAMP WITH TIME ZONE)$/.test(type)) return castToInstant(value, context);
  // DuckDB leaves a zone out of account here, where TIMESTAMPTZ reads it.
  if (value.type === "string" && /:.*[Z+-]/.test(value.value)) return undefined;
  if (type === "DATE") return castToDate(value, context);
  if (type === "TIMESTAMP") return castToWall(value, context);
  return /^(VARCHAR|TEXT|STRING)$/.test(type) && value.type === "string" ? value : undefined;
}

function castToInstant(value: Folded, context: ConstantContext): Extract<Scalar, { type: "timestamp" }> | undefined {
  if (value.type === "timestamp") return value;
  if (value.type === "wall") return toInstant(value, context);
  return value.type === "string" ? timeOfText(value.value, context) : undefined;
}

/**
 * What a constant's time is as the zone's clocks show it, in seconds as if it were in UTC. A text that names a zone of its
 * own is left to DuckDB: what becomes of it depends on the type that it is compared with.
 */
export function wallTimeOf(expression: Expression, context: ConstantContext): number | undefined {
  const value = fold(expression, context);
  if (value?.type === "string" && /:.*[Zz+-]/.test(value.value)) return undefined;
  return value === undefined ? undefined : castToWall(value, context)?.seconds;
}

/** A whole number from 0 on, as LIMIT and OFFSET take; undefined for what is none, or no constant. */
export function wholeNumber(expression: Expression | undefined, context: ConstantContext): number | undefined {
  const value = expression && foldConstant(expression, context);
  return value?.type === "number" && Number.isSafeInteger(value.value) && value.value >= 0 ? value.value : undefined;
}

/** The time that a text means; undefined for one that is left to DuckDB. */
export function timeOfText(text: string, context: ConstantContext): Extract<Scalar, { type: "timestamp" }> | undefined {
  const seconds = readTime(text, context);
  return seconds === undefined ? undefined : { type: "timestamp", seconds, clock: false };
}

function castToWall(value: Folded, context: ConstantContext): WallTime | undefined {
  if (value.type === "wall") return value;
  if (value.type === "timestamp") return toWall(value, context);
  if (value.type !== "string") return undefined;
  const nowOnWall = isTimeWord(value.value) ? wallClockOf(context.nowSeconds, context.zone) : 0;
  const seconds = nowOnWall === undefined ? undefined : readTime(value.value, { nowSeconds: nowOnWall, zone: utc });
  return seconds === undefined ? undefined : { type: "wall", seconds, clock: false };
}

function castToDate(value: Folded, context: ConstantContext): WallTime | undefined {
  const time = castToWall(value, context);
  return time === undefined ? undefined : { ...time, seconds: startOf("day", time.seconds) };
}

function toInstant({ seconds, clock }: WallTime, { zone }: ConstantContext) {
  const instant = instantOf(seconds, zone);
  return instant === undefined ? undefined : ({ type: "timestamp", seconds: instant, clock } as const);
}

function toWall({ seconds, clock }: Time, { zone }: ConstantContext): WallTime | undefined {
  const wall = wallClockOf(seconds, zone);
  return wall === undefined ? undefined : { type: "wall", seconds: wall, clock };
}

const clockFunctions = new Set(["now", "current_timestamp", "get_current_timestamp", "transaction_timestamp"]);
const dateFunctions = new Set(["current_date", "today"]);

function clockTime({ nowSeconds }: ConstantContext) {
  return { type: "timestamp", seconds: nowSeconds, clock: true } as const;
}

function foldCall(name: string, operands: readonly Expression[], context: ConstantContext): Folded | undefined {
  if (clockFunctions.has(name)) return clockTime(context);
  if (dateFunctions.has(name)) return castToDate(clockTime(context), context);
  if (name === "coalesce") return firstPresent(operands, context);
  const values = operands.map((operand) => fold(operand, context));
  const [first, second] = values;
  if (name === "date_trunc" && first?.type === "string" && isTime(second))
    return truncated(second, first.value.toLowerCase(), context);
  if (name === "to_timestamp" && first?.type === "number" && operands.length === 1) {
    return { type: "timestamp", seconds: first.value, clock: false };
  }
  if (name === "make_date" || name === "make_timestamptz") return madeTime(name, values, context);
  return foldText(
    name,
    values.map((value) => (value?.type === "wall" ? undefined : value)),
  );
}

/** The first of them that is not NULL. */
function firstPresent(operands: readonly Expression[], context: ConstantContext): Folded | undefined {
  const values = ofOneType(operands.map((operand) => fold(operand, context)));
  return values?.find(({ type }) => type !== "null") ?? values?.[0];
}

/** Values of several types become another one, of which the engine knows. */
function ofOneType(values: readonly (Folded | undefined)[]): readonly Folded[] | undefined {
  const known = values.flatMap((value) => value ?? []);
  const types = new Set(known.map(({ type }) => type).filter((type) => type !== "null"));
  return known.length === values.length && types.size <= 1 ? known : undefined;
}

function foldForm(
  { form, operands }: Extract<Expression, { kind: "other" }>,
  context: ConstantContext,
): Folded | undefined {
  if (form === "concatenation")
    return foldText(
      "||",
      operands.map((operand) => foldConstant(operand, context)),
    );
  return form === "case" ? foldCase(operands, context) : undefined;
}

/** NULL where no condition holds and there is no ELSE. */
function foldCase(operands: readonly Expression[], context: ConstantContext): Folded | undefined {
  const isValue = (_: Expression, index: number): boolean => index % 2 === 1 || index === operands.length - 1;
  const values = ofOneType(operands.filter(isValue).map((operand) => fold(operand, context)));
  if (values === undefined) return undefined;
  for (let index = 0; index + 1 < operands.length; index += 2) {
    const condition = operands[index];
    const truth = condition && constantTruth(condition, context);
    if (truth === undefined || truth) return truth && values[index / 2];
  }
  return operands.length % 2 === 1 ? values.at(-1) : { type: "null" };
}

/** `make_date(2026, 10, 25)`, `make_timestamptz(2026, 10, 25, 0, 0, 0)`: whole numbers that a calendar has. */
function madeTime(
  name: "make_date" | "make_timestamptz",
  values: readonly (Folded | undefined)[],
  context: ConstantContext,
): Folded | undefined {
  const numbers = values.flatMap((value) => (value?.type === "number" && isWholeNumber(value) ? [value.value] : []));
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = numbers;
  if (numbers.length !== values.length || numbers.length !== (name === "make_date" ? 3 : 6)) return undefined;
  const date = new Date(Date.UTC(year, month - 1, day, hour, minute, second));
  const isThere =
    year >= 1000 &&
    date.getUTCMonth() === month - 1 &&
    date.getUTCDate() === day &&
    date.getUTCHours() === hour &&
    date.getUTCMinutes() === minute &&
    date.getUTCSeconds() === second;
  if (!isThere) return undefined;
  const wall = { type: "wall", seconds: date.getTime() / 1000, clock: false } as const;
  return name === "make_date" ? wall : toInstant(wall, context);
}

function truncated(time: Time, name: string, context: ConstantContext): Time | undefined {
  const unit = calendarUnit(name);
  return unit && onWall(time, context, (seconds) => startOf(unit, seconds));
}

const isTime = (value: Folded | undefined): value is Time => value?.type === "timestamp" || value?.type === "wall";

/** Reckons with what the zone's clocks show, as a calendar does; an instant becomes one again. */
function onWall(
  time: Time,
  context: ConstantContext,
  reckon: (seconds: number) => number | undefined,
): Time | undefined {
  const wall = time.type === "wall" ? time : toWall(time, context);
  const seconds = wall && reckon(wall.seconds);
  if (wall === undefined || seconds === undefined) return undefined;
  const reckoned = { ...wall, seconds };
  return time.type === "wall" ? reckoned : toInstant(reckoned, context);
}

function foldArithmetic(
  operator: "+" | "-" | "*" | "/" | "%",
  left: Expression,
  right: Expression,
  context: ConstantContext,
): Folded | undefined {
  const start = fold(left, context);
  if (start?.type === "number") return numbersTogether(operator, start, fold(right, context));
  if (start?.type === "wall" && right.kind !== "interval") return daysAway(operator, start, fold(right, context));
  if (!isTime(start) || right.kind !== "interval" || (operator !== "+" && operator !== "-")) return undefined;
  const sign = operator === "+" ? 1 : -1;
  const interval = parseInterval(right.text);
  if (interval !== undefined) {
    const moved =
      interval.days === 0 ? start : onClearWall(start, context, (wall) => wall + sign * interval.days * day);
    return moved && { ...moved, seconds: toMicrosecond(moved.seconds + sign * interval.seconds) };
  }
  if (!Number.isFinite(start.seconds)) return start;
  const months = parseIntervalMonths(right.text);
  return months === undefined ? undefined : onClearWall(start, context, (wall) => addMonths(wall, sign * months));
}

/** Whole numbers only: of others DuckDB knows the type. */
function numbersTogether(operator: string, left: Folded, right: Folded | undefined): Folded | undefined {
  if (left.type !== "number" || right?.type !== "number") return undefined;
  if (![left.value, right.value].every(Number.isSafeInteger)) return undefined;
  const value =
    operator === "+"
      ? left.value + right.value
      : operator === "-"
        ? left.value - right.value
        : operator === "*"
          ? left.value * right.value
          : undefined;
  return value === undefined || !Number.isSafeInteger(value)
    ? undefined
    : { type: "number", value, text: String(value) };
}

/** `current_date - 7`: a date and a number of days; DuckDB refuses a time of the day there. */
function daysAway(operator: string, start: WallTime, days: Folded | undefined): WallTime | undefined {
  if (days?.type !== "number" || !Number.isSafeInteger(days.value) || (operator !== "+" && operator !== "-"))
    return undefined;
  return { ...start, seconds: start.seconds + (operator === "+" ? 1 : -1) * days.value * day };
}

const day = 86_400;

/**
 * As `onWall`, but what the clocks do not show, or show twice, is left to DuckDB: its calendar decides by where it comes
 * from. So is a day that a zone has left out (Apia, 2011-12-30), which that calendar counts.
 */
function onClearWall(time: Time, context: ConstantContext, reckon: (seconds: number) => number): Time | undefined {
  const { zone } = context;
  const moved = onWall(time, context, (seconds) => {
    const wall = reckon(seconds);
    const isClear = time.type === "wall" || !Number.isFinite(wall) || isShownOnce(wall, zone);
    return isClear ? wall : undefined;
  });
  if (moved === undefined || time.type === "wall") return moved;
  const shift = zone.offsetSeconds(moved.seconds) - zone.offsetSeconds(time.seconds);
  return Math.abs(shift) < day ? moved : undefined;
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

/** Whether a condition without columns holds; NULL does not. Undefined for one that is left to DuckDB. */
export function constantTruth(expression: Expression, context: ConstantContext): boolean | undefined {
  if (expression.kind === "comparison") {
    const left = foldConstant(expression.left, context);
    const right = foldConstant(expression.right, context);
    return left === undefined || right === undefined ? undefined : compareConstants(left, expression.operator, right);
  }
  if (expression.kind === "is-null") {
    const operand = foldConstant(expression.operand, context);
    return operand && (operand.type === "null") !== expression.negated;
  }
  const value = foldConstant(expression, context);
  if (value?.type === "null") return false;
  return value?.type === "boolean" ? value.value : undefined;
}

/** Whole numbers, and equality of texts: DuckDB compares these as JavaScript does. */
function compareConstants(left: Scalar, operator: ComparisonOperator, right: Scalar): boolean | undefined {
  if (left.type === "null" || right.type === "null") return false;
  const texts = left.type === "string" && right.type === "string" && (operator === "=" || operator === "<>");
  const numbers = isWholeNumber(left) && isWholeNumber(right);
  if (!texts && !numbers) return undefined;
  return comparisons[operator](left.value, right.value);
}

function isWholeNumber(scalar: Folded): scalar is Extract<Scalar, { type: "number" }> {
  return scalar.type === "number" && Number.isSafeInteger(scalar.value) && /^[+-]?\d+$/.test(scalar.text);
}

const comparisons: Readonly<Record<ComparisonOperator, (left: string | number, right: string | number) => boolean>> = {
  "=": (left, right) => left === right,
  "<>": (left, right) => left !== right,
  "<": (left, right) => left < right,
  "<=": (left, right) => left <= right,
  ">": (left, right) => left > right,
  ">=": (left, right) => left >= right,
};

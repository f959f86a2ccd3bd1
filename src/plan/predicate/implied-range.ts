import type { ComparisonOperator, Expression } from "../../syntax/expression.js";
import { parseInterval } from "../../value/interval.js";
import type { TimeZone } from "../../value/time-zone.js";
import { instantOf, isShownOnce, wallClockOf } from "../../value/time-zone.js";
import type { CalendarUnit } from "./calendar.js";
import { calendarUnit, nextOf, startOf } from "./calendar.js";
import { foldConstant, timeOfText, wallTimeOf } from "./constant.js";
import { flipped } from "./flipped.js";
import type { Predicate } from "./predicate.js";
import type { PredicateContext } from "./predicate-context.js";

/** A statement is thought to have ended by then: what it reads of the clock is not later. */
const clockSlackSeconds = 86_400;
/** Zones are no further apart. */
const zoneSlackSeconds = 172_800;

/**
 * `Created::DATE = '2026-10-20'` -> also `Created >= '2026-10-20 00:00' AND Created < '2026-10-21 00:00'`, and the same of
 * `date_trunc`, `year`, `epoch`, `strftime`, `Created + INTERVAL …`, and of an upper bound that goes by the clock. Nothing
 * is lost: each of these functions keeps the order of times, so that its value bounds them; the condition itself is
 * still to be applied.
 */
export function impliedRange(expression: Expression, context: PredicateContext): readonly Predicate[] {
  if (expression.kind === "in" && !expression.negated) return rangeOfAll(expression, context);
  if (expression.kind !== "comparison") return [];
  const { operator, left, right } = expression;
  const subject = timeSubject(left, context);
  if (subject !== undefined) return boundsOf(subject, { operator, constant: right }, context);
  const other = timeSubject(right, context);
  return other === undefined ? [] : boundsOf(other, { operator: flipped[operator], constant: left }, context);
}

/** The times for which a function of a column has a value: from `start` on, before `end`. */
interface Span {
  readonly start: number;
  readonly end: number;
  /** Where those begin for which it has a larger value; the same as `start` where that is not known. */
  readonly above: number;
  /** Where those end for which it has a smaller one; the same as `end` where that is not known. */
  readonly below: number;
}

/** An expression that keeps the order of a column's times. */
interface TimeSubject {
  readonly column: string;
  /** The column's times for which it has the constant's value, or the value just below. */
  readonly spanOf: (constant: Expression, context: PredicateContext) => Span | undefined;
}

function rangeOfAll(
  { operand, items }: Extract<Expression, { kind: "in" }>,
  context: PredicateContext,
): readonly Predicate[] {
  const subject = timeSubject(operand, context);
  const spans = subject === undefined ? [] : items.map((item) => subject.spanOf(item, context));
  const known = spans.filter((span) => span !== undefined);
  if (subject === undefined || known.length === 0 || known.length < spans.length) return [];
  const start = Math.min(...known.map((span) => span.start));
  const end = Math.max(...known.map((span) => span.end));
  return [bound(subject.column, ">=", start), bound(subject.column, "<", end)];
}

interface Comparison {
  readonly operator: ComparisonOperator;
  readonly constant: Expression;
}

function boundsOf(
  { column, spanOf }: TimeSubject,
  { operator, constant }: Comparison,
  context: PredicateContext,
): readonly Predicate[] {
  const early = spanOf(constant, context);
  const late = spanOf(constant, laterOn(context));
  if (early === undefined || late === undefined) return [];
  switch (operator) {
    case "=":
      return [bound(column, ">=", early.start), bound(column, "<", late.end)];
    case ">":
      return [bound(column, ">=", early.above)];
    case ">=":
      return [bound(column, ">=", early.start)];
    case "<":
      return [bound(column, "<", late.below)];
    case "<=":
      return [bound(column, "<", late.end)];
    case "<>":
      return [];
  }
}

/** What a constant is where the clock is read at the end of the statement. */
function laterOn(context: PredicateContext): PredicateContext {
  return {
    parameters: context.parameters,
    zone: context.zone,
    get nowSeconds() {
      return context.nowSeconds + clockSlackSeconds;
    },
    resolve: context.resolve,
    typeOf: context.typeOf,
  };
}

function bound(column: string, operator: ">=" | "<", seconds: number): Predicate {
  return { kind: "compare", column, operator, value: { type: "timestamp", seconds, clock: false } };
}

function timeSubject(expression: Expression, context: PredicateContext): TimeSubject | undefined {
  const plain = timeColumn(expression, context);
  if (plain !== undefined) return ofMoment(plain);
  switch (expression.kind) {
    case "cast":
      return castSubject(expression, context);
    case "arithmetic":
      return shiftedSubject(expression, context);
    case "call":
      return callSubject(expression, context);
    default:
      return undefined;
  }
}

interface TimeColumn {
  readonly column: string;
  /** How far what is read may be off the column's own times. */
  readonly slack: number;
}

/** The column itself, or what a zone's clocks show at its times. */
function timeColumn(expression: Expression, context: PredicateContext): TimeColumn | undefined {
  if (expression.kind === "call" && expression.name === "timezone" && expression.arguments.length === 2) {
    const inner = expression.arguments[1];
    const column = inner && timeColumn(inner, context);
    return column && { ...column, slack: zoneSlackSeconds };
  }
  if (expression.kind === "cast" && /^TIMESTAMP/.test(expression.type)) return timeColumn(expression.operand, context);
  if (expression.kind !== "column") return undefined;
  const column = context.resolve(expression);
  return column !== undefined && context.typeOf(column) === "TIMESTAMPTZ" ? { column, slack: 0 } : undefined;
}

/** A time itself. Of what does not go by the clock, nor a zone's, nothing is implied that the comparison does not say. */
function ofMoment({ column, slack }: TimeColumn): TimeSubject {
  return {
    column,
    spanOf: (constant, at) => {
      const value = foldConstant(constant, at);
      const time = value?.type === "string" ? timeOfText(value.value, at) : value;
      if (time?.type !== "timestamp" || !Number.isFinite(time.seconds) || (slack === 0 && !time.clock))
        return undefined;
      return around(time.seconds, slack);
    },
  };
}

function castSubject(
  { operand, type }: Extract<Expression, { kind: "cast" }>,
  context: PredicateContext,
): TimeSubject | undefined {
  const inner = type === "DATE" ? timeColumn(operand, context) : undefined;
  return inner && ofUnit(inner, "day");
}

function shiftedSubject(
  { operator, left, right }: Extract<Expression, { kind: "arithmetic" }>,
  context: PredicateContext,
): TimeSubject | undefined {
  const inner = timeColumn(left, context);
  const interval = right.kind === "interval" ? parseInterval(right.text) : undefined;
  if (inner === undefined || interval === undefined || (operator !== "+" && operator !== "-")) return undefined;
  const shift = (operator === "+" ? 1 : -1) * (interval.days * 86_400 + interval.seconds);
  // A day is as long as the zone's clocks make it.
  const slack = inner.slack + (interval.days === 0 ? 0 : 7_200);
  return {
    column: inner.column,
    spanOf: (constant, at) => {
      const wall = wallTimeOf(constant, at);
      const instant = wall === undefined ? undefined : instantOf(wall, at.zone);
      if (instant === undefined || !Number.isFinite(instant)) return undefined;
      return around(instant - shift, slack);
    },
  };
}

function callSubject(call: Extract<Expression, { kind: "call" }>, context: PredicateContext): TimeSubject | undefined {
  const [first, second, another] = call.arguments;
  if (first === undefined || another !== undefined || call.window || call.distinct) return undefined;
  if (second === undefined) return ofOneArgument(call.name, timeColumn(first, context));
  const [text, inner] =
    first.kind === "literal" ? [first, timeColumn(second, context)] : [second, timeColumn(first, context)];
  if (inner === undefined || text.kind !== "literal" || text.value.type !== "string") return undefined;
  return ofTwoArguments(call.name, text.value.value, inner);
}

function ofOneArgument(name: string, inner: TimeColumn | undefined): TimeSubject | undefined {
  if (inner === undefined) return undefined;
  if (name === "year") return ofYear(inner);
  if (name === "epoch") return ofEpoch(inner);
  return undefined;
}

function ofTwoArguments(name: string, text: string, inner: TimeColumn): TimeSubject | undefined {
  const wanted = text.toLowerCase();
  switch (name) {
    case "date_trunc":
    case "datetrunc": {
      const unit = calendarUnit(wanted);
      return unit && ofUnit(inner, unit);
    }
    case "date_part":
    case "datepart":
    case "extract":
      return wanted === "year" ? ofYear(inner) : wanted === "epoch" ? ofEpoch(inner) : undefined;
    case "strftime": {
      const unit = unitsOfFormats[text];
      return unit && ofFormat(inner, unit);
    }
    default:
      return undefined;
  }
}

const unitsOfFormats: Readonly<Record<string, { readonly unit: CalendarUnit; readonly rest: string }>> = {
  "%Y": { unit: "year", rest: "-01-01" },
  "%Y-%m": { unit: "month", rest: "-01" },
  "%Y-%m-%d": { unit: "day", rest: "" },
};

/** The time that a constant falls into, as the zone's clocks show it. */
function ofUnit(inner: TimeColumn, unit: CalendarUnit): TimeSubject {
  return {
    column: inner.column,
    spanOf: (constant, at) => spanAround(wallTimeOf(constant, at), { unit, inner, zone: at.zone }),
  };
}

function ofYear(inner: TimeColumn): TimeSubject {
  return {
    column: inner.column,
    spanOf: (constant, at) => {
      const value = foldConstant(constant, at);
      if (value?.type !== "number" || !Number.isInteger(value.value) || value.value < 1 || value.value > 9999)
        return undefined;
      return spanAround(Date.UTC(value.value, 0, 1) / 1000, { unit: "year", inner, zone: at.zone });
    },
  };
}

function ofEpoch({ column, slack }: TimeColumn): TimeSubject {
  return {
    column,
    spanOf: (constant, at) => {
      const value = foldConstant(constant, at);
      if (value?.type !== "number") return undefined;
      return around(value.value, slack);
    },
  };
}

/** Texts of these formats are in the order of their times. */
function ofFormat(
  inner: TimeColumn,
  { unit, rest }: { readonly unit: CalendarUnit; readonly rest: string },
): TimeSubject {
  return {
    column: inner.column,
    spanOf: (constant, at) => {
      const value = foldConstant(constant, at);
      const text = value?.type === "string" ? `${value.value}${rest}` : "";
      if (!/^\d{4}-\d\d-\d\d$/.test(text)) return undefined;
      const wall = Date.parse(`${text}T00:00:00Z`) / 1000;
      return spanAround(Number.isNaN(wall) ? undefined : wall, { unit, inner, zone: at.zone });
    },
  };
}

interface UnitOf {
  readonly unit: CalendarUnit;
  readonly inner: TimeColumn;
  readonly zone: TimeZone;
}

function spanAround(wall: number | undefined, { unit, inner, zone }: UnitOf): Span | undefined {
  if (wall === undefined || !Number.isFinite(wall)) return undefined;
  const [from, to] = [startOf(unit, wall), nextOf(unit, wall)];
  const [start, end] = [instantOf(from, zone), instantOf(to, zone)];
  if (start === undefined || end === undefined) return undefined;
  const isClear = isShownOnce(from, zone) && isShownOnce(to, zone) && wallClockOf(start, zone) === from;
  const slack = inner.slack + (isClear ? 0 : 86_400);
  // The function's values are the starts of its units.
  return {
    start: start - slack,
    end: end + slack,
    above: end - slack,
    below: (wall === from ? start : end) + slack,
  };
}

function around(seconds: number, slack: number): Span {
  const [start, end] = [Math.floor(seconds) - slack, Math.floor(seconds) + 1 + slack];
  return { start, end, above: start, below: end };
}

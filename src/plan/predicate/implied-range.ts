import type { ComparisonOperator, Expression } from "../../syntax/expression.js";
import { parseInterval } from "../../value/interval.js";
import { instantOf } from "../../value/time-zone.js";
import type { CalendarUnit } from "./calendar.js";
import { calendarUnit, daysBeginning } from "./calendar.js";
import { foldConstant, timeOfText, wallTimeOf } from "./constant.js";
import { elapsedSubject } from "./elapsed-time.js";
import { flipped } from "./flipped.js";
import type { Predicate } from "./predicate.js";
import type { PredicateContext } from "./predicate-context.js";
import type { TimeColumn, TimeSubject } from "./time-span.js";
import { around, daySlack, spanAround, timeColumn, zoneSlackSeconds } from "./time-span.js";

/** A statement is thought to have ended by then: what it reads of the clock is not later. */
const clockSlackSeconds = 86_400;
/**
 * `Created::DATE = '2026-10-20'` -> also `Created >= '2026-10-20 00:00' AND Created < '2026-10-21 00:00'`, and the same of
 * `date_trunc`, `year`, `epoch`, `strftime`, `Created + INTERVAL …`, and of an upper bound that goes by the clock. Nothing
 * is lost: each of these functions keeps the order of times, so that its value bounds them; the condition itself is
 * still to be applied.
 */
export function impliedRange(expression: Expression, context: PredicateContext): readonly Predicate[] {
  if (expression.kind === "in" && !expression.negated) return rangeOfAll(expression, context);
  if (expression.kind === "like") return rangeOfPattern(expression, context);
  if (expression.kind !== "comparison") return [];
  const { operator, left, right } = expression;
  const subject = timeSubject(left, context);
  if (subject !== undefined) return boundsOf(subject, { operator, constant: right }, context);
  const other = timeSubject(right, context);
  return other === undefined ? [] : boundsOf(other, { operator: flipped[operator], constant: left }, context);
}

/** `Created::VARCHAR LIKE '2026-10-2%'`: the days whose texts begin so. */
function rangeOfPattern(
  { operand, pattern, negated }: Extract<Expression, { kind: "like" }>,
  context: PredicateContext,
): readonly Predicate[] {
  const isText = operand.kind === "cast" && /^(VARCHAR|TEXT|STRING)$/.test(operand.type);
  const inner = isText && !negated ? timeColumn(withoutDate(operand.operand), context) : undefined;
  const value = foldConstant(pattern, context);
  if (inner === undefined || value?.type !== "string") return [];
  const days = daysBeginning(value.value);
  const [first, last] = [days?.first, days?.last].map((wall) =>
    spanAround(wall, { unit: "day", inner, zone: context.zone }),
  );
  if (first === undefined || last === undefined) return [];
  return [bound(inner.column, ">=", first.start), bound(inner.column, "<", last.end)];
}

const withoutDate = (expression: Expression): Expression =>
  expression.kind === "cast" && expression.type === "DATE" ? expression.operand : expression;

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
  { column, spanOf, falls }: TimeSubject,
  { operator: given, constant }: Comparison,
  context: PredicateContext,
): readonly Predicate[] {
  const operator = falls ? flipped[given] : given;
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
    isNullable: context.isNullable,
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
      return shiftedSubject(expression, context) ?? elapsedSubject(expression, context);
    case "call":
      return callSubject(expression, context) ?? elapsedSubject(expression, context);
    default:
      return undefined;
  }
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
  return {
    column: inner.column,
    spanOf: (constant, at) => {
      const wall = wallTimeOf(constant, at);
      const instant = wall === undefined ? undefined : instantOf(wall, at.zone);
      if (instant === undefined || !Number.isFinite(instant)) return undefined;
      return around(instant - shift, inner.slack + (interval.days === 0 ? 0 : daySlack(at)));
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
  if (name === "epoch") return ofEpoch(inner, 1);
  return name === "epoch_ms" ? ofEpoch(inner, 1000) : undefined;
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
      return wanted === "year" ? ofYear(inner) : wanted === "epoch" ? ofEpoch(inner, 1) : undefined;
    case "strftime": {
      const unit = unitsOfFormats[text];
      return unit && ofFormat(inner, unit);
    }
    case "to_char": {
      const unit = unitsOfCharFormats[wanted];
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

/** PostgreSQL's, in whichever case. */
const unitsOfCharFormats: typeof unitsOfFormats = {
  yyyy: { unit: "year", rest: "-01-01" },
  "yyyy-mm": { unit: "month", rest: "-01" },
  "yyyy-mm-dd": { unit: "day", rest: "" },
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

function ofEpoch({ column, isWall, slack: given }: TimeColumn, perSecond: number): TimeSubject {
  const slack = given + (isWall ? zoneSlackSeconds : 0);
  return {
    column,
    spanOf: (constant, at) => {
      const value = foldConstant(constant, at);
      if (value?.type !== "number") return undefined;
      return around(value.value / perSecond, slack);
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

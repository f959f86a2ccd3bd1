import type { Expression } from "../../syntax/expression.js";
import { parseInterval } from "../../value/interval.js";
import { instantOf } from "../../value/time-zone.js";
import type { CalendarUnit } from "./calendar.js";
import { calendarUnit, unitsAway } from "./calendar.js";
import { foldConstant, wallTimeOf } from "./constant.js";
import type { PredicateContext } from "./predicate-context.js";
import type { TimeColumn, TimeSubject } from "./time-span.js";
import { around, daySlack, spanAround, timeColumn } from "./time-span.js";

/**
 * How long a time is past, or ahead: `now() - Created`, `age(Created)`, `current_date - Created::DATE`, `date_diff('day',
 * Created, now())`, and the same the other way round. What is longer past is earlier.
 */
export function elapsedSubject(expression: Expression, context: PredicateContext): TimeSubject | undefined {
  if (expression.kind === "arithmetic") return differenceSubject(expression, context);
  if (expression.kind !== "call" || expression.window || expression.distinct) return undefined;
  const [first, second, third, another] = expression.arguments;
  if (another !== undefined || first === undefined) return undefined;
  if (expression.name === "age") return third === undefined ? ageSubject(first, second, context) : undefined;
  if (!differences.has(expression.name) || second === undefined || third === undefined) return undefined;
  const name = foldConstant(first, context);
  const unit = name?.type === "string" ? calendarUnit(name.value.toLowerCase()) : undefined;
  // By which day a week begins there, is the local engine's.
  return unit === undefined || unit === "week" ? undefined : unitsSubject(unit, [second, third], context);
}

const differences: ReadonlySet<string> = new Set(["date_diff", "datediff"]);

function differenceSubject(
  { operator, left, right }: Extract<Expression, { kind: "arithmetic" }>,
  context: PredicateContext,
): TimeSubject | undefined {
  if (operator !== "-") return undefined;
  if (isDate(left) || isDate(right)) return unitsSubject("day", [right, left], context);
  const past = timeColumn(right, context);
  if (past !== undefined) return durationSubject(past, left);
  const ahead = timeColumn(left, context);
  return ahead && aheadSubject(ahead, right);
}

const isDate = (expression: Expression): boolean => expression.kind === "cast" && expression.type === "DATE";

/** `date_diff(unit, from, until)`: how many times a unit began in between. */
function unitsSubject(
  unit: CalendarUnit,
  [from, until]: readonly [Expression, Expression],
  context: PredicateContext,
): TimeSubject | undefined {
  const past = timeColumn(withoutDate(from), context);
  const inner = past ?? timeColumn(withoutDate(until), context);
  if (inner === undefined) return undefined;
  const [other, sign] = past === undefined ? [from, 1] : [until, -1];
  return {
    column: inner.column,
    ...(past === undefined ? {} : { falls: true as const }),
    spanOf: (constant, at) => {
      const count = foldConstant(constant, at);
      const wall = wallTimeOf(other, at);
      if (count?.type !== "number" || !Number.isSafeInteger(count.value) || Math.abs(count.value) > 1e5)
        return undefined;
      return wall === undefined
        ? undefined
        : spanAround(unitsAway(unit, wall, sign * count.value), { unit, inner, zone: at.zone });
    },
  };
}

const withoutDate = (expression: Expression): Expression =>
  expression.kind === "cast" && expression.type === "DATE" ? expression.operand : expression;

/** `now() - Created`: in days, as the zone's clocks count them, and what is left of one. */
function durationSubject({ column, slack }: TimeColumn, until: Expression): TimeSubject {
  return {
    column,
    falls: true,
    spanOf: (constant, at) => {
      const [end, length] = [instantAt(until, at), lengthOf(constant)];
      return end === undefined || length === undefined ? undefined : around(end - length, slack + daySlack(at));
    },
  };
}

/** `Created - TIMESTAMPTZ '…'`. */
function aheadSubject({ column, slack }: TimeColumn, from: Expression): TimeSubject {
  return {
    column,
    spanOf: (constant, at) => {
      const [start, length] = [instantAt(from, at), lengthOf(constant)];
      return start === undefined || length === undefined ? undefined : around(start + length, slack + daySlack(at));
    },
  };
}

/** What no month is shorter than: an age of a month or more counts months, of thirty days each where it is compared. */
const longestAge = 28 * 86_400;

/** `age(Created)` counts from the day's begin, `age(now(), Created)` from the time. */
function ageSubject(
  first: Expression,
  second: Expression | undefined,
  context: PredicateContext,
): TimeSubject | undefined {
  const inner = timeColumn(second ?? first, context);
  if (inner === undefined) return undefined;
  const today: Expression = { kind: "call", name: "current_date", arguments: [], distinct: false, window: false };
  const { column, spanOf } = durationSubject(inner, second === undefined ? today : first);
  return {
    column,
    falls: true,
    spanOf: (constant, at) => {
      const length = lengthOf(constant);
      return length === undefined || length < 0 || length > longestAge ? undefined : spanOf(constant, at);
    },
  };
}

function instantAt(expression: Expression, context: PredicateContext): number | undefined {
  const wall = wallTimeOf(expression, context);
  const instant = wall === undefined ? undefined : instantOf(wall, context.zone);
  return instant !== undefined && Number.isFinite(instant) ? instant : undefined;
}

/** In seconds, a day of 24 hours; undefined for what has months. */
function lengthOf(constant: Expression): number | undefined {
  const interval = constant.kind === "interval" ? parseInterval(constant.text) : undefined;
  return interval && interval.days * 86_400 + interval.seconds;
}

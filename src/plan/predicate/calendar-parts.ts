import type { ComparisonOperator, Expression } from "../../syntax/expression.js";
import { foldConstant } from "./constant.js";
import { flipped } from "./flipped.js";
import type { Predicate } from "./predicate.js";
import type { PredicateContext } from "./predicate-context.js";
import { spanAround, timeColumn } from "./time-span.js";

/** What a condition allows of a part of a column's times: `month(Created) IN (9, 10)`. */
export interface CalendarPart {
  readonly column: string;
  readonly part: Part;
  readonly allowed: readonly number[];
  readonly slack: number;
}

type Part = "year" | "quarter" | "month" | "day";

/** Undefined for a condition on anything else. */
export function calendarPart(expression: Expression, context: PredicateContext): CalendarPart | undefined {
  switch (expression.kind) {
    case "comparison": {
      const { left, right, operator } = expression;
      return (
        partWhere(left, { operator, constants: [right] }, context) ??
        partWhere(right, { operator: flipped[operator], constants: [left] }, context)
      );
    }
    case "in":
      return expression.negated
        ? undefined
        : partWhere(expression.operand, { operator: "=", constants: expression.items }, context);
    case "between": {
      const { operand, low, high, negated } = expression;
      const from = negated ? undefined : partWhere(operand, { operator: ">=", constants: [low] }, context);
      const until = from && partWhere(operand, { operator: "<=", constants: [high] }, context);
      return until && { ...until, allowed: until.allowed.filter((value) => from?.allowed.includes(value)) };
    }
    default:
      return undefined;
  }
}

/**
 * `year(Created) = 2026 AND month(Created) = 10` -> also `Created >= '2026-10-01' AND Created < '2026-11-01'`. Nothing is lost:
 * a time in one of the years, and in one of the months, is no earlier than the first of these months of the first year,
 * nor later than the last of the last. Without a year, a month says nothing of a time.
 */
export function rangeOfParts(parts: readonly CalendarPart[], context: PredicateContext): readonly Predicate[] {
  const columns = [...new Set(parts.map(({ column }) => column))];
  return columns.flatMap((column) =>
    rangeOf(
      parts.filter((part) => part.column === column),
      context,
    ),
  );
}

function rangeOf(parts: readonly CalendarPart[], context: PredicateContext): readonly Predicate[] {
  const [first] = parts;
  const years = allowedOf(parts, "year");
  if (first === undefined || years === undefined || parts.length < 2) return [];
  const quarters = allowedOf(parts, "quarter");
  const given = allowedOf(parts, "month") ?? allMonths;
  const months = given.filter((month) => quarters === undefined || quarters.includes(Math.ceil(month / 3)));
  const [startYear, endYear, startMonth, endMonth] = [
    Math.min(...years),
    Math.max(...years),
    Math.min(...months),
    Math.max(...months),
  ];
  if (![startYear, endYear, startMonth, endMonth].every(Number.isFinite)) return [];
  const days = allowedOf(parts, "day") ?? [];
  const isOneMonth = startYear === endYear && startMonth === endMonth && days.length > 0;
  const inner = { column: first.column, slack: Math.max(...parts.map(({ slack }) => slack)) };
  const [startDay, endDay] = isOneMonth ? [Math.min(...days), Math.max(...days)] : [1, 31];
  const last = Math.min(Date.UTC(endYear, endMonth - 1, endDay), Date.UTC(endYear, endMonth, 0)) / 1000;
  const [start, end] = [Date.UTC(startYear, startMonth - 1, startDay) / 1000, last].map((wall) =>
    spanAround(wall, { unit: "day", inner, zone: context.zone }),
  );
  if (start === undefined || end === undefined) return [];
  return [
    {
      kind: "compare",
      column: inner.column,
      operator: ">=",
      value: { type: "timestamp", seconds: start.start, clock: false },
    },
    {
      kind: "compare",
      column: inner.column,
      operator: "<",
      value: { type: "timestamp", seconds: end.end, clock: false },
    },
  ];
}

/** What all conditions on a part allow of it; undefined where there is none. */
function allowedOf(parts: readonly CalendarPart[], wanted: Part): readonly number[] | undefined {
  const [first, ...others] = parts.filter(({ part }) => part === wanted);
  return first?.allowed.filter((value) => others.every(({ allowed }) => allowed.includes(value)));
}

const numbersTo = (most: number): readonly number[] => Array.from({ length: most }, (_, index) => index + 1);
const allMonths = numbersTo(12);
const valuesOf: Readonly<Record<Exclude<Part, "year">, readonly number[]>> = {
  quarter: numbersTo(4),
  month: allMonths,
  day: numbersTo(31),
};

const partNames: ReadonlyMap<string, Part> = new Map([
  ["year", "year"],
  ["quarter", "quarter"],
  ["month", "month"],
  ["day", "day"],
  ["dayofmonth", "day"],
]);

const partFunctions: ReadonlySet<string> = new Set(["date_part", "datepart", "extract"]);

interface Wanted {
  readonly operator: ComparisonOperator;
  readonly constants: readonly Expression[];
}

function partWhere(
  subject: Expression,
  { operator, constants }: Wanted,
  context: PredicateContext,
): CalendarPart | undefined {
  const named = partNamed(subject, context);
  if (named === undefined) return undefined;
  const values = constants.flatMap((constant) => {
    const value = foldConstant(constant, context);
    return value?.type === "number" && Number.isInteger(value.value) ? [value.value] : [];
  });
  if (values.length < constants.length) return undefined;
  const { part, operand } = named;
  const inner = timeColumn(operand, context);
  const [value = 0] = values;
  const isYear = part === "year";
  if (inner === undefined || (isYear && (operator !== "=" || values.some((year) => year < 1000 || year > 9999))))
    return undefined;
  const allowed =
    part === "year" || operator === "=" ? values : valuesOf[part].filter((one) => comparisons[operator](one, value));
  return { ...inner, part, allowed };
}

const comparisons: Readonly<Record<ComparisonOperator, (left: number, right: number) => boolean>> = {
  "=": (left, right) => left === right,
  "<>": (left, right) => left !== right,
  "<": (left, right) => left < right,
  "<=": (left, right) => left <= right,
  ">": (left, right) => left > right,
  ">=": (left, right) => left >= right,
};

function partNamed(
  subject: Expression,
  context: PredicateContext,
): { readonly part: Part; readonly operand: Expression } | undefined {
  if (subject.kind !== "call" || subject.window || subject.distinct) return undefined;
  const [first, second, another] = subject.arguments;
  if (first === undefined || another !== undefined) return undefined;
  const isNamed = partFunctions.has(subject.name) && second !== undefined;
  const name = isNamed ? foldConstant(first, context) : undefined;
  const part = partNames.get(isNamed ? (name?.type === "string" ? name.value.toLowerCase() : "") : subject.name);
  const operand = isNamed ? second : second === undefined ? first : undefined;
  return part === undefined || operand === undefined ? undefined : { part, operand };
}

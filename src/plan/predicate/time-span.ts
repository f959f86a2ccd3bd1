import type { Expression } from "../../syntax/expression.js";
import type { TimeZone } from "../../value/time-zone.js";
import { instantOf, isShownOnce, wallClockOf } from "../../value/time-zone.js";
import type { CalendarUnit } from "./calendar.js";
import { nextOf, startOf } from "./calendar.js";
import type { PredicateContext } from "./predicate-context.js";

/** Zones are no further apart. */
export const zoneSlackSeconds = 172_800;

/** The times for which a function of a column has a value: from `start` on, before `end`. */
export interface Span {
  readonly start: number;
  readonly end: number;
  /** Where those begin for which it has a larger value; the same as `start` where that is not known. */
  readonly above: number;
  /** Where those end for which it has a smaller one; the same as `end` where that is not known. */
  readonly below: number;
}

/** An expression that keeps the order of a column's times, or turns it. */
export interface TimeSubject {
  readonly column: string;
  /** True where later times have smaller values. */
  readonly falls?: true;
  /** The column's times for which it has the constant's value, or the value just below; of one that falls, just above. */
  readonly spanOf: (constant: Expression, context: PredicateContext) => Span | undefined;
}

export interface TimeColumn {
  readonly column: string;
  /** How far what is read may be off the column's own times. */
  readonly slack: number;
  /** True where it is what the zone's clocks show: its seconds are counted as if they were in UTC. */
  readonly isWall?: true;
}

/** The column itself, or what a zone's clocks show at its times. */
export function timeColumn(expression: Expression, context: PredicateContext): TimeColumn | undefined {
  if (expression.kind === "call" && expression.name === "timezone" && expression.arguments.length === 2) {
    const inner = expression.arguments[1];
    const column = inner && timeColumn(inner, context);
    return column && { ...column, slack: zoneSlackSeconds };
  }
  if (expression.kind === "cast" && /^TIMESTAMP/.test(expression.type)) {
    const column = timeColumn(expression.operand, context);
    const isInstant = /^(TIMESTAMPTZ|TIMESTAMP WITH TIME ZONE)/.test(expression.type);
    return column && !isInstant ? { ...column, isWall: true } : column;
  }
  if (expression.kind !== "column") return undefined;
  const column = context.resolve(expression);
  return column !== undefined && context.typeOf(column) === "TIMESTAMPTZ" ? { column, slack: 0 } : undefined;
}

export interface UnitOf {
  readonly unit: CalendarUnit;
  readonly inner: TimeColumn;
  readonly zone: TimeZone;
}

/** Of a function whose values are the starts of calendar units. */
export function spanAround(wall: number | undefined, { unit, inner, zone }: UnitOf): Span | undefined {
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

/** Of a function whose values are times themselves. */
export function around(seconds: number, slack: number): Span {
  const [start, end] = [Math.floor(seconds) - slack, Math.floor(seconds) + 1 + slack];
  return { start, end, above: start, below: end };
}

/** How far what a zone's clocks show may have moved between two days of the same hour. */
export const daySlack = ({ zone }: PredicateContext): number => (zone.name === "UTC" ? 0 : 7_200);

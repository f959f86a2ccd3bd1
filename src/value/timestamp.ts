import type { TimeZone } from "./time-zone.js";
import { instantOf, utc, wallClockOf } from "./time-zone.js";

/**
 * Timestamps of a statement, in seconds since the Unix epoch (fractions kept).
 * Only forms that DuckDB reads the same way are read here; for anything else the answer is undefined, and the
 * comparison is left to DuckDB. What names no zone is a time of `zone`.
 */
const isoTimestamp =
  /^ *(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ](\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,6}))?(Z|[+-]\d{2}(?::?\d{2})?)? *)?)?$/;

export function parseTimestampSeconds(text: string, zone: TimeZone = utc): number | undefined {
  const match = isoTimestamp.exec(text);
  if (match === null) return undefined;
  const [, year, month, day, hour = "0", minute = "0", second = "0", fraction = "0", offset] = match;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined;
  const midnight = startOfDay(Number(year), Number(month), Number(day));
  if (midnight === undefined) return undefined;
  const wall = midnight + Number(hour) * 3600 + Number(minute) * 60 + Number(second);
  const whole = offset === undefined ? instantOf(wall, zone) : wall - zoneOffsetSeconds(offset);
  return whole === undefined ? undefined : whole + Number(`0.${fraction}`);
}

/** A text's time by a clock, as PostgreSQL has it. */
export interface TimeReading {
  /** Seconds since the Unix epoch. */
  readonly nowSeconds: number;
  readonly zone: TimeZone;
}

const dayWord = /^\s*(today|yesterday|tomorrow)\s*$/i;
const daysFromToday: Readonly<Record<string, number>> = { yesterday: -1, today: 0, tomorrow: 1 };

/** The same as `parseTimestampSeconds`, infinite for 'infinity' and '-infinity', and for a time word by the clock. */
export function readTime(text: string, reading: TimeReading): number | undefined {
  if (/^infinity$/i.test(text)) return Number.POSITIVE_INFINITY;
  if (/^-infinity$/i.test(text)) return Number.NEGATIVE_INFINITY;
  return isTimeWord(text) ? timeOfWord(text, reading) : parseTimestampSeconds(text, reading.zone);
}

/** PostgreSQL's words for a time that depends on the clock: those that the local engine does not know. */
export function isTimeWord(text: string): boolean {
  return dayWord.test(text) || /^\s*now\s*$/i.test(text);
}

/** Source: https://www.postgresql.org/docs/current/datatype-datetime.html#DATATYPE-DATETIME-SPECIAL-VALUES */
function timeOfWord(text: string, { nowSeconds, zone }: TimeReading): number | undefined {
  const day = dayWord.exec(text)?.[1]?.toLowerCase();
  if (day === undefined) return nowSeconds;
  const wall = wallClockOf(nowSeconds, zone);
  if (wall === undefined) return undefined;
  return instantOf(Math.floor(wall / 86_400) * 86_400 + (daysFromToday[day] ?? 0) * 86_400, zone);
}

/** Undefined for a day that the calendar lacks, and for the years that Date takes for those of 1900 on. */
function startOfDay(year: number, month: number, day: number): number | undefined {
  const date = new Date(Date.UTC(year, month - 1, day));
  const isReal = date.getUTCFullYear() === year && date.getUTCMonth() + 1 === month && date.getUTCDate() === day;
  return isReal ? date.getTime() / 1000 : undefined;
}

function zoneOffsetSeconds(zone: string): number {
  if (zone === "Z") return 0;
  const sign = zone.startsWith("-") ? -1 : 1;
  const digits = zone.slice(1).replace(":", "").padEnd(4, "0");
  return sign * (Number(digits.slice(0, 2)) * 3600 + Number(digits.slice(2)) * 60);
}

/** True for a text that no reading of a timestamp could accept; the words for times are not among them. */
export function cannotBeTimestamp(text: string): boolean {
  return !/^\s*[+-]?\d/.test(text) && !/^\s*[+-]?(epoch|infinity|now|today|yesterday|tomorrow)\s*$/i.test(text);
}

/**
 * Timestamps of a statement, in seconds since the Unix epoch (fractions kept).
 * Only forms that DuckDB reads the same way in UTC are read here; for anything else the answer is
 * undefined, and the comparison is left to DuckDB.
 */
const isoTimestamp =
  /^ *(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ](\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,6}))?(Z|[+-]\d{2}(?::?\d{2})?)? *)?)?$/;

export function parseTimestampSeconds(text: string): number | undefined {
  const match = isoTimestamp.exec(text);
  if (match === null) return undefined;
  const [, year, month, day, hour = "0", minute = "0", second = "0", fraction = "0", zone = "Z"] = match;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined;
  const midnight = startOfDay(Number(year), Number(month), Number(day));
  if (midnight === undefined) return undefined;
  const time = Number(hour) * 3600 + Number(minute) * 60 + Number(second);
  return midnight + time + Number(`0.${fraction}`) - zoneOffsetSeconds(zone);
}

/** The same, and infinite for 'infinity' and '-infinity'. */
export function parseTimestampBound(text: string): number | undefined {
  if (/^infinity$/i.test(text)) return Number.POSITIVE_INFINITY;
  return /^-infinity$/i.test(text) ? Number.NEGATIVE_INFINITY : parseTimestampSeconds(text);
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

/** True for a text that no reading of a timestamp could accept; DuckDB's special words are not among them. */
export function cannotBeTimestamp(text: string): boolean {
  return !/^\s*[+-]?\d/.test(text) && !/^\s*[+-]?(epoch|infinity|now|today|yesterday|tomorrow)\s*$/i.test(text);
}

/**
 * Timestamps of a statement, in seconds since the Unix epoch (fractions kept).
 * Only forms that DuckDB reads the same way in UTC are read here; for anything else the answer is
 * undefined, and the comparison is left to DuckDB.
 */
const isoTimestamp =
  /^\s*(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ](\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,6}))?)?\s*(Z|[+-]\d{2}(?::?\d{2})?)?)?\s*$/;

export function parseTimestampSeconds(text: string): number | undefined {
  const match = isoTimestamp.exec(text);
  if (match === null) return undefined;
  const [, year, month, day, hour = "0", minute = "0", second = "0", fraction = "", zone = "Z"] = match;
  const milliseconds = Date.UTC(
    Number(year),
    Number(month) - 1,
    Number(day),
    Number(hour),
    Number(minute),
    Number(second),
  );
  if (
    !isRealDate(milliseconds, Number(month), Number(day)) ||
    Number(hour) > 23 ||
    Number(minute) > 59 ||
    Number(second) > 59
  ) {
    return undefined;
  }
  return milliseconds / 1000 + Number(`0.${fraction || "0"}`) - zoneOffsetSeconds(zone);
}

function isRealDate(milliseconds: number, month: number, day: number): boolean {
  const date = new Date(milliseconds);
  return date.getUTCMonth() + 1 === month && date.getUTCDate() === day;
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

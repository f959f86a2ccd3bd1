/** Units into which a calendar parts time; a week begins on Monday, as ISO 8601 has it. */
export type CalendarUnit = "hour" | "day" | "week" | "month" | "quarter" | "year";

const units: ReadonlySet<string> = new Set(["hour", "day", "week", "month", "quarter", "year"]);

export function calendarUnit(name: string): CalendarUnit | undefined {
  return units.has(name) ? (name as CalendarUnit) : undefined;
}

/** The start of the unit that a time falls into; times are in seconds as the clocks show them, as if in UTC. */
export function startOf(unit: CalendarUnit, seconds: number): number {
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
  }
}

const longestSeconds: Readonly<Record<CalendarUnit, number>> = {
  hour: 3600,
  day: 86_400,
  week: 7 * 86_400,
  month: 31 * 86_400,
  quarter: 92 * 86_400,
  year: 366 * 86_400,
};

/** The start of the next. */
export function nextOf(unit: CalendarUnit, seconds: number): number {
  const start = startOf(unit, seconds);
  const later = startOf(unit, start + longestSeconds[unit]);
  return later > start ? later : startOf(unit, start + 2 * longestSeconds[unit]);
}

/** The start of the unit that is so many away. */
export function unitsAway(unit: CalendarUnit, seconds: number, count: number): number {
  const start = startOf(unit, seconds);
  if (!Number.isFinite(start)) return start;
  const date = new Date(start * 1000);
  switch (unit) {
    case "hour":
      return start + count * 3600;
    case "day":
      return start + count * 86_400;
    case "week":
      return start + count * 7 * 86_400;
    case "month":
      return date.setUTCMonth(date.getUTCMonth() + count) / 1000;
    case "quarter":
      return date.setUTCMonth(date.getUTCMonth() + 3 * count) / 1000;
    case "year":
      return date.setUTCFullYear(date.getUTCFullYear() + count) / 1000;
  }
}

/**
 * The first and the last day, by their starts, whose texts begin as a pattern of LIKE does, up to its first wildcard:
 * "2026%", "2026-1%", "2026-10-2%". Undefined where the year is not whole.
 */
export function daysBeginning(pattern: string): { readonly first: number; readonly last: number } | undefined {
  const [begin = ""] = pattern.split(/[%_]/);
  const [, year, month = "", day = ""] = /^(\d{4})(?:-(\d{0,2})(?:-(\d{0,2}).*)?)?$/.exec(begin) ?? [];
  if (year === undefined) return undefined;
  const months = numbersBeginning(month, 12);
  const days = numbersBeginning(day, 31);
  const [firstMonth, lastMonth] = [months[0], months.at(-1)];
  const [firstDay, lastDay] = [days[0], days.at(-1)];
  if (firstMonth === undefined || lastMonth === undefined || firstDay === undefined || lastDay === undefined)
    return undefined;
  return {
    first: Date.UTC(Number(year), firstMonth - 1, firstDay) / 1000,
    last: lastOf(Number(year), lastMonth, lastDay),
  };
}

/** The day of a month, or its last where that has not so many. */
const lastOf = (year: number, month: number, day: number): number =>
  Math.min(Date.UTC(year, month - 1, day), Date.UTC(year, month, 0)) / 1000;

const numbersBeginning = (digits: string, most: number): readonly number[] =>
  Array.from({ length: most }, (_, index) => index + 1).filter((one) =>
    String(one).padStart(2, "0").startsWith(digits),
  );

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

/** A day of the Gregorian calendar, before its beginning too; year 0 is 1 BC. */
export interface CivilDate {
  readonly year: number;
  /** From 1 on. */
  readonly month: number;
  readonly day: number;
}

const daysOfEra = 146_097;

/** The day that is so many days after 1970-01-01. Source: https://howardhinnant.github.io/date_algorithms.html */
export function dateOfDays(days: number): CivilDate {
  const shifted = days + 719_468;
  const era = Math.floor(shifted / daysOfEra);
  const dayOfEra = shifted - era * daysOfEra;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const monthFromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
  const day = dayOfYear - Math.floor((153 * monthFromMarch + 2) / 5) + 1;
  return { year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day };
}

/** Days from 1970-01-01 on: the reverse of `dateOfDays`. */
export function daysOfDate({ year, month, day }: CivilDate): number {
  const shifted = month <= 2 ? year - 1 : year;
  const era = Math.floor(shifted / 400);
  const yearOfEra = shifted - era * 400;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * daysOfEra + dayOfEra - 719_468;
}

/** "2026-01-31"; the era stands at the end of what holds the day. */
export function dateText({ year, month, day }: CivilDate): string {
  const shown = String(year > 0 ? year : 1 - year).padStart(4, "0");
  return `${shown}-${String(month).padStart(2, "0")}-${String(day).padStart(2, "0")}`;
}

export const eraText = ({ year }: CivilDate): string => (year > 0 ? "" : " BC");

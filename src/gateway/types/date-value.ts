import { SqlState } from "../../error/sql-state.js";
import { dateOfDays, dateText, daysOfDate, eraText } from "./civil-date.js";
import { invalidSyntax, valueError } from "./value-error.js";

/** Days between 1970-01-01 and 2000-01-01, from where PostgreSQL counts. */
const postgresEpoch = 10_957;
const infinity = 2 ** 31 - 1;
/** 4714-11-24 BC and 5874898-01-01, from 1970 on: what PostgreSQL's dates reach. */
const earliest = -2_440_588;
const end = 2_145_042_906;

/** PostgreSQL's days since 2000-01-01 of a date as the local engine prints it: "2026-01-31", "0044-03-15 (BC)", "infinity". */
export function encodeDate(text: string): number {
  if (text === "infinity") return infinity;
  if (text === "-infinity") return -infinity - 1;
  const [, year, month, day, era] = /^(\d{4,})-(\d\d)-(\d\d)( \(BC\))?$/.exec(text) ?? [];
  if (year === undefined) throw invalidSyntax("date", text);
  const ofEra = Number(year);
  const days = daysOfDate({ year: era === undefined ? ofEra : 1 - ofEra, month: Number(month), day: Number(day) });
  return inRange(days, text) - postgresEpoch;
}

/** The text that PostgreSQL prints under DateStyle ISO of its days since 2000-01-01. */
export function dateValueText(value: number): string {
  if (value === infinity) return "infinity";
  if (value === -infinity - 1) return "-infinity";
  const date = dateOfDays(inRange(value + postgresEpoch, String(value)));
  return `${dateText(date)}${eraText(date)}`;
}

function inRange(days: number, text: string): number {
  if (days < earliest || days >= end) {
    throw valueError(`date out of range: "${text}"`, SqlState.datetimeFieldOverflow);
  }
  return days;
}

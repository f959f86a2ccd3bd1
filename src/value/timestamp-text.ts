import type { ScalarKind } from "./data-type.js";
import type { TimeZone } from "./time-zone.js";
import { utc } from "./time-zone.js";

/** How a time is written: "2026-01-31 13:00:00.5+00" as PostgreSQL and DuckDB do, "2026-01-31T13:00:00.500Z" by ISO 8601. */
export type TimeStyle = "sql" | "iso";

export interface TimeFormat {
  readonly style: TimeStyle;
  /** Of TIMESTAMPTZ. */
  readonly zone: TimeZone;
}

const sqlInUtc: TimeFormat = { style: "sql", zone: utc };
const infinity = 2n ** 63n - 1n;
const secondsIn400Years = 12_622_780_800n;

/** A timestamp's text, with the zone's offset behind where its type has a zone; infinity is a word in both styles. */
export function timestampText(kind: ScalarKind, units: bigint, { style, zone }: TimeFormat = sqlInUtc): string {
  if (units === infinity || units === -infinity) return units > 0n ? "infinity" : "-infinity";
  const digits = fractionDigits(kind);
  const [seconds, fraction] = floorDivide(units, 10n ** BigInt(digits));
  const offset = kind === "TIMESTAMPTZ" ? zone.offsetSeconds(Number(seconds)) : undefined;
  const { year, rest } = calendar(seconds + BigInt(offset ?? 0));
  const time = style === "iso" ? `${isoYear(year)}${rest}` : sqlTime(year, rest.replace("T", " "));
  return `${time}${fractionText(fraction, digits, style)}${offset === undefined ? "" : offsetText(offset, style)}`;
}

const sqlText = /^(\d+)(-\d\d-\d\d)( \(BC\))? (\d\d:\d\d:\d\d)(?:\.(\d+))?([+-].+)?$/;

/** The text by ISO 8601 of one that `timestampText` has written in the style "sql". */
export function isoTimestampText(text: string): string {
  const [, year, date, beforeChrist, clock, fraction, offset] = sqlText.exec(text) ?? [];
  if (year === undefined) return text;
  const isoDate = `${isoYear(beforeChrist === undefined ? Number(year) : 1 - Number(year))}${date}`;
  return `${isoDate}T${clock}${fraction === undefined ? "" : isoFraction(fraction)}${isoOffset(offset ?? "")}`;
}

function isoOffset(offset: string): string {
  if (offset === "+00") return "Z";
  return offset.length === 3 ? `${offset}:00` : offset;
}

/** The calendar repeats every 400 years, and no Date goes as far as a timestamp. */
function calendar(seconds: bigint): { readonly year: number; readonly rest: string } {
  const [cycles, secondsOfCycle] = floorDivide(seconds, secondsIn400Years);
  const date = new Date(Number(secondsOfCycle) * 1000);
  return { year: date.getUTCFullYear() + Number(cycles) * 400, rest: date.toISOString().slice(4, 19) };
}

function sqlTime(year: number, rest: string): string {
  if (year > 0) return `${String(year).padStart(4, "0")}${rest}`;
  return `${String(1 - year).padStart(4, "0")}${rest.replace(" ", " (BC) ")}`;
}

function isoYear(year: number): string {
  if (year >= 0 && year <= 9999) return String(year).padStart(4, "0");
  return `${year < 0 ? "-" : "+"}${String(Math.abs(year)).padStart(6, "0")}`;
}

function fractionText(fraction: bigint, digits: number, style: TimeStyle): string {
  if (fraction === 0n) return "";
  const shortest = fraction.toString().padStart(digits, "0").replace(/0+$/, "");
  return style === "sql" ? `.${shortest}` : isoFraction(shortest);
}

/** ISO 8601 has three digits where they are enough, as a Date prints it. */
function isoFraction(shortest: string): string {
  return `.${shortest.padEnd(shortest.length > 6 ? 9 : shortest.length > 3 ? 6 : 3, "0")}`;
}

function offsetText(offset: number, style: TimeStyle): string {
  if (offset === 0) return style === "iso" ? "Z" : "+00";
  const size = Math.abs(offset);
  const [hours, minutes, seconds] = [Math.floor(size / 3600), Math.floor(size / 60) % 60, size % 60].map(twoDigits);
  const tail = seconds === "00" ? (minutes === "00" && style === "sql" ? "" : `:${minutes}`) : `:${minutes}:${seconds}`;
  return `${offset < 0 ? "-" : "+"}${hours}${tail}`;
}

const twoDigits = (value: number): string => String(value).padStart(2, "0");

/** Digits of a timestamp's unit: 6 for microseconds. */
function fractionDigits(kind: ScalarKind): number {
  if (kind === "TIMESTAMP_S") return 0;
  if (kind === "TIMESTAMP_MS") return 3;
  return kind === "TIMESTAMP_NS" ? 9 : 6;
}

function floorDivide(value: bigint, divisor: bigint): readonly [bigint, bigint] {
  const remainder = ((value % divisor) + divisor) % divisor;
  return [(value - remainder) / divisor, remainder];
}

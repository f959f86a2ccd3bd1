import { SqlState } from "../../error/sql-state.js";
import type { TimeZone } from "../../value/time-zone.js";
import { dateOfDays, dateText, eraText } from "./civil-date.js";
import { valueError } from "./value-error.js";

/** Microseconds between 1970-01-01 and 2000-01-01, from where PostgreSQL counts. */
const postgresEpoch = 946_684_800_000_000n;
const infinity = 2n ** 63n - 1n;
/** 4714-11-24 BC and 294277-01-01, from 1970 on: what PostgreSQL's timestamps reach. */
const earliest = -210_866_803_200_000_000n;
const end = 9_224_318_016_000_000_000n;

/** Microseconds since 1970-01-01, or plus or minus 2^63 - 1 for infinity, as PostgreSQL's microseconds since 2000-01-01. */
export function encodeTimestamp(microseconds: bigint): bigint {
  if (microseconds === infinity) return infinity;
  if (microseconds === -infinity) return -infinity - 1n;
  return inRange(microseconds) - postgresEpoch;
}

/** The reverse of `encodeTimestamp`. */
export function decodeTimestamp(value: bigint): bigint {
  if (value === infinity) return infinity;
  return value === -infinity - 1n ? -infinity : inRange(value + postgresEpoch);
}

function inRange(microseconds: bigint): bigint {
  if (microseconds < earliest || microseconds >= end) {
    throw valueError("timestamp out of range", SqlState.datetimeFieldOverflow);
  }
  return microseconds;
}

/**
 * "2026-01-31 13:00:00.5+00", as PostgreSQL prints it under DateStyle ISO; without an offset where no zone is given. The
 * time is given in microseconds since 1970-01-01.
 */
export function timestampText(microseconds: number | bigint, zone?: TimeZone): string {
  const [seconds, fraction] = Number.isSafeInteger(microseconds)
    ? secondsOf(Number(microseconds))
    : longSecondsOf(BigInt(microseconds));
  if (fraction === undefined) return seconds > 0 ? "infinity" : "-infinity";
  const offset = zone?.offsetSeconds(seconds) ?? 0;
  const wall = seconds + offset;
  const days = Math.floor(wall / secondsOfDay);
  const date = dateOfDays(days);
  const second = wall - days * secondsOfDay;
  const [hours, minutes] = [Math.floor(second / 3600), Math.floor(second / 60) % 60];
  const time = `${twoDigits(hours)}:${twoDigits(minutes)}:${twoDigits(second % 60)}${fractionText(fraction)}`;
  return `${dateText(date)} ${time}${zone === undefined ? "" : offsetText(offset)}${eraText(date)}`;
}

const secondsOfDay = 86_400;

/** Whole seconds and microseconds; no fraction where the time is infinite. */
type Seconds = readonly [seconds: number, fraction: number | undefined];

/** An exact number of microseconds is within 286 years of 1970, and so within the calendar. */
function secondsOf(microseconds: number): Seconds {
  const seconds = Math.floor(microseconds / 1_000_000);
  return [seconds, microseconds - seconds * 1_000_000];
}

function longSecondsOf(microseconds: bigint): Seconds {
  if (microseconds === infinity || microseconds === -infinity) return [microseconds > 0n ? 1 : -1, undefined];
  const fraction = ((inRange(microseconds) % 1_000_000n) + 1_000_000n) % 1_000_000n;
  return [Number((microseconds - fraction) / 1_000_000n), Number(fraction)];
}

function fractionText(microseconds: number): string {
  return microseconds === 0 ? "" : `.${String(microseconds).padStart(6, "0").replace(/0+$/, "")}`;
}

/** "+00", "+05:30", "-00:44:30". */
function offsetText(offset: number): string {
  const size = Math.abs(offset);
  const [hours = "", minutes = "", seconds = ""] = [Math.floor(size / 3600), Math.floor(size / 60) % 60, size % 60].map(
    twoDigits,
  );
  const tail = seconds !== "00" ? `:${minutes}:${seconds}` : minutes === "00" ? "" : `:${minutes}`;
  return `${offset < 0 ? "-" : "+"}${hours}${tail}`;
}

const twoDigits = (value: number): string => (value < 10 ? `0${value}` : String(value));

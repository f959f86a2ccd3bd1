import type { ScalarKind } from "./data-type.js";

const infinity = 2n ** 63n - 1n;
const secondsIn400Years = 12_622_780_800n;

/** A timestamp as DuckDB writes it in UTC: "2026-01-31 13:00:00.5", with "+00" behind where it has a zone. */
export function timestampText(kind: ScalarKind, units: bigint): string {
  if (units === infinity || units === -infinity) return units > 0n ? "infinity" : "-infinity";
  const digits = fractionDigits(kind);
  const [seconds, fraction] = floorDivide(units, 10n ** BigInt(digits));
  // The calendar repeats every 400 years, and no Date goes as far as a timestamp.
  const [cycles, secondsOfCycle] = floorDivide(seconds, secondsIn400Years);
  const date = new Date(Number(secondsOfCycle) * 1000);
  const time = date.toISOString().slice(4, 19).replace("T", " ");
  const shownFraction = `.${fraction.toString().padStart(digits, "0")}`.replace(/\.?0*$/, "");
  const year = date.getUTCFullYear() + Number(cycles) * 400;
  return `${yearAndTime(year, time)}${shownFraction}${kind === "TIMESTAMPTZ" ? "+00" : ""}`;
}

function yearAndTime(year: number, time: string): string {
  if (year > 0) return `${String(year).padStart(4, "0")}${time}`;
  return `${String(1 - year).padStart(4, "0")}${time.replace(" ", " (BC) ")}`;
}

/** Digits of a timestamp's unit: 6 for microseconds. */
export function fractionDigits(kind: ScalarKind): number {
  if (kind === "TIMESTAMP_S") return 0;
  if (kind === "TIMESTAMP_MS") return 3;
  return kind === "TIMESTAMP_NS" ? 9 : 6;
}

function floorDivide(value: bigint, divisor: bigint): readonly [bigint, bigint] {
  const remainder = ((value % divisor) + divisor) % divisor;
  return [(value - remainder) / divisor, remainder];
}

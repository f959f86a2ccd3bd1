import type { TimePrecision } from "./chart.js";

/** Undefined for what no axis has a place for: NaN and the infinities. */
export function numberOf(text: string): number | undefined {
  const number = Number(text);
  return text.trim() !== "" && Number.isFinite(number) ? number : undefined;
}

const timeText = /^(\d{4,6})-(\d\d)-(\d\d)(?:[ T](\d\d):(\d\d):(\d\d)(?:\.(\d{1,3})\d*)?)?(?!.*BC)/;

/**
 * Milliseconds of a time's text, PostgreSQL's or ISO 8601's, as its own clock has it: "2026-10-01 00:00:00+02" is
 * midnight. Undefined for the infinities and for times before the year 0.
 */
export function timeOf(text: string): number | undefined {
  const found = timeText.exec(text);
  if (found === null) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = found
    .slice(1, 7)
    .map((part) => Number(part ?? 0));
  const time = new Date(0);
  time.setUTCFullYear(year, month - 1, day);
  return time.setUTCHours(hour, minute, second, Number((found[7] ?? "").padEnd(3, "0")));
}

const coarser: readonly (readonly [precision: TimePrecision, begins: (time: Date) => boolean])[] = [
  ["year", (time) => time.getUTCMonth() === 0 && time.getUTCDate() === 1 && isMidnight(time)],
  ["month", (time) => time.getUTCDate() === 1 && isMidnight(time)],
  ["day", isMidnight],
  ["minute", (time) => time.getUTCSeconds() === 0 && time.getUTCMilliseconds() === 0],
];

function isMidnight(time: Date): boolean {
  return time.getTime() % 86_400_000 === 0;
}

/** What all times say: months where each is the begin of one. Of a single one, nobody knows that it is more than a day. */
export function precisionOf(times: Iterable<number>): TimePrecision {
  const dates = [...new Set(times)].map((time) => new Date(time));
  const possible = dates.length > 1 ? coarser : coarser.filter(([precision]) => !/year|month/.test(precision));
  return possible.find(([, begins]) => dates.every(begins))?.[0] ?? "second";
}

const textLength = { year: 4, month: 7, day: 10, minute: 16, second: 19 } as const;

/** "2026", "2026-10", "2026-10-01", "2026-10-01 13:05" or "2026-10-01 13:05:09". */
export function timeLabel(time: number, precision: TimePrecision): string {
  const text = new Date(time).toISOString();
  const extra = text.indexOf("-", 1) - 4;
  return text.slice(0, textLength[precision] + extra).replace("T", " ");
}

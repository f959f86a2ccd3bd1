import type { TimeZone } from "../../src/value/time-zone.js";

/** A time zone by the platform's own tables; its offsets are whole minutes. */
export function intlZone(name: string): TimeZone {
  const format = new Intl.DateTimeFormat("en-US", {
    ...{ timeZone: name, hourCycle: "h23", era: "short", year: "numeric", month: "numeric", day: "numeric" },
    ...{ hour: "numeric", minute: "numeric", second: "numeric" },
  });
  return {
    name,
    covers: () => true,
    offsetSeconds: (epochSeconds) => {
      const parts = format.formatToParts(epochSeconds * 1000);
      const part = (type: string): number => Number(parts.find((one) => one.type === type)?.value);
      const wall = Date.UTC(part("year"), part("month") - 1, part("day"), part("hour"), part("minute"), part("second"));
      return wall / 1000 - epochSeconds;
    },
  };
}

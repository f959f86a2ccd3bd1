import type { TimeZone } from "../../src/value/time-zone.js";

/** A zone as the runtime knows it. */
export function zoneNamed(name: string): TimeZone {
  const parts = new Intl.DateTimeFormat("en-GB", { timeZone: name, dateStyle: "short", timeStyle: "medium" });
  const offsetSeconds = (epochSeconds: number): number => {
    const whole = Math.floor(epochSeconds);
    const [, day, month, year, time] = /^(\d+)\/(\d+)\/(\d+), (.*)$/.exec(parts.format(new Date(whole * 1000))) ?? [];
    return Date.parse(`${year}-${month}-${day}T${time}Z`) / 1000 - whole;
  };
  return { name, offsetSeconds, covers: () => true };
}

import type { Settings } from "../../session/session-settings.js";

/** Settings that say how PostgreSQL prints values, and those of their values by which rows of DuckDB's are printed. */
const printing: ReadonlyMap<string, RegExp> = new Map([
  ["DateStyle", /^ISO\b/],
  ["IntervalStyle", /^postgres$/],
  ["bytea_output", /^hex$/],
  ["extra_float_digits", /^[1-9]/],
]);

/** What is to be told of settings that have no effect on DuckDB's rows. */
export function unusualSettings(settings: Settings): readonly string[] {
  return [...printing].flatMap(([name, usual]) => {
    const value = settings.get(name);
    if (value === undefined || usual.test(value)) return [];
    return [`${name} "${value}" has no effect on rows of DuckDB's, which are printed as by default`];
  });
}

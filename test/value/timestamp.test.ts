import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cannotBeTimestamp, parseTimestampSeconds } from "../../src/value/timestamp.js";
import { openOracle } from "../support/oracle.js";

const oracle = openOracle();

const digits = (from: number, to: number) =>
  fc
    .tuple(fc.integer({ min: from, max: to }), fc.boolean())
    .map(([value, padded]) => (padded ? String(value).padStart(2, "0") : String(value)));
const zone = fc.constantFrom("", "Z", " Z", "+05", "-05", "+0530", "-05:30", "+15", "+5", " UTC");
const seconds = fc
  .tuple(digits(0, 60), fc.constantFrom("", ".5", ".25", ".123456", ".1234567"))
  .map(([whole, fraction]) => `:${whole}${fraction}`);
const time = fc
  .tuple(fc.constantFrom(" ", "T", "  "), digits(0, 24), digits(0, 60), fc.oneof(fc.constant(""), seconds), zone)
  .map(([separator, hour, minute, second, offset]) => `${separator}${hour}:${minute}${second}${offset}`);
const timestamp = fc
  .tuple(
    fc.constantFrom("", " "),
    fc.constantFrom("2026", "2024", "1969", "0050", "12026"),
    digits(0, 13),
    digits(0, 32),
    fc.oneof(fc.constant(""), time),
    fc.constantFrom("", " ", "\t"),
  )
  .map(([before, year, month, day, rest, after]) => `${before}${year}-${month}-${day}${rest}${after}`);

describe("a timestamp's text", () => {
  it.each([
    "",
    "abc",
    "2026",
    "2026-13-01",
    "2026-02-30",
    "2026-01-01 25:00",
    "2026-01-01 10",
    "now",
    "infinity",
    "2026-01-01 10:00 Europe/Paris",
  ])("is not read where it is %j", (text) => {
    expect(parseTimestampSeconds(text)).toBeUndefined();
  });

  it("is a day in UTC, or a time with its zone", () => {
    expect(parseTimestampSeconds("2026-01-01")).toBe(1767225600);
    expect(parseTimestampSeconds("2026-01-01 01:30:00")).toBe(1767231000);
    expect(parseTimestampSeconds("2026-01-01T01:30:00Z")).toBe(1767231000);
    expect(parseTimestampSeconds("2026-01-01 01:30:00+01:30")).toBe(1767225600);
    expect(parseTimestampSeconds("2026-01-01 00:00:00.25-02")).toBe(1767232800.25);
  });

  it("means to the planner what it means to DuckDB, or nothing", async () => {
    await fc.assert(
      fc.asyncProperty(timestamp, async (text) => {
        const read = parseTimestampSeconds(text);
        if (read !== undefined)
          expect(read).toBeCloseTo((await oracle.seconds(`TIMESTAMPTZ '${text}'`)) ?? Number.NaN, 6);
      }),
      { numRuns: 400 },
    );
  });
});

describe("a text that can be no timestamp", () => {
  it.each(["abc", "", "tenth of May", "nowhere"])("%j is one", async (text) => {
    expect(cannotBeTimestamp(text)).toBe(true);
    expect(await oracle.seconds(`TIMESTAMPTZ '${text}'`)).toBeUndefined();
  });

  it.each(["2026-01-01", "epoch", "infinity", "-infinity", " 2026-01-01"])("%j is none", async (text) => {
    expect(cannotBeTimestamp(text)).toBe(false);
    expect(await oracle.text(`TIMESTAMPTZ '${text}'`)).toBeDefined();
  });
});

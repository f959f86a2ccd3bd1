import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseInterval } from "../../src/value/interval.js";
import { openOracle } from "../support/oracle.js";

const oracle = openOracle();
function parseIntervalSeconds(text: string): number | undefined {
  const length = parseInterval(text);
  return length && length.days * 86_400 + length.seconds;
}

const amount = fc.constantFrom("1", "2", "30", "1.5", "-1", "-0.5", "+3");
const unit = fc.constantFrom(
  "second",
  "minutes",
  "hour",
  "Days",
  "week",
  "weeks",
  "millisecond",
  "month",
  "year",
  "d",
  "mins",
  "fortnight",
  "ago",
);
const interval = fc
  .array(fc.tuple(amount, fc.constantFrom(" ", ""), unit), { minLength: 1, maxLength: 3 })
  .map((parts) => parts.map((part) => part.join("")).join(" "));

describe("an interval's length", () => {
  it.each(["", "7", "days", "1 month", "1 year", "1 day ago", "P1D", "1 d"])("is not known of %j", (text) => {
    expect(parseIntervalSeconds(text)).toBeUndefined();
  });

  it("is the sum of its parts", () => {
    expect(parseIntervalSeconds("7 days")).toBe(604_800);
    expect(parseIntervalSeconds("1 day -2 hours")).toBe(79_200);
    expect(parseIntervalSeconds("1.5 HOURS")).toBe(5400);
  });

  it("is DuckDB's, or unknown", async () => {
    await fc.assert(
      fc.asyncProperty(interval, async (text) => {
        const length = parseIntervalSeconds(text);
        if (length === undefined) return;
        expect(length).toBeCloseTo(Number((await oracle.text(`epoch(INTERVAL '${text}')`)) ?? Number.NaN), 6);
      }),
      { numRuns: 150 },
    );
  });
});

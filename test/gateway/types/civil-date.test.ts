import { expect, it } from "vitest";
import { dateOfDays, daysOfDate } from "../../../src/gateway/types/civil-date.js";

it("is the day that the platform's calendar has", () => {
  for (let days = -1_000_000; days <= 1_000_000; days += 97) {
    const date = new Date(days * 86_400_000);
    const expected = { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
    expect(dateOfDays(days)).toEqual(expected);
    expect(daysOfDate(expected)).toBe(days);
  }
});

it("reaches as far as PostgreSQL's dates", () => {
  expect(daysOfDate({ year: -4713, month: 11, day: 24 })).toBe(-2_440_588);
  expect(daysOfDate({ year: 5_874_898, month: 1, day: 1 })).toBe(2_145_042_906);
});

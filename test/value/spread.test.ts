import { describe, expect, it } from "vitest";
import { rowsFrom, rowsWithin, SpreadSampler, valueAtRank } from "../../src/value/spread.js";

function spreadOf(values: readonly number[]) {
  const sampler = new SpreadSampler();
  for (const value of values) sampler.add(value);
  return sampler.spread();
}

const down = (count: number, each = 1): readonly number[] =>
  Array.from({ length: count }, (_, index) => (count - index) * each);

describe("how rows are spread over a number", () => {
  it("of few rows is told exactly", () => {
    const spread = spreadOf([90, 70, 70, 50, 10]);
    expect([95, 90, 71, 70, 50, 11, 10, 0].map((value) => Math.floor(rowsFrom(spread, value)))).toEqual([
      0, 1, 1, 3, 4, 4, 5, 5,
    ]);
    expect(rowsWithin(spread, { minimum: 50, maximum: 70 })).toBe(3);
    expect(rowsWithin(spread, { minimum: undefined, maximum: undefined })).toBe(5);
    expect(rowsWithin(spread, { minimum: undefined, maximum: 9 })).toBe(0);
  });

  it("of no rows is none", () => {
    expect(rowsFrom(spreadOf([]), 1)).toBe(0);
    expect(valueAtRank(spreadOf([]), 1)).toBeUndefined();
  });

  it("of many rows keeps some, and tells others within a thousandth", () => {
    const spread = spreadOf(down(200_000, 7));
    expect(spread.values.length).toBeLessThan(1100);
    for (const part of [0.001, 0.1, 0.5, 0.937])
      expect(Math.abs(rowsFrom(spread, 7 * 200_000 * (1 - part)) - 200_000 * part)).toBeLessThan(200);
  });

  it("does not depend on the order in which the rows come", () => {
    const shuffled = down(5000).map((_, index) => ((index * 2741) % 5000) + 1);
    const spread = spreadOf(shuffled);
    expect(Math.abs(rowsFrom(spread, 2501) - 2500)).toBeLessThan(100);
    expect([spread.values[0], spread.values.at(-1)]).toEqual([5000, 1]);
    expect(spread.ranks.at(-1)).toBe(5000);
  });

  it("tells by when the last rows were, one by one", () => {
    const spread = spreadOf(down(300_000, 10));
    expect(valueAtRank(spread, 300_000 - 49)).toBe(500);
    expect(Math.round(rowsWithin(spread, { minimum: undefined, maximum: 500 }))).toBe(50);
  });
});

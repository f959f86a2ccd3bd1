import fc from "fast-check";
import { expect, test } from "vitest";
import { knownCuts } from "../../../../src/execute/scan/ranges/known-cuts.js";
import { SpreadSampler } from "../../../../src/value/spread.js";

const now = 1_790_000_000;
const all = { since: undefined, before: undefined };

function spreadOf(times: readonly number[]) {
  const sampler = new SpreadSampler();
  for (const time of [...times].sort((one, other) => other - one)) sampler.add(time);
  return sampler.spread();
}

/** Pages of the ranges that a list is cut into. */
function pagesOf(times: readonly number[], at: readonly number[]): number {
  const ends = [Number.POSITIVE_INFINITY, ...at];
  const starts = [...at, Number.NEGATIVE_INFINITY];
  return starts.reduce((sum, start, index) => {
    const rows = times.filter((time) => time >= start && time < (ends[index] ?? 0)).length;
    return sum + Math.max(1, Math.ceil(rows / 100));
  }, 0);
}

test("a list that was seen is cut so that its pages are full, whatever its times", () => {
  const time = fc.integer({ min: 0, max: 40_000_000 });
  const dense = fc.integer({ min: 7_000_000, max: 7_200_000 });
  fc.assert(
    fc.property(fc.array(fc.oneof(time, dense), { minLength: 500, maxLength: 9000 }), (ages) => {
      const times = ages.map((age) => now - age);
      const { at = [] } = knownCuts(spreadOf(times), all, 6) ?? {};
      expect(at.every((second, index) => index === 0 || second < (at[index - 1] ?? 0))).toBe(true);
      expect(pagesOf(times, at)).toBeLessThanOrEqual(1.1 * Math.ceil(times.length / 100) + 1);
    }),
    { numRuns: 40 },
  );
});

test("it is cut within the times that the statement asks for", () => {
  const spread = spreadOf(Array.from({ length: 5000 }, (_, index) => now - index * 100));
  const range = { since: now - 300_000, before: now - 100_000 };
  const { at = [], earliest } = knownCuts(spread, range, 4) ?? {};
  expect(at.length).toBeGreaterThan(3);
  expect(at.every((second) => second > range.since && second < range.before)).toBe(true);
  expect(earliest).toBe(range.since);
});

test("a short list is not cut, nor one of a single second", () => {
  expect(knownCuts(spreadOf(Array.from({ length: 300 }, (_, index) => now - index)), all, 6)).toBeUndefined();
  expect(knownCuts(spreadOf(Array.from({ length: 900 }, () => now)), all, 6)).toBeUndefined();
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { precisionOf, timeLabel, timeOf } from "../../src/chart/read-value.js";
import { numberStops, timeStops } from "../../src/chart/ticks.js";

describe("the stops of an axis", () => {
  it.each([
    [[0, 97], 5, [0, 20, 40, 60, 80, 100]],
    [[-3, 4], 4, [-4, -2, 0, 2, 4]],
    [[0.1, 0.34], 5, [0.1, 0.15, 0.2, 0.25, 0.3, 0.35]],
    [[5, 5], 5, [5, 6]],
    [[0, 0], 5, [0, 0.2]],
    [[1_200_000, 2_800_000], 4, [1_000_000, 1_500_000, 2_000_000, 2_500_000, 3_000_000]],
  ])("are round numbers: %j in %i pieces", (bounds, pieces, stops) => {
    expect(numberStops(bounds as [number, number], pieces)).toEqual(stops);
  });

  it("are whole where asked", () => {
    expect(numberStops([0, 3], 10, { wholes: true })).toEqual([0, 1, 2, 3]);
  });

  it.each([
    [
      "2024-12-01",
      "2026-11-01",
      8,
      ["2024-10", "2025-01", "2025-04", "2025-07", "2025-10", "2026-01", "2026-04", "2026-07", "2026-10", "2027-01"],
    ],
    ["2026-11-03", "2026-11-25", 4, ["2026-11-02", "2026-11-09", "2026-11-16", "2026-11-23", "2026-11-30"]],
    [
      "2026-11-28 13:05:00",
      "2026-11-28 14:01:00",
      4,
      [
        "2026-11-28 13:00",
        "2026-11-28 13:15",
        "2026-11-28 13:30",
        "2026-11-28 13:45",
        "2026-11-28 14:00",
        "2026-11-28 14:15",
      ],
    ],
    ["1990-05-05", "2026-05-05", 4, ["1990", "2000", "2010", "2020", "2030"]],
  ])("are begins of what time is counted by: %s to %s", (from, to, pieces, labels) => {
    const stops = timeStops([timeOf(from) ?? 0, timeOf(to) ?? 0], pieces);
    expect(stops.map((stop) => timeLabel(stop, precisionOf(stops)))).toEqual(labels);
  });

  it("hold all values between the first and the last, evenly enough to be read", () => {
    const value = fc.double({ min: -1e12, max: 1e12, noNaN: true });
    fc.assert(
      fc.property(value, value, fc.integer({ min: 1, max: 30 }), (one, other, pieces) => {
        const bounds = [Math.min(one, other), Math.max(one, other)] as const;
        for (const stops of [numberStops(bounds, pieces), timeStops(bounds, pieces)]) {
          const [first = 0, last = 0] = [stops[0], stops.at(-1)];
          const allowed = 1e-6 * (last - first);
          expect(first).toBeLessThanOrEqual(bounds[0] + allowed);
          expect(last).toBeGreaterThanOrEqual(bounds[1] - allowed);
          expect(stops.length).toBeLessThanOrEqual(2 * pieces + 3);
          expect(stops).toEqual([...new Set(stops)].sort((a, b) => a - b));
        }
      }),
    );
  });
});

describe("the times of a result", () => {
  it.each([
    ["2026-10-01 00:00:00+02", "2026-10-01T00:00:00.000Z"],
    ["2026-10-01T13:05:09.25-05:00", "2026-10-01T13:05:09.250Z"],
    ["2026-10-01", "2026-10-01T00:00:00.000Z"],
    ["0001-01-01", "0001-01-01T00:00:00.000Z"],
  ])("are by the clock of their text: %s", (text, time) => {
    expect(new Date(timeOf(text) ?? Number.NaN).toISOString()).toBe(time);
  });

  it.each(["infinity", "-infinity", "0044-03-15 BC", "12:00:00"])("are none of which no axis knows: %s", (text) => {
    expect(timeOf(text)).toBeUndefined();
  });
});

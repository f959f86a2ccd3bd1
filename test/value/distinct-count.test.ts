import { describe, expect, it } from "vitest";
import { DistinctCount, distinctAmong } from "../../src/value/distinct-count.js";

function counted(count: number, name: (index: number) => string) {
  const distinct = new DistinctCount();
  for (let index = 0; index < count; index += 1) distinct.add(name(index));
  return distinct;
}

describe("how many texts are different", () => {
  it("is exact for some thousands, however often each comes", () => {
    expect(counted(3000, (index) => `cus_${index % 1200}`).distinct).toBe(1200);
    expect(counted(3000, (index) => `cus_${index}`).distinct).toBe(3000);
    expect(counted(0, String).distinct).toBe(0);
  });

  it("is within a twentieth past that", () => {
    const { distinct, count } = counted(200_000, (index) => `ch_${(index * 7919) % 90_000}`);
    expect(count).toBe(200_000);
    expect(Math.abs(distinct - 90_000)).toBeLessThan(4500);
  });
});

describe("different texts among some rows", () => {
  it("are all of them where all rows are meant, and as many as rows where no two share one", () => {
    expect(distinctAmong(10_000, { rows: 10_000, distinct: 2700 })).toBe(2700);
    expect(distinctAmong(50, { rows: 800, distinct: 800 })).toBe(50);
  });

  it("are never more than there are, nor than rows", () => {
    expect(distinctAmong(3, { rows: 10_000, distinct: 10 })).toBeLessThanOrEqual(3);
    expect(distinctAmong(5000, { rows: 10_000, distinct: 10 })).toBeCloseTo(10);
    expect(distinctAmong(0, { rows: 10_000, distinct: 10 })).toBe(0);
  });

  it("are what a draw of the rows would hold", () => {
    const few = distinctAmong(1000, { rows: 10_000, distinct: 2000 });
    expect(few).toBeGreaterThan(750);
    expect(few).toBeLessThan(900);
  });
});

import { describe, expect, it } from "vitest";
import type { ListedFact, ListedPart } from "../../src/value/list-facts.js";
import { listedRows, mergedFact } from "../../src/value/list-facts.js";
import type { ValueRange } from "../../src/value/spread.js";
import { SpreadSampler } from "../../src/value/spread.js";

const always: ValueRange = { minimum: undefined, maximum: undefined };

/** A row for each of these seconds, and for none other. */
function part(from: number, until: number, created: ValueRange): ListedPart {
  const sampler = new SpreadSampler();
  for (let second = until; second >= from; second -= 1) sampler.add(second);
  return {
    created,
    rows: sampler.count,
    spreads: { created: sampler.spread() },
    distinct: {},
    shares: {},
    embedded: {},
  };
}

const learned = (...parts: readonly ListedPart[]): ListedFact =>
  parts.reduce<ListedFact | undefined>((known, one) => mergedFact.listed(known, { parts: [one] }), undefined) ?? {
    parts: [],
  };

describe("a list of which parts were read", () => {
  const recent = { minimum: 500, maximum: undefined };

  it("is known as far as a part goes", () => {
    const fact = learned(part(500, 1000, recent));
    expect(listedRows(fact, recent)).toBe(501);
    expect(Math.round(listedRows(fact, { minimum: 900, maximum: undefined }) ?? 0)).toBe(101);
    expect(listedRows(fact, { minimum: 400, maximum: undefined })).toBeUndefined();
    expect(listedRows(fact, always)).toBeUndefined();
  });

  it("is known by all of it, once that was read", () => {
    const fact = learned(part(500, 1000, recent), part(1, 1000, always));
    expect(fact.parts).toHaveLength(1);
    expect(Math.round(listedRows(fact, { minimum: 900, maximum: 949 }) ?? 0)).toBe(50);
  });

  it("is known by the part that was read last, where rows have come since", () => {
    const fact = learned(part(1, 1000, always), part(500, 1500, recent));
    expect(listedRows(fact, recent)).toBe(1001);
    expect(listedRows(fact, always)).toBe(1000);
  });

  it("keeps no part that tells nothing new, nor many", () => {
    const whole = learned(part(1, 1000, always));
    expect(mergedFact.listed(whole, { parts: [part(500, 1000, recent)] })).toBe(whole);
    const moving = Array.from({ length: 30 }, (_, index) =>
      part(index * 10, 1000 + index * 10, { minimum: index * 10, maximum: undefined }),
    );
    expect(learned(...moving).parts.length).toBeLessThanOrEqual(4);
  });
});

describe("lists by keys", () => {
  it("have a mean, in which later ones count", () => {
    const mean = mergedFact.mean({ lists: 3, rows: 30, requests: 3 }, { lists: 1, rows: 2, requests: 1 });
    expect(mean).toEqual({ lists: 4, rows: 32, requests: 4 });
    expect(
      mergedFact.mean({ lists: 1000, rows: 1000, requests: 1000 }, { lists: 1000, rows: 9000, requests: 1000 }),
    ).toEqual({
      lists: 1500,
      rows: 9500,
      requests: 1500,
    });
  });

  it("are not told by one key, where many were seen", () => {
    const many = { sourceRows: 900, keys: 900, asked: 900, requests: 950, rows: 9000 };
    const one = { sourceRows: 1, keys: 1, asked: 1, requests: 1, rows: 1 };
    expect(mergedFact.keyed(many, one)).toBe(many);
    expect(mergedFact.keyed(one, many)).toBe(many);
  });
});

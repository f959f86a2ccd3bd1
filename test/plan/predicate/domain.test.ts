import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Domain, DomainValue } from "../../../src/plan/predicate/domain.js";
import { domainOf, intersect, isImpossible, isUnbounded, unbounded } from "../../../src/plan/predicate/domain.js";
import type { Predicate } from "../../../src/plan/predicate/predicate.js";
import type { Scalar } from "../../../src/plan/predicate/scalar.js";
import type { SqlType } from "../../../src/value/sql-type.js";

type Operator = Extract<Predicate, { kind: "compare" }>["operator"];

const number = (value: number): Scalar => ({ type: "number", value, text: String(value) });
const text = (value: string): Scalar => ({ type: "string", value });
const time = (seconds: number, clock = false): Scalar => ({ type: "timestamp", seconds, clock });

const of = (operator: Operator, value: Scalar, type: SqlType, wholeSeconds = true): Domain | undefined =>
  domainOf({ kind: "compare", column: "C", operator, value }, type, wholeSeconds);

const range = (minimum: number | undefined, maximum: number | undefined, widened = false): Domain => ({
  values: undefined,
  minimum,
  maximum,
  widened,
});

describe("a predicate without a domain", () => {
  it.each<[string, Operator, Scalar, SqlType]>([
    ["a difference", "<>", number(5), "BIGINT"],
    ["a range of texts", ">", text("a"), "VARCHAR"],
    ["a number that a text column is compared with", "=", number(5), "VARCHAR"],
    ["a text that is no number", "=", text("5.0"), "BIGINT"],
    ["a number past 2^53, which would be rounded", "=", number(2 ** 53), "BIGINT"],
    ["a bound past 2^53", "<", number(-(2 ** 60)), "BIGINT"],
    ["a text that is no time yet", ">", text("2026-01-01 10:00 Europe/Paris"), "TIMESTAMPTZ"],
    ["a number in a time column", ">", number(5), "TIMESTAMPTZ"],
    ["the clock as an upper bound, which DuckDB reads later", "<=", time(100, true), "TIMESTAMPTZ"],
    ["the clock as an open upper bound", "<", time(100, true), "TIMESTAMPTZ"],
    ["equality with the clock", "=", time(100, true), "TIMESTAMPTZ"],
    ["a fraction", "=", number(1.5), "DOUBLE"],
    ["a decimal", "=", text("1.5"), "DECIMAL"],
    ["JSON", "=", text("{}"), "JSON"],
    ["a number for a truth value", "=", number(2), "BOOLEAN"],
    ["a short text for a truth value", "=", text("t"), "BOOLEAN"],
  ])("%s", (_, operator, value, type) => {
    expect(of(operator, value, type)).toBeUndefined();
  });

  it("is one that is no comparison", () => {
    expect(domainOf({ kind: "opaque", columns: [] }, "VARCHAR")).toBeUndefined();
    expect(domainOf({ kind: "never" }, "VARCHAR")).toBeUndefined();
    expect(domainOf({ kind: "or", branches: [] }, "VARCHAR")).toBeUndefined();
    expect(domainOf({ kind: "any-of", column: "C", values: [text("a"), number(1)] }, "VARCHAR")).toBeUndefined();
  });
});

describe("a domain", () => {
  it("of whole numbers has closed bounds", () => {
    expect(of(">", number(5), "BIGINT")).toEqual(range(6, undefined));
    expect(of(">", number(5.5), "BIGINT")).toEqual(range(6, undefined));
    expect(of(">=", number(5.5), "BIGINT")).toEqual(range(6, undefined));
    expect(of("<", number(5), "BIGINT")).toEqual(range(undefined, 4));
    expect(of("<", number(5.5), "BIGINT")).toEqual(range(undefined, 5));
    expect(of("<=", text("-5"), "BIGINT")).toEqual(range(undefined, -5));
  });

  it("of whole seconds has them too", () => {
    expect(of(">", time(1_767_225_600), "TIMESTAMPTZ")).toEqual(range(1_767_225_601, undefined));
    expect(of(">=", time(1_767_225_600.5), "TIMESTAMPTZ")).toEqual(range(1_767_225_601, undefined));
    expect(of("<", time(100.5), "TIMESTAMPTZ")).toEqual(range(undefined, 100));
  });

  it("is empty where no whole number can equal a fraction", () => {
    expect(of("=", number(1.5), "BIGINT")).toMatchObject({ values: [] });
    expect(of("=", time(1_767_225_600.5), "TIMESTAMPTZ")).toMatchObject({ values: [] });
  });

  it("with the clock below is marked as wider than the predicate", () => {
    expect(of(">=", time(100.25, true), "TIMESTAMPTZ")).toEqual(range(101, undefined, true));
  });

  it("of fractional seconds goes outwards, and never claims to be exact", () => {
    expect(of(">", time(100.5), "TIMESTAMPTZ", false)).toEqual(range(100, undefined, true));
    expect(of("<", time(100.5), "TIMESTAMPTZ", false)).toEqual(range(undefined, 101, true));
    expect(of("=", time(100.5), "TIMESTAMPTZ", false)).toEqual(range(100, 101, true));
    expect(of("<>", time(100.5), "TIMESTAMPTZ", false)).toBeUndefined();
    expect(of(">", time(100, true), "TIMESTAMPTZ", false)).toBeUndefined();
  });

  it("of truth values reads them as SQL's words", () => {
    expect(of("=", text("TRUE"), "BOOLEAN")).toMatchObject({ values: [true] });
    expect(of("=", { type: "boolean", value: false }, "BOOLEAN")).toMatchObject({ values: [false] });
  });

  it("holds each value once", () => {
    const twice: Predicate = { kind: "any-of", column: "C", values: [text("a"), text("b"), text("a")] };
    expect(domainOf(twice, "VARCHAR")).toMatchObject({ values: ["a", "b"] });
  });

  it("is unbounded until something bounds it", () => {
    expect(isUnbounded(unbounded)).toBe(true);
    expect(isImpossible(unbounded)).toBe(false);
    expect(isUnbounded(range(1, undefined))).toBe(false);
    expect(isImpossible(range(2, 1))).toBe(true);
    expect(isImpossible({ ...unbounded, values: [] })).toBe(true);
  });
});

const holds = (value: number, operator: Operator, bound: number): boolean =>
  ({
    "=": value === bound,
    "<>": value !== bound,
    "<": value < bound,
    "<=": value <= bound,
    ">": value > bound,
    ">=": value >= bound,
  })[operator];

const contains = (domain: Domain, value: DomainValue): boolean =>
  (domain.values === undefined || domain.values.includes(value)) &&
  (typeof value !== "number" ||
    ((domain.minimum === undefined || value >= domain.minimum) &&
      (domain.maximum === undefined || value <= domain.maximum)));

const bounds = fc.integer({ min: -12, max: 12 }).map((half) => half / 2);
const comparison = fc.tuple(fc.constantFrom<Operator>("=", "<", "<=", ">", ">="), bounds);
const candidates = Array.from({ length: 15 }, (_, index) => index - 7);

describe("the domain of a conjunction", () => {
  it("holds exactly the whole numbers that satisfy it", () => {
    fc.assert(
      fc.property(fc.array(comparison, { minLength: 1, maxLength: 4 }), (comparisons) => {
        const domains = comparisons.map(([operator, bound]) => of(operator, number(bound), "BIGINT") ?? unbounded);
        const domain = domains.reduce(intersect, unbounded);
        for (const value of candidates) {
          const satisfies = comparisons.every(([operator, bound]) => holds(value, operator, bound));
          expect(contains(domain, value)).toBe(satisfies);
          if (satisfies) expect(isImpossible(domain)).toBe(false);
        }
      }),
    );
  });

  it("holds every fraction of a second that satisfies it", () => {
    fc.assert(
      fc.property(fc.array(comparison, { minLength: 1, maxLength: 4 }), bounds, (comparisons, value) => {
        const domains = comparisons.map(
          ([operator, bound]) => of(operator, time(bound), "TIMESTAMPTZ", false) ?? unbounded,
        );
        const domain = domains.reduce(intersect, unbounded);
        if (comparisons.every(([operator, bound]) => holds(value, operator, bound)))
          expect(contains(domain, value)).toBe(true);
      }),
    );
  });

  it("does not depend on the order of its predicates", () => {
    fc.assert(
      fc.property(comparison, comparison, ([one, low], [other, high]) => {
        const a = of(one, number(low), "BIGINT") ?? unbounded;
        const b = of(other, number(high), "BIGINT") ?? unbounded;
        expect(intersect(a, b)).toEqual(intersect(b, a));
      }),
    );
  });

  it("is as wide as its widest part", () => {
    expect(intersect(range(1, undefined, true), range(undefined, 5)).widened).toBe(true);
    expect(intersect(range(1, undefined), { ...unbounded, values: [0, 3] })).toMatchObject({
      values: [3],
      minimum: undefined,
    });
  });
});

it("is found in one pass: many values once took minutes", () => {
  const values = Array.from({ length: 300_000 }, (_, index) => text(`cus_${index}`));
  const domain = domainOf({ kind: "any-of", column: "C", values: [...values, ...values] }, "VARCHAR");
  expect(domain?.values).toHaveLength(300_000);
  expect(intersect(domain ?? unbounded, domain ?? unbounded).values).toHaveLength(300_000);
});

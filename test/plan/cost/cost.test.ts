import { describe, expect, it } from "vitest";
import { planAccess } from "../../../src/plan/access/access-path.js";
import { asSeen, compareCosts, costOf, prudent, sumOf } from "../../../src/plan/cost/cost.js";
import type { Statistics } from "../../../src/plan/cost/statistics.js";
import type { Predicate } from "../../../src/plan/predicate/predicate.js";
import { accessRequestOf, accessTo, among, equal, tableNamed } from "../../support/planning.js";

const seen = (counts: Readonly<Record<string, number>>): Statistics => ({
  doubtOf: () => undefined,
  testClocks: () => 0,
  fact: () => undefined,
  rows: ({ schema, table, accountId }) => counts[[schema, table, accountId].filter(Boolean).join(" ")],
});

const told = (table: string, predicates: readonly Predicate[], statistics: Statistics, schema?: string) => {
  const found = tableNamed(table, schema);
  const { scan, feeds } = planAccess(accessRequestOf(found, predicates));
  const context = { statistics, assumptions: asSeen, sources: feeds };
  return sumOf([{ table: found, scan }, ...feeds].map((one) => costOf(one, context)));
};

describe("what a scan takes", () => {
  it("is told for the schema's own table, and for the account that is asked", () => {
    const statistics = seen({
      "stripe Event": 900,
      "v2 Event": 20,
      "stripe Customer": 500,
      "stripe Customer acct_1": 50,
    });
    expect(told("Event", [], statistics)).toEqual({ requests: 9, objects: 900, basis: "seen" });
    expect(told("Event", [], statistics, "v2")).toEqual({ requests: 1, objects: 20, basis: "seen" });
    expect(told("Customer", [], statistics)).toEqual({ requests: 5, objects: 500, basis: "seen" });
    expect(told("Customer", [equal("AccountId", "acct_1")], statistics).objects).toBe(50);
    expect(told("Customer", [equal("AccountId", "acct_2")], statistics).basis).toBe("assumed");
  });

  it("is exact by id, whatever is known of the table", () => {
    expect(told("Customer", [among("Id", "a", "b")], seen({}))).toEqual({ requests: 2, objects: 2, basis: "exact" });
  });

  it("is shared out among lists that hold the table only together", () => {
    expect(told("Price", [], seen({ "stripe Price": 950 }))).toEqual({ requests: 10, objects: 950, basis: "seen" });
  });

  it("is a list for each parent, and the parents' pages", () => {
    const statistics = seen({ "stripe Customer": 250, "stripe CustomerBalanceTransaction": 80 });
    expect(told("CustomerBalanceTransaction", [], statistics)).toEqual({ requests: 253, objects: 330, basis: "seen" });
  });

  it("in all rests on the least that is known", () => {
    const [exact, guess] = [
      { requests: 1, objects: 1, basis: "exact" } as const,
      { requests: 2, objects: 9, basis: "assumed" } as const,
    ];
    expect(sumOf([exact, guess, exact])).toEqual({ requests: 4, objects: 11, basis: "assumed" });
    expect(sumOf([])).toEqual({ requests: 0, objects: 0, basis: "exact" });
  });

  it("is compared by requests, then by objects", () => {
    expect(
      compareCosts({ requests: 1, objects: 900, basis: "seen" }, { requests: 2, objects: 2, basis: "exact" }),
    ).toBeLessThan(0);
    expect(
      compareCosts({ requests: 1, objects: 90, basis: "seen" }, { requests: 1, objects: 2, basis: "exact" }),
    ).toBeGreaterThan(0);
  });
});

describe("what decides between ways", () => {
  it("takes an unknown table for a large one, and a known one to have grown", () => {
    expect(prudent.rows(undefined)).toBe(1_000_000);
    expect(prudent.rows(5)).toBe(1000);
    expect(prudent.rows(5000)).toBe(50_000);
  });

  const ids = (count: number) => among("Id", ...Array.from({ length: count }, (_, index) => `cus_${index}`));

  it("asks for each of many ids, unless the table is known to be fewer pages", () => {
    expect(accessTo("Customer", [ids(500)]).requests).toHaveLength(500);
    expect(accessTo("Customer", [ids(500)], { statistics: seen({ "stripe Customer": 90_000 }) }).requests).toHaveLength(
      500,
    );
    expect(accessTo("Customer", [ids(500)], { statistics: seen({ "stripe Customer": 90 }) })).toMatchObject({
      scan: "inexact",
      requests: ["GET /v1/customers"],
    });
  });

  it("counts the requests of every branch of an OR, where the dearest alone once decided", () => {
    const either = (count: number): Predicate => ({
      kind: "or",
      branches: [
        [among("Customer", ...Array.from({ length: count }, (_, index) => `cus_${index}`))],
        [equal("PaymentIntent", "pi_1")],
      ],
    });
    expect(accessTo("Charge", [either(50)]).requests).toHaveLength(51);
    const few = seen({ "stripe Charge": 300 });
    expect(accessTo("Charge", [either(20)], { statistics: few }).requests).toHaveLength(21);
    expect(accessTo("Charge", [either(50)], { statistics: few }).requests).toEqual(["GET /v1/charges"]);
  });

  it("never reads a table with a list of its own through all parents, however few those are", () => {
    const statistics = seen({ "stripe Customer": 3 });
    expect(accessTo("PaymentMethod", [], { statistics }).requests).toEqual([
      "GET /v1/payment_methods",
      "GET /v1/payment_methods?type=custom",
    ]);
    expect(accessTo("PaymentMethod", [equal("Customer", "cus_1")], { statistics }).requests).toEqual([
      "GET /v1/customers/cus_1/payment_methods",
    ]);
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { planAccess } from "../../../src/plan/access/access-path.js";
import { sharedAccesses } from "../../../src/plan/access/shared-accesses.js";
import type { PlannerRule } from "../../../src/plan/planner-rule.js";
import type { Predicate } from "../../../src/plan/predicate/predicate.js";
import type { Access } from "../../../src/plan/scan/scan.js";
import { accessesOf } from "../../../src/plan/scan/scan.js";
import { accessRequestOf, compared, equal, requestsOf, tableNamed } from "../../support/planning.js";

const accesses = (table: string, ...conjunctions: readonly (readonly Predicate[])[]): readonly Access[] =>
  conjunctions.flatMap((predicates) => accessesOf(planAccess(accessRequestOf(tableNamed(table), predicates)).scan));

function shared(
  table: string,
  conjunctions: readonly (readonly Predicate[])[],
  without: readonly PlannerRule[] = [],
): readonly string[] {
  const request = { table: tableNamed(table), without: new Set(without) };
  return requestsOf({ kind: "inexact", accesses: sharedAccesses(accesses(table, ...conjunctions), request) });
}

const since = (time: string) => compared("Created", ">=", time);
const until = (time: string) => compared("Created", "<=", time);
const seconds = (text: string): number => Date.parse(`${text}Z`) / 1000;

describe("of two lists of a table", () => {
  it("the narrower is left out, whichever comes first", () => {
    const whole: readonly Predicate[] = [];
    const narrow = [equal("Customer", "cus_1")];
    expect(shared("Charge", [whole, narrow])).toEqual(["GET /v1/charges"]);
    expect(shared("Charge", [narrow, whole])).toEqual(["GET /v1/charges"]);
    expect(shared("Charge", [narrow, [equal("Customer", "cus_1"), since("2026-01-01")]])).toEqual([
      "GET /v1/charges?customer=cus_1",
    ]);
  });

  it("one of a range within the other's is left out", () => {
    expect(shared("Charge", [[since("2026-01-01")], [since("2026-02-01"), until("2026-03-01")]])).toEqual([
      `GET /v1/charges?created={"gte":${seconds("2026-01-01T00:00:00")}}`,
    ]);
  });

  it("ranges that overlap are one, and so are those where one ends a second before the other begins", () => {
    const whole = [
      `GET /v1/charges?created={"gte":${seconds("2026-01-01T00:00:00")},"lte":${seconds("2026-03-01T00:00:00")}}`,
    ];
    const [first, last] = [since("2026-01-01"), until("2026-03-01")];
    expect(
      shared("Charge", [
        [first, until("2026-02-10")],
        [since("2026-02-01"), last],
      ]),
    ).toEqual(whole);
    expect(
      shared("Charge", [
        [first, until("2026-02-01 00:00:00")],
        [since("2026-02-01 00:00:01"), last],
      ]),
    ).toEqual(whole);
  });

  it("ranges that leave a second between them are two", () => {
    const apart = [[until("2026-02-01 00:00:00")], [since("2026-02-01 00:00:02")]];
    expect(shared("Charge", apart)).toHaveLength(2);
  });

  it("ranges that leave nothing out together are the whole list", () => {
    expect(shared("Charge", [[until("2026-02-01")], [since("2026-01-01")]])).toEqual(["GET /v1/charges"]);
  });

  it("those of other customers, accounts or paths stay both", () => {
    expect(shared("Charge", [[equal("Customer", "a")], [equal("Customer", "b")]])).toHaveLength(2);
    expect(shared("Charge", [[], [equal("AccountId", "acct_1"), equal("Customer", "a")]])).toHaveLength(2);
    expect(shared("InvoiceLineItem", [[equal("Invoice", "in_1")], [equal("Invoice", "in_2")]])).toHaveLength(2);
  });

  it("one whose rows hold a value that the request gave them stays beside one without", () => {
    expect(shared("BalanceTransaction", [[], [equal("Payout", "po_1")]])).toHaveLength(2);
  });

  it("a parameter that is sent to mean the whole table leaves out nothing; one that is asked for does", () => {
    expect(shared("Subscription", [[], [equal("Status", "active")]])).toEqual(["GET /v1/subscriptions?status=all"]);
    expect(shared("Subscription", [[equal("Status", "active")], [equal("Status", "canceled")]])).toHaveLength(2);
  });

  it("a search stays beside a list", () => {
    const search = [equal("SearchQuery", 'email:"a"')];
    expect(shared("Customer", [search, [equal("Email", "a")]])).toHaveLength(2);
  });

  it("stay both where the rule is left out", () => {
    expect(shared("Charge", [[], [equal("Customer", "cus_1")]], ["sharing"])).toHaveLength(2);
  });
});

it("whatever ranges are shared, the same seconds are asked for", () => {
  const bound = fc.integer({ min: 0, max: 30 });
  const at = (second: number): string => new Date(Date.UTC(2026, 0, 1) + second * 1000).toISOString();
  const ranges = fc.array(fc.tuple(bound, bound), { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(ranges, (pairs) => {
      const conjunctions = pairs.map(([a, b]) => [since(at(Math.min(a, b))), until(at(Math.max(a, b)))]);
      const planned = accesses("Charge", ...conjunctions);
      const request = { table: tableNamed("Charge"), without: new Set<PlannerRule>() };
      const found = sharedAccesses(planned, request);
      expect(secondsOf(found)).toEqual(secondsOf(planned));
      expect(found.length).toBeLessThanOrEqual(planned.length);
      const again = secondsOf(found).length;
      expect(found.reduce((sum, one) => sum + secondsOf([one]).length, 0)).toBe(again);
    }),
  );
});

function secondsOf(lists: readonly Access[]): readonly number[] {
  const base = Date.UTC(2026, 0, 1) / 1000;
  const isAsked = (second: number): boolean =>
    lists.some(({ parameters: { created } }) => {
      const { gte, lte } = created as { gte: number; lte: number };
      return second >= gte - base && second <= lte - base;
    });
  return Array.from({ length: 31 }, (_, second) => second).filter(isAsked);
}

import { describe, expect, it } from "vitest";
import type { Predicate } from "../../../src/plan/predicate/predicate.js";
import { accessTo, compared, equal, opaque } from "../../support/planning.js";

const either = (...branches: readonly (readonly Predicate[])[]): Predicate => ({ kind: "or", branches });
const emailOrRecent = either([equal("Email", "a@example.com")], [compared("Created", ">=", "2026-10-01")]);
const recent = 'GET /v1/customers?created={"gte":1790812800}';
const byEmail = "GET /v1/customers?email=a@example.com";

describe("alternatives", () => {
  it("are a list each where Stripe filters by each", () => {
    expect(accessTo("Customer", [emailOrRecent])).toMatchObject({
      scan: "exact",
      requests: [byEmail, recent],
      verdicts: ["exact"],
    });
  });

  it("are one list of all where one of them is no filter of Stripe's", () => {
    expect(accessTo("Customer", [either([equal("Email", "a@example.com")], [opaque("Name")])])).toMatchObject({
      scan: "inexact",
      requests: ["GET /v1/customers"],
      verdicts: ["unsupported"],
    });
  });

  it("are split wherever they stand among the conditions", () => {
    const local = either([opaque("Name")], [opaque("Phone")]);
    for (const predicates of [
      [local, emailOrRecent],
      [emailOrRecent, local],
    ]) {
      const { requests, verdicts } = accessTo("Customer", predicates);
      expect(requests).toEqual([byEmail, recent]);
      expect(verdicts).toEqual(predicates.map((one) => (one === local ? "unsupported" : "exact")));
    }
  });

  it("are split one at a time: the rest is left to the local engine", () => {
    const other = either([equal("Email", "b@example.com")], [compared("Created", "<", "2025-01-01")]);
    expect(accessTo("Customer", [emailOrRecent, other])).toMatchObject({
      scan: "inexact",
      requests: [byEmail, recent],
      verdicts: ["exact", "unsupported"],
    });
  });

  it("within alternatives are split too", () => {
    const nested = either([equal("Email", "b@example.com")], [equal("Id", "cus_1"), emailOrRecent]);
    expect(accessTo("Customer", [nested]).requests).toEqual([
      "GET /v1/customers?email=b@example.com",
      "GET /v1/customers/cus_1",
    ]);
  });

  it("that name a filter of Stripe's without a field are split before others", () => {
    const byPrice = either([equal("Price", "price_1")], [equal("Status", "active")]);
    const byCustomer = either([equal("Customer", "cus_1")], [equal("Status", "paused")]);
    expect(accessTo("Subscription", [byCustomer, byPrice])).toMatchObject({
      requests: ["GET /v1/subscriptions?status=all&price=price_1", "GET /v1/subscriptions?status=active"],
      verdicts: ["unsupported", "exact"],
    });
    expect(() => accessTo("Subscription", [byPrice, { ...byPrice }])).toThrow("can only be compared with =");
  });

  // Each was once planned within each branch of those before it: 2^n plans of n conditions.
  it.each([30, 1500])("%i of them joined by AND are planned all the same", (count) => {
    const predicates = Array.from({ length: count }, (_, index) =>
      either([equal("Email", `${index}@example.com`)], [compared("Created", ">=", "2026-10-01")]),
    );
    expect(accessTo("Customer", predicates).requests.length).toBe(2);
  });
});

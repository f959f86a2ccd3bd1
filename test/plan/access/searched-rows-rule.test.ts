import { describe, expect, it } from "vitest";
import type { AccessRequest } from "../../../src/plan/access/candidate.js";
import type { DoubtReason, Statistics } from "../../../src/plan/cost/statistics.js";
import type { Predicate } from "../../../src/plan/predicate/predicate.js";
import { accessTo, among, compared, equal, opaque } from "../../support/planning.js";

const always: Partial<AccessRequest> = { search: "always" };
const since = 1_793_491_200 - 3_900;
const recent = `GET /v1/customers?created={"gte":${since}}`;

const metadata = (key: string, ...values: readonly string[]): readonly Predicate[] => [
  opaque("Metadata"),
  { kind: "text", column: "Metadata", key, values },
];
const part = (column: string, value: string): readonly Predicate[] => [
  opaque(column),
  { kind: "text", column, key: undefined, values: [value] },
];

const of = (rows: number | undefined, doubt?: DoubtReason): Statistics => ({
  rows: () => rows,
  testClocks: () => 0,
  fact: () => undefined,
  doubtOf: (_, { kind }) => (kind === "search" ? doubt : undefined),
});

describe("rows that Search can find", () => {
  it("are searched, and listed as far as Search may not know of them yet", () => {
    expect(accessTo("Customer", [equal("Name", "Ann"), ...metadata("order", "7")], always)).toMatchObject({
      scan: "inexact",
      requests: ['GET /v1/customers/search?query=metadata["order"]:"7" AND name:"Ann"', recent],
      verdicts: ["inexact", "unsupported", "inexact"],
    });
    expect(accessTo("Customer", part("Email", "@example"), always).requests).toEqual([
      'GET /v1/customers/search?query=email~"@example"',
      recent,
    ]);
  });

  it("are searched for each of several values", () => {
    expect(accessTo("Customer", [among("Name", "a", "b")], always).requests).toEqual([
      'GET /v1/customers/search?query=name:"a" OR name:"b"',
      recent,
    ]);
    const both = [among("Currency", "eur", "usd"), equal("ReceiptEmail", "a@b.c")];
    expect(accessTo("Charge", both, always).requests.slice(0, 2)).toEqual([
      'GET /v1/charges/search?query=currency:"eur" AND receipt_email:"a@b.c"',
      'GET /v1/charges/search?query=currency:"usd" AND receipt_email:"a@b.c"',
    ]);
  });

  it("are listed with what the list filters too", () => {
    const { requests } = accessTo("Customer", [equal("Email", "a@b.c"), equal("Name", "a")], always);
    expect(requests.at(-1)).toBe(`${recent}&email=a@b.c`);
  });

  it("are not listed where they are all older", () => {
    const old = [equal("Name", "a"), compared("Created", "<", "2026-01-01")];
    expect(accessTo("Customer", old, always).requests).toEqual([
      `GET /v1/customers/search?query=name:"a" AND created<=${Date.UTC(2026, 0, 1) / 1000 - 1}`,
    ]);
  });

  it("have no limit of Stripe's, whatever the order", () => {
    expect(accessTo("Customer", [equal("Name", "a")], { ...always, limit: 3 }).limit).toBeUndefined();
    const newest = accessTo("Customer", [equal("Name", "a")], { ...always, limit: 3, order: "created-descending" });
    expect(newest).toMatchObject({ limit: undefined, newestFirst: false });
  });

  it("are asked of each account", () => {
    const { requests } = accessTo("Customer", [equal("AccountId", "acct_1"), equal("Name", "a")], always);
    expect(requests).toEqual(['GET /v1/customers/search?query=name:"a" as acct_1', `${recent} as acct_1`]);
  });

  it("of a product and a price are listed in all parts of their lists", () => {
    expect(accessTo("Price", [equal("LookupKey", "gold")], always).requests).toEqual([
      'GET /v1/prices/search?query=lookup_key:"gold"',
      ...accessTo("Price", [
        equal("LookupKey", "gold"),
        compared("Created", ">=", new Date(since * 1000).toISOString()),
      ]).requests,
    ]);
  });
});

describe("rows are listed all the same", () => {
  it.each<[string, readonly Predicate[], Partial<AccessRequest>]>([
    ["where Search is off", [equal("Name", "a")], { search: "off" }],
    ["where the rule is left out", [equal("Name", "a")], { ...always, without: new Set(["search"]) }],
    ["where pushdown is off", [equal("Name", "a")], { ...always, pushdown: false }],
    ["where a text cannot be quoted", [equal("Name", "a\nb")], always],
    ["where a part is too short", part("Name", "ab"), always],
    ["where no field of Search's is named", [equal("Currency", "eur")], always],
    ["where Stripe refused to search", [equal("Name", "a")], { ...always, statistics: of(undefined, "refused") }],
  ])("%s", (_, predicates, changes) => {
    const { requests } = accessTo("Customer", predicates, changes);
    expect(requests.filter((request) => request.includes("/search"))).toEqual([]);
    expect(requests).not.toEqual([]);
  });

  it("with a notice where Stripe refused to search", () => {
    const { notices } = accessTo("Customer", [equal("Name", "a")], { ...always, statistics: of(9, "refused") });
    expect(notices.join()).toContain("Stripe refused to search Customer");
  });

  it("or asked for by their ids", () => {
    expect(accessTo("Customer", [equal("Id", "cus_1"), equal("Name", "a")], always).requests).toEqual([
      "GET /v1/customers/cus_1",
    ]);
  });
});

describe("left to choose, Search is asked", () => {
  const requests = (predicates: readonly Predicate[], rows: number | undefined) =>
    accessTo("Customer", predicates, { search: "auto", statistics: of(rows) }).requests;
  const isSearch = (request: string): boolean => request.includes("/search");

  it("where it saves more than 50 requests", () => {
    expect(requests([equal("Name", "a")], 5_300).some(isSearch)).toBe(true);
    expect(requests([equal("Name", "a")], 5_100).some(isSearch)).toBe(false);
  });

  it("but not of a table of unknown size, nor where a list's filter leaves few rows", () => {
    expect(requests([equal("Name", "a")], undefined).some(isSearch)).toBe(false);
    expect(requests([equal("Name", "a"), equal("Email", "a@b.c")], 100_000).some(isSearch)).toBe(false);
  });

  it("but not for a range that leaves all rows", () => {
    const { requests } = accessTo("Charge", [equal("Amount", 5)], { search: "auto", statistics: of(100_000) });
    expect(requests.some(isSearch)).toBe(true);
    const range: Predicate = {
      kind: "compare",
      column: "Amount",
      operator: ">",
      value: { type: "number", value: 5, text: "5" },
    };
    expect(accessTo("Charge", [range], { search: "auto", statistics: of(100_000) }).requests).toEqual([
      "GET /v1/charges",
    ]);
  });
});

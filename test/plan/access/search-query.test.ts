import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { SearchField } from "../../../src/catalog/catalog.js";
import {
  boundClause,
  equalityClause,
  metadataClause,
  partClause,
  searchQueries,
} from "../../../src/plan/access/search-query.js";
import { parseSearchQuery } from "../../../src/syntax/parse-search-query.js";

const name: SearchField = { field: "name", column: "Name", type: "string" };
const status: SearchField = { field: "status", column: "Status", type: "token" };
const amount: SearchField = { field: "amount", column: "Amount", type: "numeric" };
const metadata: SearchField = { field: "metadata", column: "Metadata", type: "metadata" };

describe("a clause", () => {
  it("quotes texts, and writes numbers as they are", () => {
    expect(equalityClause(name, 'Ann "B" \\ C')).toBe('name:"Ann \\"B\\" \\\\ C"');
    expect(equalityClause(status, true)).toBe('status:"true"');
    expect(equalityClause(amount, -5)).toBe("amount:-5");
    expect(boundClause(amount, ">=", 5)).toBe("amount>=5");
    expect(metadataClause(metadata, "order_id", "6735")).toBe('metadata["order_id"]:"6735"');
    expect(partClause(name, "smi")).toBe('name~"smi"');
  });

  it.each([
    ["an empty text", equalityClause(name, "")],
    ["a text of spaces", equalityClause(name, "  ")],
    ["a line break", equalityClause(name, "a\nb")],
    ["half a character", equalityClause(name, "\ud800")],
    ["a text longer than any field", equalityClause(name, "a".repeat(501))],
    ["a number of a text", equalityClause(amount, "5")],
    ["a number that is not whole", equalityClause(amount, 1.5)],
    ["a part of two characters", partClause(name, "ab")],
    ["a part of a token", partClause(status, "activ")],
    ["a bound of a text", boundClause(name, ">=", 5)],
    ["a key that would end its quotes", metadataClause(metadata, 'a"]', "v")],
    ["a text of metadata as a whole", equalityClause(metadata, "v")],
  ])("is none for %s", (_, clause) => {
    expect(clause).toBeUndefined();
  });

  it("says what it was made of, whatever the text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", minLength: 1, maxLength: 40 }), (text) => {
        const clause = equalityClause(name, text);
        if (clause === undefined) return;
        expect(parseSearchQuery(clause).clauses).toMatchObject([
          { negated: false, field: "name", match: { operator: ":", value: { type: "string", text } } },
        ]);
      }),
    );
  });
});

const one = (clause: string, isNarrow = true) => ({ clauses: [clause], isNarrow });
const of = (...conditions: readonly { clauses: readonly string[]; isNarrow: boolean }[]) =>
  searchQueries(conditions)?.queries;

describe("the queries of conditions", () => {
  it("join them by AND", () => {
    expect(of(one("a:1"), one("b:2"))).toEqual(["a:1 AND b:2"]);
  });

  it("join the values of a condition alone by OR, ten in a query", () => {
    const clauses = Array.from({ length: 12 }, (_, index) => `a:${index}`);
    expect(of({ clauses, isNarrow: true })).toEqual([
      clauses.slice(0, 10).join(" OR "),
      clauses.slice(10).join(" OR "),
    ]);
  });

  it("are one for each value beside another condition: AND and OR are never in one", () => {
    expect(of({ clauses: ["a:1", "a:2"], isNarrow: true }, one("b:3"))).toEqual(["a:1 AND b:3", "a:2 AND b:3"]);
  });

  it("have ten clauses at most, the narrow ones before ranges", () => {
    const ranges = Array.from({ length: 10 }, (_, index) => one(`r>=${index}`, false));
    const [query, ...others] = of(...ranges, one("a:1")) ?? [];
    expect(others).toEqual([]);
    expect(query?.split(" AND ")).toHaveLength(10);
    expect(query).toMatch(/^a:1 AND /);
  });

  it("are none without a condition", () => {
    expect(searchQueries([])).toBeUndefined();
  });
});

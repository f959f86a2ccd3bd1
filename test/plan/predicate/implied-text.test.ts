import { describe, expect, it } from "vitest";
import { impliedText } from "../../../src/plan/predicate/implied-text.js";
import { printPredicate } from "../../../src/plan/predicate/predicate.js";
import type { SqlType } from "../../../src/value/sql-type.js";
import { utc } from "../../../src/value/time-zone.js";
import { planningTime } from "../../support/planning.js";
import { statementOf } from "../../support/statement-planning.js";

const types: Readonly<Record<string, SqlType>> = { Email: "VARCHAR", Metadata: "JSON", Amount: "BIGINT" };

function implied(where: string, parameters: readonly unknown[] = []): readonly string[] {
  const { query } = statementOf(`SELECT 1 FROM t WHERE ${where}`, "select");
  if (query.kind !== "select" || query.where === undefined) throw new Error(`not understood: ${where}`);
  const found = impliedText(query.where, {
    parameters,
    nowSeconds: planningTime,
    zone: utc,
    resolve: ({ name }) => (name in types ? name : undefined),
    typeOf: (column) => types[column],
  });
  return found.map(printPredicate);
}

describe("of a condition on a text follows", () => {
  it.each([
    ["Metadata->>'k' = 'v'", "Metadata->>'k' = 'v'"],
    ["'v' = Metadata->>'k'", "Metadata->>'k' = 'v'"],
    ["Metadata->>'k' IN ('v', 'w')", "Metadata->>'k' IN ('v', 'w')"],
    ["Email LIKE 'ab%longest_xyz'", "contains(Email, 'longest')"],
    ["Email ILIKE '%ABC%'", "contains(Email, 'ABC')"],
    ["contains(Email, 'abc')", "contains(Email, 'abc')"],
    ["starts_with(Email, 'abc')", "contains(Email, 'abc')"],
  ])("%s: %s", (where, text) => {
    expect(implied(where)).toEqual([text]);
  });

  it("what its parameter says", () => {
    expect(implied("Metadata->>'k' = $1", ["it's"])).toEqual(["Metadata->>'k' = 'it''s'"]);
  });
});

it.each([
  ["a path within an object", "Metadata->>'$.k' = 'v'"],
  ["a pointer", "Metadata->>'/k' = 'v'"],
  ["a value that is no text yet", "Metadata->'k' = 'v'"],
  ["another value", "Metadata->>'k' <> 'v'"],
  ["any but some values", "Metadata->>'k' NOT IN ('v')"],
  ["NULL", "Metadata->>'k' = NULL"],
  ["a text that is not like another", "Email NOT LIKE '%abc%'"],
  ["a part of two characters", "Email LIKE '%ab_c%'"],
  ["a wildcard that is escaped", "Email LIKE 'abc!%def' ESCAPE '!'"],
  ["letters in any case, of which there may be several", "Email ILIKE '%ÄÖÜ%'"],
  ["a part of what is no text", "Amount LIKE '%123%'"],
  ["a part of an expression", "upper(Email) LIKE '%ABC%'"],
])("nothing follows of %s", (_, where) => {
  expect(implied(where)).toEqual([]);
});

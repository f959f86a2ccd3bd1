import { describe, expect, test } from "vitest";
import { parseFilterClause } from "../../src/syntax/parse-filter-clause.js";
import { parseSelect } from "../../src/syntax/select-parser.js";
import { sketch } from "./sketch.js";

describe("a filter clause", () => {
  test.each([
    ["Status = 'open'", '(Status = "open")'],
    ["a != 1 AND b <> 2 OR NOT c < -1.5", "or(and((a <> 1), (b <> 2)), not((c < -1.5)))"],
    ["a = 1 OR b = 2 AND c = 3", "or((a = 1), and((b = 2), (c = 3)))"],
    ["NOT a = 1 AND b = 2", "and(not((a = 1)), (b = 2))"],
    ["NOT (a = 1 OR b >= 2)", "not(or((a = 1), (b >= 2)))"],
    ["(a = 1 OR b = 2) AND (c = 3)", "and(or((a = 1), (b = 2)), (c = 3))"],
    ["a IN ('x', 2, TRUE, NULL) and b not in (1)", 'and(in(a; "x", 2, true, null), not-in(b; 1))'],
    ["a LIKE 'x%' AND b NOT LIKE 'y'", 'and(like(a, "x%"), not-like(b, "y"))'],
    ["a IS NULL AND b IS NOT NULL", "and(null(a), not-null(b))"],
    ["a BETWEEN 1 AND 2 AND b NOT BETWEEN 'x' AND 'y'", 'and(between(a, 1, 2), not-between(b, "x", "y"))'],
    [
      "Metadata.order_id = 'it''s' AND Metadata.\"a b\" = ''",
      'and(((Metadata ->> "order_id") = "it\'s"), ((Metadata ->> "a b") = ""))',
    ],
    ["\"a b\" = DATE '2024-01-01'", '(a b = "2024-01-01"::DATE)'],
    ["Created >= timestamp '2024-01-01 00:00:00'", '(Created >= "2024-01-01 00:00:00"::TIMESTAMP)'],
  ])("means what SQL would: %s", (text, expected) => {
    expect(sketch(parseFilterClause(text))).toBe(expected);
  });

  test("keeps a number's leading zeros", () => {
    expect(parseFilterClause("OrderNumber = 00110")).toMatchObject({
      right: { value: { type: "number", text: "00110" } },
    });
  });

  test("is the same expression as in a WHERE, positions apart", () => {
    const clause = "NOT Status = 'open' AND Total > 5 OR Email LIKE '%@b' AND Id IN ('a', 'b') OR x BETWEEN 1 AND 2";
    const query = parseSelect(`SELECT 1 WHERE ${clause}`);
    if (query?.kind !== "select" || query.where === undefined) throw new Error("not read");
    expect(sketch(parseFilterClause(clause))).toBe(sketch(query.where));
  });

  test("has the place of a field", () => {
    expect(parseFilterClause('a = 1 AND "b c" = 2')).toMatchObject({
      operands: [{ left: { position: 0, quoted: false } }, { left: { position: 10, quoted: true } }],
    });
  });
});

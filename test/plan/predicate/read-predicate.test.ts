import { describe, expect, it } from "vitest";
import type { Predicate } from "../../../src/plan/predicate/predicate.js";
import { printPredicate } from "../../../src/plan/predicate/predicate.js";
import { readPredicates } from "../../../src/plan/predicate/read-predicate.js";
import { utc } from "../../../src/value/time-zone.js";
import { planningTime } from "../../support/planning.js";
import { statementOf } from "../../support/statement-planning.js";

const known = ["Email", "Amount", "Created", "Active"];

function predicatesOf(
  where: string,
  parameters: readonly unknown[] = [],
  present: readonly string[] = [],
): readonly Predicate[] {
  const { query } = statementOf(`SELECT 1 FROM t WHERE ${where}`, "select");
  if (query.kind !== "select" || query.where === undefined) throw new Error(`not understood: ${where}`);
  return readPredicates(query.where, {
    parameters,
    nowSeconds: planningTime,
    zone: utc,
    resolve: ({ name }) => known.find((column) => column.toLowerCase() === name.toLowerCase()),
    typeOf: (column) => (column === "Active" ? "BOOLEAN" : column === "Created" ? "TIMESTAMPTZ" : undefined),
    isNullable: (column) => !present.includes(column),
  });
}

/** Of a table all of whose rows have a Created. */
const readPresent = (where: string): readonly string[] => predicatesOf(where, [], ["Created"]).map(printPredicate);

const read = (where: string, parameters?: readonly unknown[]): readonly string[] =>
  predicatesOf(where, parameters).map(printPredicate);

describe("a condition that the planner does not judge", () => {
  it.each([
    ["upper(Email) = 'A'", "Email"],
    ["Email = Amount", "Email, Amount"],
    ["Email LIKE 'a%'", "Email"],
    ["Email IS NULL", "Email"],
    ["Email NOT IN (Amount, 'a')", "Email, Amount"],
    ["Created NOT BETWEEN '2026-01-01' AND '2026-02-01'", "Created"],
    ["NOT (Amount = 1 OR Amount = 2)", "Amount"],
    ["NOT (Email = 'a' AND Amount = 1)", "Email, Amount"],
    ["Email IN (Amount, 'a')", "Email, Amount"],
    ["Email IN (SELECT 'a')", "Email"],
    ["Email = 'A' COLLATE NOCASE", "Email"],
    ["Email IS NOT DISTINCT FROM 'a'", "Email"],
    ["Active IS NOT TRUE", "Active"],
    ["NOT (Active IS TRUE)", "Active"],
    ["coalesce(Email, 'a') = 'a'", "Email"],
    ["CASE WHEN Active THEN Amount = 1 END", "Active, Amount"],
    ["Amount + 1 = 2", "Amount"],
    ["Created::DATE = upper(Email)", "Created, Email"],
    ["year(Created) = 2025.5", "Created"],
    ["date_trunc('day', Created) = '2026-01-01T00:00:00+02:00'", "Created"],
    ["-Amount = 1", "Amount"],
  ])("is %s", (where, columns) => {
    expect(predicatesOf(where).every(({ kind }) => kind === "opaque")).toBe(true);
    expect(read(where).join()).toBe(`a condition on ${columns}`);
  });

  it.each(["1", "random() < 2", "EXISTS (SELECT 1)", "Unknown = 1"])("is %s, which names no column", (where) => {
    expect(read(where)).toEqual(["a condition"]);
  });

  it("is a BETWEEN with a bound that is no constant: the other bound is kept", () => {
    expect(read("Amount BETWEEN 1 AND Amount")).toEqual(["Amount >= 1", "a condition on Amount"]);
  });
});

describe("a comparison", () => {
  it("stands with its column on either side", () => {
    expect(read("Email = 'a'")).toEqual(["Email = 'a'"]);
    expect(read("5 < Amount")).toEqual(["Amount > 5"]);
    expect(read("'2026-01-01' <= Created")).toEqual(["Created >= '2026-01-01'"]);
    expect(read("5 <> Amount")).toEqual(["Amount <> 5"]);
  });

  it("is turned round by NOT", () => {
    expect(read("NOT Amount = 5")).toEqual(["Amount <> 5"]);
    expect(read("NOT (Amount <> 5)")).toEqual(["Amount = 5"]);
    expect(read("NOT (Created < '2026-01-01')")).toEqual(["Created >= '2026-01-01'"]);
    expect(read("NOT (5 >= Amount)")).toEqual(["Amount > 5"]);
  });

  it("with NULL is true of no row, whatever it compares", () => {
    for (const operator of ["=", "<>", "<", ">="]) expect(read(`Email ${operator} NULL`)).toEqual(["FALSE"]);
    expect(read("Email = $1", [null])).toEqual(["FALSE"]);
    expect(read("NOT (Email = NULL)")).toEqual(["FALSE"]);
  });

  it("takes the values of parameters", () => {
    expect(read("Email = $1 AND Amount > $2", ["it's", 5n])).toEqual(["Email = 'it''s'", "Amount > 5"]);
  });
});

describe("a condition without columns", () => {
  it.each(["TRUE", "1 = 1", "2 > 1", "'a' <> 'b'", "$1"])("is none where it holds: %s", (where) => {
    expect(read(where, [true])).toEqual([]);
  });

  it.each(["FALSE", "NULL", "1 = 0", "'a' = 'b'", "1 = NULL", "$1"])("leaves no row where it does not: %s", (where) => {
    expect(read(where, [null])).toEqual(["FALSE"]);
  });

  it.each(["'a' < 'b'", "1.5 = 1.5", "1 = '1'", "now() > now()", "'1' = 1", "TRUE = 1"])(
    "is left to DuckDB: %s",
    (where) => {
      expect(read(where)).toEqual(["a condition"]);
    },
  );
});

describe("several values", () => {
  it("are a membership, NULL left out", () => {
    expect(read("Email IN ('a', 'b')")).toEqual(["Email IN ('a', 'b')"]);
    expect(read("Email IN ('a', NULL)")).toEqual(["Email IN ('a')"]);
    expect(read("Email IN (NULL)")).toEqual(["FALSE"]);
  });

  it("are a membership where OR joins equalities of one column", () => {
    expect(read("Email = 'a' OR 'b' = Email OR Email IN ('c', 'd')")).toEqual(["Email IN ('a', 'b', 'c', 'd')"]);
  });

  it("of a range are its two bounds", () => {
    expect(read("Amount BETWEEN 1 AND 5")).toEqual(["Amount >= 1", "Amount <= 5"]);
    expect(read("Amount BETWEEN NULL AND 5")).toEqual(["FALSE", "Amount <= 5"]);
  });
});

describe("OR", () => {
  it("keeps each branch as a conjunction", () => {
    expect(read("Email = 'a' OR (Amount = 5 AND Created > '2026-01-01')")).toEqual([
      "(Email = 'a' OR Amount = 5 AND Created > '2026-01-01')",
    ]);
    expect(read("Amount BETWEEN 1 AND 2 OR Email = 'a'")).toEqual(["(Amount >= 1 AND Amount <= 2 OR Email = 'a')"]);
  });

  it("drops a branch that is never true", () => {
    expect(read("Email = 'a' OR Email = NULL")).toEqual(["Email IN ('a')"]);
    expect(read("FALSE OR NULL")).toEqual(["FALSE"]);
  });

  it("keeps a branch that it cannot judge", () => {
    expect(read("Email = 'a' OR Amount IS NULL")).toEqual(["(Email = 'a' OR a condition on Amount)"]);
    expect(read("Email = 'a' OR TRUE")).toEqual(["(Email = 'a' OR TRUE)"]);
  });
});

describe("a column alone", () => {
  it("is a condition where it is BOOLEAN", () => {
    expect(read("Active")).toEqual(["Active = TRUE"]);
    expect(read("NOT Active")).toEqual(["Active = FALSE"]);
    expect(read("Active IS TRUE")).toEqual(["Active = TRUE"]);
    expect(read("Active IS FALSE")).toEqual(["Active = FALSE"]);
  });

  it("is none the planner judges where it is not", () => {
    expect(read("Amount")).toEqual(["a condition on Amount"]);
    expect(read("NOT Amount")).toEqual(["a condition on Amount"]);
  });
});

it("a conjunction is each of its conditions, however they are nested", () => {
  expect(read("Email = 'a' AND (Amount = 1 AND (Active AND Created > '2026-01-01'))")).toEqual([
    "Email = 'a'",
    "Amount = 1",
    "Active = TRUE",
    "Created > '2026-01-01'",
  ]);
});

describe("a function of a time", () => {
  it.each([
    ["Created::DATE = '2026-10-20'", ["Created >= '2026-10-20T00:00:00.000Z'", "Created < '2026-10-21T00:00:00.000Z'"]],
    ["Created::DATE > '2026-10-20'", ["Created >= '2026-10-21T00:00:00.000Z'"]],
    ["Created::DATE < '2026-10-20'", ["Created < '2026-10-20T00:00:00.000Z'"]],
    ["Created::DATE <= '2026-10-20'", ["Created < '2026-10-21T00:00:00.000Z'"]],
    ["'2026-10-20' <= Created::DATE", ["Created >= '2026-10-20T00:00:00.000Z'"]],
    ["date_trunc('month', Created) > '2026-09-15'", ["Created >= '2026-10-01T00:00:00.000Z'"]],
    ["date_trunc('month', Created) < '2026-09-15'", ["Created < '2026-10-01T00:00:00.000Z'"]],
    [
      "date_trunc('week', Created) = '2026-10-20'",
      ["Created >= '2026-10-19T00:00:00.000Z'", "Created < '2026-10-26T00:00:00.000Z'"],
    ],
    ["date_trunc('quarter', Created) >= '2026-10-01'", ["Created >= '2026-10-01T00:00:00.000Z'"]],
    ["year(Created) = 2024", ["Created >= '2024-01-01T00:00:00.000Z'", "Created < '2025-01-01T00:00:00.000Z'"]],
    ["year(Created) < 2024", ["Created < '2024-01-01T00:00:00.000Z'"]],
    [
      "strftime(Created, '%Y-%m') IN ('2026-02', '2026-03')",
      ["Created >= '2026-02-01T00:00:00.000Z'", "Created < '2026-04-01T00:00:00.000Z'"],
    ],
    ["strftime('%Y', Created) > '2025'", ["Created >= '2026-01-01T00:00:00.000Z'"]],
    ["Created - INTERVAL 36 HOUR < '2026-10-20'", ["Created < '2026-10-21T12:00:01.000Z'"]],
    ["Created AT TIME ZONE 'Asia/Tokyo' >= '2026-10-20'", ["Created >= '2026-10-18T00:00:00.000Z'"]],
    [
      "(Created AT TIME ZONE 'Asia/Tokyo')::DATE = '2026-10-20'",
      ["Created >= '2026-10-18T00:00:00.000Z'", "Created < '2026-10-23T00:00:00.000Z'"],
    ],
  ])("bounds the time itself: %s", (where, bounds) => {
    expect(read(where).filter((text) => text.startsWith("Created "))).toEqual(bounds);
  });

  it.each([
    "Created::DATE <> '2026-10-20'",
    "NOT (Created::DATE = '2026-10-20')",
    "month(Created) = 10",
    "strftime(Created, '%m-%Y') = '10-2026'",
    "date_trunc('decade', Created) = '2020-01-01'",
    "Created + INTERVAL 1 MONTH > '2026-10-20'",
  ])("bounds nothing where it does not keep the order, or is not known: %s", (where) => {
    expect(read(where).filter((text) => text.startsWith("Created "))).toEqual([]);
  });

  it("is bounded by the clock a day late, as the local engine reads it later", () => {
    const [day] = read("Created < now()").slice(1);
    expect(day).toBe(`Created < '${new Date((planningTime + 86_401) * 1000).toISOString()}'`);
  });
});

describe("a bound of a column that every row has, or NULL", () => {
  it("is the bound as well, from above", () => {
    const where = "Created < '2025-01-01' OR Created IS NULL";
    expect(readPresent(where)).toEqual([
      "(Created < '2025-01-01' OR a condition on Created)",
      "Created < '2025-01-01'",
    ]);
    expect(readPresent("'2025-01-01' >= Created OR Created IS NULL")).toContain("Created <= '2025-01-01'");
    expect(read(where)).toEqual(["(Created < '2025-01-01' OR a condition on Created)"]);
  });

  it.each([
    ["from below", "Created >= '2025-01-01' OR Created IS NULL"],
    ["of another column", "Created < '2025-01-01' OR Email IS NULL"],
    ["where it is not NULL", "Created < '2025-01-01' OR Created IS NOT NULL"],
    ["of three", "Created < '2025-01-01' OR Created IS NULL OR Active"],
  ])("is none %s", (_, where) => {
    expect(readPresent(where)).toHaveLength(1);
  });
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { FilterCondition, FilterField, FilterNode, FilterValue } from "../../src/syntax/filter-node.js";
import { parseFilterClause } from "../../src/syntax/parse-filter-clause.js";

/** One line for a tree: `and((a = 1), not((b = "x")))`. */
function sketch(node: FilterNode): string {
  switch (node.kind) {
    case "and":
    case "or":
      return `${node.kind}(${node.operands.map(sketch).join(", ")})`;
    case "not":
      return `not(${sketch(node.operand)})`;
    case "comparison":
    case "is-null":
    case "in":
    case "like":
    case "between":
      return sketchCondition(node);
  }
}

function sketchCondition(node: FilterCondition): string {
  const field = sketchField(node.field);
  switch (node.kind) {
    case "comparison":
      return `(${field} ${node.operator} ${sketchValue(node.value)})`;
    case "is-null":
      return `${not(node)}null(${field})`;
    case "in":
      return `${not(node)}in(${field}; ${node.values.map(sketchValue).join(", ")})`;
    case "like":
      return `${not(node)}like(${field}, ${sketchValue(node.pattern)})`;
    case "between":
      return `${not(node)}between(${field}, ${sketchValue(node.low)}, ${sketchValue(node.high)})`;
  }
}

const not = ({ negated }: { readonly negated: boolean }): string => (negated ? "not-" : "");
const sketchField = ({ name, key }: FilterField): string => (key === undefined ? name : `${name}[${key}]`);

function sketchValue(value: FilterValue): string {
  if (value.type === "null") return "null";
  if (value.type === "number" || value.type === "boolean") return value.text;
  return `${value.type === "string" ? "" : value.type}${JSON.stringify(value.text)}`;
}

/** The places of all fields and values, in order. */
function positions(node: FilterNode): readonly number[] {
  switch (node.kind) {
    case "and":
    case "or":
      return node.operands.flatMap(positions);
    case "not":
      return positions(node.operand);
    case "comparison":
      return [node.field.position, node.value.position];
    case "is-null":
      return [node.field.position];
    case "in":
      return [node.field.position, ...node.values.map(({ position }) => position)];
    case "like":
      return [node.field.position, node.pattern.position];
    case "between":
      return [node.field.position, node.low.position, node.high.position];
  }
}

describe("a filter clause", () => {
  test.each([
    ["Status = 'open'", '(Status = "open")'],
    // NOT binds tightest, then AND, then OR.
    ["a != 1 AND b <> 2 OR NOT c < -1.5", "or(and((a <> 1), (b <> 2)), not((c < -1.5)))"],
    ["a = 1 OR b = 2 AND c = 3", "or((a = 1), and((b = 2), (c = 3)))"],
    ["a = 1 AND b = 2 OR c = 3 AND d = 4", "or(and((a = 1), (b = 2)), and((c = 3), (d = 4)))"],
    ["a = 1 OR b = 2 OR c = 3", "or((a = 1), (b = 2), (c = 3))"],
    ["NOT a = 1 AND b = 2", "and(not((a = 1)), (b = 2))"],
    ["NOT a = 1 OR b = 2", "or(not((a = 1)), (b = 2))"],
    ["NOT NOT a = 1", "not(not((a = 1)))"],
    ["NOT (a = 1 OR b >= 2)", "not(or((a = 1), (b >= 2)))"],
    ["(a = 1 OR b = 2) AND (c = 3)", "and(or((a = 1), (b = 2)), (c = 3))"],
    ["a = 1 AND (b = 2 AND c = 3)", "and((a = 1), and((b = 2), (c = 3)))"],
    ["((a = 1))", "(a = 1)"],
    ["a IN ('x', 2, TRUE, NULL) and b not in (1)", 'and(in(a; "x", 2, true, null), not-in(b; 1))'],
    ["a LIKE 'x%' AND b NOT LIKE 'y'", 'and(like(a, "x%"), not-like(b, "y"))'],
    ["a IS NULL AND b IS NOT NULL", "and(null(a), not-null(b))"],
    // The AND of a BETWEEN is its own.
    ["a BETWEEN 1 AND 2 AND b NOT BETWEEN 'x' AND 'y'", 'and(between(a, 1, 2), not-between(b, "x", "y"))'],
    ["NOT a BETWEEN 1 AND 2 OR b = 3", "or(not(between(a, 1, 2)), (b = 3))"],
    ["a = DATE '2024-01-01'", '(a = DATE"2024-01-01")'],
    ["a >= timestamp'2024-01-01 00:00:00'", '(a >= TIMESTAMP"2024-01-01 00:00:00")'],
    ["a < TimestampTZ '2024-01-01'", '(a < TIMESTAMPTZ"2024-01-01")'],
    ["a='x'AND(b='y')OR(c='z')", 'or(and((a = "x"), (b = "y")), (c = "z"))'],
    ["\t\r\n a\u00a0=\u30001\ufeff", "(a = 1)"],
  ])("is read as in SQL: %s", (text, expected) => {
    expect(sketch(parseFilterClause(text))).toBe(expected);
  });

  test.each([
    ["Name = 1", "Name"],
    ['"Name" = 1', "Name"],
    ['"a b" = 1', "a b"],
    ['"say ""hi""" = 1', 'say "hi"'],
    ["_json = 1", "_json"],
    ["naïve = 1", "naïve"],
    ["date = 1", "date"],
    ["Timestamp = 1", "Timestamp"],
    ["android = 1", "android"],
    ["note = 1", "note"],
    ['"and" = 1', "and"],
    ["Metadata.order_id = 1", "Metadata[order_id]"],
    ["Metadata.2024 = 1", "Metadata[2024]"],
    ["Metadata.and = 1", "Metadata[and]"],
    ['Metadata."a.b" = 1', "Metadata[a.b]"],
    ['"Metadata"."a ""b""" = 1', 'Metadata[a "b"]'],
  ])("names a field: %s", (text, expected) => {
    expect(sketch(parseFilterClause(text))).toBe(`(${expected} = 1)`);
  });

  test.each(["00110", "-007", "1.50", "+1", ".5", "5.", "1e3", "-1.5E-3", "0", "-0", "99999999999999999999999"])(
    "keeps the number %s as it is written, leading zeros and all",
    (number) => {
      expect(parseFilterClause(`a = ${number}`)).toMatchObject({ value: { type: "number", text: number } });
    },
  );

  test("keeps every text as it is", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        fc.pre(!text.includes("\0"));
        const clause = `a = '${text.replaceAll("'", "''")}'`;
        expect(parseFilterClause(clause)).toMatchObject({ value: { type: "string", text } });
      }),
      { numRuns: 500, seed: 1 },
    );
  });

  test("knows the place of each field and each value", () => {
    const clause = `a = 1 AND "b c" IN ('x', 2) OR NOT (d.e BETWEEN NULL AND TRUE) AND f LIKE '%' OR g IS NULL OR h > DATE '2024-01-01'`;
    const places = ["a =", "1", '"b c"', "'x'", "2)", "d.e", "NULL AND", "TRUE", "f L", "'%'", "g IS", "h >", "DATE"];
    expect(positions(parseFilterClause(clause))).toEqual(places.map((place) => clause.indexOf(place)));
  });

  test("reads whatever is printed of a tree as that tree", () => {
    fc.assert(
      fc.property(tree, (node) => {
        expect(sketch(parseFilterClause(print(node)))).toBe(sketch(node));
      }),
      { numRuns: 300, seed: 2 },
    );
  });
});

const field = fc.record({
  name: fc.constantFrom("a", "Status", "b_2"),
  key: fc.constant(undefined),
  position: fc.constant(0),
});
const value: fc.Arbitrary<FilterValue> = fc.oneof(
  fc.record({ type: fc.constant("string" as const), text: fc.string(), position: fc.constant(0) }),
  fc.record({ type: fc.constant("number" as const), text: fc.integer().map(String), position: fc.constant(0) }),
  fc.record({ type: fc.constant("null" as const), position: fc.constant(0) }),
);
const condition: fc.Arbitrary<FilterNode> = fc.oneof(
  fc.record({ kind: fc.constant("comparison" as const), field, operator: fc.constantFrom("=", "<", ">="), value }),
  fc.record({ kind: fc.constant("is-null" as const), field, negated: fc.boolean() }),
  fc.record({
    kind: fc.constant("in" as const),
    field,
    values: fc.array(value, { minLength: 1, maxLength: 3 }),
    negated: fc.boolean(),
  }),
  fc.record({ kind: fc.constant("between" as const), field, low: value, high: value, negated: fc.boolean() }),
);
const { node: tree } = fc.letrec<{ node: FilterNode }>((tie) => ({
  node: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    { weight: 2, arbitrary: condition },
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constantFrom("and" as const, "or" as const),
        operands: fc.array(tie("node"), { minLength: 2, maxLength: 3 }),
      }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant("not" as const), operand: tie("node") }) },
  ),
}));

/** A clause of the tree, in parentheses only where it needs them or loses nothing by them. */
function print(node: FilterNode): string {
  switch (node.kind) {
    case "and":
    case "or":
      return node.operands
        .map((operand) => (operand.kind === "and" || operand.kind === "or" ? `(${print(operand)})` : print(operand)))
        .join(` ${node.kind.toUpperCase()} `);
    case "not":
      return `NOT ${node.operand.kind === "and" || node.operand.kind === "or" ? `(${print(node.operand)})` : print(node.operand)}`;
    case "comparison":
      return `${node.field.name} ${node.operator} ${printValue(node.value)}`;
    case "is-null":
      return `${node.field.name} IS ${node.negated ? "NOT " : ""}NULL`;
    case "in":
      return `${node.field.name} ${node.negated ? "NOT " : ""}IN (${node.values.map(printValue).join(",")})`;
    case "like":
      return `${node.field.name} LIKE ${printValue(node.pattern)}`;
    case "between":
      return `${node.field.name} ${node.negated ? "NOT " : ""}BETWEEN ${printValue(node.low)} AND ${printValue(node.high)}`;
  }
}

function printValue(given: FilterValue): string {
  if (given.type === "null") return "NULL";
  return given.type === "string" ? `'${given.text.replaceAll("'", "''")}'` : given.text;
}

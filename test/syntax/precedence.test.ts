import type { DuckDBConnection } from "@duckdb/node-api";
import { DuckDBInstance } from "@duckdb/node-api";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { SelectStatement } from "../../src/syntax/statement.js";
import { readScript } from "../support/read-statement.js";
import type { Constant } from "./evaluate-constant.js";
import { evaluateConstant, Unevaluable } from "./evaluate-constant.js";

const number = fc.constantFrom("0", "1", "2", "3", "-1", "NULL");
const sum: fc.Arbitrary<string> = fc.oneof(
  number,
  fc.tuple(number, fc.constantFrom("+", "-", "*", "%", "/"), number).map((parts) => parts.join(" ")),
  fc
    .tuple(number, fc.constantFrom("+", "-", "*"), number, fc.constantFrom("+", "-", "*", "%"), number)
    .map((parts) => parts.join(" ")),
  fc
    .tuple(fc.constantFrom("- (", "(", "(", "("), number, fc.constantFrom("+", "-"), number, fc.constant(")"))
    .map((parts) => parts.join(" ")),
);
const operator = fc.constantFrom("=", "<>", "!=", "<", "<=", ">", ">=");
const json = `'{"k":"x","a":{"b":"y"}}'::JSON`;
const text = fc.constantFrom(
  "'x'",
  "'y'",
  "'it''s'",
  "E'x'",
  `${json}->>'k'`,
  `${json}->'a'->>'b'`,
  `${json} ->> 'none'`,
);
const condition: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom("TRUE", "FALSE", "NULL::BOOLEAN"),
  fc.tuple(sum, operator, sum).map((parts) => parts.join(" ")),
  fc.tuple(text, fc.constantFrom("=", "<>", "<"), text).map((parts) => parts.join(" ")),
  fc
    .tuple(sum, fc.constantFrom("", "NOT "), sum, sum)
    .map(([a, not, low, high]) => `${a} ${not}BETWEEN ${low} AND ${high}`),
  fc.tuple(sum, fc.constantFrom("", "NOT "), sum, sum).map(([a, not, one, two]) => `${a} ${not}IN (${one}, ${two})`),
  fc
    .tuple(number, fc.constantFrom("", "NOT "), number, number)
    .map(([a, not, one, two]) => `${a} ${not}IN (${one}, ${two})`),
  fc.tuple(sum, fc.constantFrom("IS NULL", "IS NOT NULL")).map((parts) => parts.join(" ")),
  fc
    .tuple(text, fc.constantFrom("LIKE", "NOT LIKE"), fc.constantFrom("'x'", "'%'", "'_'"))
    .map((parts) => parts.join(" ")),
);
const connective = fc.constantFrom("AND", "OR");
const isBoolean = fc.constantFrom("", "", "", " IS TRUE", " IS NOT TRUE", " IS FALSE", " IS NOT FALSE", " IS NULL");
const not = fc.constantFrom("", "", "NOT ", "NOT NOT ");

/** Conditions joined with as few parentheses as chance leaves, so that precedence decides. */
const formula = fc.letrec<{ chain: string; term: string }>((tie) => ({
  chain: fc.oneof(
    { depthSize: "small" },
    tie("term"),
    fc.tuple(tie("term"), connective, tie("term")).map((parts) => parts.join(" ")),
    fc.tuple(tie("term"), connective, tie("term"), connective, tie("term")).map((parts) => parts.join(" ")),
  ),
  term: fc.oneof(
    { depthSize: "small" },
    fc.tuple(not, condition).map((parts) => parts.join("")),
    fc.tuple(not, tie("chain"), isBoolean).map(([negation, inner, is]) => `${negation}(${inner})${is}`),
    fc
      .tuple(not, tie("chain"), fc.constantFrom("=", "<>"), fc.constantFrom("TRUE", "FALSE"))
      .map(([negation, inner, op, value]) => `${negation}(${inner}) ${op} ${value}`),
  ),
})).chain;

function read(sql: string): SelectStatement {
  const [statement] = readScript(sql);
  if (statement?.kind !== "select") throw new Error("no query");
  return statement;
}

/** What the planner's reading of `SELECT …` comes to, or undefined where it reads nothing it could be wrong of. */
function planned(statement: SelectStatement): { readonly value: Constant } | undefined {
  if (statement.query.kind !== "select") return undefined;
  const [item] = statement.query.items;
  if (item === undefined) return undefined;
  try {
    return { value: evaluateConstant(item.expression) };
  } catch (error) {
    if (error instanceof Unevaluable) return undefined;
    throw error;
  }
}

describe("the planner's reading of an expression", () => {
  let connection: DuckDBConnection;

  beforeAll(async () => {
    const instance = await DuckDBInstance.create(":memory:");
    connection = await instance.connect();
    await connection.run("SET integer_division = true");
  });

  afterAll(() => connection.closeSync());

  async function computed(statement: SelectStatement): Promise<unknown> {
    const result = await connection.runAndReadAll(statement.sql.sql);
    return result.getRowsJson()[0]?.[0];
  }

  test("has the value that DuckDB computes, wherever it has one", async () => {
    let understood = 0;
    await fc.assert(
      fc.asyncProperty(formula, async (expression) => {
        const statement = read(`SELECT ${expression}`);
        const reading = planned(statement);
        if (reading === undefined) return;
        understood += 1;
        expect(reading.value, statement.sql.sql).toBe(await computed(statement));
      }),
      { numRuns: Number(process.env["RUNS"] ?? 400), seed: Number(process.env["SEED"] ?? 7) },
    );
    expect(understood).toBeGreaterThan(Number(process.env["RUNS"] ?? 400) * 0.7);
  });

  test("is the same in a select list, a join, WHERE, HAVING, a call and a subquery", () => {
    fc.assert(
      fc.property(formula, (expression) => {
        const { query } = read(
          `SELECT ${expression}, f(${expression}, 1), (SELECT ${expression}), CASE WHEN ${expression} THEN ${expression} ELSE ${expression} END FROM t JOIN u ON ${expression} WHERE ${expression} HAVING ${expression}`,
        );
        if (query.kind !== "select" || query.from?.kind !== "join") throw new Error("not read");
        const [item, call, subquery, choice] = query.items.map((one) => withoutPositions(one.expression));
        expect(call).toMatchObject({ kind: "call", arguments: [item, { kind: "literal" }] });
        expect(subquery).toMatchObject({ query: { items: [{ expression: item }] } });
        expect(choice).toEqual({ kind: "other", operands: [item, item, item], perRow: true, form: "case" });
        expect([query.from.on, query.where, query.having].map(withoutPositions)).toEqual([item, item, item]);
      }),
      { numRuns: 150, seed: 11 },
    );
  });
});

/** Two places hold different columns' positions. */
function withoutPositions(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value, (key, held: unknown) => (key === "position" ? undefined : held)));
}

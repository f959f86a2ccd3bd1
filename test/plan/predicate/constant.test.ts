import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { foldConstant } from "../../../src/plan/predicate/constant.js";
import type { ConstantContext, Scalar } from "../../../src/plan/predicate/scalar.js";
import type { Expression } from "../../../src/syntax/expression.js";
import { utc } from "../../../src/value/time-zone.js";
import { openOracle } from "../../support/oracle.js";
import { planningTime } from "../../support/planning.js";
import { statementOf } from "../../support/statement-planning.js";

const oracle = openOracle();

function expressionOf(sql: string): Expression {
  const { query } = statementOf(`SELECT ${sql}`, "select");
  const expression = query.kind === "select" ? query.items[0]?.expression : undefined;
  if (expression === undefined) throw new Error(`not understood: ${sql}`);
  return expression;
}

function fold(sql: string, context: Partial<ConstantContext> = {}): Scalar | undefined {
  return foldConstant(expressionOf(sql), { parameters: [], nowSeconds: planningTime, zone: utc, ...context });
}

const time = (seconds: number, clock = false): Scalar => ({ type: "timestamp", seconds, clock });

describe("what is left to DuckDB", () => {
  it.each([
    "Email",
    "upper('ä')",
    "reverse('a')",
    "1 + 1.5",
    "1 / 2",
    "'a' || 1",
    "CASE WHEN TRUE THEN 1 ELSE 'x' END",
    "CASE WHEN Email = 'a' THEN 'x' ELSE 'x' END",
    "coalesce(Email, 'a')",
    "make_date(2026, 2, 30)",
    "(SELECT 1 LIMIT 1)",
    "random()",
    "INTERVAL '1 day'",
    "TIMESTAMPTZ '2026-02-30'",
    "CAST('5' AS BIGINT)",
    "CAST(5 AS VARCHAR)",
    "to_timestamp('5')",
    "date_trunc('century', TIMESTAMPTZ '2026-01-01')",
    "date_trunc('day', '2026-01-01')",
    "TIMESTAMPTZ '2026-01-01' + INTERVAL '1 month 2 days'",
    "TIMESTAMPTZ '2026-01-01' * 2",
    "1e400",
  ])("%s", (sql) => {
    expect(fold(sql)).toBeUndefined();
  });

  it("is a time with a zone cast to a type that drops it: it once moved DATE '… 23:00-05' to the next day", async () => {
    expect(fold("DATE '2026-01-01 23:00:00-05'")).toBeUndefined();
    expect(fold("TIMESTAMP '2026-01-01 00:00:00-05'")).toBeUndefined();
    expect(await oracle.text("DATE '2026-01-01 23:00:00-05'")).toBe("2026-01-01");
  });

  it("is a fraction that a double would make whole: < 5.0000000000000000001 lost the rows of 5", () => {
    expect(fold("5.0000000000000000001")).toBeUndefined();
    expect(fold("4.9999999999999999999")).toBeUndefined();
    expect(fold("5.00")).toEqual({ type: "number", value: 5, text: "5.00" });
  });

  it.each([[undefined], [{ a: 1 }], [["a"]], [Symbol("x")]])("is a parameter that is no scalar: %o", (value) => {
    expect(
      foldConstant({ kind: "parameter", index: 0 }, { parameters: [value], nowSeconds: 0, zone: utc }),
    ).toBeUndefined();
  });
});

describe("a function of constants", () => {
  it.each([
    "lower('OPEN')",
    "upper('usd') || '-' || lower('EUR')",
    "'a' || NULL",
    "CASE WHEN 1 = 2 THEN 'a' WHEN 'x' = 'x' THEN 'b' ELSE 'c' END",
    "CASE WHEN NULL IS NOT NULL THEN 'a' END",
    "CASE WHEN FALSE THEN 5 ELSE 6 END",
    "coalesce(NULL, 'b', 'c')",
  ])("is folded to what DuckDB makes of it: %s", async (sql) => {
    const folded = fold(sql);
    const text =
      folded?.type === "null"
        ? null
        : folded?.type === "number"
          ? folded.text
          : folded?.type === "string"
            ? folded.value
            : undefined;
    expect(text).toBe(await oracle.text(sql));
  });

  it.each(["make_date(2026, 2, 28)", "make_timestamptz(2026, 10, 25, 13, 5, 6)", "coalesce(NULL, DATE '2026-01-05')"])(
    "is the time that DuckDB makes of it: %s",
    async (sql) => {
      expect(fold(sql)).toEqual(time((await oracle.seconds(sql)) ?? Number.NaN));
    },
  );
});

describe("a constant", () => {
  it("is a literal's value, a number with its text", () => {
    expect(fold("'it''s'")).toEqual({ type: "string", value: "it's" });
    expect(fold("NULL")).toEqual({ type: "null" });
    expect(fold("TRUE")).toEqual({ type: "boolean", value: true });
    expect(fold("-15.5")).toEqual({ type: "number", value: -15.5, text: "-15.5" });
    expect(fold("9007199254740993")).toEqual({ type: "number", value: 9007199254740992, text: "9007199254740993" });
  });

  it("is a parameter's value", () => {
    const given = (value: unknown) => fold("$1", { parameters: [value] });
    expect(given("a")).toEqual({ type: "string", value: "a" });
    expect(given(5)).toEqual({ type: "number", value: 5, text: "5" });
    expect(given(9007199254740993n)).toEqual({ type: "number", value: 9007199254740992, text: "9007199254740993" });
    expect(given(false)).toEqual({ type: "boolean", value: false });
    expect(given(null)).toEqual({ type: "null" });
    expect(given(new Date(1500))).toEqual(time(1.5));
  });

  it("is that of a subquery that reads nothing, but for NULL, which stands for a value to come", () => {
    expect(fold("(SELECT 'a')")).toEqual({ type: "string", value: "a" });
    expect(fold("(SELECT (SELECT $1::VARCHAR))", { parameters: ["b"] })).toEqual({ type: "string", value: "b" });
    expect(fold("(SELECT NULL::VARCHAR)")).toBeUndefined();
    expect(fold("(SELECT 'a' WHERE 1 = 0)")).toBeUndefined();
    expect(fold("(SELECT 'a' LIMIT 0)")).toBeUndefined();
    expect(fold("(SELECT 'a' FROM Customer)")).toBeUndefined();
  });

  it("is the clock, marked as what DuckDB reads later", () => {
    expect(fold("now()")).toEqual(time(planningTime, true));
    expect(fold("current_timestamp")).toEqual(time(planningTime, true));
    expect(fold("current_date")).toEqual(time(Date.UTC(2026, 2, 31) / 1000, true));
    expect(fold("date_trunc('month', now())")).toEqual(time(Date.UTC(2026, 2, 1) / 1000, true));
    expect(fold("now() - INTERVAL '7 days'")).toEqual(time(planningTime - 604_800, true));
  });

  it("keeps the clock's fraction once when months are taken from it: it was counted twice", () => {
    expect(fold("now() - INTERVAL '1 month'", { nowSeconds: planningTime + 0.75 })).toEqual(
      time(Date.UTC(2026, 1, 28, 12) / 1000 + 0.75, true),
    );
  });

  it("is NULL where NULL is cast", () => {
    expect(fold("CAST(NULL AS TIMESTAMPTZ)")).toEqual({ type: "null" });
  });
});

const instants = fc.constantFrom(
  "2026-01-31",
  "2024-02-29 23:59:59",
  "2026-03-31 12:34:56.789",
  "2025-12-31 00:00:00.5",
  "1969-12-31 23:59:59.25",
);
const amounts = fc.constantFrom("1", "13", "-1", "25");
const units = fc.constantFrom("month", "months", "year", "quarter", "day", "hours", "week", "seconds");
const truncations = fc.constantFrom("hour", "day", "week", "month", "quarter", "year", "DAY");
const casts = fc.constantFrom("TIMESTAMPTZ", "TIMESTAMP", "DATE");

describe("a folded time", () => {
  async function agrees(sql: string): Promise<void> {
    const folded = fold(sql);
    if (folded === undefined) return;
    expect(folded.type === "timestamp" ? folded.seconds : undefined).toBe(await oracle.seconds(sql));
  }

  it("is DuckDB's after calendar arithmetic", async () => {
    await fc.assert(
      fc.asyncProperty(
        casts,
        instants,
        fc.constantFrom("+", "-"),
        amounts,
        units,
        (cast, instant, sign, amount, unit) => agrees(`${cast} '${instant}' ${sign} INTERVAL '${amount} ${unit}'`),
      ),
      { numRuns: 200 },
    );
  });

  it("is DuckDB's after date_trunc and casts", async () => {
    await fc.assert(
      fc.asyncProperty(casts, instants, truncations, async (cast, instant, unit) => {
        await agrees(`date_trunc('${unit}', ${cast} '${instant}')`);
        await agrees(`CAST(TIMESTAMPTZ '${instant}' AS ${cast})`);
      }),
      { numRuns: 100 },
    );
  });

  it("is DuckDB's from Unix seconds", async () => {
    for (const sql of ["to_timestamp(0)", "to_timestamp(1767225600)", "to_timestamp(1.5)", "to_timestamp(-5)"]) {
      expect(fold(sql)).toBeDefined();
      await agrees(sql);
    }
  });
});

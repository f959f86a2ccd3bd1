import { DuckDBInstance } from "@duckdb/node-api";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { StripeSqlError } from "../../../src/error/stripe-sql-error.js";
import { readDuckdbTree } from "../../../src/syntax/duckdb/read-duckdb-tree.js";
import type { Query } from "../../../src/syntax/expression.js";
import { parseScript } from "../../../src/syntax/parse-script.js";
import { reservedWords } from "../../../src/syntax/plain/token-class.js";
import type { SqlText } from "../../../src/syntax/sql-text.js";
import { nearlyPlainSelects, plainSelects } from "../../support/generated-plain-select.js";
import { serializeSync } from "../../support/read-statement.js";
import { sketchQuery } from "../sketch.js";

interface PlainReading {
  readonly sql: SqlText;
  readonly query: Query;
}

/** What is read of a text without an engine; undefined where one is needed, or where the text is none. */
function plainReading(text: string): PlainReading | undefined {
  const [statement, ...rest] = parsed(text);
  if (statement === undefined || rest.length > 0 || statement.unparsed !== undefined) return undefined;
  const read = statement.complete();
  return read.kind === "select" ? read : undefined;
}

function parsed(text: string): ReturnType<typeof parseScript> {
  try {
    return parseScript(text);
  } catch (error) {
    if (error instanceof StripeSqlError) return [];
    throw error;
  }
}

function duckReading({ sql }: PlainReading): Query {
  return readDuckdbTree(serializeSync(sql.sql), sql, { fileAccess: true });
}

const seed = Number(process.env["SEED"] ?? 5);
const runs = Number(process.env["RUNS"] ?? 300);

describe("a plain SELECT", () => {
  test("is read without an engine as DuckDB reads it, places included", () => {
    fc.assert(
      fc.property(plainSelects, (text) => {
        const reading = plainReading(text);
        if (reading === undefined) throw new Error("not read");
        expect(reading.query).toStrictEqual(duckReading(reading));
      }),
      { numRuns: runs, seed },
    );
  }, 120_000);

  test("that was changed is left to an engine, or still read as DuckDB reads it", () => {
    let read = 0;
    fc.assert(
      fc.property(nearlyPlainSelects, (text) => {
        const reading = plainReading(text);
        if (reading === undefined) return;
        read += 1;
        expect(reading.query).toStrictEqual(duckReading(reading));
      }),
      { numRuns: runs * 5, seed },
    );
    expect(read).toBeGreaterThan(runs / 10);
  }, 120_000);

  test.each([
    ["SELECT a AS x, t.*, *, -5 FROM s.t AS t", "a x, t.*, *, -5 first s.t t"],
    [
      "SELECT a FROM t WHERE a = 1 AND b IN (1, ?) AND c NOT LIKE 'x%' AND d BETWEEN 1 AND 2 AND e IS NOT NULL AND f >= 3",
      'a first t where and((a = 1), in(b; 1, $0), not-like(c, "x%"), between(d, 1, 2), not-null(e), (f >= 3))',
    ],
    [
      "SELECT a FROM t ORDER BY a DESC NULLS LAST, b LIMIT 5 OFFSET ?",
      "a first t order a desc last order b limit 5 offset $0",
    ],
    ['SELECT "select", [from] FROM "where"', "select, from first where"],
    ["SELECT é, naïve FROM ünï WHERE ß = 'ä'", 'é, naïve first ünï where (ß = "ä")'],
    ["SELECT table_name FROM information_schema.tables", "table_name first stripe_information_schema.tables"],
  ])("is read as %s says", (text, sketched) => {
    const reading = plainReading(text);
    expect(reading === undefined ? undefined : sketchQuery(reading.query)).toBe(sketched);
  });

  test("has the place of each name, and whether it was quoted", () => {
    expect(plainReading('SELECT t.[Id] FROM v2."T" AS t WHERE Email = "a@b.c"')?.query).toMatchObject({
      items: [{ expression: { table: "t", name: "Id", quoted: true, position: 9 } }],
      from: { schema: "v2", name: "T", position: 22 },
      where: { left: { quoted: false, position: 37 }, right: { name: "a@b.c", quoted: true, position: 45 } },
    });
  });

  test.each([
    "SELECT a FROM t, u",
    "SELECT a FROM t JOIN u USING (i)",
    "SELECT DISTINCT a FROM t",
    "SELECT count(*) FROM t",
    "SELECT a + 1 FROM t",
    "SELECT a FROM t WHERE a = 1 OR b = 2",
    "SELECT a FROM t WHERE NOT a = 1",
    "SELECT a FROM t WHERE (a = 1)",
    "SELECT a FROM t WHERE a = DATE '2024-01-01'",
    "SELECT a FROM t WHERE a = E'x'",
    "SELECT a FROM t WHERE a IN (SELECT b FROM u)",
    "SELECT a FROM t GROUP BY a",
    "SELECT a::int FROM t",
    "SELECT a->>'b' FROM t",
    "SELECT current_date FROM t",
    "SELECT order FROM t",
    "SELECT left FROM t",
    "SELECT a b FROM t",
    "SELECT a.b.c FROM t",
    "SELECT * EXCLUDE (a) FROM t",
    "SELECT 1",
    "FROM t",
    "SELECT a FROM 't'",
    "SELECT a FROM t OFFSET 2 LIMIT 5",
    "SELECT a FROM t LIMIT ALL",
    `SELECT a FROM t WHERE a IN (${Array.from({ length: 1000 }, (_, index) => index).join(", ")})`,
  ])("is none of %s", (text) => {
    expect(plainReading(text)).toBeUndefined();
  });

  test("has none of DuckDB's words for a name that it does not take for one everywhere", async () => {
    const instance = await DuckDBInstance.create(":memory:");
    const connection = await instance.connect();
    const result = await connection.runAndReadAll(
      "SELECT upper(keyword_name) FROM duckdb_keywords() WHERE keyword_category <> 'unreserved'",
    );
    expect(
      result
        .getRows()
        .map(([word]) => word)
        .filter((word) => !reservedWords.has(String(word))),
    ).toEqual([]);
    connection.closeSync();
  });
});

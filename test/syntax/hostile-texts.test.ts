import fc from "fast-check";
import { expect, test } from "vitest";
import { StripeSqlError } from "../../src/error/stripe-sql-error.js";
import { nearlyPlainSelects } from "../support/generated-plain-select.js";
import { readScript } from "../support/read-statement.js";

const words = (...texts: string[]): fc.Arbitrary<string> => fc.constantFrom(...texts);

/** One of each kind of statement and clause, as a parser's own tests have them. */
const statements = words(
  "SELECT a, b AS c FROM t WHERE a = 1 AND b IN (1, 2) ORDER BY a DESC NULLS LAST LIMIT 5 OFFSET 2",
  "SELECT DISTINCT ON (a) count(*) FILTER (WHERE b), sum(a) OVER (PARTITION BY c ORDER BY d) FROM t GROUP BY ALL HAVING x",
  "SELECT * FROM t a LEFT JOIN u USING (i) JOIN v ON a.x = v.y, LATERAL (SELECT 1) w WHERE EXISTS (FROM z)",
  "SELECT CASE a WHEN 1 THEN 'x' ELSE NULL END, CAST(b AS DECIMAL(10, 2)), c::int[], d->'e'->>'f' FROM t",
  "SELECT [x + 1 FOR x IN l IF x > 2], list_transform(l, y -> y * 2), {'a': b}, m['k'], s.t.c FROM t",
  "SELECT INTERVAL '7 days', DATE '2024-01-01', now() - INTERVAL 3 MONTH, 1e400, -0.5, 'é😀', E'\\n', $$x$$",
  "SELECT * EXCLUDE (a) REPLACE (b AS c), COLUMNS('x'), t.* FROM t TABLESAMPLE 10% QUALIFY row_number() OVER () = 1",
  "WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r), q AS (VALUES (1)) SELECT * FROM r, q",
  "SELECT 1 UNION ALL BY NAME SELECT 2 INTERSECT SELECT 3 EXCEPT ALL SELECT 4 LIMIT 10%",
  "FROM (PIVOT t ON c, d IN (SELECT 1) USING sum(x) GROUP BY e) UNPIVOT (v FOR n IN (a, b))",
  "PIVOT t ON a IN ('x') USING count(*)",
  "SUMMARIZE SELECT 1",
  "INSERT INTO t (a, b) VALUES (1, lower('x')), (?, -2) RETURNING *, a + 1 AS c",
  "INSERT INTO v2.t SELECT a FROM u WHERE b RETURNING Id",
  "UPDATE t AS x SET a = u.b FROM u JOIN w ON u.i = w.i, (SELECT 1) d WHERE x.e = u.e RETURNING h",
  "INSERT INTO t (a, b) VALUES (1, lower('x')) ON CONFLICT (a, lower(b)) DO UPDATE SET b = excluded.b || 'c' WHERE t.b > 1",
  "MERGE INTO t AS x USING (SELECT 1 AS i) s ON x.a = s.i WHEN MATCHED AND s.i > 1 THEN UPDATE SET b = 2 WHEN NOT MATCHED THEN INSERT (a) VALUES (s.i)",
  "EXEC P A = x.a, B = 1 + 1 FROM t x WHERE x.c ORDER BY 1 LIMIT 2",
  "UPDATE t AS x SET a = 1, b = x.c || 'd' WHERE x.e BETWEEN 1 AND 2 OR f IS DISTINCT FROM g RETURNING h",
  "DELETE FROM t WHERE a NOT LIKE 'x%' AND b = ANY(SELECT c FROM u) RETURNING *",
  "EXEC P @a = 1 + 1, b = 'x'",
  "CALL P(a => 1, b := lower('X'))",
  "EXPLAIN (ANALYZE, FORMAT JSON) SELECT a FROM t",
  "SHOW TABLES; DESCRIBE t; BEGIN; COMMIT",
  "CREATE TABLE t (a INT)",
);

const scraps = words(
  ..."SELECT FROM WHERE GROUP BY HAVING ORDER LIMIT OFFSET UNION ALL EXCEPT WITH AS ON USING JOIN LEFT NATURAL IN IS NOT".split(
    " ",
  ),
  ..."NULL LIKE BETWEEN AND OR CASE WHEN THEN ELSE END CAST DISTINCT PIVOT UNPIVOT VALUES TABLE SET INTO RETURNING".split(
    " ",
  ),
  ..."DEFAULT INTERVAL DATE LATERAL WINDOW QUALIFY SAMPLE FILTER OVER FOR UPDATE DELETE INSERT lambda x: t.*".split(
    " ",
  ),
  ..."( ) [ ] { } , ; . * + - / % = <> < :: := => -> ->> || ? $1 @p :q ' \" ` $$ -- /* */ # ! ~ ^ & | \\ \0 \ud800 é 😀".split(
    " ",
  ),
  ..."1 -1 1.5 .5 5. 1e400 0x1F 1_0 99999999999999999999 'x' E'\\' \"y\" [z] `w` information_schema.tables".split(" "),
);

const pieces = /[\w.]+|'[^']*'|\s+|[^\w\s]/gu;

const mutated = fc
  .tuple(
    statements,
    fc.array(fc.tuple(fc.nat(), fc.nat({ max: 4 }), scraps), { maxLength: 4 }),
    fc.option(statements, { freq: 8, nil: "" }),
  )
  .map(([text, changes, next]) => {
    const parts: string[] = text.match(pieces) ?? [];
    for (const [at, manner, scrap] of changes) change(parts, at % (parts.length + 1), { manner, scrap });
    return next === "" ? parts.join("") : `${parts.join("")};${next}`;
  });

function change(
  parts: string[],
  at: number,
  { manner, scrap }: { readonly manner: number; readonly scrap: string },
): void {
  if (manner === 0) parts.splice(at, 1);
  else if (manner === 1) parts.splice(at, 0, ` ${scrap} `);
  else if (manner === 2) parts.splice(at, 1, scrap);
  else if (manner === 3) parts.splice(at);
  else parts.splice(at, 0, ...parts.slice(at, at + 5));
}

/** What an error says; undefined where the text was read. Anything but our own error is thrown on. */
function refusalOf(text: string): StripeSqlError | undefined {
  try {
    readScript(text);
    return undefined;
  } catch (error) {
    if (error instanceof StripeSqlError) return error;
    throw error;
  }
}

const expectedStates = new Set(["42601", "0A000", "54000"]);

test("whatever a text holds, it is read, or refused with its mistake", () => {
  let read = 0;
  let total = 0;
  fc.assert(
    fc.property(fc.oneof({ weight: 3, arbitrary: mutated }, nearlyPlainSelects), (text) => {
      const error = refusalOf(text);
      total += 1;
      if (error === undefined) read += 1;
      else expect(expectedStates, error.message).toContain(error.sqlState);
      const position = error?.position ?? 0;
      expect(position).toBeGreaterThanOrEqual(0);
      expect(position).toBeLessThanOrEqual(text.length);
    }),
    { numRuns: Number(process.env["RUNS"] ?? 1400), seed: Number(process.env["SEED"] ?? 17) },
  );
  expect(read).toBeGreaterThan(total * 0.1);
}, 120_000);

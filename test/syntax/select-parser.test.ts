import { describe, expect, test } from "vitest";
import { parseSelect } from "../../src/syntax/select-parser.js";
import { sketchQuery } from "./sketch.js";

/** A text, and what is understood of it: see sketch.ts. */
const read: readonly (readonly [text: string, sketch: string])[] = [
  ["SELECT 'it''s', E'a\\nb\\x41\\'', 'a\\nb', $$x'y$$, $t$a$$b$t$", '"it\'s", "a\\nbA\'", "a\\\\nb", "x\'y", "a$$b"'],
  [
    "SELECT -3, 1e3, 12345678901234567890, 1.50, .5, 1_000, - x, -(3)",
    "-3, 1000, 12345678901234567000, 1.5, 0.5, 1000, other(x), -3",
  ],
  [
    "SELECT TRUE, FALSE, NULL, now(), CURRENT_TIMESTAMP, current_date",
    "true, false, null, now(), current_timestamp(), current_date()",
  ],
  [
    "SELECT INTERVAL '7 days', INTERVAL 7 DAY, INTERVAL '7' DAY, INTERVAL (n) DAY, now() - INTERVAL '1 month'",
    "interval<7 days>, interval<7 day>, interval<7 day>, other(n), (now() - interval<1 month>)",
  ],
  [
    "SELECT TIMESTAMP '2024-01-01', DATE '2024-01-01', TIMESTAMP WITH TIME ZONE 'x', 'x'::timestamptz, x::timestamp with time zone::date",
    '"2024-01-01"::TIMESTAMP, "2024-01-01"::DATE, "x"::TIMESTAMPTZ, "x"::TIMESTAMPTZ, x::TIMESTAMPTZ::DATE',
  ],
  [
    "SELECT CAST(a + 1 AS DECIMAL(10, 2)), a::double precision, TRY_CAST(a AS INT), -a::int, a::int[]",
    "(a + 1)::DECIMAL(10,2), a::DOUBLE, other(a), other(a::INT), a::INT[]",
  ],
  ["SELECT ?, ?", "$0, $1"],
  ["SELECT @a, @b, @a", "$0, $1, $0"],
  ['SELECT a b, a AS "B c", t.*, *, s.t.c', "a b, a B c, t.*, *, t.c"],
  [
    "SELECT count(*), count(DISTINCT a), sum(a + 1), string_agg(a, ',' ORDER BY b DESC), s.f(x)",
    'count(*), count-distinct(a), sum((a + 1)), other(string_agg(a, ","), b), f(x)',
  ],
  [
    "SELECT count(*) FILTER (WHERE a = 1), percentile_cont(0.5) WITHIN GROUP (ORDER BY a)",
    "other(count(*), (a = 1)), other(percentile_cont(0.5), a)",
  ],
  [
    "SELECT row_number() OVER (PARTITION BY a, b ORDER BY c DESC NULLS LAST), sum(a) OVER (ORDER BY b ROWS BETWEEN 1 PRECEDING AND CURRENT ROW), lag(a, 1) OVER ()",
    "other(row_number-window(), a, b, c), other(sum-window(a), b), lag-window(a, 1)",
  ],
  ["SELECT CASE WHEN a THEN b ELSE c END, CASE a WHEN 1 THEN 2 END + 1", "other(a, b, c), (other(a, 1, 2) + 1)"],
  [
    "SELECT extract(year FROM a), substring(a FROM 1 FOR 2), trim(BOTH 'x' FROM a), position('a' IN b), left(a, 2)",
    'extract("year", a), substring(a, 1, 2), trim("x", a), position("a", b), left(a, 2)',
  ],
  [
    "SELECT a AT TIME ZONE 'UTC', a COLLATE nocase, a || b || 'c', a // b, a ^ 2",
    'other(a, "UTC"), other(a), other(other(a, b), "c"), other(a, b), other(a, 2)',
  ],
  ["SELECT [a, 1], ARRAY[a], coalesce(a, b)", "other(a, 1), other(a), coalesce(a, b)"],
  ["SELECT (SELECT max(a) FROM t), (a, b)", "[max(a) first t], other(a, b)"],
  [
    'SELECT Type, Date, Interval, Object, "End", First, Start, Left, Left(a, 1) FROM Plan',
    "Type, Date, Interval, Object, End, First, Start, Left, left(a, 1) first Plan",
  ],
  ["SELECT 1 WHERE a = 1 OR b = 2 AND NOT c = 3", "1 where or((a = 1), and((b = 2), not((c = 3))))"],
  ["SELECT 1 WHERE NOT (a = 1 OR b) AND c", "1 where and(not(or((a = 1), b)), c)"],
  [
    "SELECT 1 WHERE a NOT IN (1, ?) AND b NOT BETWEEN 1 AND 2 AND c NOT LIKE 'x%' AND d ILIKE 'y'",
    '1 where and(not-in(a; 1, $0), not-between(b, 1, 2), not-like(c, "x%"), ilike(d, "y"))',
  ],
  [
    "SELECT 1 WHERE a IN (b, 1 + 1) AND a IN (SELECT b FROM t) AND a NOT IN (SELECT b FROM t)",
    "1 where and(in(a; b, (1 + 1)), in(a; b first t), not-in(a; b first t))",
  ],
  [
    "SELECT 1 WHERE (a, b) IN ((1, 2)) OR (a, b) = (1, 2)",
    "1 where or(in(other(a, b); other(1, 2)), (other(a, b) = other(1, 2)))",
  ],
  [
    "SELECT 1 WHERE a IS NOT TRUE AND b IS FALSE AND c IS NULL AND d IS NOT NULL AND e IS UNKNOWN",
    "1 where and(not-true(a), false(b), null(c), not-null(d), null(e))",
  ],
  ["SELECT 1 WHERE a IS DISTINCT FROM 1 AND b IS NOT DISTINCT FROM c", "1 where and(other(a, 1), other(b, c))"],
  ["SELECT 1 WHERE a != 1 AND b == 2 AND a <> b", "1 where and((a <> 1), (b = 2), (a <> b))"],
  [
    "SELECT 1 WHERE a = ANY(SELECT 1) OR a = ANY([1, 2]) OR a > ALL (SELECT b FROM t)",
    "1 where or(other(a, other([1])), other(a, other(other(1, 2))), other(a, other([b first t])))",
  ],
  [
    "SELECT 1 WHERE EXISTS (SELECT 1 FROM t) AND NOT EXISTS (SELECT 2)",
    "1 where and(exists[1 first t], not(exists[2]))",
  ],
  [
    "SELECT 1 WHERE a BETWEEN 1 AND 2 AND b BETWEEN c AND d OR e",
    "1 where or(and(between(a, 1, 2), between(b, c, d)), e)",
  ],
  [
    "SELECT * FROM t a JOIN u AS b ON a.x = b.y OR a.z LEFT OUTER JOIN v USING (i, j) RIGHT JOIN w ON TRUE FULL JOIN z ON TRUE INNER JOIN k ON 1 = 1",
    "* first t a inner u b on or((a.x = b.y), a.z) left v using i+j right w on true full z on true inner k on (1 = 1)",
  ],
  ["SELECT * FROM v2.Account, information_schema.tables", "* first v2.Account cross stripe_information_schema.tables"],
  ["SELECT * FROM (SELECT a FROM t) x, LATERAL (SELECT x.a) y", "* first [a first t] x cross [x.a] y"],
  ["SELECT * FROM (VALUES (1, 'a'), (2, 'b')) v(id, name)", '* first [{1 id, "a" name} union-all {2, "b"}] v'],
  ["SELECT * FROM (SELECT 1, 2 UNION SELECT 3, 4) v(a, b)", "* first [{1 a, 2 b} union {3, 4}] v"],
  [
    "SELECT * FROM t, unnest(t.Lines) l, generate_series(1, 3)",
    "* first t cross unnest(t.Lines) l cross generate_series(1, 3)",
  ],
  [
    "SELECT * FROM t WHERE a = 1 GROUP BY a, 2 HAVING count(*) > 1 ORDER BY a DESC NULLS LAST, b, c ASC NULLS FIRST LIMIT 5 OFFSET 2",
    "* first t where (a = 1) group a group 2 having (count(*) > 1) order a desc last order b order c first limit 5 offset 2",
  ],
  ["SELECT * FROM t OFFSET 2", "* first t offset 2"],
  ["SELECT * FROM t OFFSET 2 LIMIT 5", "* first t limit 5 offset 2"],
  ["SELECT * FROM t LIMIT ALL", "* first t"],
  ["SELECT * FROM t FETCH FIRST 5 ROWS ONLY", "* first t limit 5"],
  ["SELECT * FROM t OFFSET 2 ROWS FETCH NEXT ROW ONLY", "* first t limit 1 offset 2"],
  ["SELECT DISTINCT a FROM t", "distinct a first t"],
  [
    "SELECT DISTINCT ON (a, b) a, c FROM t ORDER BY a, d DESC",
    "distinct a, c first t group a group b order a order d desc",
  ],
  ["SELECT ALL a FROM t", "a first t"],
  [
    "SELECT a, sum(b) FROM t GROUP BY ALL ORDER BY ALL LIMIT 5",
    "a, sum(b) first t group other() order other() limit 5",
  ],
  [
    "SELECT * EXCLUDE (a), * REPLACE (b + 1 AS b), COLUMNS('x.*') FROM t",
    'other(*), other(*), other(*, "x.*") first t',
  ],
  ["FROM t LIMIT 3", "* first t limit 3"],
  ["FROM t WHERE a = 1", "* first t where (a = 1)"],
  ["VALUES (1, 'a'), (2, 'b') ORDER BY 1", '{1 col0, "a" col1} union-all {2, "b"} order 1'],
  [
    "WITH a AS (SELECT 1), b(x) AS MATERIALIZED (SELECT 2), c AS NOT MATERIALIZED (FROM a) SELECT * FROM a, b",
    "with a = [1] with b = [2 x] with c = [* first a] * first a cross b",
  ],
  [
    "WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t WHERE n < 5) SELECT n FROM t",
    "with* t = [{1 n} union-all {(n + 1) first t where (n < 5)}] n first t",
  ],
  ["WITH a AS (WITH b AS (SELECT 1) SELECT * FROM b) SELECT * FROM a", "with a = [with b = [1] * first b] * first a"],
  ["SELECT 1 UNION SELECT 2 INTERSECT SELECT 3 EXCEPT SELECT 4", "{{1} union {{2} intersect {3}}} except {4}"],
  ["SELECT 1 INTERSECT SELECT 2 UNION ALL SELECT 3", "{{1} intersect {2}} union-all {3}"],
  ["SELECT 1 EXCEPT SELECT 2 EXCEPT SELECT 3", "{{1} except {2}} except {3}"],
  ["SELECT 1 UNION ALL SELECT 2 ORDER BY 1 LIMIT 3 OFFSET 4", "{1} union-all {2} order 1 limit 3 offset 4"],
  [
    "(SELECT 1 ORDER BY 1 LIMIT 1) UNION (SELECT 2 LIMIT 2) ORDER BY 2 LIMIT 3",
    "{1 order 1 limit 1} union {2 limit 2} order 2 limit 3",
  ],
  ["SELECT 1 UNION ALL (SELECT 2 LIMIT 2)", "{1} union-all {2 limit 2}"],
  ["(SELECT a FROM t) LIMIT 3", "a first t limit 3"],
  ["WITH a AS (SELECT 1) SELECT * FROM a UNION SELECT 2 ORDER BY 1", "with a = [1] {* first a} union {2} order 1"],
  [
    "SELECT Metadata->>'k', a->'b'->>'c', a.b->0, a['k']",
    '(Metadata ->> "k"), ((a -> "b") ->> "c"), (a.b -> 0), other(a, "k")',
  ],
  ["SELECT * FROM u CROSS JOIN v", "* first u cross v"],
  ["SELECT * FROM t, u JOIN v ON a", "* first t cross u inner v on a"],
  ["SELECT count(DISTINCT (a, b)), (a), ((a)) = b FROM t", "count-distinct(other(a, b)), a, (a = b) first t"],
  ["SELECT * FROM read_csv('x.csv', header := true)", '* first read_csv("x.csv", true)'],
  ["SELECT 1 WHERE a = b COLLATE c AND d", "1 where and((a = other(b)), d)"],
  [
    "SELECT 1 WHERE x::date BETWEEN '2024-01-01'::date AND now()::date AND y",
    '1 where and(between(x::DATE, "2024-01-01"::DATE, now()::DATE), y)',
  ],
  ["SELECT 1 WHERE CASE WHEN a OR b AND c THEN 1 END = 1 OR d", "1 where or((other(or(a, and(b, c)), 1) = 1), d)"],
  [
    "SELECT a FROM t WHERE b = (SELECT max(b) FROM t) ORDER BY b + 1 DESC",
    "a first t where (b = [max(b) first t]) order (b + 1) desc",
  ],
  ["SELECT date_trunc('month', Created) AS m FROM Charge", 'date_trunc("month", Created) m first Charge'],
  ['SELECT "select", [from] FROM "where"', "select, from first where"],
  ["SELECT é, naïve FROM ünï WHERE ß = 'ä'", 'é, naïve first ünï where (ß = "ä")'],
  ["SELECT * FROM t, u CROSS JOIN v", "* first t cross u cross v"],
  ["SELECT * FROM a CROSS JOIN b LEFT JOIN c ON d", "* first a cross b left c on d"],
  ["SELECT * FROM a CROSS JOIN LATERAL (SELECT a.x) b", "* first a cross [a.x] b"],
  ["SELECT * FROM a LEFT JOIN b ON (c, d) = (1, 2)", "* first a left b on (other(c, d) = other(1, 2))"],
];

/** Texts that DuckDB may run and the planner has no reading of. */
const unread: readonly string[] = [
  "SELECT 1 FROM t NATURAL JOIN u",
  "SELECT 1 FROM t SEMI JOIN u USING (a)",
  "SELECT 1 FROM t ASOF JOIN u ON a >= b",
  "SELECT a FROM t QUALIFY row_number() OVER () = 1",
  "SELECT sum(a) OVER w FROM t WINDOW w AS (PARTITION BY b)",
  "SELECT 1 FROM t TABLESAMPLE 10%",
  "PIVOT t ON a USING sum(b)",
  "SELECT {'a': 1}",
  "SELECT list_filter(l, x -> x > 1)",
  "SELECT [x FOR x IN l IF x > 1]",
  "SELECT 1 FROM t a(x, y)",
  "SELECT 1 FROM (SELECT * FROM t) a(x)",
  "SELECT 1 WHERE a LIKE 'x' ESCAPE 'y'",
  "SELECT 1 WHERE a SIMILAR TO 'x'",
  "FROM t SELECT a",
  "(SELECT 1 UNION SELECT 2) INTERSECT SELECT 3",
  "SELECT 1 EXCEPT (SELECT 2 EXCEPT SELECT 3)",
  "(SELECT 1 LIMIT 2) LIMIT 1",
  "SELECT 1 EXCEPT ALL SELECT 2",
  "SELECT 1 ORDER BY 1 UNION SELECT 2",
  "SELECT INTERVAL '1' YEAR TO MONTH",
  "SELECT a -> b",
  "SELECT a FROM db.s.t",
  "SELECT * FROM t, u RIGHT JOIN v ON a",
  "SELECT * FROM t RIGHT JOIN v ON a, u",
  "SELECT * FROM (t JOIN u ON a)",
  "SELECT * FROM t JOIN (u JOIN v ON a) ON b",
  "SELECT * FROM t WHERE a = 1 FOR UPDATE",
  "SELECT a INTO b FROM t",
  "SELECT a FROM t WHERE a = 'x' 'y'",
  "SELECT * FROM a LEFT JOIN b ON c WHERE d, e",
];

describe("the planner's reading", () => {
  test.each(read)("of %s", (text, sketch) => {
    const query = parseSelect(text);
    expect(query === undefined ? undefined : sketchQuery(query)).toBe(sketch);
  });

  test.each(unread)("is none of %s", (text) => {
    expect(parseSelect(text)).toBeUndefined();
  });

  test("keeps a number's text, so that nothing is rounded", () => {
    const query = parseSelect("SELECT 12345678901234567890, 1.50, 1_000, -0.10");
    expect(query).toMatchObject({
      items: ["12345678901234567890", "1.50", "1000", "-0.10"].map((text) => ({ expression: { value: { text } } })),
    });
  });

  test("has the place of each name, and whether it was quoted", () => {
    expect(parseSelect('SELECT t.[Id] FROM v2."T" t WHERE Email = "a@b.c"')).toMatchObject({
      items: [{ expression: { table: "t", name: "Id", quoted: true, position: 9 } }],
      from: [{ schema: "v2", name: "T", position: 22 }],
      where: { left: { quoted: false, position: 34 }, right: { name: "a@b.c", quoted: true, position: 42 } },
    });
  });

  test("is as flat as the text for a long list, OR or VALUES", () => {
    const numbers = Array.from({ length: 2000 }, (_, index) => index);
    const list = parseSelect(`SELECT 1 WHERE a IN (${numbers.join(", ")})`);
    expect(list).toMatchObject({ where: { kind: "in", items: { length: 2000 } } });
    const or = parseSelect(`SELECT 1 WHERE ${numbers.map((number) => `a = ${number}`).join(" OR ")}`);
    expect(or).toMatchObject({ where: { kind: "or", operands: { length: 2000 } } });
    expect(parseSelect(`VALUES ${numbers.map((number) => `(${number})`).join(", ")}`)).toMatchObject({
      left: { kind: "set-operation" },
      right: { kind: "set-operation" },
    });
  });

  test("is none of a text nested deeper than 200 levels", () => {
    expect(parseSelect(`SELECT ${"(".repeat(201)}1${")".repeat(201)}`)).toBeUndefined();
  });
});

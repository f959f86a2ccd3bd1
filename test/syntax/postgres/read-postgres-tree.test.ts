import { describe, expect, test } from "vitest";
import { postgresQuery } from "../../support/read-postgres.js";
import { sketchQuery } from "../sketch.js";

/** A text, and what is understood of it: see sketch.ts. Those that DuckDB reads the same way are in same-plans.test.ts. */
const forms: readonly (readonly [text: string, sketch: string])[] = [
  [
    "SELECT 'it''s', E'a\\nb\\x41\\'', 'a\\nb', $$x'y$$, $t$a$$b$t$, U&'\\0041', 'a'\n'b', ''",
    '"it\'s", "a\\nbA\'", "a\\\\nb", "x\'y", "a$$b", "A", "ab", ""',
  ],
  [
    "SELECT -3, 1e3, 12345678901234567890, 1.50, .5, 5., 1_000, 0x1F, 0xFFFFFFFFFFFF, 0, - x, -(3), +5, B'01'",
    "-3, 1000, 12345678901234567000, 1.5, 0.5, 5, 1000, 31, 281474976710655, 0, other(x), -3, 5, other()",
  ],
  ["SELECT TRUE, FALSE, NULL, $1, $2, $1, $0", "true, false, null, $0, $1, $0, other()"],
  [
    "SELECT current_date, CURRENT_TIMESTAMP, current_timestamp(0), localtimestamp, current_user, now()",
    "current_date(), current_timestamp(), other(), localtimestamp(), current_user(), now()",
  ],
  [
    "SELECT INTERVAL '7 days', INTERVAL '7' DAY, INTERVAL '-3' MONTH, '1 day'::interval, INTERVAL '1:30' HOUR TO MINUTE, INTERVAL '36 hours' DAY, INTERVAL '-1 day 2 hours'",
    'interval<7 days>, interval<7 day>, interval<-3 month>, interval<1 day>, "1:30"::INTERVAL(3072), "36 hours"::INTERVAL(8), "-1 day 2 hours"::INTERVAL',
  ],
  [
    "SELECT 'x'::text, 'x'::varchar, 'x'::varchar(2), 'x'::char, x::\"char\", x::int, x::bigint, x::double precision, x::numeric(10,2), x::numeric, x::jsonb",
    '"x"::VARCHAR, "x"::VARCHAR, "x"::VARCHAR(2), "x"::BPCHAR(1), x::CHAR, x::INTEGER, x::BIGINT, x::DOUBLE, x::DECIMAL(10,2), x::DECIMAL, x::JSON',
  ],
  [
    "SELECT x::timestamptz, x::timestamp with time zone, x::timestamp(0), TIMESTAMP '2026-01-01', x::int[], x::stripe.mood, x::pg_catalog.text",
    'x::TIMESTAMPTZ, x::TIMESTAMPTZ, x::TIMESTAMP(0), "2026-01-01"::TIMESTAMP, x::INTEGER[], x::STRIPE.MOOD, x::VARCHAR',
  ],
  ['SELECT a b, a AS "B c", t.*, *, "A", "T".A', "a b, a B c, t.*, *, A, T.a"],
  [
    "SELECT (c).name, (c).*, a[1], a[1:2], metadata['k']",
    'other(c), other(c), other(a, 1), other(a, 1, 2), other(metadata, "k")',
  ],
  [
    "SELECT count(*), count(c.*), to_jsonb(c.*), row_to_json(c), ROW(c.*)",
    "count(*), count(other(c.*)), to_jsonb(other(c.*)), row_to_json(c), other(c.*)",
  ],
  [
    "SELECT a / b, a % b, a || b, a ^ b, a @> b, a ? b, @ a",
    "other(a, b), other(a, b), other(a, b), other(a, b), other(a, b), other(a, b), other(a)",
  ],
  [
    "SELECT a -> 'b' ->> 'c', a #> '{b,c}', a #>> '{b,c}', a #>> '{0}', a #>> b, a -> 0",
    '((a -> "b") ->> "c"), ((a -> "b") -> "c"), ((a -> "b") ->> "c"), other(a, "{0}"), other(a, b), (a -> 0)',
  ],
  [
    "SELECT a ~ 'x', a ^@ 'x', a SIMILAR TO 'x', a OPERATOR(public.=) b",
    'other(a, "x"), starts_with(a, "x"), other(a, similar_to_escape("x")), other(a, b)',
  ],
  [
    'SELECT f(a, b => c), s.f(a), pg_catalog.now(), public.now(), "Now"()',
    "f(a, c), s.f(a), now(), public.now(), Now()",
  ],
  ["SELECT regexp_matches(a, 'x'), btrim(a), trim(a)", 'pg_catalog.regexp_matches(a, "x"), trim(a), trim(a)'],
  [
    "SELECT extract(year FROM a), a AT TIME ZONE 'UTC', overlay(a PLACING 'x' FROM 1)",
    'extract("year", a), timezone("UTC", a), overlay(a, "x", 1)',
  ],
  [
    'SELECT a COLLATE "C", GREATEST(a, b), LEAST(a, 1), NULLIF(a, b), COALESCE(a, b)',
    "other(a), greatest(a, b), least(a, 1), nullif(a, b), coalesce(a, b)",
  ],
  [
    "SELECT json_arrayagg(a), JSON_OBJECT('k': a), a IS JSON, xmlelement(name x, a)",
    '<JsonArrayAgg>(a), <JsonObjectConstructor>("k", a), <JsonIsPredicate>(a), <XmlExpr>(a)',
  ],
  [
    "SELECT GROUPING(a), sum(a) FILTER (WHERE b), percentile_cont(0.5) WITHIN GROUP (ORDER BY a)",
    "<GroupingFunc>(a), other(sum(a), b), other(percentile_cont(0.5), a)",
  ],
  [
    "SELECT sum(a) OVER w, sum(a) OVER (w ORDER BY c), rank() OVER () FROM t WINDOW v AS (PARTITION BY b), w AS (v ORDER BY a ROWS 1 PRECEDING)",
    "other(sum-window(a), b, a, 1), other(sum-window(a), b, c, a, 1), rank-window() first t",
  ],
  [
    "SELECT (SELECT a FROM t), ARRAY(SELECT a FROM t), ARRAY[a, 1], EXISTS (SELECT FROM t)",
    "[a first t], other([a first t]), other(a, 1), exists[other() first t]",
  ],
  [
    "SELECT 1 WHERE a = ANY(SELECT 1) AND a <> ALL (SELECT 1) AND a > ALL (SELECT b FROM t) AND a <> ANY (SELECT 1) AND (a, b) IN (SELECT 1, 2)",
    "1 where and(in(a; 1), not-in(a; 1), other(a, [b first t]), other(a, [1]), in(other(a, b); 1, 2))",
  ],
  [
    "SELECT 1 WHERE a = ANY($1) AND a = ANY($2::text[]) AND a <> ALL($3) AND a > ANY($4) AND a = ANY(b) AND a <> ANY('{x}')",
    '1 where and(in(a; $0...), in(a; $1...), not-in(a; $2...), other(a, $3), other(a, b), other(a, "{x}"))',
  ],
  [
    "SELECT 1 WHERE a = ANY('{}') AND a = ANY(NULL) AND a = ANY('{x,NULL,\"null\"}') AND a = ANY('{1,2}'::bigint[]) AND a = ANY('{1}'::date[]) AND a = ANY('{{1}}') AND a = ANY(ARRAY[b, 'c'])",
    '1 where and(in(a; ), in(a; null), in(a; "x", null, "null"), in(a; "1", "2"), in(a; "1"::DATE), other(a, "{{1}}"), in(a; b, "c"))',
  ],
  [
    "SELECT 1 WHERE (a, b) = (1, 2) AND (a, b) <> ROW(1, 2) AND (a, b) < (1, 2) AND ROW(a) = ROW(1) AND NOT (a, b) < (1, 2)",
    "1 where and(and((a = 1), (b = 2)), or((a <> 1), (b <> 2)), (other(a, b) < other(1, 2)), (a = 1), (other(a, b) >= other(1, 2)))",
  ],
  [
    "SELECT 1 WHERE a IS DISTINCT FROM 1 AND b IS NOT DISTINCT FROM c AND a IS UNKNOWN AND a IS NOT UNKNOWN AND a IS NOT TRUE AND a ISNULL AND a NOTNULL",
    "1 where and(other(a, 1), other(b, c), null(a), not-null(a), not-true(a), null(a), not-null(a))",
  ],
  [
    "SELECT 1 WHERE a BETWEEN SYMMETRIC 1 AND 2 AND b NOT BETWEEN SYMMETRIC 1 AND 2",
    "1 where and(or(between(a, 1, 2), between(a, 2, 1)), and(not-between(b, 1, 2), not-between(b, 2, 1)))",
  ],
  [
    "SELECT 1 WHERE a ~~ 'x' AND a !~~* 'y' AND a LIKE 'z' ESCAPE '!'",
    '1 where and(like(a, "x"), not-ilike(a, "y"), like(a, like_escape("z", "!")))',
  ],
  ["SELECT CASE a WHEN 1 THEN b ELSE c END, CASE WHEN a THEN 2 END", "other((a = 1), b, c), other(a, 2)"],
  // FROM.
  [
    "SELECT 1 FROM a, b LEFT JOIN c USING (id) AS u NATURAL JOIN d CROSS JOIN e",
    "1 first a cross {b left c using id natural-inner d cross e}",
  ],
  [
    "SELECT 1 FROM (a JOIN b ON a.x = b.x) AS j (p), (c JOIN d ON TRUE)",
    "1 first [* first a inner b on (a.x = b.x)] j(p) cross {c inner d on true}",
  ],
  [
    "SELECT 1 FROM t TABLESAMPLE SYSTEM (10) REPEATABLE (1), ONLY s.t AS x (a, b)",
    "1 first sampled t cross s.t x(a, b)",
  ],
  [
    "SELECT 1 FROM f(1) WITH ORDINALITY g (i), ROWS FROM (f(1), h(a)) AS (x int), now() AS n",
    "1 first f(1) g(i) cross other(f(1), h(a)) (x) cross now() n",
  ],
  [
    "SELECT 1 FROM xmltable('/a' PASSING b COLUMNS c int) x, json_table(d, '$' COLUMNS (e int)) y",
    '1 first <RangeTableFunc>(b, "/a") x cross <JsonTable>(d, "$") y',
  ],
  [
    "SELECT 1 FROM (VALUES (1, a), (2, b)) v (x), (VALUES (1) LIMIT 1) w",
    "1 first values(1, a)(2, b) v(x, column2) cross [* first values(1) (column1) limit 1] w",
  ],
  ["VALUES (1, 'a') ORDER BY 1 LIMIT 1", '* first values(1, "a") (column1, column2) order 1 limit 1'],
  ["SELECT FROM t", "other() first t"],
  // Clauses.
  [
    "SELECT DISTINCT ON (a, b) a FROM t ORDER BY a USING >, b DESC",
    "distinct a first t group a group b order other(a) order b desc",
  ],
  [
    "SELECT 1 FROM t GROUP BY (a, b), ROLLUP (c, (d, e)), GROUPING SETS ((f), ())",
    "1 first t group a group b group c group d group e group f group other(null)",
  ],
  ["SELECT 1 FROM t GROUP BY ()", "1 first t group other(null)"],
  ["SELECT a FROM t ORDER BY a FETCH FIRST 3 ROWS WITH TIES", "a first t order a limit other(3)"],
  ["SELECT a FROM t LIMIT NULL OFFSET $1", "a first t offset $0"],
  ["SELECT a FROM t LIMIT $1::int OFFSET '2'::int", 'a first t limit $0 offset "2"::INTEGER'],
  [
    "WITH RECURSIVE a AS (SELECT * FROM b), b AS (SELECT 1 UNION SELECT 1 FROM b) SELECT * FROM a",
    "with* b = [{1} union {1 first b}] with a = [* first b] * first a",
  ],
  [
    "SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 INTERSECT SELECT 4 ORDER BY 1",
    "{1} union-all {{2} union-all {{3} intersect {4}}} order 1",
  ],
  ["(SELECT a FROM t LIMIT 1) EXCEPT ALL SELECT 2", "{a first t limit 1} except-all {2}"],
];

test.each(forms)("%s", async (text, sketch) => {
  expect(sketchQuery(await postgresQuery(text))).toBe(sketch);
});

describe("a name with its schema", () => {
  test.each([
    [
      "the default one, as without",
      "SELECT stripe.customers.email FROM stripe.customers",
      "customers.email first customers",
    ],
    ["another", "SELECT v2.accounts.id, v2.accounts.* FROM v2.accounts", "accounts.id, accounts.* first v2.accounts"],
    ["a database's too", "SELECT d.stripe.customers.email FROM d.stripe.customers", "customers.email first customers"],
    [
      "the default one, of a common table's name",
      "WITH customers AS (SELECT 1) SELECT * FROM customers, stripe.customers",
      "with customers = [1] * first customers cross stripe.customers",
    ],
    [
      "of two relations of the name: either",
      "SELECT 1 FROM v2.accounts JOIN stripe.accounts ON v2.accounts.id = 'a'",
      '1 first v2.accounts inner accounts on (other(accounts.id, id) = "a")',
    ],
    [
      "of an alias's name: either",
      "SELECT 1 FROM stripe.customers WHERE EXISTS (SELECT 1 FROM charges customers WHERE stripe.customers.id = 'a')",
      '1 first customers where exists[1 first charges customers where (other(customers.id, id) = "a")]',
    ],
  ])("%s", async (_, text, sketch) => {
    expect(sketchQuery(await postgresQuery(text))).toBe(sketch);
  });
});

test("positions are the script's, in UTF-16", async () => {
  const text = "SELECT 'é😀', \"Größe\" FROM customers WHERE email = 'a'";
  const query = await postgresQuery(text);
  if (query.kind !== "select") throw new Error("not a SELECT");
  expect(query.items[1]?.expression).toMatchObject({ name: "Größe", quoted: true, position: text.indexOf('"Größe"') });
  expect(query.from).toMatchObject({ position: text.indexOf("customers") });
});

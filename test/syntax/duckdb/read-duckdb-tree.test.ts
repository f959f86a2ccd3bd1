import { DuckDBInstance } from "@duckdb/node-api";
import { describe, expect, test } from "vitest";
import { readDuckdbTree } from "../../../src/syntax/duckdb/read-duckdb-tree.js";
import { lambdaFunctions } from "../../../src/syntax/duckdb/read-function.js";
import { readQuery, readScript, serializeSync } from "../../support/read-statement.js";
import { errorFacts } from "../error-facts.js";
import { sketchQuery } from "../sketch.js";

/** A text, and what is understood of it: see sketch.ts. */
const forms: readonly (readonly [text: string, sketch: string])[] = [
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
    "(a + 1)::DECIMAL(10,2), a::DOUBLE, other(a), other(a::INTEGER), a::INTEGER[]",
  ],
  ["SELECT ?, ?", "$0, $1"],
  ["SELECT @a, @b, @a", "$0, $1, $0"],
  ['SELECT a b, a AS "B c", t.*, *, s.t.c', "a b, a B c, t.*, *, other(s.t, t.c)"],
  [
    "SELECT count(*), count(DISTINCT a), sum(a + 1), string_agg(a, ',' ORDER BY b DESC), s.f(x)",
    'count(*), count-distinct(a), sum((a + 1)), other(string_agg(a, ","), b), f(s, x)',
  ],
  [
    "SELECT count(*) FILTER (WHERE a = 1), percentile_cont(0.5) WITHIN GROUP (ORDER BY a)",
    "other(count(*), (a = 1)), other(quantile_cont(0.5), a)",
  ],
  [
    "SELECT row_number() OVER (PARTITION BY a, b ORDER BY c DESC NULLS LAST), sum(a) OVER (ORDER BY b ROWS BETWEEN 1 PRECEDING AND CURRENT ROW), lag(a, 1) OVER ()",
    "other(row_number-window(), a, b, c), other(sum-window(a), b, 1), lag-window(a, 1)",
  ],
  ["SELECT CASE WHEN a THEN b ELSE c END, CASE a WHEN 1 THEN 2 END + 1", "other(a, b, c), (other((a = 1), 2) + 1)"],
  [
    "SELECT extract(year FROM a), substring(a FROM 1 FOR 2), trim(BOTH 'x' FROM a), position('a' IN b), left(a, 2)",
    'date_part("year", a), substring(a, 1, 2), trim(a, "x"), position(b, "a"), left(a, 2)',
  ],
  [
    "SELECT a AT TIME ZONE 'UTC', a COLLATE nocase, a || b || 'c', a // b, a ^ 2",
    'timezone("UTC", a), other(a), other(other(a, b), "c"), other(a, b), other(a, 2)',
  ],
  ["SELECT [a, 1], ARRAY[a], coalesce(a, b)", "other(a, 1), other(a), coalesce(a, b)"],
  ["SELECT (SELECT max(a) FROM t), (a, b)", "[max(a) first t], other(a, b)"],
  ["SELECT 1 WHERE a = 1 OR b = 2 AND NOT c = 3", "1 where or((a = 1), and((b = 2), (c <> 3)))"],
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
    "1 where or(in(a; 1), in(a; unnest(other(1, 2))), not(other(a, [b first t])))",
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
  ["SELECT * FROM (VALUES (1, 'a'), (2, 'b')) v(id, name)", '* first [* first values(1, "a")(2, "b")] v(id, name)'],
  ["SELECT * FROM (SELECT 1, 2 UNION SELECT 3, 4) v(a, b)", "* first [{1, 2} union {3, 4}] v(a, b)"],
  [
    "SELECT * FROM t, unnest(t.Lines) l, generate_series(1, 3)",
    "* first t cross unnest(t.Lines) l cross generate_series(1, 3)",
  ],
  [
    "SELECT * FROM t WHERE a = 1 GROUP BY a, 2 HAVING count(*) > 1 ORDER BY a DESC NULLS LAST, b, c ASC NULLS FIRST LIMIT 5 OFFSET 2",
    "* first t where (a = 1) group a group 2 having (count(*) > 1) order a desc last order b order c first limit 5 offset 2",
  ],
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
    'other(*), other(*, (b + 1)), other(*, "x.*") first t',
  ],
  ["FROM t LIMIT 3", "* first t limit 3"],
  ["FROM t WHERE a = 1", "* first t where (a = 1)"],
  ["VALUES (1, 'a'), (2, 'b') ORDER BY 1", '* first values(1, "a")(2, "b") order 1'],
  [
    "WITH a AS (SELECT 1), b(x) AS MATERIALIZED (SELECT 2), c AS NOT MATERIALIZED (FROM a) SELECT * FROM a, b",
    "with a = [1] with b(x) = [2] with c = [* first a] * first a cross b",
  ],
  [
    "WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t WHERE n < 5) SELECT n FROM t",
    "with* t(n) = [{1} union-all {(n + 1) first t where (n < 5)}] n first t",
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
  ["SELECT * FROM t, u JOIN v ON a", "* first t cross {u inner v on a}"],
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
  ["SELECT * FROM t, u CROSS JOIN v", "* first t cross {u cross v}"],
  ["SELECT * FROM a CROSS JOIN b LEFT JOIN c ON d", "* first a cross b left c on d"],
  ["SELECT * FROM a CROSS JOIN LATERAL (SELECT a.x) b", "* first a cross [a.x] b"],
  ["SELECT * FROM a LEFT JOIN b ON (c, d) = (1, 2)", "* first a left b on (other(c, d) = other(1, 2))"],
  ["SELECT 1 FROM t NATURAL JOIN u", "1 first t natural-inner u"],
  ["SELECT 1 FROM t SEMI JOIN u USING (a)", "1 first t semi u using a"],
  ["SELECT 1 FROM t ASOF JOIN u ON a >= b", "1 first t other u on (a >= b)"],
  ["SELECT a FROM t QUALIFY row_number() OVER () = 1", "a first t qualify (row_number-window() = 1)"],
  ["SELECT sum(a) OVER w FROM t WINDOW w AS (PARTITION BY b)", "other(sum-window(a), b) first t"],
  ["SELECT 1 FROM t TABLESAMPLE 10%", "1 first sampled t"],
  ["PIVOT t ON a USING sum(b)", "* first pivot[t](sum(b), a)"],
  ["SELECT {'a': 1}", "other(1)"],
  ["SELECT list_filter(l, x -> x > 1)", "list_filter(l, other((other() > 1)))"],
  [
    "SELECT [x FOR x IN l IF x > 1]",
    'list_apply(list_filter(list_apply(l, other(other((other() > 1), other()))), other(struct_extract(other(), "filter"))), other(struct_extract(other(), "result")))',
  ],
  ["SELECT 1 FROM t a(x, y)", "1 first t a(x, y)"],
  ["SELECT 1 FROM (SELECT * FROM t) a(x)", "1 first [* first t] a(x)"],
  ["SELECT 1 WHERE a LIKE 'x' ESCAPE 'y'", '1 where like_escape(a, "x", "y")'],
  ["SELECT 1 WHERE a SIMILAR TO 'x'", '1 where regexp_full_match(a, "x")'],
  ["FROM t SELECT a", "a first t"],
  ["(SELECT 1 UNION SELECT 2) INTERSECT SELECT 3", "{{1} union {2}} intersect {3}"],
  ["SELECT 1 EXCEPT (SELECT 2 EXCEPT SELECT 3)", "{1} except {{2} except {3}}"],
  ["SELECT 1 EXCEPT ALL SELECT 2", "{1} except-all {2}"],
  ["SELECT a -> b", "(a -> b)"],
  ["SELECT a FROM db.s.t", "a first db.s.t"],
  ["SELECT * FROM t, u RIGHT JOIN v ON a", "* first t cross {u right v on a}"],
  ["SELECT * FROM t RIGHT JOIN v ON a, u", "* first t right v on a cross u"],
  ["SELECT * FROM (t JOIN u ON a)", "* first t inner u on a"],
  ["SELECT * FROM t JOIN (u JOIN v ON a) ON b", "* first t inner {u inner v on a} on b"],
  [
    "SELECT a FROM t FULL OUTER JOIN u ON x NATURAL LEFT JOIN v POSITIONAL JOIN w ANTI JOIN z ON q",
    "a first t full u on x natural-left v other w anti z on q",
  ],
  ["SELECT a FROM t ASOF LEFT JOIN u USING (x, y)", "a first t other u using x+y"],
  ["SELECT a FROM t GROUP BY GROUPING SETS ((a, b), (c), ())", "a first t group a group b group c"],
  ["SELECT a, grouping(a) FROM t GROUP BY CUBE (a, b), ROLLUP (c)", "a, other(a) first t group a group b group c"],
  [
    "SELECT sum(a) OVER w FROM t WINDOW w AS (PARTITION BY b ORDER BY c ROWS BETWEEN 1 PRECEDING AND x FOLLOWING)",
    "other(sum-window(a), b, c, 1, x) first t",
  ],
  [
    "SELECT lag(a, 1, d) OVER (ORDER BY b), sum(DISTINCT a) FILTER (WHERE z) OVER (), count(*) OVER (), first_value(a IGNORE NULLS) OVER (PARTITION BY q)",
    "other(lag-window(a, 1, d), b), other(sum-distinct-window(a), z), count-window(), other(first_value-window(a), q)",
  ],
  ["SELECT * FROM t PIVOT (sum(x) AS s FOR c IN ('a', 'b') GROUP BY d) AS p", "* first pivot[t](sum(x), c) p"],
  ["PIVOT t ON c USING sum(x)", "* first pivot[t](sum(x), c)"],
  ["PIVOT t ON c IN ('a') USING sum(x) GROUP BY d ORDER BY e LIMIT 3", "* first pivot[t](sum(x), c) order e limit 3"],
  ["PIVOT t ON c, d IN ('x') USING sum(x)", "* first pivot[t](sum(x), c, d)"],
  [
    "PIVOT (FROM t WHERE a = 1) ON b || c USING max(e)",
    "* first pivot[[* first t where (a = 1)]](max(e), other(b, c))",
  ],
  ["PIVOT t ON c, d IN (SELECT q FROM z) USING sum(x)", "* first pivot[t cross [q first z]](sum(x), c, d)"],
  [
    "PIVOT (PIVOT t ON c USING sum(x)) ON a IN (FROM (PIVOT u ON v))",
    "* first pivot[[* first pivot[t](sum(x), c)] cross [* first [* first pivot[u](count(*), v)]]](count(*), a)",
  ],
  [
    "WITH p AS (PIVOT t ON c USING sum(x)) SELECT * FROM p WHERE a",
    "with p = [* first pivot[t](sum(x), c)] * first p where a",
  ],
  ["WITH q AS (SELECT 1) PIVOT t ON c USING sum(x)", "with q = [1] * first pivot[t](sum(x), c)"],
  [
    "SELECT * FROM (PIVOT t ON c) x JOIN u ON x.a = u.b",
    "* first [* first pivot[t](count(*), c)] x inner u on (x.a = u.b)",
  ],
  ["SELECT 1 UNION ALL (PIVOT t ON c USING sum(x))", "{1} union-all {* first pivot[t](sum(x), c)}"],
  ["SELECT * FROM t PIVOT (sum(x) FOR c IN ('a')) JOIN u ON x", "* first pivot[t](sum(x), c) inner u on x"],
  ["PIVOT t GROUP BY d", "d first t group d"],
  ["FROM t UNPIVOT (v FOR n IN (a, b))", "* first pivot[t]()"],
  ["UNPIVOT t ON a, b INTO NAME n VALUE v", "* first pivot[t]()"],
  ["UNPIVOT t ON COLUMNS(* EXCLUDE (x)) INTO NAME n VALUE v", "* first pivot[t](other(*))"],
  ["SUMMARIZE t", "* first [* first t]"],
  ["SUMMARIZE SELECT a FROM t WHERE b", "* first [a first t where b]"],
  ["FROM (SUMMARIZE t) x", "* first [* first [* first t]] x"],
  ["SELECT * FROM (DESCRIBE t)", "* first [* first [* first t]]"],
  ["TABLE t", "* first t"],
  ["FROM t SELECT a WHERE b", "a first t where b"],
  ["VALUES (1, a), (2, b)", "* first values(1, a)(2, b)"],
  ["SELECT * FROM (VALUES (1, 2)) v(a, b)", "* first [* first values(1, 2)] v(a, b)"],
  ["SELECT a FROM t LEFT JOIN LATERAL (SELECT t.b) x ON TRUE", "a first t left [t.b] x on true"],
  [
    "FROM generate_series(1, 3) g(x), unnest(t.l) WITH ORDINALITY",
    "* first generate_series(1, 3) g(x) cross unnest(t.l)",
  ],
  ["FROM 'x.csv'", "* first x.csv"],
  [
    "SELECT [x + y FOR x IN l IF x > z], [x FOR x, i IN l]",
    'list_apply(list_filter(list_apply(l, other(other((other() > z), (other() + y)))), other(struct_extract(other(), "filter"))), other(struct_extract(other(), "result"))), list_apply(l, other(other()))',
  ],
  [
    "SELECT list_transform(l, x -> x + y), list_filter(l, lambda x, i: x > i), list_reduce(l, (a, b) -> a + b + c), l.list_transform(x -> x.upper())",
    "list_transform(l, other((other() + y))), list_filter(l, other((other() > other()))), list_reduce(l, other(((other() + other()) + c))), list_transform(l, other(upper(other())))",
  ],
  [
    "SELECT list_transform(l, x -> (x -> 'a')), list_transform(m -> 'a', x -> (SELECT max(x + y) FROM t)), list_filter(l, x -> list_filter(q, y -> y = x + z))",
    'list_transform(l, other((other() -> "a"))), list_transform((m -> "a"), other([max((other() + y)) first t])), list_filter(l, other(list_filter(q, other((other() = (other() + z))))))',
  ],
  [
    "SELECT COLUMNS('a.*'), COLUMNS(*), COLUMNS(t.*), COLUMNS(c -> c LIKE 'x'), max(COLUMNS(*)), * LIKE 'a%', * SIMILAR TO 'a'",
    'other(*, "a.*"), other(*), other(t.*), other(*, list_filter(*, other(like(other(), "x")))), max(other(*)), other(*, "a%"), regexp_full_match(*, "a")',
  ],
  [
    "SELECT * EXCLUDE (a, t.b), t.* EXCLUDE c, * REPLACE (b + 1 AS b), * RENAME (a AS z)",
    "other(*), other(t.*), other(*, (b + 1)), other(*)",
  ],
  [
    "WITH RECURSIVE a AS (SELECT 1), t(a, b) USING KEY (a) AS (SELECT 1, 2 UNION SELECT 3, 4 FROM t) FROM t, a",
    "with a = [1] with* t(a, b) = [{1, 2} union {3, 4 first t}] * first t cross a",
  ],
  ["SELECT a UNION BY NAME SELECT b", "{a} union-by-name {b}"],
  ["SELECT a UNION ALL BY NAME SELECT b ORDER BY 1", "{a} union-all-by-name {b} order 1"],
  ["SELECT 1 EXCEPT ALL SELECT 2 INTERSECT ALL SELECT 3", "{1} except-all {{2} intersect-all {3}}"],
  [
    "SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL (SELECT 4 LIMIT 1)",
    "{{1} union-all {2}} union-all {{3} union-all {4 limit 1}}",
  ],
  ["(SELECT a FROM t LIMIT 3) ORDER BY a", "a first t order a limit 3"],
  ["FROM t AS x(a, b) TABLESAMPLE 10%", "* first sampled t x(a, b)"],
  ["FROM (SELECT * FROM t WHERE a) TABLESAMPLE 10 ROWS, u", "* first [* first sampled t where a] cross u"],
  [
    "SELECT * FROM t JOIN u USING (i) WHERE a IN (SELECT b FROM v) USING SAMPLE 10%",
    "* first sampled t inner sampled u using i where in(a; b first v)",
  ],
  ["SELECT a LIMIT 10%", "a limit other(10)"],
  ["SELECT a LIMIT 10 PERCENT OFFSET 3", "a limit other(10) offset 3"],
  ["SELECT a LIMIT (SELECT 2) OFFSET 1 + 2", "a limit [2] offset (1 + 2)"],
  [
    "SELECT a IS DISTINCT FROM 1, a IS NOT DISTINCT FROM TRUE, a IS TRUE, (a = b) IS NOT FALSE, a IS NOT UNKNOWN, a ISNULL, a NOTNULL",
    "other(a, 1), other(a, true), true(a), not-false((a = b)), not-null(a), null(a), not-null(a)",
  ],
  [
    "SELECT a = ANY(SELECT b FROM t), a > ALL (SELECT b), a <> ALL (SELECT b), a < SOME (SELECT b), a = ANY([1, 2]), a IN l",
    "in(a; b first t), not(other(a, [b])), not-in(a; b), other(a, [b]), in(a; unnest(other(1, 2))), contains(l, a)",
  ],
  [
    "SELECT {'a': b, c: 2}, {'a': x}.a, struct_pack(a := b), MAP {'a': 1}, ROW(1, a), ARRAY[a], [], ARRAY(SELECT a FROM t), #1, unpack(a)",
    'other(b, 2), other(other(x), "a"), struct_pack(b), other(other("a"), other(1)), other(1, a), other(a), other(), [if(null(array_agg(other(*))), list_value(), array_agg(other(*))) first [a first t]], other(*), other(a)',
  ],
  [
    "SELECT a[1], a[1:2], a[:], a['k'], (a).b, a.b.c, a.b.c.d, t.a.upper(), a.upper(), main.upper(a)",
    'other(a, 1), other(a, 1, 2), other(a, other(), other()), other(a, "k"), other(a, "b"), other(a.b, b.c), other(a.b, b.c), upper(t.a), upper(a), upper(a)',
  ],
  [
    "SELECT CASE WHEN a THEN b ELSE NULL END, CASE a WHEN 1 THEN 2 END, if(a, b, c), nullif(a, b), ifnull(a, b), try(a), TRY_CAST(a AS INT)",
    "other(a, b, null), other((a = 1), 2), if(a, b, c), nullif(a, b), coalesce(a, b), other(a), other(a)",
  ],
  [
    "SELECT a::int, a::decimal(10,2), a::int[], a::int[3], a::struct(x int), a::map(int, text), a::json, a::my_type, a::real, a::char(3)",
    "a::INTEGER, a::DECIMAL(10,2), a::INTEGER[], a::INTEGER[3], a::STRUCT, a::MAP, a::JSON, a::MY_TYPE, a::FLOAT, a::VARCHAR",
  ],
  [
    "SELECT INTERVAL '2' WEEK, INTERVAL (n + 1) MONTH, INTERVAL (1.5) HOUR, INTERVAL (-2) HOURS, '1 day'::interval, to_days(7), INTERVAL 5 MILLISECONDS, INTERVAL (?) DAY",
    "interval<2 week>, other((n + 1)), interval<1.5 hour>, interval<-2 hour>, interval<1 day>, to_days(7), interval<5 millisecond>, other($0)",
  ],
  [
    "SELECT \"current_date\", t.current_date, localtimestamp, current_user, TIMESTAMPTZ 'x', TIME '1:2', BOOLEAN 't', 't'::boolean",
    'current_date, t.current_date, localtimestamp(), current_user(), "x"::TIMESTAMPTZ, "1:2"::TIME, "t"::BOOLEAN, "t"::BOOLEAN',
  ],
  [
    "SELECT a ->> 0, json_extract(a, '$.b'), a LIKE 'x' ESCAPE '!', a GLOB 'x', a ~ 'x', a !~ 'x', a ^@ 'x', NOT a LIKE b, a ~~ 'x'",
    '(a ->> 0), json_extract(a, "$.b"), like_escape(a, "x", "!"), other(a, "x"), regexp_full_match(a, "x"), not(regexp_full_match(a, "x")), other(a, "x"), not(like(a, b)), like(a, "x")',
  ],
  [
    "SELECT 0x1F, - - 3, -9223372036854775808, 5., +3, 1.50::decimal, x'41', 1e400",
    '0 x1F, 3, -9223372036854776000, 5, other(3), 1.5::DECIMAL(18,3), "x41", null',
  ],
  ["SELECT a AS 'r', x: 1, a b FROM y: t", "a r, 1 x, a b first t y"],
  ["SELECT a, FROM t,", "a first t"],
  [
    "SELECT a + b * c - d / e % f // g ** h, -a, a & b | c << 1, ~a, a!",
    "((a + (b * c)) - other(((d / e) % f), other(g, h))), other(a), other(other(other(a, b), c), 1), other(a), other(a)",
  ],
  [
    "SELECT current_date FROM t WHERE a = 1 AND NOT (b AND c) OR d",
    "current_date() first t where or(and((a = 1), not(and(b, c))), d)",
  ],
];

describe("DuckDB's tree", () => {
  test.each(forms)("of %s", (text, sketch) => {
    expect(sketchQuery(readQuery(text))).toBe(sketch);
  });

  test("keeps a number's text, so that nothing is rounded", () => {
    const texts = ["12345678901234567890", "1.50", "1000", "-0.10", "-9223372036854775808", "1e400", ".5", "3"];
    expect(
      readQuery("SELECT 12345678901234567890, 1.50, 1_000, -0.10, - 9223372036854775808, 1e400, .5, -(-(3))"),
    ).toMatchObject({
      items: texts.map((text) => ({ expression: { value: { text } } })),
    });
  });

  test("has the place of each name in the script, and whether it was quoted", () => {
    const text = 'SELECT \'😀é\', t.[Id] FROM v2."T" t JOIN "u" ON [t] . x->>\'k\' = "a@b.c" OR `q`';
    const at = (part: string): number => text.indexOf(part);
    expect(readQuery(text)).toMatchObject({
      items: [{}, { expression: { table: "t", name: "Id", quoted: true, position: at("[Id]") } }],
      from: {
        left: { schema: "v2", name: "T", position: at('"T"') },
        right: { name: "u", position: at('"u"') },
        on: {
          operands: [
            {
              left: { operand: { name: "x", quoted: false, position: at("x->>") } },
              right: { quoted: true, position: at('"a@b') },
            },
            { name: "q", quoted: true, position: at("`q`") },
          ],
        },
      },
    });
  });

  test("is as flat as the text for a long list, OR, VALUES or UNION ALL", () => {
    const numbers = Array.from({ length: 2000 }, (_, index) => index);
    expect(readQuery(`SELECT 1 WHERE a IN (${numbers.join(", ")})`)).toMatchObject({
      where: { kind: "in", items: { length: 2000 } },
    });
    expect(readQuery(`SELECT 1 WHERE ${numbers.map((number) => `a = ${number}`).join(" OR ")}`)).toMatchObject({
      where: { kind: "or", operands: { length: 2000 } },
    });
    expect(readQuery(`VALUES ${numbers.map((number) => `(${number})`).join(", ")}`)).toMatchObject({
      from: { kind: "values", rows: { length: 2000 } },
    });
    expect(readQuery(numbers.map((number) => `SELECT ${number}`).join(" UNION ALL "))).toMatchObject({
      left: { kind: "set-operation" },
      right: { kind: "set-operation" },
    });
  }, 120_000);

  test.each([
    ["brackets", `SELECT ${"(".repeat(100_000)}1${")".repeat(100_000)}`],
    ["more brackets than DuckDB takes", `SELECT ${"(".repeat(3000)}a${")".repeat(3000)}`.replaceAll("(", "abs(")],
    ["a long sum", `SELECT ${Array.from({ length: 3000 }, () => "a").join(" + ")}`],
    ["subqueries", `SELECT ${"(SELECT ".repeat(600)}1${")".repeat(600)}`],
  ])("is none of a text that is nested too deeply: %s", (_, text) => {
    expect(errorFacts(() => readQuery(text))).toMatchObject({
      message: "text is nested too deeply",
      sqlState: "54000",
    });
  });

  test.each([
    [/"class":"COMPARISON"/g, "a first t inner u on other(b, c) where other(lower(d), [max(e) first v])"],
    [/"class":"FUNCTION"/g, "a first t inner u on (b = c) where (other(d) > [other(e) first v])"],
    [/"type":"JOIN"/g, "a first other([* first t], [* first u], (b = c)) where (lower(d) > [max(e) first v])"],
    [/"type":"SELECT_NODE"/g, "a, [* first t inner u on (b = c)], (lower(d) > [max(e), [* first v]])"],
  ])("of a later DuckDB, with %s renamed, loses no column, table or query", (part, sketch) => {
    const sql = "SELECT a FROM t JOIN u ON b = c WHERE lower(d) > (SELECT max(e) FROM v)";
    const renamed = serializeSync(sql).replace(part, (field) => field.replace(/[A-Z]+/, "NOVEL"));
    expect(sketchQuery(readDuckdbTree(renamed, { sql, places: [] }, { fileAccess: true }))).toBe(sketch);
  });

  test("knows DuckDB's functions that take a lambda", async () => {
    const instance = await DuckDBInstance.create(":memory:");
    const connection = await instance.connect();
    const result = await connection.runAndReadAll(
      "SELECT DISTINCT function_name FROM duckdb_functions() WHERE list_contains(parameter_types, 'LAMBDA')",
    );
    expect(new Set(result.getRows().map(([name]) => name))).toEqual(lambdaFunctions);
    connection.closeSync();
  });
});

test.each([
  ["SELECT a, b x y FROM t", { message: 'syntax error at or near "y"', position: 14 }],
  ["SELECT 'é😀', x y z", { message: 'syntax error at or near "z"', position: 18 }],
  ["SELECT a FROM t WHERE", { message: "syntax error at end of input", position: 21 }],
  ["SELECT", { message: "SELECT clause without selection list" }],
  ["SELECT a.b->>'c' d e", { message: 'syntax error at or near "e"', position: 19 }],
  ["UPDATE t SET a = b c WHERE d", { message: 'syntax error at or near "c"', position: 19 }],
  ["UPDATE t SET a = 1 + WHERE b", { message: "syntax error", position: 20 }],
  ["DELETE FROM t RETURNING DISTINCT a", { message: 'syntax error at or near "DISTINCT"', position: 24 }],
  ["INSERT INTO t (SELECT 1 ORDER BY) RETURNING a", { message: 'syntax error at or near ")"', position: 32 }],
  ["PIVOT t ON", { message: "syntax error at end of input", position: 10 }],
  ["(SELECT 1 LIMIT 2) LIMIT 1", { message: "a query has one ORDER BY, one LIMIT and one OFFSET at most" }],
  ["SELECT a FROM t FOR UPDATE", { message: "SELECT locking clause is not supported", sqlState: "0A000" }],
  ["SELECT a INTO b FROM t", { message: "SELECT INTO not supported", sqlState: "0A000" }],
  ["SELECT INTERVAL '1' YEAR TO MONTH", { message: "YEAR TO MONTH is not supported", sqlState: "0A000" }],
  ["SELECT a BETWEEN SYMMETRIC 1 AND 2", { message: "BETWEEN SYMMETRIC is not supported", sqlState: "0A000" }],
])("DuckDB's refusal of %s has its place", (text, error) => {
  expect(errorFacts(() => readScript(text))).toEqual({ sqlState: "42601", ...error });
});

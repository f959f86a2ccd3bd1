import { describe, expect, test } from "vitest";
import { limitOf } from "../../../src/plan/scan/scan.js";
import { planSelect } from "../../../src/plan/select/plan-select.js";
import type { SelectPlan } from "../../../src/plan/select/select-plan.js";
import type { Query } from "../../../src/syntax/expression.js";
import { requestsOf } from "../../support/planning.js";
import { postgresQuery } from "../../support/read-postgres.js";
import { readQuery } from "../../support/read-statement.js";
import { planEnvironment } from "../../support/statement-planning.js";
import { sketchQuery } from "../sketch.js";

/** Of one text in both dialects: the same tree, and the same requests. */
const same: readonly string[] = [
  // People and programs.
  "SELECT id, email FROM customers WHERE created >= '2026-10-01' AND email = 'a@example.com' ORDER BY created DESC LIMIT 5",
  "SELECT * FROM customers",
  "SELECT * FROM customers LIMIT 10",
  "SELECT * FROM customers ORDER BY created DESC LIMIT 10 OFFSET 20",
  "SELECT id FROM customers ORDER BY created DESC",
  "SELECT id FROM customers ORDER BY created ASC LIMIT 3",
  "SELECT id FROM customers ORDER BY name NULLS FIRST, email DESC NULLS LAST",
  "SELECT c.id, c.email FROM customers c WHERE c.id = 'cus_1'",
  "SELECT c.id, c.email FROM customers AS c WHERE c.id IN ('cus_1', 'cus_2', 'cus_3')",
  "SELECT id FROM customers WHERE id = 'cus_1' OR id = 'cus_2'",
  "SELECT id FROM customers WHERE email = 'a@x.com' OR email = 'b@x.com'",
  "SELECT id FROM customers WHERE (email = 'a@x.com' OR email = 'b@x.com') AND created < '2026-01-01'",
  "SELECT id FROM customers WHERE id = 'a' AND id = 'b'",
  "SELECT id FROM customers WHERE FALSE",
  "SELECT id FROM customers WHERE 1 = 0",
  "SELECT id FROM customers WHERE 1 = 1 AND email = 'a@x.com'",
  "SELECT id FROM customers WHERE NULL",
  "SELECT id FROM customers WHERE email IS NULL",
  "SELECT id FROM customers WHERE email IS NOT NULL AND delinquent",
  "SELECT id FROM customers WHERE NOT delinquent",
  "SELECT id FROM customers WHERE delinquent IS TRUE",
  "SELECT id FROM customers WHERE delinquent IS NOT FALSE",
  "SELECT id FROM customers WHERE name LIKE 'A%'",
  "SELECT id FROM customers WHERE name NOT LIKE '%x%' AND email ILIKE '%@example.com'",
  "SELECT id FROM customers WHERE balance BETWEEN 1 AND 100",
  "SELECT id FROM customers WHERE balance NOT BETWEEN 1 AND 100",
  "SELECT id FROM customers WHERE created BETWEEN '2026-01-01' AND '2026-02-01'",
  "SELECT id FROM customers WHERE created > '2026-01-01' AND created < '2026-02-01 12:00:00+02'",
  "SELECT id FROM customers WHERE '2026-01-01' < created",
  "SELECT id FROM customers WHERE created >= TIMESTAMPTZ '2026-01-01 00:00:00+00'",
  "SELECT id FROM customers WHERE created >= TIMESTAMP '2026-01-01'",
  "SELECT id FROM customers WHERE created >= DATE '2026-01-01'",
  "SELECT id FROM customers WHERE created >= CAST('2026-01-01' AS DATE)",
  "SELECT id FROM customers WHERE created >= '2026-01-01'::date AND created < '2026-01-01'::date + 7",
  "SELECT id FROM customers WHERE created >= '2026-01-01T00:00:00Z'::timestamptz",
  "SELECT id FROM customers WHERE created > now() - INTERVAL '7 days'",
  "SELECT id FROM customers WHERE created > now() - INTERVAL '1 month'",
  "SELECT id FROM customers WHERE created > CURRENT_TIMESTAMP - INTERVAL '1 day 2 hours'",
  "SELECT id FROM customers WHERE created >= current_date - 7",
  "SELECT id FROM customers WHERE created >= CURRENT_DATE - INTERVAL '30 days'",
  "SELECT id FROM customers WHERE created >= date_trunc('month', now())",
  "SELECT id FROM customers WHERE created < to_timestamp(1767225600)",
  "SELECT id FROM customers WHERE created::date = '2026-01-05'",
  "SELECT id FROM customers WHERE CAST(created AS date) >= '2026-01-05'",
  "SELECT id FROM customers WHERE date_trunc('day', created) = '2026-01-05'",
  "SELECT id FROM customers WHERE date_trunc('month', created) >= TIMESTAMP '2026-01-01'",
  "SELECT id FROM customers WHERE date_part('year', created) = 2026",
  "SELECT id FROM customers WHERE created + INTERVAL '30 days' > '2026-03-01'",
  "SELECT id FROM customers WHERE created = 'today'",
  "SELECT id FROM charges WHERE amount > 100 * 100",
  "SELECT id FROM charges WHERE amount > -5 AND amount < 1e6 AND amount <> 12345678901",
  "SELECT id FROM charges WHERE customer = 'cus_1' AND amount >= 1000",
  "SELECT id FROM charges WHERE customer <> 'cus_1'",
  "SELECT id FROM charges WHERE customer NOT IN ('cus_1', 'cus_2')",
  "SELECT id FROM charges WHERE NOT (customer = 'cus_1')",
  "SELECT id FROM charges WHERE NOT (customer IN ('cus_1', 'cus_2'))",
  "SELECT id FROM charges WHERE metadata->>'order_id' = '6735'",
  "SELECT id FROM charges WHERE metadata->>'order_id' IN ('1', '2')",
  "SELECT id, metadata->'a'->>'b' FROM charges",
  "SELECT id FROM subscriptions WHERE status = 'canceled'",
  "SELECT id FROM subscriptions WHERE status IN ('active', 'trialing')",
  "SELECT id FROM invoices WHERE status = 'open' AND customer = 'cus_1' ORDER BY created DESC LIMIT 3",
  "SELECT id FROM payment_intents WHERE customer = 'cus_1' AND created > '2026-01-01'",
  "SELECT * FROM v2.accounts WHERE id = 'acct_1'",
  // Counting and adding.
  "SELECT count(*) FROM customers",
  "SELECT count(*) AS n, max(created), min(created) FROM charges WHERE created >= '2026-01-01'",
  "SELECT max(created) FROM charges",
  "SELECT min(created), max(created) FROM charges",
  "SELECT count(DISTINCT customer) FROM charges",
  "SELECT currency, sum(amount), count(*) FROM charges GROUP BY currency HAVING count(*) > 1 ORDER BY 2 DESC LIMIT 10",
  "SELECT currency, sum(amount) FROM charges WHERE status = 'succeeded' GROUP BY 1",
  "SELECT date_trunc('month', created) AS month, sum(amount) FROM charges GROUP BY 1 ORDER BY 1",
  "SELECT status, count(*) FILTER (WHERE amount > 100) FROM charges GROUP BY status",
  "SELECT string_agg(id, ',' ORDER BY created) FROM charges",
  "SELECT DISTINCT currency FROM charges",
  "SELECT DISTINCT ON (customer) customer, id FROM charges ORDER BY customer, created DESC",
  "SELECT status, currency, count(*) FROM charges GROUP BY ROLLUP (status, currency)",
  "SELECT status, currency, count(*) FROM charges GROUP BY GROUPING SETS ((status), (currency))",
  "SELECT id, row_number() OVER (PARTITION BY customer ORDER BY created DESC) AS n FROM charges",
  "SELECT id, sum(amount) OVER (ORDER BY created) FROM charges",
  "SELECT id, lag(amount, 1) OVER (PARTITION BY customer ORDER BY created) FROM charges",
  "SELECT * FROM (SELECT id, customer, row_number() OVER (PARTITION BY customer ORDER BY created DESC) AS n FROM charges) q WHERE n = 1 AND customer = 'cus_1'",
  "SELECT * FROM (SELECT id, row_number() OVER (ORDER BY created DESC) AS n FROM charges) q WHERE n <= 10",
  "SELECT * FROM (SELECT id, rank() OVER (ORDER BY created) AS n FROM charges) q WHERE n < 4",
  // Expressions.
  "SELECT id, amount + 1, amount - 1, amount * 2 FROM charges LIMIT 5",
  "SELECT id, CASE WHEN amount > 100 THEN 'big' ELSE 'small' END AS size FROM charges LIMIT 5",
  "SELECT upper(name) AS name, lower(email), length(email), coalesce(name, email, '') FROM customers LIMIT 5",
  "SELECT name || ' <' || email || '>' FROM customers LIMIT 5",
  "SELECT id, nullif(name, '') FROM customers LIMIT 5",
  "SELECT id, greatest(amount, 1), least(amount, 2) FROM charges LIMIT 5",
  "SELECT id, amount::text, created::date FROM charges LIMIT 5",
  "SELECT id, CAST(amount AS numeric(10, 2)) FROM charges LIMIT 5",
  "SELECT 'it''s', 1, 1.5, TRUE, NULL",
  "SELECT id FROM customers WHERE lower(email) = 'a@x.com'",
  // Joins.
  "SELECT c.email, h.amount FROM customers c JOIN charges h ON h.customer = c.id WHERE c.id = 'cus_1'",
  "SELECT c.email, h.amount FROM charges h JOIN customers c ON c.id = h.customer WHERE h.created >= '2026-01-01'",
  "SELECT c.email, h.amount FROM customers c LEFT JOIN charges h ON h.customer = c.id AND h.amount > 10 WHERE c.email = 'a@x.com'",
  "SELECT c.email, h.amount FROM customers c RIGHT JOIN charges h ON h.customer = c.id WHERE h.customer = 'cus_1'",
  "SELECT c.email, h.amount FROM customers c FULL JOIN charges h ON h.customer = c.id",
  "SELECT c.email, h.amount FROM customers c, charges h WHERE h.customer = c.id AND c.email = 'a@x.com'",
  "SELECT c.email FROM customers c CROSS JOIN charges h",
  "SELECT i.id, s.id FROM invoices i JOIN subscriptions s ON s.customer = i.customer JOIN customers c ON c.id = i.customer WHERE c.email = 'a@x.com'",
  "SELECT s.id, p.id FROM subscriptions s JOIN invoices p USING (customer) WHERE s.status = 'active'",
  "SELECT c.email, t.n FROM customers c JOIN (SELECT customer, count(*) AS n FROM charges GROUP BY customer) t ON t.customer = c.id WHERE c.id = 'cus_1'",
  "SELECT c.id, h.id FROM customers c, LATERAL (SELECT id FROM charges WHERE customer = c.id ORDER BY created DESC LIMIT 1) h WHERE c.email = 'a@x.com'",
  "SELECT r.id, h.id FROM refunds r JOIN charges h ON h.id = r.charge WHERE r.created > '2026-01-01' LIMIT 5",
  // Subqueries and common tables.
  "SELECT id FROM charges WHERE customer IN (SELECT id FROM customers WHERE email = 'a@x.com')",
  "SELECT id FROM charges WHERE customer NOT IN (SELECT id FROM customers WHERE email = 'a@x.com')",
  "SELECT id FROM customers c WHERE EXISTS (SELECT 1 FROM charges h WHERE h.customer = c.id AND h.amount > 100)",
  "SELECT id FROM customers c WHERE NOT EXISTS (SELECT 1 FROM charges h WHERE h.customer = c.id)",
  "SELECT id, (SELECT count(*) FROM charges h WHERE h.customer = c.id) FROM customers c WHERE c.id = 'cus_1'",
  "SELECT * FROM (SELECT id, created AS since FROM charges) q WHERE since >= '2026-01-01' LIMIT 5",
  "WITH big AS (SELECT * FROM charges WHERE amount > 1000) SELECT customer, count(*) FROM big GROUP BY customer",
  "WITH c AS (SELECT id FROM customers WHERE email = 'a@x.com'), h AS (SELECT * FROM charges WHERE customer IN (SELECT id FROM c)) SELECT * FROM h",
  "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3) SELECT * FROM n",
  "SELECT id FROM customers WHERE email = 'a@x.com' UNION ALL SELECT id FROM customers WHERE email = 'b@x.com'",
  "SELECT id FROM charges WHERE customer = 'cus_1' UNION SELECT id FROM refunds UNION SELECT id FROM payouts ORDER BY 1 LIMIT 3",
  "SELECT customer FROM charges EXCEPT SELECT customer FROM refunds JOIN charges USING (charge)",
  "SELECT customer FROM charges INTERSECT ALL SELECT customer FROM invoices",
  "SELECT * FROM charges WHERE id IN (SELECT charge FROM refunds WHERE created > '2026-01-01')",
  // As tools write them.
  'SELECT "customers"."id" AS "id", "customers"."email" AS "email" FROM "customers" WHERE "customers"."created" >= \'2026-01-01\' LIMIT 2000',
  'SELECT count(*) AS "count" FROM "charges" WHERE ("charges"."amount" > 100 AND "charges"."status" = \'succeeded\')',
  'SELECT date_trunc(\'month\', "charges"."created") AS "created", SUM("charges"."amount") AS "sum" FROM "charges" GROUP BY date_trunc(\'month\', "charges"."created") ORDER BY date_trunc(\'month\', "charges"."created") ASC',
  'SELECT "source"."id" AS "id" FROM (SELECT "charges"."id" AS "id", "charges"."created" AS "created" FROM "charges") AS "source" WHERE "source"."created" >= timestamp with time zone \'2026-01-01 00:00:00.000Z\' LIMIT 1048575',
  "SELECT t.* FROM customers t WHERE t.id = 'cus_1'",
  "select t0.id, t0.email from customers t0 where t0.email in ('a@x.com', 'b@x.com') order by t0.created desc limit 11",
  "SELECT 1 FROM charges WHERE charges.id = 'ch_1'",
  "SELECT COUNT(1) FROM customers WHERE created >= '2026-01-01' AND created < '2026-02-01'",
];

/** The same in each dialect's own words. */
const translated: readonly (readonly [postgres: string, duckdb: string])[] = [
  ["SELECT id FROM stripe.customers WHERE email = 'a@x.com'", "SELECT id FROM customers WHERE email = 'a@x.com'"],
  ["TABLE customers", "SELECT * FROM customers"],
  ["SELECT id FROM ONLY customers", "SELECT id FROM customers"],
  [
    "SELECT id FROM customers WHERE id = ANY(ARRAY['cus_1', 'cus_2'])",
    "SELECT id FROM customers WHERE id IN ('cus_1', 'cus_2')",
  ],
  [
    "SELECT id FROM customers WHERE id = ANY('{cus_1,cus_2}')",
    "SELECT id FROM customers WHERE id IN ('cus_1', 'cus_2')",
  ],
  [
    "SELECT id FROM customers WHERE id = SOME('{cus_1,\"cus,2\"}'::text[])",
    "SELECT id FROM customers WHERE id IN ('cus_1'::text, 'cus,2'::text)",
  ],
  [
    "SELECT id FROM charges WHERE customer <> ALL('{cus_1,cus_2}')",
    "SELECT id FROM charges WHERE customer NOT IN ('cus_1', 'cus_2')",
  ],
  [
    "SELECT id FROM charges WHERE customer <> ALL (SELECT id FROM customers)",
    "SELECT id FROM charges WHERE customer NOT IN (SELECT id FROM customers)",
  ],
  ["SELECT id FROM customers FETCH FIRST 5 ROWS ONLY", "SELECT id FROM customers LIMIT 5"],
  [
    "SELECT id FROM customers ORDER BY created DESC OFFSET 0 ROWS FETCH NEXT 11 ROWS ONLY",
    "SELECT id FROM customers ORDER BY created DESC LIMIT 11 OFFSET 0",
  ],
  ["SELECT id FROM customers LIMIT ALL", "SELECT id FROM customers"],
  [
    "SELECT id FROM customers WHERE created > now() - INTERVAL '7' DAY",
    "SELECT id FROM customers WHERE created > now() - INTERVAL '7 day'",
  ],
  [
    "SELECT id FROM customers WHERE (email, name) = ('a@x.com', 'A')",
    "SELECT id FROM customers WHERE email = 'a@x.com' AND name = 'A'",
  ],
  [
    "SELECT id FROM customers WHERE created BETWEEN SYMMETRIC '2026-02-01' AND '2026-01-01'",
    "SELECT id FROM customers WHERE created BETWEEN '2026-02-01' AND '2026-01-01' OR created BETWEEN '2026-01-01' AND '2026-02-01'",
  ],
  [
    "SELECT id FROM charges WHERE metadata #>> '{order_id}' = '1'",
    "SELECT id FROM charges WHERE metadata->>'order_id' = '1'",
  ],
  [
    'SELECT "stripe"."customers"."id" FROM "stripe"."customers" WHERE "stripe"."customers"."email" = \'a@x.com\' LIMIT 5',
    "SELECT customers.id FROM customers WHERE customers.email = 'a@x.com' LIMIT 5",
  ],
  [
    "SELECT id FROM charges c WHERE c.amount OPERATOR(pg_catalog.>) 5 FOR UPDATE",
    "SELECT id FROM charges c WHERE c.amount > 5",
  ],
  [
    "SELECT * FROM (SELECT id, row_number() OVER w AS n FROM charges WINDOW w AS (ORDER BY created DESC)) q WHERE n <= 10",
    "SELECT * FROM (SELECT id, row_number() OVER (ORDER BY created DESC) AS n FROM charges) q WHERE n <= 10",
  ],
  [
    "SELECT sum(amount) OVER w FROM charges WINDOW w AS (PARTITION BY customer)",
    "SELECT sum(amount) OVER (PARTITION BY customer) FROM charges",
  ],
  [
    "WITH c AS MATERIALIZED (SELECT id FROM customers WHERE email = 'a@x.com') SELECT * FROM c",
    "WITH c AS (SELECT id FROM customers WHERE email = 'a@x.com') SELECT * FROM c",
  ],
  [
    "SELECT j.id FROM (customers c JOIN charges h ON h.customer = c.id) AS j",
    "SELECT j.id FROM (SELECT * FROM customers c JOIN charges h ON h.customer = c.id) AS j",
  ],
];

/** Read otherwise, and planned the same. */
const samePlan: readonly string[] = [
  "SELECT v.id FROM (VALUES ('cus_1'), ('cus_2')) AS v(id) JOIN customers c ON c.id = v.id",
  "WITH v(id) AS (VALUES ('cus_1'), ('cus_2')) SELECT c.* FROM v JOIN customers c ON c.id = v.id",
  "SELECT id, amount / 100, amount % 7 FROM charges LIMIT 5",
  "SELECT id, extract(year FROM created) FROM charges WHERE extract(year FROM created) = 2026 LIMIT 5",
  "SELECT id, created AT TIME ZONE 'Europe/Berlin' FROM charges WHERE created AT TIME ZONE 'UTC' >= '2026-01-01' LIMIT 5",
  "SELECT id FROM customers WHERE name LIKE 'a%' ESCAPE '!'",
  "SELECT id, trim(BOTH ' ' FROM name), substring(name FROM 1 FOR 2), position('a' IN name) FROM customers LIMIT 5",
  "SELECT id FROM customers WHERE NOT (name LIKE 'a%') AND NOT (balance > 5) AND NOT (email IS NULL)",
  "SELECT customer FROM charges WHERE (customer, amount) IN (('cus_1', 5), ('cus_2', 6))",
  "SELECT count(*) FROM generate_series(1, 3) AS g(i) JOIN customers c ON c.id = 'cus_1'",
  "SELECT id FROM customers TABLESAMPLE SYSTEM (10) WHERE email = 'a@x.com'",
  "SELECT c FROM customers c WHERE c.id = 'cus_1'",
  "SELECT id FROM charges NATURAL JOIN (SELECT 'cus_1' AS customer) q",
];

describe("a SELECT in PostgreSQL's dialect", () => {
  test.each(same)("is the same tree, and plan, as DuckDB's: %s", async (text) => {
    const [postgres, duckdb] = [await postgresQuery(text), readQuery(text)];
    expect(sketchQuery(postgres)).toBe(sketchQuery(duckdb));
    expect(planFacts(text, postgres)).toEqual(planFacts(text, duckdb));
  });

  test.each(translated)("is that of its translation: %s", async (text, translation) => {
    const [postgres, duckdb] = [await postgresQuery(text), readQuery(translation)];
    expect(sketchQuery(postgres)).toBe(sketchQuery(duckdb));
    expect(planFacts(text, postgres)).toEqual(planFacts(translation, duckdb));
  });
});

/** Bounds that a subquery computes are DuckDB's alone, which runs trees. */
test("a subquery that bounds a list is the same tree in both dialects", async () => {
  const text = "SELECT id FROM charges WHERE created = (SELECT max(created) FROM charges)";
  expect(sketchQuery(await postgresQuery(text))).toBe(sketchQuery(readQuery(text)));
});

test.each(samePlan)("is planned as DuckDB's: %s", async (text) => {
  expect(planFacts(text, await postgresQuery(text))).toEqual(planFacts(text, readQuery(text)));
});

interface PlanFacts {
  readonly strategy: SelectPlan["strategy"]["kind"];
  readonly scans: readonly (readonly [name: string, limit: number | undefined, requests: readonly string[]])[];
  readonly columns: readonly (readonly string[])[];
}

function planFacts(sql: string, query: Query): PlanFacts {
  const plan = planSelect({ sql: { sql, places: [] }, query }, planEnvironment());
  const scans = plan.relations.flatMap((relation) => (relation.kind === "scan" ? [relation] : []));
  return {
    strategy: plan.strategy.kind,
    scans: scans.map(({ name, scan }) => [name, limitOf(scan), requestsOf(scan, plan.feeds)]),
    columns: scans.map(({ columns }) => columns.map(({ name }) => name)),
  };
}

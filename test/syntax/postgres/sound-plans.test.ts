import { describe, expect, test } from "vitest";
import { limitOf } from "../../../src/plan/scan/scan.js";
import { planSelect } from "../../../src/plan/select/plan-select.js";
import type { ScanRelation, SelectPlan } from "../../../src/plan/select/select-plan.js";
import { utc } from "../../../src/value/time-zone.js";
import { planningTime, requestsOf } from "../../support/planning.js";
import { postgresStatement } from "../../support/read-postgres.js";
import { planEnvironment } from "../../support/statement-planning.js";

async function planOfPostgres(text: string, parameters: readonly unknown[] = []): Promise<SelectPlan> {
  const { query } = await postgresStatement(text, "query");
  const constants = { parameters, nowSeconds: planningTime, zone: utc };
  const environment = planEnvironment({ constants, search: "always" });
  return planSelect({ sql: { sql: text, places: [] }, query }, environment);
}

function onlyScan({ relations }: SelectPlan): ScanRelation {
  const [relation, another] = relations;
  if (relation?.kind !== "scan" || another !== undefined) throw new Error("not one scan");
  return relation;
}

const requestsFor = async (text: string, parameters?: readonly unknown[]): Promise<readonly string[]> => {
  const plan = await planOfPostgres(text, parameters);
  return requestsOf(onlyScan(plan).scan, plan.feeds);
};

describe("a limit is not that of a scan", () => {
  test.each([
    ["whose select list is an aggregate with a syntax of its own", "SELECT JSON_ARRAYAGG(id) FROM customers LIMIT 1"],
    ["whose select list leaves rows out", "SELECT regexp_matches(name, 'x') FROM customers LIMIT 1"],
    ["whose last rows have equals", "SELECT id FROM customers ORDER BY created DESC FETCH FIRST 1 ROW WITH TIES"],
    ["that is grouped by nothing", "SELECT 1 FROM customers GROUP BY () LIMIT 1"],
    ["whose condition no rule reads", "SELECT id FROM customers WHERE name ~ 'x' LIMIT 1"],
    ["that a schema's own function goes over", "SELECT public.upper(name) FROM customers LIMIT 1"],
    ["that is ordered by an operator", "SELECT id FROM customers ORDER BY created USING > LIMIT 1"],
    ["of which the count is a text", "SELECT id FROM customers LIMIT '1'"],
  ])("%s", async (_, text) => {
    const { scan } = onlyScan(await planOfPostgres(text));
    expect(limitOf(scan)).toBeUndefined();
    expect(scan.kind === "inexact" ? scan.accesses.map((access) => "rows" in access) : []).not.toContain(true);
    expect((await planOfPostgres(text)).strategy.kind).not.toBe("grow");
  });
});

test("a limit is that of a scan where PostgreSQL's own functions are of one row, and a driver casts its number", async () => {
  const text =
    "SELECT to_char(created, 'YYYY'), initcap(name), jsonb_typeof(metadata) FROM customers LIMIT $1::INTEGER";
  const plan = await planOfPostgres(text, [3]);
  expect(plan.strategy).toEqual({ kind: "stream", limit: 3 });
  expect(limitOf(onlyScan(plan).scan)).toBe(3);
});

test("of a SELECT of no columns every row counts", async () => {
  const plan = await planOfPostgres("SELECT count(*) FROM (SELECT FROM customers) q");
  expect(requestsOf(onlyScan(plan).scan)).toEqual(["GET /v1/customers"]);
  expect(plan.strategy).toEqual({ kind: "load" });
});

test.each([
  "SELECT to_jsonb(c.*) FROM customers c",
  "SELECT row_to_json(c) FROM customers c",
  "SELECT (c).* FROM customers c",
  "SELECT count(c.*) FROM customers c",
  "SELECT j FROM customers c JOIN LATERAL (SELECT c.*) j ON TRUE",
])("a row as a whole is read with all of its columns: %s", async (text) => {
  const { columns, table } = onlyScan(await planOfPostgres(text));
  expect(columns.length).toBeGreaterThanOrEqual(table.columns.filter(({ hidden }) => !hidden).length);
});

describe("an array that is a parameter", () => {
  const text = "SELECT id FROM customers WHERE id = ANY($1)";

  test("is its elements", async () => {
    expect(await requestsFor(text, [["cus_1", "cus_2"]])).toEqual([
      "GET /v1/customers/cus_1",
      "GET /v1/customers/cus_2",
    ]);
  });

  test("is nothing where it is empty, or NULL", async () => {
    expect(await requestsFor(text, [[]])).toEqual([]);
    expect(await requestsFor(text, [null])).toEqual([]);
    expect(await requestsFor(text, [[null]])).toEqual([]);
  });

  test("is not known before its value is, nor from a text", async () => {
    expect(await requestsFor(text, [])).toEqual(["GET /v1/customers"]);
    expect(await requestsFor(text, ["{cus_1}"])).toEqual(["GET /v1/customers"]);
    expect(await requestsFor(text, [[["cus_1"]]])).toEqual(["GET /v1/customers"]);
  });

  test("leaves nothing out of <> ALL where it is empty, and all where it has a NULL", async () => {
    const others = "SELECT id FROM customers WHERE id <> ALL($1)";
    expect(await requestsFor(others, [[]])).toEqual(["GET /v1/customers"]);
    expect(await requestsFor(others, [["cus_1", null]])).toEqual([]);
  });

  test("is no list of any other comparison's", async () => {
    expect(await requestsFor("SELECT id FROM customers WHERE id <> ANY($1)", [["cus_1"]])).toEqual([
      "GET /v1/customers",
    ]);
    expect(await requestsFor("SELECT id FROM customers WHERE id = ALL($1)", [["cus_1"]])).toEqual([
      "GET /v1/customers",
    ]);
  });
});

test("a backslash in LIKE takes the meaning from what follows it: it is not searched for", async () => {
  const search = (pattern: string): string => `SELECT id FROM customers WHERE name LIKE '${pattern}'`;
  expect(await requestsFor(search("%jenny%"))).toContainEqual(expect.stringContaining("/search"));
  expect(await requestsFor(search("%jenny\\_r%"))).not.toContainEqual(expect.stringContaining("/search"));
  const parameter = "SELECT id FROM customers WHERE name LIKE $1";
  expect(await requestsFor(parameter, ["%jenny%"])).toContainEqual(expect.stringContaining("/search"));
  expect(await requestsFor(parameter, ["%je\\%nny%"])).not.toContainEqual(expect.stringContaining("/search"));
});

test.each([
  ["that is cut by its type", "email = 'a@example.com'::varchar(1)"],
  ["of a collation", "email = 'a@example.com' COLLATE \"x\""],
  ["of a type of another schema", "email = 'a@example.com'::public.text"],
  ["that is rounded", "created > '2026-01-01 00:00:00.9'::timestamptz(0)"],
  ["of a rounded clock", "created > CURRENT_TIMESTAMP(0)"],
  ["of a schema's own function", "created > public.now()"],
  ["of another schema's operator", "email OPERATOR(public.=) 'a@example.com'"],
  ["of another day order", "created > '01/02/2026'"],
])("a constant %s is left to the engine", async (_, condition) => {
  expect(await requestsFor(`SELECT id FROM customers WHERE ${condition}`)).toEqual(["GET /v1/customers"]);
});

test("a sum of whole numbers keeps its decimals when it is divided: nobody is told that it does not", async () => {
  const { notices } = await planOfPostgres("SELECT sum(amount) / 100 FROM charges");
  expect(notices).toEqual([]);
});

test("a relation is one, with the default schema and without", async () => {
  const plan = await planOfPostgres(
    "SELECT * FROM customers WHERE id = 'cus_1' UNION ALL SELECT * FROM stripe.customers WHERE id = 'cus_2'",
  );
  expect(requestsOf(onlyScan(plan).scan)).toEqual(["GET /v1/customers/cus_1", "GET /v1/customers/cus_2"]);
});

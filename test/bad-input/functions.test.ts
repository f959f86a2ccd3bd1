import { describe, expect, test } from "vitest";
import { connectSandbox } from "../support/sandbox-connection.js";

const running = connectSandbox({ customers: 3 });

// to_char was answered by "Did you mean to_hours?".
describe("a function of PostgreSQL's that DuckDB has not", () => {
  test.each([
    ["to_char(Created, 'YYYY-MM')", "strftime"],
    ["to_date('2026-01-31', 'YYYY-MM-DD')", "strptime"],
    ["to_timestamp('2026-01-31', 'YYYY-MM-DD')", "strptime"],
    ["json_agg(Id)", "to_json(list(x))"],
    ["jsonb_build_object('a', 1)", "json_object"],
    ["jsonb_extract_path_text(Metadata, 'a')", "json_extract_path_text"],
    ["Name ~* 'a'", "regexp_matches(text, 'pattern', 'i')"],
    ["initcap(Name)", "upper("],
    ["nvl(Name, '')", "coalesce("],
    ["getdate()", "now()"],
  ])("%s is answered by what does the same", async (call, counterpart) => {
    const error = await running.failure(`SELECT ${call} FROM Customer`);
    expect(error).toMatchObject({ sqlState: "42883", hint: expect.stringContaining(counterpart) });
  });

  // What the hints show works.
  test.each<[string, unknown]>([
    ["strftime(TIMESTAMP '2026-01-31', '%Y-%m')", "2026-01"],
    ["printf('%.2f', 1.5)", "1.50"],
    ["format('{:,}', 1234567)", "1,234,567"],
    ["strptime('2026-01-31', '%Y-%m-%d')::DATE::VARCHAR", "2026-01-31"],
    ["coalesce(NULL, 2)", 2],
    ["upper('abc'[1]) || lower('aBC'[2:])", "Abc"],
    ["regexp_extract('a1', '([0-9])', 1)", "1"],
    ["regexp_matches('ABC', 'b', 'i')", true],
    ["to_json(list(x))::VARCHAR FROM (VALUES (1), (2)) t(x)", "[1,2]"],
    ["json_object('key', 1)::VARCHAR", '{"key":1}'],
    ["json_group_object('key', 1)::VARCHAR", '{"key":1}'],
    ["value->>'$' FROM json_each('[\"a\"]')", "a"],
    ["unnest(json_keys('{\"a\":1}'))", "a"],
    ["DATE '2026-01-31' + 2 * INTERVAL '1 day' = TIMESTAMP '2026-02-02'", true],
    ["printf('''%s''', 'x')", "'x'"],
  ])("%s", async (expression, value) => {
    const { rows } = await running.query(`SELECT ${expression}`);
    expect(Object.values(rows[0] ?? {})).toEqual([value]);
  });
});

describe("an operator that means something else than in PostgreSQL says so", () => {
  test.each([
    ["SELECT 'abc' ~ 'b'", "~ compares the whole text"],
    ["SELECT 'abc' !~ 'b'", "~ compares the whole text"],
    ["SELECT 'abc' SIMILAR TO 'a%'", "SIMILAR TO takes a regular expression"],
    ["SELECT 'abc' NOT\nsimilar /* */ to 'a%'", "SIMILAR TO takes a regular expression"],
    ["UPDATE Customer SET Name = 'x' WHERE Name ~ 'none'", "~ compares the whole text"],
  ])("%s", async (sql, notice) => {
    expect((await running.query(sql)).notices).toEqual([expect.stringContaining(notice)]);
  });

  test.each([
    "SELECT 'a ~ b'",
    'SELECT 1 AS "~"',
    "SELECT 'abc' ~~ 'a%'",
    "SELECT ~5, 1 + ~2, (~1), ~ ~3",
    "SELECT 1 WHERE ~1 < 0 AND ~2 < 0",
    "SELECT 'SIMILAR TO' AS similar_to",
  ])("%s does not", async (sql) => expect((await running.query(sql)).notices).toEqual([]));
});

import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { connectSandbox } from "../support/sandbox-connection.js";
import { errorOf } from "../support/scripted-client.js";

const trusted = connectSandbox({ customers: 5 });
const untrusted = connectSandbox({ customers: 5 }, { fileAccess: false });
const folder = mkdtempSync(join(tmpdir(), "stripe-sql-functions-"));
writeFileSync(join(folder, "words.csv"), "word\nhidden\n");
afterAll(() => rmSync(folder, { recursive: true }));

const functionsOf = async (types: string): Promise<readonly string[]> =>
  (
    await trusted.query(`SELECT DISTINCT function_name AS n FROM duckdb_functions() WHERE function_type IN (${types})`)
  ).rows.map(({ n }) => String(n));

/** Calls in FROM that work without access to files; their arguments are those that make a row. */
const known = [
  "generate_series(1, 2)",
  "range(2)",
  "repeat('x', 2)",
  "repeat_row(1, 'x', num_rows := 2)",
  "unnest([1, 2])",
  "json_each('[1]')",
  "json_tree('[1]')",
  "duckdb_functions()",
  "duckdb_keywords()",
  "duckdb_types()",
  "icu_calendar_names()",
  "pg_timezone_names()",
  "pragma_collations()",
  "pragma_version()",
];

describe("in FROM", () => {
  test.each(known)("%s is called", async (call) => {
    expect((await untrusted.query(`SELECT count(*) AS n FROM ${call}`)).rows[0]?.["n"]).toBeGreaterThan(0);
  });

  // checkpoint('system') once switched the engine off for every later statement.
  test("no other function that the engine has is called where files are out of reach", async () => {
    const names = new Set(known.map((call) => call.split("(")[0]));
    const others = (await functionsOf("'table', 'table_macro'")).filter((name) => !names.has(name));
    expect(others.length).toBeGreaterThan(70);
    for (const name of others) {
      const { sqlState } = await errorOf(untrusted.query(`SELECT * FROM ${name}()`));
      expect([name, sqlState]).toEqual([name, expect.stringMatching(/^(42883|42501)$/)]);
    }
    expect((await untrusted.query("SELECT 1 AS one")).rows).toEqual([{ one: 1 }]);
  });

  test.each([
    "checkpoint('system')",
    "force_checkpoint()",
    "enable_logging(storage_path = '/tmp/x')",
    "duckdb_logs()",
    "truncate_duckdb_logs()",
    "enable_profiling()",
    "query('SELECT 1')",
    "query_table('Customer')",
    "json_execute_serialized_sql(json_serialize_sql('SELECT 1'))",
    "arrow_scan(1::POINTER, 2::POINTER, 3::POINTER)",
    "seq_scan('x')",
    "duckdb_secrets()",
    "duckdb_tables()",
    "test_vector_types(NULL::INT)",
  ])("%s is called by nobody, however deep it stands", async (call) => {
    for (const sql of [
      `SELECT * FROM ${call}`,
      `WITH x AS (SELECT * FROM ${call}) SELECT * FROM x`,
      `SELECT Id FROM Customer WHERE EXISTS (SELECT * FROM ${call})`,
      `SELECT (SELECT count(*) FROM ${call}) FROM Customer`,
      `SELECT c.Id FROM Customer c, LATERAL (SELECT * FROM ${call}) x`,
      `DELETE FROM Customer WHERE Id IN (SELECT 'x' FROM ${call})`,
      `INSERT INTO Customer (Name) SELECT 'x' FROM ${call}`,
    ])
      expect([sql, (await errorOf(trusted.query(sql))).sqlState]).toEqual([sql, "42883"]);
  });

  test("files are read with FileAccess, and only with it", async () => {
    const sql = `SELECT word FROM read_csv('${join(folder, "words.csv")}')`;
    expect((await trusted.query(sql)).rows).toEqual([{ word: "hidden" }]);
    expect(await errorOf(untrusted.query(sql))).toMatchObject({
      sqlState: "42501",
      message: "permission denied for function read_csv",
      hint: "Functions that read files need FileAccess=true.",
      position: sql.indexOf("read_csv"),
    });
    expect(readdirSync(folder)).toEqual(["words.csv"]);
  });

  test("a name that is nearly known is suggested", async () => {
    expect(await errorOf(trusted.query("SELECT * FROM generate_serie(1, 2)"))).toMatchObject({
      sqlState: "42883",
      message: '"generate_serie" is no function that FROM may call',
      hint: expect.stringContaining("generate_series"),
      position: 14,
    });
  });

  test.each(["(SHOW ALL TABLES)", "(SHOW DATABASES)", "(SHOW TABLES)", "(SHOW VARIABLES)"])(
    "%s tells nothing of other statements",
    async (source) => expect((await errorOf(trusted.query(`FROM ${source}`))).sqlState).toBe("0A000"),
  );

  test("what a query gives is described", async () => {
    const { rows } = await trusted.query("SELECT column_name FROM (DESCRIBE SELECT Id, Email FROM Customer)");
    expect(rows).toEqual([{ column_name: "Id" }, { column_name: "Email" }]);
  });
});

describe("of values", () => {
  test.each([
    "write_log('x')",
    "sleep_ms(60000)",
    "nextval('s')",
    "current_query()",
    "system.main.write_log('x')",
    "WRITE_LOG('x')",
    "__internal_decompress_string(1::HUGEINT)",
  ])("%s is called by nobody", async (call) => {
    for (const sql of [`SELECT ${call}`, `SELECT Id FROM Customer WHERE Name = ${call}::VARCHAR`])
      expect([sql, (await errorOf(trusted.query(sql))).sqlState]).toEqual([sql, "42501"]);
  });

  // A function with an effect that a later DuckDB adds is to be judged here.
  test("those that have effects are known", async () => {
    const { rows } = await trusted.query(
      "SELECT DISTINCT function_name AS n FROM duckdb_functions() WHERE function_type = 'scalar' AND (has_side_effects OR stability = 'VOLATILE') ORDER BY n",
    );
    const harmless = ["current_connection_id", "current_query_id", "current_transaction_id", "error"];
    const random = ["gen_random_uuid", "random", "uuid", "uuidv4", "uuidv7"];
    const refused = ["current_query", "currval", "nextval", "setseed", "sleep_ms", "stats", "write_log"];
    expect(rows.map(({ n }) => n)).toEqual([...harmless, ...random, ...refused].sort());
  });

  test("settings, which name folders, are told with FileAccess", async () => {
    const sql = "SELECT current_setting('temp_directory') AS folder";
    expect((await errorOf(untrusted.query(sql))).sqlState).toBe("42501");
    expect((await trusted.query(sql)).rowCount).toBe(1);
  });
});

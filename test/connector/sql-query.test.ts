import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import type { ExecuteSqlQueryInput, SqlQueryParameter } from "../../src/connector/connector.js";
import { openConnector } from "../../src/connector/open-connector.js";
import { encodePageToken } from "../../src/connector/page-token.js";
import { connectSandbox } from "../support/sandbox-connection.js";
import { connectConnector } from "../support/sandbox-connector.js";
import { errorOf, json } from "../support/scripted-client.js";
import { startScriptedServer } from "../support/scripted-server.js";

const running = connectSandbox({ customers: 260 });
const connected = connectConnector(running);
const folder = mkdtempSync(join(tmpdir(), "stripe-sql-files-"));
const secret = join(folder, "secret.csv");
writeFileSync(secret, "word\nhidden\n");
afterAll(() => rmSync(folder, { recursive: true }));

const run = (query: string, more: Partial<ExecuteSqlQueryInput> = {}) =>
  connected.connector.executeSqlQuery({ query, ...more });

describe("the input", () => {
  test.each([
    [undefined, "expected object"],
    [{}, "query: "],
    [{ query: 1 }, "query: "],
    [{ query: "SELECT 1", maxRows: 0 }, "maxRows: "],
    [{ query: "SELECT 1", maxRows: -1 }, "maxRows: "],
    [{ query: "SELECT 1", maxRows: 1.5 }, "maxRows: "],
    [{ query: "SELECT 1", maxRows: "25" }, "maxRows: "],
    [{ query: "SELECT 1", maxRows: 1_000_001 }, "maxRows: "],
    [{ query: "SELECT 1", timeout: 0 }, "timeout: "],
    [{ query: "SELECT 1", timeout: -1 }, "timeout: "],
    [{ query: "SELECT 1", timeout: Number.POSITIVE_INFINITY }, "timeout: "],
    [{ query: "SELECT 1", queryParameters: {} }, "queryParameters: "],
    [{ query: "SELECT 1", queryParameters: [1] }, "queryParameters.0: "],
    [{ query: "SELECT 1", queryParameters: [{ value: 1 }] }, "queryParameters.0.value: "],
    [{ query: "SELECT 1", queryParameters: [{ dataType: 1, value: "" }] }, "queryParameters.0.dataType: "],
    [{ query: "SELECT 1", queryParameters: [{ value: "", name: "x" }] }, 'queryParameters.0: Unrecognized key: "name"'],
    [{ query: "SELECT 1", parameters: [] }, 'Unrecognized key: "parameters"'],
  ])("%j is refused with what is wrong in it", async (input, detail) => {
    // What a program without types could send.
    const error = await errorOf(connected.connector.executeSqlQuery(input as unknown as ExecuteSqlQueryInput));
    expect(error).toMatchObject({ sqlState: "22023", detail: expect.stringContaining(detail) });
  });

  test.each(["", " ", ";", "-- nothing", "SELECT 1; SELECT 2", "DELETE FROM Customer WHERE Id = 'x'; SELECT 1"])(
    "%j is not one statement: nothing is sent",
    async (query) => {
      const { value, sent } = await connected.traced(() => errorOf(run(query)));
      expect(value.sqlState).toBe("42601");
      expect(sent).toEqual([]);
    },
  );

  test("is where an error's position is counted", async () => {
    expect(await errorOf(run("SELECT Nmae FROM Customer"))).toMatchObject({ sqlState: "42703", position: 7 });
  });
});

describe("maxRows", () => {
  test("is 25 unless said: a result that is cut says so", async () => {
    const { results, metadata } = await run("SELECT Id FROM Customer");
    expect(results).toHaveLength(25);
    expect(metadata).toEqual({ truncated: true, nextPageToken: expect.any(String), requests: 1 });
  });

  test("cuts nothing that just fits, and says nothing", async () => {
    expect(await run("SELECT range AS n FROM range(25)")).toEqual({
      results: Array.from({ length: 25 }, (_, n) => ({ n })),
      metadata: { requests: 0 },
    });
    expect((await run("SELECT range AS n FROM range(26)")).metadata).toMatchObject({ truncated: true, requests: 0 });
    expect((await run("SELECT range AS n FROM range(26)", { maxRows: 26 })).metadata).toEqual({ requests: 0 });
    expect(await run("SELECT 1 AS one WHERE FALSE")).toEqual({ results: [], metadata: { requests: 0 } });
  });

  test("reads no further page than it takes", async () => {
    const first = await connected.traced(() => run("SELECT Id FROM Customer", { maxRows: 99 }));
    expect(first.sent).toEqual(["GET /v1/customers limit=100"]);
    const second = await connected.traced(() => run("SELECT Id FROM Customer", { maxRows: 150 }));
    expect(second.sent).toHaveLength(2);
    expect(second.value.results).toHaveLength(150);
    const all = await connected.traced(() => run("SELECT Id FROM Customer", { maxRows: 1_000_000 }));
    expect(all.value.results).toHaveLength(260);
    // Three pages, and whether there are test clocks.
    expect(all.value.metadata).toEqual({ requests: 4 });
  });

  test("cuts what a write gives back, not the write", async () => {
    const query = "INSERT INTO Product (Name) VALUES ('cut 1'), ('cut 2'), ('cut 3') RETURNING Name";
    expect(await run(query, { maxRows: 2 })).toEqual({
      results: [{ Name: "cut 1" }, { Name: "cut 2" }],
      metadata: { truncated: true, affectedRows: 3, requests: 3 },
    });
    expect((await run("SELECT Name FROM Product WHERE Name LIKE 'cut _'")).results).toHaveLength(3);
  });
});

describe("nextPageToken", () => {
  async function pages(query: string, more: Partial<ExecuteSqlQueryInput> = {}) {
    const all: (readonly object[])[] = [];
    let pageToken: string | undefined;
    do {
      const { results, metadata } = await run(query, { ...more, pageToken });
      all.push(results);
      pageToken = metadata.nextPageToken;
      expect(metadata.truncated).toBe(pageToken === undefined ? undefined : true);
    } while (pageToken !== undefined);
    return all;
  }

  test.each<[string, Partial<ExecuteSqlQueryInput>]>([
    ["SELECT Id, Created FROM Customer", { maxRows: 70 }],
    [
      "SELECT Id FROM Customer WHERE Balance <= ? ORDER BY Email",
      { maxRows: 90, queryParameters: [{ dataType: "BIGINT", value: "0" }] },
    ],
    ["SELECT Currency, count(*) AS n FROM Charge GROUP BY Currency ORDER BY Currency", { maxRows: 1 }],
    ["SHOW TABLES", { maxRows: 50 }],
    ["DESCRIBE Customer", {}],
    ["EXPLAIN SELECT Id FROM Customer", { maxRows: 2 }],
    ["SELECT range AS n FROM range(75)", {}],
  ])("gives the rest of %s, page by page", async (query, more) => {
    const { results: whole } = await run(query, { ...more, maxRows: 100_000 });
    const all = await pages(query, more);
    expect(all.length).toBeGreaterThan(1);
    expect(all.flat()).toEqual(whole);
    expect(all.slice(0, -1).every((page) => page.length === (more.maxRows ?? 25))).toBe(true);
  });

  test("may be followed by pages of another size", async () => {
    const query = "SELECT range AS n FROM range(10)";
    const { metadata } = await run(query, { maxRows: 3 });
    const rest = await run(query, { maxRows: 100, pageToken: metadata.nextPageToken });
    expect(rest.results.map((row) => row["n"])).toEqual([3, 4, 5, 6, 7, 8, 9]);
    expect(rest.metadata).toEqual({ requests: 0 });
  });

  test("is refused where the rows before have changed, rather than give a row twice or none", async () => {
    const query = "SELECT Id, Name FROM Customer";
    const { metadata, results } = await run(query, { maxRows: 5 });
    const next = () => run(query, { maxRows: 5, pageToken: metadata.nextPageToken });
    expect((await next()).results).toHaveLength(5);
    const [made] = (await run("INSERT INTO Customer (Name) VALUES ('between pages') RETURNING Id")).results;
    expect(await errorOf(next())).toMatchObject({ sqlState: "22023", hint: expect.stringContaining("Begin again") });
    await run("DELETE FROM Customer WHERE Id = ?", { queryParameters: [{ value: String(made?.["Id"]) }] });
    expect((await next()).results).toHaveLength(5);
    const [first] = results;
    await run("UPDATE Customer SET Name = 'renamed' WHERE Id = ?", {
      queryParameters: [{ value: String(first?.["Id"]) }],
    });
    expect((await errorOf(next())).sqlState).toBe("22023");
  });

  test("is refused where the result has become shorter than what was given", async () => {
    const made = await run("INSERT INTO Product (Name) VALUES ('short 1'), ('short 2'), ('short 3') RETURNING Id");
    const query = "SELECT Id FROM Product WHERE Name LIKE 'short _' ORDER BY Name";
    const { metadata } = await run(query, { maxRows: 2 });
    const ids = made.results.map((row) => `'${row["Id"]}'`);
    await run(`DELETE FROM Product WHERE Id IN (${ids.slice(1).join(", ")})`);
    expect(await errorOf(run(query, { maxRows: 2, pageToken: metadata.nextPageToken }))).toMatchObject({
      sqlState: "22023",
    });
  });

  test("is good for its own query and parameters alone", async () => {
    const query = "SELECT range AS n FROM range(?::BIGINT)";
    const parametersOf = (value: string) => ({ maxRows: 2, queryParameters: [{ value, dataType: "BIGINT" }] });
    const { metadata } = await run(query, parametersOf("9"));
    const { nextPageToken: pageToken } = metadata;
    expect((await run(query, { ...parametersOf("9"), pageToken })).results).toEqual([{ n: 2 }, { n: 3 }]);
    expect((await errorOf(run(query, { ...parametersOf("8"), pageToken }))).sqlState).toBe("22023");
    expect((await errorOf(run(`${query} `, { ...parametersOf("9"), pageToken }))).sqlState).toBe("22023");
    expect((await errorOf(run(query, { ...parametersOf("9"), pageToken: `${pageToken}A` }))).sqlState).toBe("22023");
  });

  test("never has a write carried out again", async () => {
    const insert = "INSERT INTO Product (Name) VALUES ('once 1'), ('once 2') RETURNING Name";
    const { metadata } = await run(insert, { maxRows: 1 });
    expect(metadata).toEqual({ truncated: true, affectedRows: 2, requests: 2 });
    const { value, sent } = await connected.traced(() =>
      errorOf(
        run(insert, { pageToken: encodePageToken({ kind: "result", count: 1, rows: "AAAAAAAAAAAA" }, [insert, []]) }),
      ),
    );
    expect(value).toMatchObject({ sqlState: "0A000", message: "INSERT has no further pages" });
    expect(sent).toEqual([]);
  });
});

describe("results", () => {
  test("are plain JSON of every type", async () => {
    const query = `SELECT 1 AS n, 9007199254740993 AS big, 1.5::DOUBLE AS d, 'NaN'::DOUBLE AS nan, 0.1::DECIMAL(10,2) AS dec,
      'x' AS s, TRUE AS b, NULL AS nothing, TIMESTAMPTZ '2026-01-02 03:04:05Z' AS t, DATE '2026-01-02' AS day,
      [1, 2] AS list, {'a': [9007199254740993], 'b': NULL} AS struct, '{"k":[1]}'::JSON AS json,
      170141183460469231731687303715884105727::HUGEINT AS huge`;
    const { results } = await run(query);
    expect(results).toEqual([
      {
        n: 1,
        big: "9007199254740993",
        d: 1.5,
        nan: "NaN",
        dec: "0.10",
        s: "x",
        b: true,
        nothing: null,
        t: "2026-01-02T03:04:05Z",
        day: "2026-01-02",
        list: [1, 2],
        struct: { a: ["9007199254740993"], b: null },
        json: { k: [1] },
        huge: "170141183460469231731687303715884105727",
      },
    ]);
    expect(JSON.parse(JSON.stringify(results))).toEqual(results);
  });

  test.each([
    ["EXPLAIN SELECT Id FROM Customer", "QUERY PLAN"],
    ["SHOW TABLES", "Table"],
    ["DESCRIBE Customer", "Column"],
    ["SELECT count(*) AS n FROM sys_procedures", "n"],
  ])("of %s are rows too", async (query, name) => {
    const { results } = await run(query);
    expect(Object.keys(results[0] ?? {})).toContain(name);
  });

  test("of an action by EXEC are typed, and of a write are counted", async () => {
    const { results: made } = await run("INSERT INTO Product (Name) VALUES ('counted') RETURNING Id");
    const id = String(made[0]?.["Id"]);
    expect(await run("UPDATE Product SET Active = FALSE WHERE Id = ?", { queryParameters: [{ value: id }] })).toEqual({
      results: [],
      metadata: { affectedRows: 1, requests: 1 },
    });
    expect((await run("DELETE FROM Product WHERE Id = $1", { queryParameters: [{ value: id }] })).metadata).toEqual({
      affectedRows: 1,
      requests: 1,
    });
    expect((await run("DELETE FROM Product WHERE Id = $1", { queryParameters: [{ value: id }] })).metadata).toEqual({
      affectedRows: 0,
      requests: 1,
    });
  });

  test("come with what there is to notice", async () => {
    const { metadata } = await run("SELECT Id FROM BillingFeedbackOption WHERE Status = 'new'");
    expect(metadata?.notices).toEqual([expect.stringContaining("is never 'new'")]);
  });
});

describe("a write", () => {
  test.each(["UPDATE Customer SET Name = 'x'", "DELETE FROM Customer"])(
    "of everything is refused: %s",
    async (query) => {
      const { value, sent } = await connected.traced(() => errorOf(run(query)));
      expect(value.sqlState).toBe("0A000");
      expect(sent).toEqual([]);
    },
  );

  test("of which a part fails tells each object", async () => {
    await run("INSERT INTO Product (Name) VALUES ('part 1'), ('part 2')");
    running.sandbox.faults.add({
      method: "POST",
      effect: {
        kind: "status",
        status: 402,
        body: { error: { type: "card_error", code: "card_declined", message: "Declined." } },
      },
    });
    const error = await errorOf(run("UPDATE Product SET Active = FALSE WHERE Name LIKE 'part _'"));
    expect(error).toMatchObject({ message: "Declined.", stripe: { code: "card_declined" } });
    expect(error.detail).toMatch(
      /^Of 2 entities 1 were written: prod_\w+\. Failed: prod_\w+ \(Declined\., card_declined, req_\w+\)\. It is write w-\w+: SHOW WRITE/,
    );
  });

  test.each([
    "CREATE TABLE t (a INT)",
    "DROP TABLE Customer",
    "TRUNCATE Customer",
    "ALTER TABLE Customer ADD COLUMN x INT",
    "SET enable_external_access = true",
    "PRAGMA enable_external_access",
    "INSTALL httpfs",
    "LOAD httpfs",
    "CALL pragma_version()",
    "USE memory",
    "CHECKPOINT",
  ])("that is none of Stripe's is refused: %s", async (query) => {
    expect((await errorOf(run(query))).sqlState).toMatch(/^(0A000|42601|42883)$/);
  });
});

describe("this machine's files", () => {
  const path = secret.replaceAll("'", "''");
  test.each([
    `SELECT * FROM read_csv('${path}')`,
    `SELECT * FROM read_csv_auto('${path}')`,
    `SELECT * FROM read_text('${path}')`,
    `SELECT * FROM read_blob('${path}')`,
    `SELECT * FROM read_json('${path}')`,
    `SELECT * FROM read_parquet('${path}')`,
    `SELECT * FROM parquet_metadata('${path}')`,
    `SELECT * FROM sniff_csv('${path}')`,
    `SELECT * FROM glob('${folder}/*')`,
    `SELECT * FROM '${path}'`,
    `SELECT * FROM "${path}"`,
    `SELECT (SELECT content FROM read_text('${path}'))`,
    `WITH t AS (SELECT * FROM read_text('${path}')) SELECT * FROM t`,
    `SELECT Id FROM Customer WHERE Name IN (SELECT content FROM read_text('${path}'))`,
    `SELECT * FROM query('SELECT * FROM read_text(''${path}'')')`,
    `SELECT * FROM query_table('${path}')`,
    `FROM read_text('${path}')`,
    `SUMMARIZE '${path}'`,
    `INSERT INTO Product (Name) SELECT content FROM read_text('${path}')`,
    `UPDATE Product SET Name = (SELECT content FROM read_text('${path}')) WHERE Id = 'prod_x'`,
    `EXPLAIN ANALYZE SELECT * FROM read_text('${path}')`,
    `COPY (SELECT 1) TO '${folder}/written.csv'`,
    `COPY Customer FROM '${path}'`,
    `ATTACH '${folder}/written.duckdb' AS other`,
    `EXPORT DATABASE '${folder}/written'`,
    `IMPORT DATABASE '${folder}'`,
    "SELECT * FROM read_text('http://127.0.0.1:9/x')",
    "SELECT * FROM read_parquet('s3://bucket/x')",
    "SELECT getenv('PATH')",
  ])("are out of reach: %s", async (query) => {
    const { value, sent } = await connected.traced(() => errorOf(run(query)));
    expect(value.sqlState).toMatch(/^(0A000|42501|42P01|42601|42883)$/);
    expect(value.message).not.toContain("hidden");
    expect(sent).toEqual([]);
    expect(["written.csv", "written.duckdb", "written"].filter((name) => existsSync(join(folder, name)))).toEqual([]);
  });

  test("are within reach where who opens the connector says so", async () => {
    const trusting = await connected.open({ fileAccess: true });
    const { results } = await trusting.executeSqlQuery({ query: `SELECT * FROM read_csv('${path}')` });
    expect(results).toEqual([{ word: "hidden" }]);
  });

  test("and the key are not in the connection's properties", async () => {
    const cachePath = join(folder, "cache");
    const other = await connected.open({ cachePath, logFile: join(folder, "log") });
    const { results } = await other.executeSqlQuery({ query: "SELECT * FROM sys_connection_props", maxRows: 100 });
    expect(JSON.stringify(results)).not.toContain(running.sandbox.apiKey);
    expect(JSON.stringify(results)).not.toContain(folder);
    expect(results).toContainEqual(expect.objectContaining({ Name: "CachePath", Value: "***" }));
  });

  test.each([
    "SELECT current_setting('temp_directory')",
    "SELECT * FROM duckdb_settings()",
    "SELECT * FROM duckdb_databases()",
    "SELECT * FROM duckdb_temporary_files()",
    "SELECT * FROM duckdb_secrets()",
    "SELECT * FROM duckdb_extensions()",
    "PRAGMA database_list",
    "SELECT getvariable('x')",
    "SHOW temp_directory",
  ])("are not told by the engine's settings: %s", async (query) => {
    const outcome = await run(query, { maxRows: 1000 }).catch((error: unknown) => error);
    const text =
      outcome instanceof Error ? JSON.stringify({ ...outcome, message: outcome.message }) : JSON.stringify(outcome);
    expect(text).not.toContain(tmpdir());
    expect(text).not.toContain("stripe-sql-spill");
  });
});

describe("queryParameters", () => {
  const parameterAs = async (parameter: SqlQueryParameter) => {
    const { results } = await run("SELECT $1 AS v", { queryParameters: [parameter] });
    return results[0]?.["v"];
  };

  test.each<readonly [string | undefined, string | null, unknown]>([
    [undefined, "x", "x"],
    [undefined, "5", "5"],
    ["VARCHAR", "'; DROP TABLE Customer; --", "'; DROP TABLE Customer; --"],
    ["varchar", "", ""],
    [" CHAR ", "x", "x"],
    ["LONGVARCHAR", "x", "x"],
    ["NVARCHAR", "ü", "ü"],
    ["NCHAR", "x", "x"],
    ["STRING", "x", "x"],
    ["UUID", "0b0e", "0b0e"],
    ["TIME", "10:00", "10:00"],
    ["BIGINT", "5", 5],
    ["BIGINT", " -7 ", -7],
    ["BIGINT", "+7", 7],
    ["BIGINT", "9007199254740993", "9007199254740993"],
    ["BIGINT", "-9223372036854775808", "-9223372036854775808"],
    ["INTEGER", "5", 5],
    ["SMALLINT", "5", 5],
    ["TINYINT", "5", 5],
    ["INT", "5", 5],
    ["LONG", "5", 5],
    ["DOUBLE", "1.5", 1.5],
    ["FLOAT", "1e3", 1000],
    ["REAL", "-0.25", -0.25],
    ["DECIMAL", "1.10", 1.1],
    ["NUMERIC", "3", 3],
    ["DECIMAL", "12345678901234567890.123456789", "12345678901234567890.123456789"],
    ["BOOLEAN", "true", true],
    ["BOOLEAN", "FALSE", false],
    ["BIT", "1", true],
    ["BIT", "0", false],
    ["DATE", "2026-01-02", "2026-01-02T00:00:00Z"],
    ["TIMESTAMP", "2026-01-02T03:04:05Z", "2026-01-02T03:04:05Z"],
    ["TIMESTAMP", "2026-01-02 03:04:05", "2026-01-02T03:04:05Z"],
    ["DATETIME", "2026-01-02 03:04", "2026-01-02T03:04:00Z"],
    ["TIMESTAMP_WITH_TIMEZONE", "2026-01-02T03:04:05.678+02:00", "2026-01-02T01:04:05.678Z"],
    ["TIMESTAMP", "1767323045", "2026-01-02T03:04:05Z"],
    ["STRUCT", '{"a":1}', '{"a":1}'],
    ["ARRAY", "[1,2]", [1, 2]],
    ["JSON", '{"a":[1]}', '{"a":[1]}'],
    ["BIGINT", null, null],
    ["TIMESTAMP", null, null],
  ])("of type %s with %j is %j", async (dataType, value, wanted) => {
    expect(await parameterAs({ value, ...(dataType === undefined ? {} : { dataType }) })).toEqual(wanted);
  });

  test.each([
    ["BIGINT", ""],
    ["BIGINT", "5.0"],
    ["BIGINT", "five"],
    ["BIGINT", "9223372036854775808"],
    ["BIGINT", "99999999999999999999"],
    ["DOUBLE", ""],
    ["DOUBLE", "1e400"],
    ["DOUBLE", "NaN"],
    ["DECIMAL", "abc"],
    ["DECIMAL", "1e3"],
    ["BOOLEAN", "yes"],
    ["BOOLEAN", "constructor"],
    ["DATE", "nonsense"],
    ["DATE", "2026-02-30"],
    ["DATE", "2026-01-02 10:00"],
    ["TIMESTAMP", "foo 1"],
    ["TIMESTAMP", "2026-13-01"],
    ["TIMESTAMP", ""],
    ["JSON", '{"a":'],
    ["ARRAY", ""],
  ])("of type %s are not %j", async (dataType, value) => {
    const { value: error, sent } = await connected.traced(() =>
      errorOf(run("SELECT Id FROM Customer WHERE Id = $1", { queryParameters: [{ dataType, value }] })),
    );
    expect(error).toMatchObject({
      sqlState: "22P02",
      message: `invalid value for a query parameter of type ${dataType}: '${value}'`,
    });
    expect(sent).toEqual([]);
  });

  test.each(["NOTHING", "", "constructor", "__proto__", "VARCHAR(5)"])("have no type %j", async (dataType) => {
    expect(await errorOf(run("SELECT $1", { queryParameters: [{ dataType, value: "x" }] }))).toMatchObject({
      sqlState: "22023",
      hint: expect.stringContaining("VARCHAR, CHAR"),
    });
    const nothing = { dataType, value: null };
    expect((await errorOf(run("SELECT $1", { queryParameters: [nothing] }))).sqlState).toBe("22023");
  });

  test.each([
    ["SELECT $1", []],
    ["SELECT 1", [{ value: "x" }]],
    ["SELECT $1, $2", [{ value: "x" }]],
    ["SELECT ?", [{ value: "x" }, { value: "y" }]],
  ])("are as many as the statement has: %s with %j", async (query, queryParameters) => {
    expect((await errorOf(run(query, { queryParameters }))).sqlState).toBe("22023");
  });

  test("go to Stripe as conditions do", async () => {
    const query = "SELECT Id FROM Customer WHERE Created >= ? AND Created < ? AND Email = ?";
    const { sent } = await connected.traced(() =>
      run(query, {
        queryParameters: [
          { dataType: "TIMESTAMP", value: "2026-01-01" },
          { dataType: "DATE", value: "2026-02-01" },
          { value: "a@example.com" },
        ],
      }),
    );
    expect(sent).toHaveLength(1);
    expect(sent[0]).toMatch(/created\[gte\]=1767225600/);
    expect(sent[0]).toMatch(/email=a@example\.com/);
  });

  test("compare a decimal by its value", async () => {
    await run(
      "INSERT INTO Price (Currency, UnitAmountDecimal, ProductData) VALUES ('usd', '0.125', '{\"name\":\"x\"}')",
    );
    for (const value of ["0.125", "0.1250", ".125"]) {
      const queryParameters = [{ dataType: "DECIMAL", value }];
      const { results } = await run("SELECT UnitAmountDecimal AS d FROM Price WHERE UnitAmountDecimal = ?", {
        queryParameters,
      });
      expect(results).toHaveLength(1);
    }
  });
});

describe("timeout", () => {
  test("ends a query that computes", async () => {
    const query = "SELECT count(*) FROM range(100000) a, range(100000) b WHERE a.range * b.range % 7 = 1";
    expect(await errorOf(run(query, { timeout: 0.2 }))).toMatchObject({
      sqlState: "57014",
      message: "canceling statement due to statement timeout",
      detail: "It did not end within 0.2 seconds.",
    });
  });

  test("ends a query that waits for Stripe, and asks no more", async () => {
    const empty = json({ object: "list", data: [], has_more: false, url: "/v1/invoices" });
    const server = await startScriptedServer([empty, { kind: "silence" }]);
    const connector = await openConnector({ apiKey: running.sandbox.apiKey, apiBase: server.url });
    try {
      const query = "SELECT Id FROM Invoice";
      // The first query opens what this one then finds open, so that the time ends after it was sent.
      await connector.executeSqlQuery({ query });
      const error = await errorOf(connector.executeSqlQuery({ query, timeout: 2 }));
      expect(error).toMatchObject({ sqlState: "57014", message: "canceling statement due to statement timeout" });
      expect(server.requests).toHaveLength(2);
    } finally {
      await connector.close();
      await server.close();
    }
  });

  test("is told apart from a caller who gives up", async () => {
    const canceling = new AbortController();
    const server = await startScriptedServer(() => {
      canceling.abort();
      return { kind: "silence" };
    });
    const connector = await openConnector({ apiKey: running.sandbox.apiKey, apiBase: server.url });
    try {
      const error = await errorOf(
        connector.executeSqlQuery({ query: "SELECT Id FROM Customer" }, { signal: canceling.signal }),
      );
      expect(error).toMatchObject({ sqlState: "57014", message: "canceling statement due to user request" });
    } finally {
      await connector.close();
      await server.close();
    }
  });
});

test.each(["SET TimeZone = 'Asia/Tokyo'", "/* a */ set time zone 'Asia/Tokyo'", "RESET ALL"])(
  "%s is refused: it would hold for every caller",
  async (query) => {
    expect(await errorOf(run(query))).toMatchObject({ sqlState: "0A000" });
    expect((await run("SHOW TimeZone")).results).toEqual([{ TimeZone: "UTC" }]);
  },
);

test.each([
  "CREATE TEMP VIEW v AS SELECT 1 AS x",
  "CREATE TEMP TABLE t AS SELECT 1 AS x",
  "/* a */ drop view if exists v",
  "DROP TABLE IF EXISTS t",
  "REFRESH t",
])("%s is refused: it would be there for every caller of the connection", async (query) => {
  expect(await errorOf(run(query))).toMatchObject({ sqlState: "0A000", hint: expect.stringContaining("WITH name AS") });
});

import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { DuckdbEngine } from "../../../src/execute/duckdb/duckdb-engine.js";
import type { DuckdbSession } from "../../../src/execute/duckdb/duckdb-session.js";
import type { SessionTable } from "../../../src/execute/engine/engine-session.js";
import type { Tuple } from "../../../src/execute/row-source.js";
import type { Cell } from "../../../src/value/cell.js";
import { readCell } from "../../../src/value/cell.js";
import { printDataType } from "../../../src/value/data-type.js";
import { driverConverter } from "../../../src/value/driver-value.js";
import type { Json } from "../../../src/value/json.js";
import type { SqlType } from "../../../src/value/sql-type.js";
import { testFolder } from "../../support/folder.js";
import { errorOf } from "../../support/scripted-client.js";

let engine: DuckdbEngine;
beforeAll(async () => {
  engine = await DuckdbEngine.open([], { fileAccess: true });
});
afterAll(() => engine.close());

async function withSession<T>(use: (session: DuckdbSession) => Promise<T>): Promise<T> {
  const session = await engine.session();
  try {
    return await use(session);
  } finally {
    await session.close();
  }
}

async function rowsOf(session: DuckdbSession, sql: string, parameters: readonly unknown[] = []) {
  const { columns, batches } = await session.run({ sql, parameters });
  const tuples: Tuple[] = [];
  for await (const batch of batches) tuples.push(...batch);
  const convert = columns.map(({ type }) => driverConverter(type));
  const rows = tuples.map((tuple) => tuple.map((cell, index) => convert[index]?.(cell)));
  return { types: columns.map(({ type }) => printDataType(type)), tuples, rows };
}

const answerOf = (sql: string, parameters: readonly unknown[] = []) =>
  withSession(async (session) => {
    const { types, rows } = await rowsOf(session, `SELECT ${sql}`, parameters);
    return [types[0], rows[0]?.[0]];
  });

const tableOf = (name: string, ...types: readonly SqlType[]): SessionTable => ({
  schema: undefined,
  name,
  columns: types.map((type, index) => ({ name: `c${index}`, type })),
});

describe("a value of a column's type", () => {
  it.each<[SqlType, readonly Json[], readonly unknown[]]>([
    ["BIGINT", [0, -5, "9007199254740993"], [0, -5, 9007199254740993n]],
    ["DOUBLE", [0.1, -0, 1e300], [0.1, -0, 1e300]],
    ["DECIMAL", ["10.500000000001", "-0.25", 7], ["10.500000000001", "-0.25", "7"]],
    ["VARCHAR", ["", "it's", "日本 \u0000x"], ["", "it's", "日本 \u0000x"]],
    ["BOOLEAN", [true, false], [true, false]],
    ["TIMESTAMPTZ", [0, 1_767_225_600], [new Date(0), new Date(1_767_225_600_000)]],
    ["JSON", [{ a: [1, null] }, [], "text", 5, false], [{ a: [1, null] }, [], "text", 5, false]],
  ])("comes out as it went in, NULL too: %s", async (type, given, expected) => {
    await withSession(async (session) => {
      const table = tableOf("t", type);
      await session.createTable(table);
      await session.append(table, [[null, ...given].map((value) => readCell(type, value))]);
      const { types, rows } = await rowsOf(session, "SELECT c0 FROM t");
      expect(types).toEqual([type]);
      expect(rows.map(([value]) => value)).toEqual([null, ...expected]);
    });
  });

  it("comes in more rows than one chunk of DuckDB's holds", async () => {
    await withSession(async (session) => {
      const table = tableOf("t", "BIGINT", "VARCHAR");
      await session.createTable(table);
      const count = 5000;
      const numbers: Cell[] = Array.from({ length: count }, (_, index) => index);
      await session.append(table, [numbers, numbers.map(String)]);
      const { rows } = await rowsOf(session, "SELECT count(*), sum(c0), max(c1) FROM t");
      expect(rows).toEqual([[count, (count * (count - 1)) / 2, "999"]]);
    });
  });
});

describe("a result of another type", () => {
  it.each<[string, string, unknown]>([
    ["DATE '2026-01-31'", "DATE", "2026-01-31"],
    ["TIME '01:02:03'", "TIME", "01:02:03"],
    ["TIMESTAMP '2026-01-31 00:00:00'", "TIMESTAMP", "2026-01-31T00:00:00"],
    ["INTERVAL '1 month 2 days'", "INTERVAL", "1 month 2 days"],
    ["TIMESTAMPTZ 'infinity'", "TIMESTAMPTZ", "infinity"],
    ["1.5", "DECIMAL(2,1)", "1.5"],
    ["sum(5::BIGINT)", "HUGEINT", 5],
    ["170141183460469231731687303715884105727::HUGEINT", "HUGEINT", 170141183460469231731687303715884105727n],
    ["1::TINYINT", "TINYINT", 1],
    ["'NaN'::DOUBLE", "DOUBLE", Number.NaN],
    ["[1::BIGINT, NULL, 9007199254740993]", "BIGINT[]", [1, null, "9007199254740993"]],
    ["{'a': 1, 'b': [TRUE, NULL]}", 'STRUCT("a" INTEGER, "b" BOOLEAN[])', { a: 1, b: [true, null] }],
    ["[TIMESTAMPTZ '2026-01-31']", "TIMESTAMP WITH TIME ZONE[]", ["2026-01-31 00:00:00+00"]],
    ["[INTERVAL 1 DAY]", "INTERVAL[]", ["1 day"]],
    ["[1.50::DECIMAL(18,2)]", "DECIMAL(18,2)[]", ["1.50"]],
    ["[TIMESTAMP_NS '1999-12-31 23:59:59.000000001']", "TIMESTAMP_NS[]", ["1999-12-31 23:59:59.000000001"]],
    [
      "[TIMESTAMP '290000-01-01', '-infinity', '0044-03-15 (BC) 12:00:00.5']",
      "TIMESTAMP[]",
      ["290000-01-01 00:00:00", "-infinity", "0044-03-15 (BC) 12:00:00.5"],
    ],
    ["MAP {'a': 1::BIGINT}", "MAP(VARCHAR, BIGINT)", [{ key: "a", value: 1 }]],
    ["union_value(n := 5)", 'UNION("n" INTEGER)', { tag: "n", value: 5 }],
    ["'b'::ENUM('a', 'b')", "ENUM('a', 'b')", "b"],
    ["[1, 2]::INTEGER[2]", "INTEGER[2]", [1, 2]],
    ["TIMETZ '01:02:03+02'", "TIME WITH TIME ZONE", "01:02:03+02"],
    ["'x\\xFF'::BLOB", "BLOB", "x\\xFF"],
    ["'x'::BLOB", "BLOB", "x"],
    [`'{"a": [1]}'::JSON`, "JSON", { a: [1] }],
    ["NULL", "INTEGER", null],
  ])("is a value that a program can use: %s", async (sql, type, value) => {
    expect(await answerOf(sql)).toEqual([type, value]);
  });
});

describe("a cell", () => {
  it.each<[string, string, Cell]>([
    ["a time with its microseconds", "TIMESTAMPTZ '2026-01-31 00:00:00.123456'", 1_769_817_600_123_456n],
    ["a time with its nanoseconds", "TIMESTAMP_NS '1970-01-01 00:00:00.123456789'", 123_456_789n],
    ["no end of time", "TIMESTAMPTZ '-infinity'", -(2n ** 63n - 1n)],
    ["a decimal with all of its digits", "1.50::DECIMAL(18,2)", 150n],
    ["JSON as it is written", `'{"a": 12345678901234567890}'::JSON`, '{"a": 12345678901234567890}'],
    ["bytes", "'\\xFFa'::BLOB", new Uint8Array([255, 97])],
    ["a structure of cells, in order", "{'b': 1::BIGINT, 'a': [TIMESTAMP '1970-01-01 00:00:01']}", [1n, [1_000_000n]]],
    [
      "a map of pairs",
      "MAP {'a': 1, 'b': NULL}",
      [
        ["a", 1],
        ["b", null],
      ],
    ],
    ["a union of tag and cell", "union_value(n := 5)", ["n", 5]],
  ])("of the engine's loses nothing: %s", async (_, sql, expected) => {
    const cell = await withSession(async (session) => (await rowsOf(session, `SELECT ${sql}`)).tuples[0]?.[0]);
    expect(cell instanceof Uint8Array ? new Uint8Array(cell) : cell).toEqual(expected);
  });

  it("goes through the engine as it is: microseconds, and no end of time", async () => {
    const cells: Cell[] = [1_769_817_600_123_456, 253_402_300_799_999_999n, 2n ** 63n - 1n, null];
    await withSession(async (session) => {
      const table = tableOf("t", "TIMESTAMPTZ");
      await session.createTable(table);
      await session.append(table, [cells]);
      const { tuples } = await rowsOf(session, "SELECT c0 FROM t");
      expect(tuples.map(([cell]) => cell)).toEqual([1_769_817_600_123_456n, ...cells.slice(1)]);
    });
  });
});

describe("a parameter", () => {
  it.each<[string, unknown, unknown]>([
    ["a text", "it's", "it's"],
    ["a whole number", 5, 5],
    ["a bigint", 9007199254740993n, 9007199254740993n],
    ["a fraction", 1.5, 1.5],
    ["a truth value", false, false],
    ["a time", new Date(1500), new Date(1500)],
    ["NULL", null, null],
    ["nothing", undefined, null],
    ["a structure, as its JSON", { a: 1 }, '{"a":1}'],
  ])("is %s", async (_, given, expected) => {
    expect((await answerOf("$1", [given]))[1]).toEqual(expected);
  });

  it("is bound by its number, in any order and as often as it stands there", async () => {
    expect((await answerOf("concat($2, $1, $2)", ["a", "b"]))[1]).toBe("bab");
  });

  it.each([
    ["a function", () => 1, "parameter $1 cannot take function"],
    ["an invalid Date", new Date("x"), "parameter $1 cannot take an invalid Date"],
  ])("is refused where it is %s", async (_, given, message) => {
    expect(await errorOf(answerOf("$1", [given]))).toMatchObject({ message, sqlState: "22023" });
  });
});

describe("a statement that is described", () => {
  const described = (sql: string, values?: readonly unknown[]) =>
    withSession(async (session) => {
      await session.createTable(tableOf("t", "VARCHAR", "BIGINT", "JSON"));
      const { columns, parameters } = await session.describe(sql, values);
      return {
        columns: columns?.map(({ name, type }) => `${name} ${printDataType(type)}`),
        parameters: [...parameters].map(([place, type]) => `$${place} ${printDataType(type)}`),
      };
    });

  it.each<[string, readonly string[], readonly string[]]>([
    ["SELECT c0, c0, c1, c2 FROM t", ["c0 VARCHAR", "c0 VARCHAR", "c1 BIGINT", "c2 JSON"], []],
    ["SELECT c0, count(*) FROM t GROUP BY 1", ["c0 VARCHAR", "count_star() BIGINT"], []],
    ["SELECT c0 FROM t WHERE c1 > $2 AND c0 = $1", ["c0 VARCHAR"], ["$1 VARCHAR", "$2 BIGINT"]],
    ["SELECT c0, c0, c1 + $1 AS s FROM t", ["c0 VARCHAR", "c0 VARCHAR", "s BIGINT"], []],
    ["SELECT $1 AS x -- a comment", ["x INTEGER"], []],
  ])("tells its columns and its parameters' types, with no value known: %s", async (sql, columns, parameters) => {
    expect(await described(sql)).toEqual({ columns, parameters });
  });

  it.each<[string, readonly unknown[], readonly string[]]>([
    ["SELECT c1 + $1 AS s, $2 AS x FROM t", [1.5, "a"], ["s DOUBLE", "x VARCHAR"]],
    ["SELECT CASE WHEN c1 = 1 THEN $1 ELSE c1 END AS c FROM t", [1.5], ["c DOUBLE"]],
    ["SELECT CASE WHEN count(*) = 0 THEN error('no rows') END AS e, $1 AS x FROM t", [1], ["e INTEGER", "x BIGINT"]],
  ])("takes a column's type from a value: %s", async (sql, values, columns) => {
    expect((await described(sql, values)).columns).toEqual(columns);
  });

  it("has no columns where its rows decide which there are", async () => {
    expect(await described("PIVOT t ON c0 USING sum(c1)")).toEqual({ columns: undefined, parameters: [] });
  });

  it("is refused for what it names wrongly, at its place", async () => {
    expect(await errorOf(described("SELECT c0, nope + $1 FROM t", [1]))).toMatchObject({
      sqlState: "42703",
      position: 11,
    });
    expect(await errorOf(described("SELECT nope FROM t"))).toMatchObject({ sqlState: "42703", position: 7 });
  });
});

describe("the dialect", () => {
  it.each<[string, unknown]>([
    ["7 / 2", 3],
    ["current_setting('TimeZone')", "UTC"],
    ["TIMESTAMPTZ '2026-01-31 00:00:00'", new Date(Date.UTC(2026, 0, 31))],
    ["(SELECT list(x ORDER BY x DESC) FROM (VALUES (1), (NULL)) t(x))", [null, 1]],
    ["(SELECT list(x ORDER BY x) FROM (VALUES (1), (NULL)) t(x))", [1, null]],
  ])("is PostgreSQL's where the two differ, and UTC: %s", async (sql, value) => {
    expect((await answerOf(sql))[1]).toEqual(value);
  });
});

describe("a failure of the local engine", () => {
  it.each([
    ["SELECT Nmae FROM (SELECT 1 AS Name) t", 'column "Nmae" does not exist', "42703", 7],
    ["SELECT 1 FROM Nowhere", 'relation "Nowhere" does not exist', "42P01", 14],
    ["SELECT no_such(1)", "function no_such does not exist", "42883", 7],
    ["SELECT 1 +", "syntax error at end of input", "42601", undefined],
    ["SELECT x FROM (SELECT 1 x) a, (SELECT 1 x) b", 'column reference "x" is ambiguous', "42702", 7],
  ])("is told in PostgreSQL's words, code and place: %s", async (sql, message, sqlState, position) => {
    const error = await withSession((session) => errorOf(session.run({ sql, parameters: [] })));
    expect(error).toMatchObject({ message, sqlState });
    if (position !== undefined) expect(error.position).toBe(position);
  });

  it("of a value is a bad literal", async () => {
    expect(await errorOf(answerOf("CAST('ten' AS INTEGER)"))).toMatchObject({ sqlState: "22P02", phase: "execute" });
  });

  it("leaves the session usable", async () => {
    await withSession(async (session) => {
      await errorOf(session.run({ sql: "SELECT nope", parameters: [] }));
      expect((await rowsOf(session, "SELECT 1")).rows).toEqual([[1]]);
    });
  });
});

describe("sessions", () => {
  it("running at once never see each other's rows", async () => {
    const table = tableOf("Customer", "VARCHAR");
    const counts = await Promise.all(
      [1, 2, 3, 4].map((rows) =>
        withSession(async (session) => {
          await session.createTable(table);
          await session.append(table, [Array.from({ length: rows }, () => "x")]);
          return (await rowsOf(session, "SELECT count(*) FROM Customer")).rows[0]?.[0];
        }),
      ),
    );
    expect(counts).toEqual([1, 2, 3, 4]);
  });

  it("have tables of several schemas, and clear one without the others", async () => {
    await withSession(async (session) => {
      const one = tableOf("T", "BIGINT");
      const two = { ...one, schema: "v2" };
      for (const table of [one, two]) {
        await session.createTable(table);
        await session.append(table, [[1, 2]]);
      }
      await session.clear(one);
      expect((await rowsOf(session, 'SELECT (SELECT count(*) FROM "T"), (SELECT count(*) FROM v2."T")')).rows).toEqual([
        [0, 2],
      ]);
    });
  });

  it("quote whatever a name holds", async () => {
    await withSession(async (session) => {
      const table: SessionTable = { schema: undefined, name: 'a"; DROP', columns: [{ name: 'b"', type: "BIGINT" }] };
      await session.createTable(table);
      await session.append(table, [[5]]);
      expect((await rowsOf(session, 'SELECT "b""" FROM "a""; DROP"')).rows).toEqual([[5]]);
    });
  });

  it("close once, however often they are told to", async () => {
    const session = await engine.session();
    await session.close();
    await session.close();
  });
});

describe("a session that is canceled", () => {
  const endless = "SELECT count(*) FROM range(10000000) a, range(1000000) b WHERE (a.range + b.range) % 7 = 1";
  const canceled = { sqlState: "57014", message: "canceling statement due to user request" };

  it("ends what runs, from its first moment on, and begins nothing more", async () => {
    const controller = new AbortController();
    const session = await engine.session(controller.signal);
    const running = errorOf(session.run({ sql: endless, parameters: [] }));
    controller.abort();
    expect(await running).toMatchObject(canceled);
    expect(await errorOf(session.createTable(tableOf("t", "BIGINT")))).toMatchObject(canceled);
    await session.close();
  });

  it("is not opened at all where it was canceled before", async () => {
    const before = await databases();
    expect(await errorOf(engine.session(AbortSignal.abort()))).toMatchObject(canceled);
    expect(await databases()).toBe(before);
  });
});

async function databases(): Promise<unknown> {
  return withSession(
    async (session) => (await rowsOf(session, "SELECT count(*) FROM duckdb_databases()")).rows[0]?.[0],
  );
}

describe("closing", () => {
  const endless = "SELECT count(*) FROM range(10000000) a, range(1000000) b WHERE (a.range + b.range) % 7 = 1";
  const closed = { sqlState: "57014", message: "canceling statement because the connection is closed" };

  it("a session interrupts what it runs, and gives its database up", async () => {
    const before = await databases();
    const session = await engine.session();
    const running = errorOf(session.run({ sql: endless, parameters: [] }));
    await session.close();
    expect(await running).toMatchObject(closed);
    expect(await databases()).toBe(before);
  });

  it("the engine closes its sessions first, those that are just opened too", async () => {
    const other = await DuckdbEngine.open([], { fileAccess: true });
    const session = await other.session();
    const running = errorOf(session.run({ sql: endless, parameters: [] }));
    const opening = errorOf(other.session());
    const closing = other.close();
    expect(other.close()).toBe(closing);
    await closing;
    expect(await running).toMatchObject(closed);
    expect(await opening).toMatchObject(closed);
    for (const late of [other.session(), session.run({ sql: "SELECT 1", parameters: [] })])
      expect(await errorOf(late)).toMatchObject(closed);
  });
});

describe("an engine that has switched itself off", () => {
  it("says so, and its sessions can still be closed", async () => {
    const other = await DuckdbEngine.open([], { fileAccess: true });
    const session = await other.session();
    expect(other.hasEnded).toBe(false);
    // DuckDB's own mistake, which no statement of a user's gets to.
    const run = async () => session.run({ sql: "SELECT * FROM checkpoint('system')", parameters: [] });
    expect(await errorOf(run())).toMatchObject({
      sqlState: "XX000",
      message: "the local engine came upon a mistake of its own, and has been replaced",
    });
    expect(other.hasEnded).toBe(true);
    await session.close();
    await other.close();
  });
});

describe("memory", () => {
  it("beyond the limit spills to a folder of its own, which is gone afterwards", async () => {
    // Those of others are beside it in the system's own.
    const folder = testFolder().path;
    vi.stubEnv("TMPDIR", folder);
    const other = await DuckdbEngine.open([], { fileAccess: false, memoryLimit: "40MB" });
    vi.unstubAllEnvs();
    const session = await other.session();
    const [name = "none"] = readdirSync(folder);
    const own = join(folder, name);
    expect(name).toMatch(/^stripe-sql-\d+$/);
    expect(statSync(own).mode & 0o777).toBe(0o700);
    const setting = await session.run({ sql: "SELECT current_setting('temp_directory')", parameters: [] });
    for await (const batch of setting.batches) {
      expect(batch).toEqual([[expect.stringMatching(/\/spill-[^/]+$/)]]);
      expect(String(batch[0]?.[0])).toContain(own);
    }
    const sql =
      "SELECT count(*) FROM (SELECT row_number() OVER (ORDER BY x) FROM (SELECT hash(i)::VARCHAR AS x FROM range(1500000) t(i)))";
    const { batches } = await session.run({ sql, parameters: [] });
    for await (const batch of batches) expect(batch).toEqual([[1500000n]]);
    await session.close();
    await other.close();
    expect(readdirSync(own)).toEqual([]);
  });
});

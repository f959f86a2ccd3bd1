import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { DuckdbEngine } from "../../../src/execute/duckdb/duckdb-engine.js";
import type { DuckdbSession } from "../../../src/execute/duckdb/duckdb-session.js";
import type { RowSource, Tuple } from "../../../src/execute/row-source.js";
import { testFolder } from "../../support/folder.js";
import { errorOf } from "../../support/scripted-client.js";

let engine: DuckdbEngine;
beforeAll(async () => {
  engine = await DuckdbEngine.open([], { fileAccess: false });
});
afterAll(() => engine.close());

async function allOf({ batches }: RowSource): Promise<readonly Tuple[]> {
  const tuples: Tuple[] = [];
  for await (const batch of batches) tuples.push(...batch);
  return tuples;
}

async function withSession<T>(use: (session: DuckdbSession) => Promise<T>, signal?: AbortSignal): Promise<T> {
  const session = await engine.session(signal);
  try {
    return await use(session);
  } finally {
    await session.close();
  }
}

const failingAt = (row: number) =>
  `SELECT i, (CASE WHEN i = ${row} THEN 'x' ELSE '1' END)::INTEGER FROM range(300000) r(i)`;

describe("rows that are asked for as they are made", () => {
  // The binding gives no chunk after a failure, as at the end: rows were missing, and nothing said so.
  it.each([0, 1000, 200_000])("fail with the statement's own error at row %i, never end early", async (row) => {
    await withSession(async (session) => {
      const sql = failingAt(row);
      const failure = await errorOf(session.runInTurn({ sql, parameters: [] }).then(allOf));
      expect(failure).toMatchObject({ sqlState: "22P02", message: expect.stringContaining("'x'") });
      expect(await allOf(await session.run({ sql: "SELECT 1", parameters: [] }))).toEqual([[1]]);
    });
  });

  it("end with the cancellation of their statement, midway too", async () => {
    const abort = new AbortController();
    await withSession(async (session) => {
      const sql = "SELECT a.range FROM range(1000000) a, range(1000000) b";
      const { batches } = await session.runInTurn({ sql, parameters: [] });
      expect((await batches.next()).done).toBe(false);
      abort.abort();
      expect(await errorOf(allOf({ columns: [], batches }))).toMatchObject({ sqlState: "57014" });
    }, abort.signal);
  });

  it("may be given up, and the session goes on", async () => {
    await withSession(async (session) => {
      const { batches } = await session.runInTurn({ sql: "SELECT range FROM range(10000000)", parameters: [] });
      await batches.next();
      await batches.return(undefined);
      expect(await allOf(await session.run({ sql: "SELECT 2", parameters: [] }))).toEqual([[2]]);
    });
  });

  it.each([
    "SELECT t.l[2:1:-1], u.li[1:1], u.mp, map_keys(u.mp) FROM t JOIN u ON u.k = t.id % 7 ORDER BY t.id",
    "SELECT s, list(st ORDER BY id)[1:3], first(l ORDER BY id) FROM t GROUP BY s ORDER BY s",
    "SELECT id, CASE WHEN id % 2 = 0 THEN st END, unnest(list_sort(l, 'DESC')) FROM t ORDER BY ALL",
    "SELECT DISTINCT n, s::ENUM('x0', 'x1', 'x2', 'x3', 'x4', 'x5', 'x6') AS e FROM t ORDER BY ALL",
    "SELECT union_value(a := st), union_value(b := l), id FROM t ORDER BY id DESC",
    "SELECT 'const', NULL, [id, NULL], {'a': {'b': u.sw}} FROM t LEFT JOIN u ON u.k = t.id ORDER BY id",
  ])("are those of the whole result: %s", async (sql) => {
    await withSession(async (session) => {
      for (const table of [
        "CREATE TABLE t AS SELECT i AS id, 'x' || (i % 7) AS s, [i, i % 3] AS l, {'a': 'q' || (i % 5), 'b': [i % 2]} AS st, CASE WHEN i % 3 = 0 THEN NULL ELSE 'n' || (i % 4) END AS n FROM range(9000) r(i)",
        "CREATE TABLE u AS SELECT i AS k, ['z' || i, 'y'] AS li, {'w': 'v' || i} AS sw, MAP{'m': 'v' || i} AS mp FROM range(7) r(i)",
      ])
        await session.run({ sql: table, parameters: [] });
      const whole = await session.run({ sql, parameters: [] });
      const streamed = await session.runInTurn({ sql, parameters: [] });
      expect(streamed.columns).toEqual(whole.columns);
      expect(await allOf(streamed)).toEqual(await allOf(whole));
    });
  });
});

describe("a sort of more than the engine may hold", () => {
  const rows = 300_000;
  const columns = Array.from({ length: 6 }, (_, index) => `'text number ${index} of row ' || i AS c${index}`);
  const wide = `CREATE TABLE wide AS SELECT (i * 7919) % 1000003 AS a, ${columns.join(", ")} FROM range(${rows}) r(i)`;

  const filesIn = (folder: string): readonly string[] =>
    existsSync(folder)
      ? readdirSync(folder, { recursive: true })
          .map(String)
          .filter((name) => name.endsWith(".tmp"))
      : [];

  it("gives its rows in their order from a folder that is gone at the end, after a failure too", async () => {
    const folder = testFolder().path;
    vi.stubEnv("TMPDIR", folder);
    const small = await DuckdbEngine.open([], { fileAccess: false, memoryLimit: "128MB" });
    vi.unstubAllEnvs();
    const session = await small.session();
    await session.run({ sql: wide, parameters: [] });
    let [count, last] = [0, -1];
    const sorted = await session.runInTurn({ sql: "SELECT * FROM wide ORDER BY a", parameters: [] });
    expect(filesIn(folder)).not.toEqual([]);
    for await (const batch of sorted.batches)
      for (const [a] of batch) {
        if (Number(a) > last) count += 1;
        last = Number(a);
      }
    expect(count).toBe(rows);
    const failing = "SELECT *, (CASE WHEN a > 900000 THEN 'x' ELSE '1' END)::INTEGER FROM wide ORDER BY a";
    const failure = await errorOf(session.runInTurn({ sql: failing, parameters: [] }).then(allOf));
    expect(failure).toMatchObject({ sqlState: "22P02" });
    await session.close();
    await small.close();
    const [own = ""] = readdirSync(folder);
    expect(readdirSync(join(folder, own))).toEqual([]);
  });
});

import { afterAll, beforeAll, expect, test } from "vitest";
import { DuckdbEngine } from "../../../src/execute/duckdb/duckdb-engine.js";
import type { EngineSession } from "../../../src/execute/engine/engine-session.js";
import type { StoredTable } from "../../../src/execute/engine/stored-table.js";
import type { Tuple } from "../../../src/execute/row-source.js";
import { errorOf } from "../../support/scripted-client.js";

let engine: DuckdbEngine;
beforeAll(async () => {
  engine = await DuckdbEngine.open([], { fileAccess: false, memoryLimit: "100MB" });
});
afterAll(() => engine.close());

async function within<Value>(work: (session: EngineSession) => Promise<Value>, of = engine): Promise<Value> {
  const session = await of.session();
  try {
    return await work(session);
  } finally {
    await session.close();
  }
}

const store = (sql: string, parameters: readonly unknown[] = []): Promise<StoredTable> =>
  within(async (session) => (await required(session.store?.({ sql, parameters }))).finish());

async function rowsOf(session: EngineSession, sql: string): Promise<readonly Tuple[]> {
  const rows: Tuple[] = [];
  for await (const tuples of (await session.run({ sql, parameters: [] })).batches) rows.push(...tuples);
  return rows;
}

const show = (session: EngineSession, name: string, table: StoredTable) =>
  session.show?.(
    name,
    table,
    table.columns.map((column) => ({ stored: column.name, name: column.name })),
  );

/** Tables that the engine holds beyond sessions. */
const held = () =>
  within(async (session) => {
    const sql = "SELECT count(*) FROM duckdb_tables() WHERE database_name = 'stored'";
    return Number((await rowsOf(session, sql))[0]?.[0]);
  });

function required<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error("the engine stores nothing");
  return value;
}

test("rows outlive the session that stored them, and end with their table", async () => {
  const table = await store("SELECT n, $1::VARCHAR AS mark FROM range(3) r(n) WHERE n <> $2", ["a", 1]);
  expect([table.rowCount, table.columns.map(({ name }) => name), await held()]).toEqual([2, ["n", "mark"], 1]);
  const rows = await within(async (session) => {
    await show(session, "Mine", table);
    return rowsOf(session, "SELECT * FROM mine ORDER BY n");
  });
  expect(rows).toEqual([
    [0n, "a"],
    [2n, "a"],
  ]);
  await table.drop();
  await table.drop();
  expect(await held()).toBe(0);
});

test("a table that is dropped goes once no session reads it any more", async () => {
  const table = await store("SELECT range AS n FROM range(5000)");
  await within(async (session) => {
    await show(session, "t", table);
    await table.drop();
    expect(await rowsOf(session, "SELECT count(*) FROM t")).toEqual([[5000n]]);
    expect(await held()).toBe(1);
  });
  expect(await held()).toBe(0);
});

test("what fails, is canceled, or does not fit, leaves no table, and an error in the text is placed there", async () => {
  expect(await errorOf(store("SELECT nothing FROM range(3)"))).toMatchObject({ sqlState: "42703", position: 7 });
  expect(await errorOf(store("SELECT CAST(range || 'x' AS INTEGER) FROM range(3)"))).toMatchObject({
    sqlState: "22P02",
  });
  const controller = new AbortController();
  const session = await engine.session(controller.signal);
  const storing = session.store({ sql: "SELECT count(*) FROM range(10000000) a, range(1000000) b", parameters: [] });
  controller.abort();
  expect(await errorOf(storing)).toMatchObject({ sqlState: "57014" });
  await session.close();
  expect(await held()).toBe(0);
});

test("rows are added up to a number, and a draft that is given up leaves none", async () => {
  await within(async (session) => {
    const options = { sql: "SELECT range AS n FROM range(10)", parameters: [] };
    const draft = await required(session.store?.(options));
    expect([await draft.add(options, 4), await draft.add(options, 100)]).toEqual([4, 10]);
    const table = await draft.finish();
    expect(table.rowCount).toBe(24);
    await table.drop();
    await (await required(session.store?.(options))).discard();
  });
  expect(await held()).toBe(0);
});

test("columns that the rows decide are stored as they come", async () => {
  const table = await store("PIVOT (SELECT range % 2 AS k FROM range(5)) ON k USING count(*)");
  expect(table.columns.map(({ name }) => name)).toEqual(["0", "1"]);
  await table.drop();
});

test("rows of an engine that was replaced are lost, which is told by the name that they had", async () => {
  const table = await store("SELECT 1 AS n");
  const other = await DuckdbEngine.open([], { fileAccess: false });
  try {
    expect(await errorOf(within((session) => required(show(session, "Mine", table)), other))).toMatchObject({
      ...{ sqlState: "55000", message: 'the rows of "Mine" are lost', hint: 'REFRESH "Mine" reads them again.' },
    });
  } finally {
    await other.close();
    await table.drop();
  }
});

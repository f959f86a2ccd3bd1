import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Database } from "../../src/driver/database.js";
import { openDatabase } from "../../src/driver/open-connection.js";
import type { Session } from "../../src/driver/session.js";
import { connectSandbox } from "../support/sandbox-connection.js";

const running = connectSandbox({ customers: 250 });

let database: Database;
let session: Session;
let atFirst: number;
beforeEach(async () => {
  database = await openDatabase({ apiKey: running.sandbox.apiKey, apiBase: running.sandbox.url, maxRequests: 3 });
  session = database.session();
  atFirst = await openInEngine();
});
afterEach(() => database.close());

/** STREAMS=1000 tries harder. */
const streams = Number(process.env["STREAMS"] ?? 25);

/** Databases in the engine that all sessions share, with that of the asking statement. */
async function openInEngine(): Promise<number> {
  const watcher = database.session();
  const { rowCount } = await watcher.query("SELECT database_name FROM duckdb_databases()");
  await watcher.close();
  return rowCount;
}

const ways = {
  direct: "SELECT Id, Email FROM Customer",
  streamed: "SELECT upper(Name) AS n FROM Customer WHERE Name LIKE '%a%'",
  loaded: "SELECT Active, count(*) AS n FROM Product GROUP BY Active",
  sorted: "SELECT Name FROM Product ORDER BY Name",
  local: "SELECT range AS n FROM range(5000)",
  "pivoted by its rows": "PIVOT (SELECT Active, Name FROM Product) ON Active USING count(*)",
};

describe.each(Object.entries(ways))("a statement that is %s leaves no database open", (_, sql) => {
  test("where its columns alone were asked for", async () => {
    for (let count = 0; count < streams; count += 1) await session.stream(sql).columns();
    expect(await openInEngine()).toBe(atFirst);
  });

  test("once it has ended, or its reader has left it", async () => {
    const stream = session.stream(sql);
    await stream.columns();
    for await (const row of stream) if (Object.keys(row).length > 0) break;
    await session.stream(sql).summary();
    await session.query(sql);
    expect(await openInEngine()).toBe(atFirst);
  });

  test("once its session is closed, where its reader never came back", async () => {
    const left = session.stream(sql)[Symbol.asyncIterator]();
    await left.next();
    await session.stream(sql).columns();
    await session.close();
    expect(await openInEngine()).toBe(atFirst);
  });

  test("where it was canceled", async () => {
    for (const turns of [0, 1, 5, 50]) {
      const controller = new AbortController();
      const canceled = session.query(sql, [], { signal: controller.signal }).catch(({ sqlState }) => sqlState);
      for (let turn = 0; turn < turns; turn += 1) await new Promise(setImmediate);
      controller.abort();
      await canceled;
    }
    expect(await openInEngine()).toBe(atFirst);
  });
});

test.each([
  ["SELECT nope FROM Customer ORDER BY 1", "42703"],
  ["SELECT CAST(Name AS INTEGER) FROM Customer WHERE Name LIKE '%a%'", "22P02"],
  ["SELECT CAST(Name AS INTEGER) FROM Customer ORDER BY 1 LIMIT 1", "22P02"],
  ["SELECT count(*) FROM Customer, Invoice", "53400"],
  ["SELECT no_such(Name) FROM Customer", "42883"],
  ["INSERT INTO Product (Name) SELECT * FROM Product ORDER BY Name", "42601"],
])("a statement that fails leaves no database open: %s", async (sql, sqlState) => {
  const limited = database.session();
  await expect(limited.query(sql)).rejects.toMatchObject({ sqlState });
  await expect(limited.stream(sql).summary()).rejects.toMatchObject({ sqlState });
  expect(await openInEngine()).toBe(atFirst);
});

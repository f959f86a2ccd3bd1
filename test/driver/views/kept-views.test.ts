import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { KeptViews } from "../../../src/store/views/kept-views.js";
import { testFolder } from "../../support/folder.js";
import { connectSandbox, requestLines } from "../../support/sandbox-connection.js";
import { errorOf } from "../../support/scripted-client.js";

const sandbox = connectSandbox({ customers: 120 });

/** One for the file: the schema is kept there too. */
const folder = testFolder().path;

const open = (options = {}) => sandbox.open({ testClocks: false, cachePath: folder, ...options });

test("a view is kept for later sessions and other programs, as its owner's alone", async () => {
  const [one, other] = [await open(), await open()];
  await one.query("CREATE VIEW debtors AS SELECT Id, Email AS mail FROM Customer WHERE Balance < 0");
  await one.close();
  sandbox.sandbox.requests.clear();
  expect((await other.query("SELECT mail FROM Debtors WHERE mail = 'ada@example.com'")).rowCount).toBe(0);
  expect(requestLines(sandbox.sandbox)).toEqual(["GET /v1/customers email=ada@example.com&limit=100"]);
  expect((await other.query("SHOW VIEWS")).rows).toEqual([
    { View: "debtors", Kept: "yes", Query: "SELECT Id, Email AS mail FROM Customer WHERE Balance < 0" },
  ]);
  expect(statSync(join(folder, "views.sqlite")).mode & 0o777).toBe(0o600);
  await other.query("DROP VIEW debtors");
  expect(await errorOf((await open()).query("SELECT * FROM debtors"))).toMatchObject({ sqlState: "42P01" });
});

test("what one session changes, another's next statement knows, one that was prepared before too", async () => {
  const [one, other] = [await open(), await open()];
  await one.query("CREATE VIEW v AS SELECT 1 AS x");
  const prepared = other.prepare("SELECT * FROM v");
  expect((await prepared.query()).rows).toEqual([{ x: 1 }]);
  await one.query("CREATE OR REPLACE VIEW V AS SELECT 2 AS y");
  expect((await prepared.query()).rows).toEqual([{ y: 2 }]);
  const names =
    "SELECT TableName, Description FROM sys_tables WHERE TableType = 'VIEW' AND Description LIKE 'A kept view%'";
  expect((await other.query(names)).rows).toEqual([{ TableName: "V", Description: "A kept view." }]);
  await one.query("DROP VIEW v");
  expect(await errorOf(prepared.query())).toMatchObject({ sqlState: "42P01" });
  expect((await other.query(names)).rows).toEqual([]);
});

test("names are taken once; a view that is kept is made of what is kept, and not of itself", async () => {
  const connection = await open();
  await connection.query(
    `CREATE VIEW kept AS SELECT 1 AS x; CREATE VIEW above AS SELECT x FROM kept;
     CREATE TEMP VIEW passing AS SELECT 1 AS x; CREATE TEMP TABLE read AS SELECT 1 AS x`,
  );
  for (const [sql, sqlState, position] of [
    ["CREATE VIEW kept AS SELECT 2 AS x", "42P07", 12],
    ["CREATE VIEW Customer AS SELECT 2 AS x", "42P07", 12],
    ["CREATE VIEW passing AS SELECT 2 AS x", "42P07", 12],
    ["CREATE OR REPLACE VIEW passing AS SELECT 2 AS x", "42P07", 23],
    ["CREATE OR REPLACE VIEW read AS SELECT 2 AS x", "42P07", 23],
    ["CREATE OR REPLACE TEMP VIEW kept AS SELECT 2 AS x", "42P07", 28],
    ["CREATE TEMP TABLE kept AS SELECT 2 AS x", "42P07", 18],
    ["CREATE VIEW v AS SELECT x FROM passing", "0A000", 12],
    ["CREATE VIEW v AS SELECT x FROM read", "0A000", 12],
    ["CREATE VIEW v AS SELECT ?", "42601", 24],
    ["CREATE OR REPLACE VIEW kept AS SELECT x FROM kept", "42P01", 23],
    ["CREATE OR REPLACE VIEW kept AS SELECT x FROM above", "42P01", 23],
    ["DROP VIEW absent", "42P01", 10],
  ] as const)
    expect([sql, await errorOf(connection.query(sql))]).toEqual([sql, expect.objectContaining({ sqlState, position })]);
  expect((await connection.query("SELECT x FROM above")).rows).toEqual([{ x: 1 }]);
  await connection.query("DROP VIEW above; DROP VIEW kept");
});

test("a session's own view is meant where another program has kept one of its name since", async () => {
  const [one, other] = [await open(), await open()];
  await one.query("CREATE TEMP VIEW mine AS SELECT 'own' AS x");
  await other.query("CREATE VIEW mine AS SELECT 'kept' AS x");
  expect((await one.query("SELECT x FROM mine")).rows).toEqual([{ x: "own" }]);
  await one.query("DROP VIEW mine");
  expect((await one.query("SELECT x FROM mine")).rows).toEqual([{ x: "kept" }]);
  await one.query("DROP VIEW mine");
});

test("a view whose table is gone fails by its own name, and only where it is named", async () => {
  const views = new KeptViews(join(folder, "views.sqlite"));
  views.create({ name: "old", sql: "SELECT Id FROM Gone", columns: [] }, { replaces: false });
  views.create({ name: "above", sql: "SELECT Id FROM old o", columns: [] }, { replaces: false });
  views.close();
  const connection = await open();
  for (const sql of [
    "SELECT * FROM above",
    "DELETE FROM Customer WHERE Id IN (SELECT Id FROM old)",
    "EXPLAIN SELECT Id FROM old",
  ])
    expect([sql, await errorOf(connection.query(sql))]).toEqual([
      sql,
      expect.objectContaining({
        sqlState: "42P01",
        message: 'view "old" cannot be read: relation "Gone" does not exist',
      }),
    ]);
  expect((await connection.query("SELECT 1 AS one")).rows).toEqual([{ one: 1 }]);
  expect(await errorOf(connection.query("SELECT Nme FROM Customer"))).toMatchObject({ sqlState: "42703" });
  await connection.query("DROP VIEW above; DROP VIEW old");
});

test("a connection that only reads keeps views; one without access to files has none", async () => {
  const reading = await open({ readOnly: true });
  await reading.query("CREATE VIEW v AS SELECT 1 AS x");
  expect((await reading.query("SELECT x FROM v")).rows).toEqual([{ x: 1 }]);
  const served = await open({ fileAccess: false });
  expect(await errorOf(served.query("SELECT x FROM v"))).toMatchObject({ sqlState: "42P01" });
  expect((await served.query("SHOW VIEWS")).rows).toEqual([]);
  expect(await errorOf(served.query("CREATE VIEW w AS SELECT 1 AS x"))).toMatchObject({
    ...{ sqlState: "0A000", message: "views are not kept for this connection" },
  });
  expect(await errorOf(served.query("DROP VIEW v"))).toMatchObject({ sqlState: "42P01" });
  await served.query("CREATE TEMP VIEW v AS SELECT 2 AS x");
  await reading.query("DROP VIEW v");
});

test("a file that is no database of views is told once, and keeps no statement from running", async () => {
  const broken = testFolder().path;
  writeFileSync(join(broken, "views.sqlite"), "this is no database".repeat(100));
  chmodSync(join(broken, "views.sqlite"), 0o600);
  const connection = await open({ cachePath: broken });
  const told = "there are no kept views: views.sqlite in the cache folder cannot be used (SQLITE_NOTADB)";
  const [first, second] = [await connection.query("SELECT 1 AS one"), await connection.query("SELECT 1 AS one")];
  expect([first.rows, [...first.notices, ...second.notices]]).toEqual([[{ one: 1 }], [told]]);
  expect(await errorOf(connection.query("CREATE VIEW v AS SELECT 1 AS x"))).toMatchObject({
    ...{ sqlState: "58030", message: "kept views cannot be changed" },
  });
});

test("of programs that keep one view at once, one makes it, and none loses another's", async () => {
  const program = `
    import { KeptViews } from ${JSON.stringify(new URL("../../../dist/store/views/kept-views.js", import.meta.url).href)};
    const views = new KeptViews(process.argv[1]);
    const isFirst = views.create({ name: "shared", sql: "SELECT 1", columns: [] }, { replaces: false });
    for (let index = 0; index < 20; index += 1)
      views.create({ name: process.argv[2] + index, sql: "SELECT 1", columns: [] }, { replaces: false });
    views.close();
    process.exit(isFirst ? 1 : 0);`;
  const file = join(testFolder().path, "views.sqlite");
  const ends = ["a", "b", "c"].map((name) => {
    const child = spawn(process.execPath, ["--input-type=module", "-e", program, file, name], { stdio: "inherit" });
    return once(child, "exit");
  });
  const codes = (await Promise.all(ends)).map(([code]) => code);
  expect(codes.sort()).toEqual([0, 0, 1]);
  const views = new KeptViews(file);
  expect(views.all()).toHaveLength(61);
  views.close();
});

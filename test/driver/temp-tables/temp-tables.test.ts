import { expect, test } from "vitest";
import type { Fault } from "../../../src/sandbox/sandbox.js";
import { testFolder } from "../../support/folder.js";
import { connectSandbox, requestLines } from "../../support/sandbox-connection.js";
import { errorOf } from "../../support/scripted-client.js";

const sandbox = connectSandbox({ customers: 250 }, { testClocks: false });

const open = () => sandbox.open({ testClocks: false });

const refusedSecondPage: Fault = {
  ...{ path: "/v1/customers", after: 1, times: 1 },
  effect: { kind: "status", status: 403, body: { error: { type: "invalid_request_error", message: "not yours" } } },
};

test("a temp table is made of a query that is sound, under a name that nothing else has, before anything is sent", async () => {
  const connection = await open();
  await connection.query("CREATE TEMP TABLE there AS SELECT 1 AS x; CREATE TEMP VIEW seen AS SELECT 1 AS x");
  sandbox.sandbox.requests.clear();
  for (const [sql, sqlState, position] of [
    ["CREATE TEMP TABLE t AS SELECT Nme FROM Customer", "42703", 30],
    ["CREATE TEMP TABLE t AS SELECT Name + 1 FROM Customer", "42883", 35],
    ["CREATE TEMP TABLE t AS SELECT Name FROM Customer GROUP BY Id", "42803", 30],
    ["CREATE TEMP TABLE Customer AS SELECT 1", "42P07", 18],
    ["CREATE TEMP TABLE payment_intents AS SELECT 1", "42P07", 18],
    ["CREATE TEMP TABLE sys_tables AS SELECT 1", "42P07", 18],
    ["CREATE TEMP TABLE there AS SELECT Id FROM Customer", "42P07", 18],
    ["CREATE TEMP TABLE seen AS SELECT Id FROM Customer", "42P07", 18],
    ["CREATE OR REPLACE TEMP TABLE seen AS SELECT Id FROM Customer", "42P07", 29],
    ["CREATE TEMP VIEW there AS SELECT Id FROM Customer", "42P07", 17],
    ["CREATE TEMP TABLE a.b AS SELECT 1", "42P07", 18],
    ["CREATE TEMP TABLE t AS DELETE FROM Customer", "42601", 23],
    ["CREATE TEMP TABLE t (a INTEGER)", "42601", 20],
    ["CREATE OR REPLACE TEMP TABLE IF NOT EXISTS t AS SELECT 1", "42601", 32],
    ["CREATE TABLE t AS SELECT 1", "0A000", 0],
    ["DROP TABLE absent", "42P01", 11],
    ["DROP TABLE seen", "42809", 11],
    ["DROP TABLE Customer", "42809", 11],
    ["DROP TABLE IF EXISTS Customer", "42809", 21],
    ["DROP VIEW there", "42809", 10],
    ["REFRESH absent", "42P01", 8],
    ["REFRESH seen", "0A000", 8],
    ["REFRESH Customer", "0A000", 8],
    ["INSERT INTO there (x) VALUES (1)", "0A000", 12],
    ["DELETE FROM there WHERE x = 1", "0A000", 12],
  ] as const)
    expect([sql, await errorOf(connection.query(sql))]).toEqual([sql, expect.objectContaining({ sqlState, position })]);
  expect(requestLines(sandbox.sandbox)).toEqual([]);
  expect((await connection.query("SELECT TableName FROM sys_tables WHERE TableType = 'TEMP TABLE'")).rows).toEqual([
    { TableName: "there" },
  ]);
});

test("its rows are read once, and a statement over them asks for nothing", async () => {
  const connection = await open();
  const made = await connection.query(
    "CREATE TEMP TABLE debtors AS SELECT Id, Balance FROM Customer WHERE Balance < 0",
  );
  const expected = (await sandbox.query("SELECT Id, Balance FROM Customer WHERE Balance < 0 ORDER BY Id")).rows;
  const read = await connection.query('SELECT d.Id, d.Balance FROM "Debtors" d ORDER BY Id');
  expect([made.requests, made.notices]).toEqual([3, [`temp table "debtors" holds ${expected.length} rows`]]);
  expect([read.requests, read.rows]).toEqual([0, expected]);
});

test("values keep their types, whatever the engine calls them", async () => {
  const connection = await open();
  const query = `SELECT 170141183460469231731687303715884105727::HUGEINT AS huge, 1.10::DECIMAL(38,2) AS money, true AS flag,
    TIMESTAMPTZ '2026-10-25 02:30:00+02' AS at, '{"a":[1]}'::JSON AS doc, [1, NULL]::INTEGER[] AS list, NULL AS nothing,
    {'a': 'it''s', 'b': [1.5]} AS fields, MAP {'k': 1} AS pairs, '\\x41'::BLOB AS bytes, INTERVAL '1 month' AS span,
    DATE '2026-02-28' AS day, 'a'::ENUM('a', 'b') AS choice, uuid '123e4567-e89b-12d3-a456-426614174000' AS id,
    TIMESTAMP '2026-01-01' AS local, 18446744073709551615::UBIGINT AS big, 0.1::FLOAT AS float`;
  await connection.query(`CREATE TEMP TABLE t AS ${query}`);
  const [kept, given] = [await connection.query("SELECT * FROM t"), await connection.query(query)];
  const types = (columns: typeof kept.columns) => columns.map(({ name, type }) => `${name} ${type}`);
  expect(types(kept.columns)).toEqual(types(given.columns).map((type) => type.replace("NULL", "INTEGER")));
  expect(kept.rows).toEqual(given.rows);
});

test("columns are named as the query's result names them, each by a name of its own", async () => {
  const connection = await open();
  await connection.query(
    "CREATE TEMP TABLE t AS SELECT Currency, count(*), count(*), max(Amount), 1 + 1, Currency AS CURRENCY FROM Charge GROUP BY 1",
  );
  const names = (await connection.query("SELECT * FROM t LIMIT 1")).columns.map(({ name }) => name);
  expect(names).toEqual(["Currency", "count", "count_1", "max", "?column?", "CURRENCY_1"]);
  expect((await connection.query("SELECT sum(count) - sum(count_1) AS none FROM t")).rows).toEqual([{ none: 0 }]);
});

test("what `*` leaves out is not in it, though the query names it", async () => {
  const connection = await open();
  await connection.query("CREATE TEMP TABLE t AS SELECT * FROM Customer WHERE _json IS NOT NULL LIMIT 2");
  const { columns } = await connection.query("SELECT * FROM t");
  const expected = (await sandbox.query("SELECT * FROM Customer LIMIT 1")).columns;
  expect(columns.map(({ name }) => name)).toEqual(expected.map(({ name }) => name));
});

test("no more is asked for than its query needs: LIMIT ends it, as it ends a SELECT", async () => {
  for (const query of [
    "SELECT Id FROM Customer LIMIT 3",
    "SELECT Id FROM Customer WHERE Name LIKE '%a%' LIMIT 3",
    "SELECT upper(Name) AS name FROM Customer LIMIT 120",
    "SELECT Id FROM Customer LIMIT 0",
    "SELECT c.Id FROM Charge c JOIN Customer k ON k.Id = c.Customer WHERE k.Name LIKE '%a%' LIMIT 2",
    "SELECT Id FROM Customer ORDER BY Created DESC LIMIT 2 OFFSET 3",
    "SELECT Id FROM Customer WHERE Balance < 0 ORDER BY Name LIMIT 4",
  ]) {
    const [one, other] = [await open(), await open()];
    const selected = await one.query(query);
    const made = await other.query(`CREATE TEMP TABLE t AS ${query}`);
    const { rows } = await other.query("SELECT * FROM t");
    expect([query, rows, made.requests <= selected.requests]).toEqual([query, selected.rows, true]);
  }
});

test("its values are keys by which Stripe's tables are read", async () => {
  const connection = await open();
  await connection.query(
    "CREATE TEMP TABLE few AS SELECT Id AS owner, Name FROM Customer ORDER BY Created DESC LIMIT 3",
  );
  // So that the planner knows how long the list is.
  await connection.query("SELECT count(*) FROM Charge");
  const { rows } = await connection.query("SELECT owner FROM few ORDER BY owner");
  const keys = rows.map(({ owner }) => String(owner));
  for (const sql of [
    "SELECT c.Id FROM few f JOIN Charge c ON c.Customer = f.owner",
    "SELECT c.Id FROM Charge c JOIN few ON few.owner = c.Customer",
    "SELECT Id FROM Charge WHERE Customer IN (SELECT owner FROM few)",
    "WITH f AS (SELECT owner FROM few WHERE Name IS NOT NULL) SELECT c.Id FROM f JOIN Charge c ON c.Customer = f.owner",
  ]) {
    sandbox.sandbox.requests.clear();
    const answer = await connection.query(sql);
    const asked = [...new Set(requestLines(sandbox.sandbox).map((line) => /customer=(\w+)/.exec(line)?.[1]))];
    expect([sql, asked.sort()]).toEqual([sql, keys]);
    const named = await sandbox.query(
      `SELECT Id FROM Charge WHERE Customer IN (${keys.map((key) => `'${key}'`).join()})`,
    );
    expect(new Set(answer.rows.map(({ Id }) => Id))).toEqual(new Set(named.rows.map(({ Id }) => Id)));
  }
});

test("EXPLAIN tells what it holds and how old that is, and what filling it would take", async () => {
  const connection = await open();
  await connection.query("CREATE TEMP TABLE t AS SELECT Id FROM Customer WHERE Email = ?", ["ada@example.com"]);
  const lines = async (sql: string) => (await connection.query(sql)).rows.map((row) => String(row["QUERY PLAN"]));
  expect(await lines("EXPLAIN SELECT * FROM t")).toContainEqual(
    expect.stringMatching(/^ {2}Temp table t: 0 rows, read \d seconds? ago; no request$/),
  );
  for (const sql of [
    "EXPLAIN REFRESH t",
    "EXPLAIN CREATE TEMP TABLE u AS SELECT Id FROM Customer WHERE Email = 'ada@example.com'",
  ])
    expect(await lines(sql)).toContain("    List: GET /v1/customers  email=ada@example.com");
  const [json] = (await connection.query("EXPLAIN (FORMAT JSON) SELECT * FROM t")).rows;
  expect(json?.["QUERY PLAN"]).toMatchObject({ tempTables: [{ table: "t", rows: 0 }] });
});

test("a parameter's value is the query's, in each REFRESH too", async () => {
  const connection = await open();
  const [{ Email: email } = {}] = (await sandbox.query("SELECT Email FROM Customer LIMIT 1")).rows;
  const made = await connection.query("CREATE TEMP TABLE t AS SELECT Id, ? AS mark FROM Customer WHERE Email = ?", [
    "x",
    email ?? null,
  ]);
  const before = (await connection.query("SELECT * FROM t")).rows;
  sandbox.sandbox.requests.clear();
  await connection.query("REFRESH t");
  expect(requestLines(sandbox.sandbox)).toEqual([expect.stringContaining(`email=${email}`)]);
  expect((await connection.query("SELECT * FROM t")).rows).toEqual(before);
  expect([made.requests, before.length > 0]).toEqual([1, true]);
});

test("REFRESH reads again what was written since, and tells what it held before", async () => {
  const connection = await open();
  await connection.query("CREATE TEMP TABLE t AS SELECT Id FROM Customer WHERE Email = 'new@example.com'");
  await connection.query("INSERT INTO Customer (Email) VALUES ('new@example.com')");
  expect((await connection.query("SELECT * FROM t")).rowCount).toBe(0);
  const { notices, requests } = await connection.query("REFRESH t");
  expect([notices, requests]).toEqual([
    [expect.stringMatching(/^temp table "t" holds 1 row; before 0 rows, read \d seconds? earlier$/)],
    1,
  ]);
  expect((await connection.query("SELECT * FROM t")).rowCount).toBe(1);
});

test("REFRESH asks Stripe for what CacheTtl has kept", async () => {
  const connection = await sandbox.open({ testClocks: false, cacheTtl: "10 minutes", cachePath: testFolder().path });
  await connection.query("SELECT Id FROM Product");
  expect((await connection.query("CREATE TEMP TABLE t AS SELECT Id FROM Product")).requests).toBe(0);
  expect((await connection.query("REFRESH t")).requests).toBe(1);
});

test("what fails on a later page, or is canceled, leaves no table, and a REFRESH the rows from before", async () => {
  const connection = await open();
  const query = "SELECT Id, Name FROM Customer";
  for (const statement of [
    `CREATE TEMP TABLE t AS ${query}`,
    `CREATE TEMP TABLE t AS ${query} WHERE Name LIKE '%' ORDER BY 2`,
  ]) {
    sandbox.sandbox.faults.add(refusedSecondPage);
    expect(await errorOf(connection.query(statement))).toMatchObject({ sqlState: "42501" });
    sandbox.sandbox.faults.clear();
    expect(await errorOf(connection.query("SELECT * FROM t"))).toMatchObject({ sqlState: "42P01" });
  }
  const canceled = AbortSignal.abort();
  expect(await errorOf(connection.query(`CREATE TEMP TABLE t AS ${query}`, [], { signal: canceled }))).toMatchObject({
    sqlState: "57014",
  });
  await connection.query(`CREATE TEMP TABLE t AS ${query} LIMIT 150`);
  for (const statement of ["REFRESH t", `CREATE OR REPLACE TEMP TABLE t AS ${query}`]) {
    sandbox.sandbox.faults.add(refusedSecondPage);
    expect(await errorOf(connection.query(statement))).toMatchObject({ sqlState: "42501" });
    sandbox.sandbox.faults.clear();
    expect((await connection.query("SELECT count(*) AS n FROM t")).rows).toEqual([{ n: 150 }]);
  }
});

test("MaxRequests holds for its query", async () => {
  const connection = await sandbox.open({ testClocks: false, maxRequests: 2 });
  expect(await errorOf(connection.query("CREATE TEMP TABLE t AS SELECT Id FROM Customer"))).toMatchObject({
    sqlState: "53400",
  });
  expect(await errorOf(connection.query("SELECT * FROM t"))).toMatchObject({ sqlState: "42P01" });
});

test("it is replaced, dropped, and left where it is there already", async () => {
  const connection = await open();
  await connection.query(
    "CREATE TEMP TABLE t AS SELECT 1 AS x; CREATE OR REPLACE TEMPORARY TABLE T AS SELECT x + 1 AS y FROM t",
  );
  expect((await connection.query("SELECT * FROM t")).rows).toEqual([{ y: 2 }]);
  const again = await connection.query("CREATE TEMP TABLE IF NOT EXISTS t AS SELECT Id FROM Customer");
  expect([again.requests, again.notices]).toEqual([0, ['temp table "t" already exists: nothing was read']]);
  const statement = connection.prepare("SELECT * FROM t");
  expect((await statement.query()).rows).toEqual([{ y: 2 }]);
  await connection.query("CREATE OR REPLACE TEMP TABLE t AS SELECT 'z' AS z");
  expect((await statement.query()).rows).toEqual([{ z: "z" }]);
  await connection.query("DROP TABLE t");
  expect((await connection.query("DROP TABLE IF EXISTS t")).notices).toEqual([
    'temp table "t" does not exist: nothing was dropped',
  ]);
  expect(await errorOf(statement.query())).toMatchObject({ sqlState: "42P01", position: 14 });
});

test("it is its session's alone, and ends with it", async () => {
  const [one, other] = [await open(), await open()];
  await one.query("CREATE TEMP TABLE mine AS SELECT 1 AS x");
  expect((await one.query("SELECT * FROM mine")).rows).toEqual([{ x: 1 }]);
  expect(await errorOf(other.query("SELECT * FROM mine"))).toMatchObject({ sqlState: "42P01" });
  await other.query("CREATE TEMP TABLE mine AS SELECT 2 AS y");
  expect((await other.query("SELECT * FROM mine")).rows).toEqual([{ y: 2 }]);
});

test.each(["stored.t1", "stored.main.t1", "temp.mine", "main.mine", "memory.mine"])(
  "rows that the engine holds are reached by their table's name alone, not by %s",
  async (name) => {
    const connection = await sandbox.open({ fileAccess: false });
    await connection.query("CREATE TEMP TABLE mine AS SELECT 1 AS x");
    expect(await errorOf(connection.query(`SELECT * FROM ${name}`))).toMatchObject({
      sqlState: expect.stringMatching("42"),
    });
  },
);

test("a statement that reads it is not hurt by one that replaces or drops it meanwhile", async () => {
  const connection = await open();
  await connection.query("CREATE TEMP TABLE t AS SELECT range AS n FROM range(100000)");
  const [answer] = await Promise.all(
    [
      connection.query("SELECT count(*) AS n FROM t a JOIN Customer c ON true"),
      connection.query("REFRESH t"),
      connection
        .query("CREATE OR REPLACE TEMP TABLE t AS SELECT range AS n FROM range(100000)")
        .then(() => connection.query("DROP TABLE t")),
    ].map((work) => work.catch((error: unknown) => error)),
  );
  expect(answer).toMatchObject({
    rows: [{ n: 100_000 * Number((await sandbox.query("SELECT count(*) AS n FROM Customer")).rows[0]?.["n"]) }],
  });
});

test("secrets are not in it: one that is named is refused, one that comes along is NULL and told", async () => {
  const connection = await open();
  expect(
    await errorOf(connection.query("CREATE TEMP TABLE t AS SELECT ClientSecret FROM PaymentIntent")),
  ).toMatchObject({
    sqlState: "42501",
  });
  const { notices } = await connection.query("CREATE TEMP TABLE t AS SELECT *, _json FROM PaymentIntent LIMIT 5");
  expect(notices).toContain("client_secret of PaymentIntent is NULL: secrets are not kept");
  const { rows } = await connection.query("SELECT ClientSecret, _json->>'client_secret' AS secret FROM t");
  expect(rows).toEqual(Array.from({ length: 5 }, () => ({ ClientSecret: null, secret: null })));
  const { notices: none } = await connection.query("CREATE TEMP TABLE u AS SELECT Id FROM PaymentIntent LIMIT 5");
  expect(none).toEqual(['temp table "u" holds 5 rows']);
});

test("views and temp tables may name each other; what a dropped one leaves fails by its name", async () => {
  const connection = await open();
  await connection.query(
    `CREATE TEMP TABLE t AS SELECT Id, Balance FROM Customer WHERE Balance < 0;
     CREATE TEMP VIEW v AS SELECT Id FROM t WHERE Balance < -500;
     CREATE TEMP TABLE u AS SELECT count(*) AS n FROM v;
     DROP TABLE t`,
  );
  expect((await connection.query("SELECT n FROM u")).rowCount).toBe(1);
  expect(await errorOf(connection.query("SELECT * FROM v"))).toMatchObject({
    message: 'view "v" cannot be read: relation "t" does not exist',
  });
});

test("its rows are what a write's conditions mean, and what INSERT … SELECT writes", async () => {
  const connection = await open();
  await connection.query(
    `CREATE TEMP TABLE chosen AS SELECT Id FROM Customer ORDER BY Created DESC LIMIT 2;
     CREATE TEMP TABLE added AS SELECT 'one@example.com' AS mail UNION ALL SELECT 'two@example.com'`,
  );
  const updated = await connection.query(
    "UPDATE Customer SET Description = 'chosen' WHERE Id IN (SELECT Id FROM chosen) RETURNING Id",
  );
  const { rows } = await connection.query("SELECT Id FROM chosen");
  expect(new Set(updated.rows.map(({ Id }) => Id))).toEqual(new Set(rows.map(({ Id }) => Id)));
  const inserted = await connection.query("INSERT INTO Customer (Email) SELECT mail FROM added RETURNING Email");
  expect(inserted.rows.map(({ Email }) => Email).sort()).toEqual(["one@example.com", "two@example.com"]);
  const deleted = await connection.query("DELETE FROM Customer WHERE Email IN (SELECT mail FROM added)");
  expect(deleted.rowCount).toBe(2);
});

test("its rows are a write's source: UPDATE … FROM, DELETE … USING, MERGE and EXEC … FROM", async () => {
  const connection = await open();
  await connection.query(
    `CREATE TEMP TABLE chosen AS SELECT Id FROM Customer ORDER BY Created DESC LIMIT 2;
     CREATE TEMP TABLE first AS SELECT min(Id) AS Id FROM chosen`,
  );
  const first = (await connection.query("SELECT Id FROM first")).rows;
  const updated = await connection.query(
    "UPDATE Customer c SET Description = 'of ' || f.Id FROM first f WHERE f.Id = c.Id AND c.Id IN (SELECT Id FROM first) RETURNING Id, Description",
  );
  expect(updated.rows).toEqual(first.map(({ Id }) => ({ Id, Description: `of ${Id}` })));
  const merged = await connection.query(
    `MERGE INTO Customer c USING chosen s ON c.Id = s.Id
     WHEN MATCHED AND s.Id IN (SELECT Id FROM first) THEN UPDATE SET Description = 'merged' WHEN MATCHED THEN DO NOTHING RETURNING Id`,
  );
  expect(merged.rows).toEqual(first);
  const drafts = await connection.query(
    "INSERT INTO Invoice (Customer) VALUES ((SELECT min(Id) FROM chosen)); CREATE TEMP TABLE drafts AS SELECT Id FROM Invoice WHERE Status = 'draft'; EXEC FinalizeInvoice InvoiceId = d.Id FROM drafts d",
  );
  expect(drafts.outcomes).not.toHaveLength(0);
  expect(new Set(drafts.outcomes.map(({ state }) => state))).toEqual(new Set(["written"]));
  const deleted = await connection.query("DELETE FROM Customer c USING chosen s WHERE s.Id = c.Id");
  expect(deleted.outcomes.map(({ state }) => state)).toEqual(["written", "written"]);
});

test("SHOW TABLES, DESCRIBE, metadata tables and completion know of it", async () => {
  const connection = await open();
  await connection.query("CREATE TEMP TABLE mine AS SELECT Id, count(*) AS n FROM Customer GROUP BY Id LIMIT 2");
  const names = async (sql: string) => (await connection.query(sql)).rows.map((row) => Object.values(row)[0]);
  expect((await connection.query("SHOW TABLES")).rows).toContainEqual({
    ...{ Schema: null, Table: "mine", Operations: "SELECT REFRESH" },
    Description: expect.stringMatching(/^Temp table of this session, 2 rows, read \d seconds? ago: SELECT Id/),
  });
  const { rows, notices } = await connection.query("DESCRIBE mine");
  expect(rows).toMatchObject([
    { Column: "Id", Type: "VARCHAR" },
    { Column: "n", Type: "BIGINT" },
  ]);
  expect(notices).toEqual([
    expect.stringMatching(/^Temp table of this session, 2 rows, read \d seconds? ago: SELECT Id/),
  ]);
  expect(await names("SELECT TableType FROM sys_tables WHERE TableName = 'mine'")).toEqual(["TEMP TABLE"]);
  expect(await names("SELECT ColumnName FROM sys_tablecolumns WHERE TableName = 'mine'")).toEqual(["Id", "n"]);
  expect(await names("SELECT table_type FROM information_schema.tables WHERE table_name = 'mine'")).toEqual([
    "LOCAL TEMPORARY",
  ]);
  expect(connection.describe().columns("mine")).toEqual(["Id", "n"]);
  expect(connection.describe().tables).toContain("mine");
  const described = await connection.describeStatement(
    "CREATE TEMP TABLE t AS SELECT Id FROM Customer WHERE Created > ?",
  );
  expect(described).toMatchObject({ columns: [], parameters: [{ type: "TIMESTAMPTZ" }] });
  expect((await connection.describeStatement("SELECT n FROM mine WHERE n > ?")).columns).toEqual([
    { name: "n", type: "BIGINT" },
  ]);
});

import { expect, test } from "vitest";
import { connectSandbox, requestLines } from "../../support/sandbox-connection.js";
import { errorOf } from "../../support/scripted-client.js";

const sandbox = connectSandbox({ customers: 120 });

test("a condition on a view's column reaches Stripe", async () => {
  const connection = await sandbox.open({ testClocks: false });
  await connection.query(
    "CREATE TEMP VIEW debtors AS SELECT Id, Email AS mail, Created FROM Customer WHERE Balance < 0",
  );
  sandbox.sandbox.requests.clear();
  await connection.query("SELECT mail FROM debtors WHERE mail = 'ada@example.com'");
  expect(requestLines(sandbox.sandbox)).toEqual(["GET /v1/customers email=ada@example.com&limit=100"]);
});

test("completion knows a view of the session, and sends nothing", async () => {
  const connection = await sandbox.open();
  await connection.query("CREATE TEMP VIEW debtors AS SELECT Id, Email AS mail FROM Customer WHERE Balance < 0");
  sandbox.sandbox.requests.clear();
  const text = "SELECT d.m FROM debtors d";
  expect(connection.complete(text, 10)).toMatchObject({ from: 9, to: 10, candidates: [{ text: "mail" }] });
  expect(requestLines(sandbox.sandbox)).toEqual([]);
});

test("a view answers as its query does, in joins, in common tables and within other views", async () => {
  const connection = await sandbox.open();
  await connection.query(
    `CREATE TEMP VIEW debtors AS SELECT Id, Balance FROM Customer WHERE Balance < 0;
     CREATE TEMP VIEW worst AS SELECT * FROM debtors d WHERE Balance < -500`,
  );
  const query = "(SELECT Id, Balance FROM Customer WHERE Balance < 0 AND Balance < -500)";
  for (const of of [
    (view: string) => `SELECT count(*) AS n FROM ${view} w JOIN Charge c ON c.Customer = w.Id`,
    (view: string) => `WITH a AS (SELECT Id FROM ${view} w) SELECT count(*) AS n FROM a`,
    (view: string) => `SELECT Id FROM Customer WHERE Id IN (SELECT Id FROM ${view} w) ORDER BY Id`,
    (view: string) => `SELECT w.Id FROM (${view} w JOIN Customer c ON c.Id = w.Id) ORDER BY 1`,
    (view: string) => `FROM ${view} w SELECT min(w.Balance) AS least`,
  ])
    expect((await connection.query(of('"Worst"'))).rows).toEqual((await sandbox.query(of(query))).rows);
});

test("a common table of a view's name is the statement's own", async () => {
  const connection = await sandbox.open();
  await connection.query("CREATE TEMP VIEW few AS SELECT Id FROM Customer");
  const { rows, requests } = await connection.query("WITH few AS (SELECT 1 AS one) SELECT * FROM few");
  expect([rows, requests]).toEqual([[{ one: 1 }], 0]);
});

test("a column that is called as a view is reads nothing of it", async () => {
  const connection = await sandbox.open({ testClocks: false });
  await connection.query("CREATE TEMP VIEW Active AS SELECT Id FROM Customer");
  expect((await connection.query("SELECT Name, Active FROM Product WHERE Active LIMIT 1")).requests).toBe(1);
});

test("a view is of its session alone, and of no other's texts", async () => {
  const [one, other] = [await sandbox.open(), await sandbox.open()];
  await one.query("CREATE TEMP VIEW mine AS SELECT 1 AS x");
  expect((await one.query("SELECT * FROM mine")).rows).toEqual([{ x: 1 }]);
  expect(await errorOf(other.query("SELECT * FROM mine"))).toMatchObject({ sqlState: "42P01" });
  await other.query("CREATE TEMP VIEW mine AS SELECT 2 AS y");
  expect((await other.query("SELECT * FROM mine")).rows).toEqual([{ y: 2 }]);
  expect((await one.query("SELECT * FROM mine")).rows).toEqual([{ x: 1 }]);
});

test("a view is made of a query that is sound, under a name that no table has, without parameters", async () => {
  const connection = await sandbox.open();
  await connection.query("CREATE TEMP VIEW there AS SELECT 1 AS x");
  for (const [sql, sqlState, position] of [
    ["CREATE TEMP VIEW v AS SELECT Nme FROM Customer", "42703", 29],
    ["CREATE TEMP VIEW Customer AS SELECT 1", "42P07", 17],
    ["CREATE TEMP VIEW payment_intents AS SELECT 1", "42P07", 17],
    ["CREATE TEMP VIEW sys_tables AS SELECT 1", "42P07", 17],
    ["CREATE TEMP VIEW there AS SELECT 1", "42P07", 17],
    ["CREATE TEMP VIEW a.b AS SELECT 1", "42P07", 17],
    ["CREATE TEMP VIEW v AS SELECT ?", "42601", 29],
    ["DROP VIEW absent", "42P01", 10],
  ] as const)
    expect([sql, await errorOf(connection.query(sql))]).toEqual([sql, expect.objectContaining({ sqlState, position })]);
});

test("a view is replaced, and dropped", async () => {
  const connection = await sandbox.open();
  await connection.query("CREATE TEMP VIEW v AS SELECT 1 AS x; CREATE OR REPLACE TEMPORARY VIEW V AS SELECT 2 AS x");
  expect((await connection.query("SELECT x FROM v")).rows).toEqual([{ x: 2 }]);
  await connection.query("DROP VIEW v");
  expect((await connection.query("DROP VIEW IF EXISTS v")).notices).toEqual([
    'view "v" does not exist: nothing was dropped',
  ]);
  expect(await errorOf(connection.query("SELECT x FROM v"))).toMatchObject({ sqlState: "42P01", position: 14 });
});

test("an error beside a view is placed in its script", async () => {
  const connection = await sandbox.open();
  const sql = "CREATE TEMP VIEW v AS SELECT 1 AS x; SELECT y FROM v";
  expect(await errorOf(connection.query(sql))).toMatchObject({ sqlState: "42703", position: sql.indexOf("y FROM") });
});

test("SHOW TABLES, DESCRIBE, metadata tables and completion know of views", async () => {
  const connection = await sandbox.open();
  await connection.query("CREATE TEMP VIEW mine AS SELECT Id, count(*) AS n FROM Customer GROUP BY Id");
  const names = async (sql: string) => (await connection.query(sql)).rows.map((row) => Object.values(row)[0]);
  expect((await connection.query("SHOW TABLES")).rows.map((row) => row["Table"])).toContain("mine");
  expect(await names("DESCRIBE mine")).toEqual(["Id", "n"]);
  expect(await names("SELECT TableType FROM sys_tables WHERE TableName = 'mine'")).toEqual(["VIEW"]);
  expect(await names("SELECT ColumnName FROM sys_tablecolumns WHERE TableName = 'mine'")).toEqual(["Id", "n"]);
  expect(await names("SELECT data_type FROM information_schema.columns WHERE table_name = 'mine'")).toEqual([
    ...["VARCHAR", "BIGINT"],
  ]);
  expect(connection.describe().columns("mine")).toEqual(["Id", "n"]);
  expect(connection.describe().tables).toContain("mine");
});

test("a view is named in the conditions and values of a write, which reads it from Stripe", async () => {
  const connection = await sandbox.open({ testClocks: false });
  await connection.query("CREATE TEMP VIEW newest AS SELECT Id FROM Customer ORDER BY Created DESC LIMIT 2");
  const ids = (await connection.query("SELECT Id FROM newest ORDER BY Id")).rows.map(({ Id }) => Id);
  const updated = await connection.query(
    "UPDATE Customer SET Description = (SELECT min(Id) FROM newest) WHERE Id IN (SELECT n.Id FROM newest n) RETURNING Id, Description",
  );
  expect(updated.rows).toHaveLength(2);
  expect(updated.rows).toEqual(expect.arrayContaining(ids.map((Id) => ({ Id, Description: ids[0] }))));
  const inserted = await connection.query("INSERT INTO Customer (Name) SELECT Id FROM newest RETURNING Name");
  expect(inserted.rows.map(({ Name }) => Name).sort()).toEqual(ids);
  const deleted = await connection.query(
    "DELETE FROM Customer WHERE EXISTS (WITH n AS (SELECT Id FROM newest) SELECT 1 FROM n WHERE n.Id = Customer.Id)",
  );
  expect(deleted.outcomes.map((outcome) => outcome.state)).toEqual(["written", "written"]);
});

test("a view is a write's source as well, unless the write has a common table of its name", async () => {
  const connection = await sandbox.open({ testClocks: false });
  await connection.query("CREATE TEMP VIEW newest AS SELECT Id FROM Customer ORDER BY Created DESC LIMIT 2");
  const ids = (await connection.query("SELECT Id FROM newest ORDER BY Id")).rows.map(({ Id }) => Id);
  const writtenBy = async (sql: string) => {
    const { outcomes } = await connection.query(sql);
    return outcomes.map((outcome) => (outcome.state === "written" ? outcome.id : outcome.state)).sort();
  };
  for (const [sql, written] of [
    [
      "UPDATE Customer c SET Description = (SELECT max(Id) FROM newest) FROM newest n WHERE n.Id = c.Id AND c.Id IN (SELECT Id FROM newest)",
      ids,
    ],
    [
      `WITH newest AS (SELECT '${ids[0]}' AS Id) UPDATE Customer SET Name = 'b' WHERE Id IN (SELECT Id FROM newest)`,
      ids.slice(0, 1),
    ],
    [
      "MERGE INTO Customer c USING newest n ON c.Id = n.Id WHEN MATCHED AND n.Id = (SELECT max(Id) FROM newest) THEN UPDATE SET Name = 'c'",
      ids.slice(1),
    ],
    [
      "DELETE FROM Customer c USING newest n WHERE n.Id = c.Id AND EXISTS (WITH x AS (SELECT Id FROM newest) SELECT 1 FROM x WHERE x.Id = c.Id)",
      ids,
    ],
  ] as const)
    expect([sql, await writtenBy(sql)]).toEqual([sql, written]);
});

test("a view within a write's condition fails as its query does, before anything is sent", async () => {
  const connection = await sandbox.open({ testClocks: false });
  await connection.query("CREATE TEMP VIEW v AS SELECT Id FROM Customer");
  for (const [sql, sqlState] of [
    ["DELETE FROM Customer WHERE Id IN (SELECT Nme FROM v)", "42703"],
    ["DELETE FROM v WHERE Id = 'cus_1'", "42P01"],
    ["UPDATE v SET Id = 'x' WHERE Id = 'cus_1'", "42P01"],
    ["UPDATE Customer SET Name = v WHERE Id IN (SELECT Id FROM v)", "42703"],
  ] as const)
    expect([sql, await errorOf(connection.query(sql))]).toEqual([sql, expect.objectContaining({ sqlState })]);
  expect(requestLines(sandbox.sandbox)).toEqual([]);
});

test("RETURNING reads what was written, and refuses another table's rows before anything is", async () => {
  const connection = await sandbox.open({ testClocks: false });
  await connection.query("CREATE TEMP VIEW v AS SELECT Id FROM Charge");
  // It used to count the written customers as charges.
  for (const query of ["SELECT count(*) FROM Charge", "SELECT count(*) FROM v"])
    expect(
      await errorOf(connection.query(`INSERT INTO Customer (Name) VALUES ('a') RETURNING Id, (${query})`)),
    ).toMatchObject({ sqlState: "0A000", message: 'RETURNING reads the written objects, not "Charge"' });
  expect(requestLines(sandbox.sandbox)).toEqual([]);
});

import type { QueryConfig } from "pg";
import { describe, expect, it } from "vitest";
import { bind, execute, parse, query, RawClient, sync } from "../../support/raw-client.js";
import { serveGateway } from "../../support/served-gateway.js";
import { byte1, counted, int16, int32, message, string, text, value } from "../../support/wire-bytes.js";

const gateway = serveGateway({}, { customers: 60 });
const duckdb = { options: "-c stripe.engine=duckdb" };

/** By Parse, Bind, Describe and Execute. */
const extended = (text: string, values: unknown[] = []) => ({ text, values, queryMode: "extended" });

const engine = "SELECT current_setting('stripe.engine') AS engine";
/** What only DuckDB reads. */
const only = "FROM Coupon SELECT Id ORDER BY Id LIMIT 1";

describe("the choice of an engine", () => {
  it("is one of those that there are", async () => {
    expect(await gateway.failure("SET stripe.engine = 'sqlite'")).toMatchObject({
      code: "22023",
      hint: "Available values: postgres, duckdb.",
    });
    await expect(gateway.connect({ options: "-c stripe.engine=mysql" })).rejects.toMatchObject({ code: "22023" });
  });

  it("lasts until it is reset, and is no other session's", async () => {
    const [client, other] = [await gateway.connect(), await gateway.connect()];
    const shown = async () => (await client.query("SHOW stripe.engine")).rows[0]?.["stripe.engine"];
    await expect(client.query(only)).rejects.toMatchObject({ code: "42601" });
    for (const back of ["SET stripe.engine = postgres", "RESET stripe.engine", "RESET ALL", "DISCARD ALL"]) {
      await client.query("SET stripe.engine = 'DuckDB'");
      expect(await shown()).toBe("duckdb");
      expect((await client.query(only)).rows).toEqual([{ Id: "EXPIRED" }]);
      await expect(other.query(only)).rejects.toMatchObject({ code: "42601" });
      await client.query(back);
      expect(await shown()).toBe("postgres");
      await expect(client.query(only)).rejects.toMatchObject({ code: "42601" });
    }
  });

  it("goes with a transaction that is rolled back, and with SET LOCAL", async () => {
    const client = await gateway.connect();
    const engineNow = async () => (await client.query(engine)).rows[0]?.engine;
    await client.query("BEGIN");
    await client.query("SET stripe.engine = duckdb");
    await client.query(only);
    await client.query("ROLLBACK");
    expect(await engineNow()).toBe("postgres");
    await client.query("BEGIN");
    await client.query("SET LOCAL stripe.engine = duckdb");
    await client.query(only);
    await client.query("SAVEPOINT s");
    await client.query("SET stripe.engine = postgres");
    await client.query("ROLLBACK TO s");
    expect(await engineNow()).toBe("duckdb");
    await client.query("COMMIT");
    expect(await engineNow()).toBe("postgres");
  });

  it("is what a session begins with, and what RESET goes back to then", async () => {
    const client = await gateway.connect(duckdb);
    expect((await client.query(only)).rowCount).toBe(1);
    await client.query("SET stripe.engine = postgres");
    await client.query("RESET stripe.engine");
    expect((await client.query(only)).rowCount).toBe(1);
  });

  it("holds for what stands behind it in a text, in either direction", async () => {
    const client = await gateway.connect();
    const answers = [
      await client.query(`SET stripe.engine = duckdb; ${only}; RESET stripe.engine; SELECT 1::int8 AS n`),
    ];
    expect(answers.flat().map(({ command, rows }) => [command, rows])).toEqual([
      ["SET", []],
      ["SELECT", [{ Id: "EXPIRED" }]],
      ["RESET", []],
      ["SELECT", [{ n: "1" }]],
    ]);
    await expect(client.query(`SET stripe.engine = duckdb; ${only}; SELEC`)).rejects.toMatchObject({
      code: "42601",
      position: String("SET stripe.engine = duckdb; ; ".length + only.length + 1),
    });
    // The texts of a transaction of their own are undone together.
    expect((await client.query(engine)).rows).toEqual([{ engine: "postgres" }]);
    await expect(
      client.query(`${"SET stripe.engine = duckdb; SET stripe.engine = postgres; ".repeat(40)}`),
    ).rejects.toMatchObject({ code: "54000" });
  });

  it("leaves prepared statements what they are", async () => {
    const client = await gateway.connect();
    const named = { name: "one", text: "SELECT 7 / 2 AS half, pg_typeof(7 / 2)::text AS type" };
    const before = (await client.query(named)).rows;
    await client.query("SET stripe.engine = duckdb");
    expect((await client.query(named)).rows).toEqual(before);
    await client.query("PREPARE two AS FROM Coupon SELECT Id WHERE Id = $1");
    await client.query("SET stripe.engine = postgres");
    expect((await client.query("EXECUTE two('FIVEOFF')")).rows).toEqual([{ Id: "FIVEOFF" }]);
  });
});

describe("a session on DuckDB", () => {
  it("has the driver's own statements", async () => {
    const client = await gateway.connect(duckdb);
    const rows = async (sql: string) => (await client.query({ text: sql, rowMode: "array" })).rows;
    expect(await rows("SELECT Id, [Duration] FROM stripe.Coupon QUALIFY row_number() OVER (ORDER BY Id) = 1")).toEqual([
      ["EXPIRED", "once"],
    ]);
    expect(await rows("SELECT id FROM coupons WHERE id LIKE 'F%'")).toEqual([["FIVEOFF"]]);
    expect((await rows("SHOW TABLES")).length).toBeGreaterThan(100);
    expect((await rows("SELECT TableName FROM sys_tables WHERE TableName = 'Coupon'")).length).toBe(1);
    expect((await rows("DESCRIBE Coupon"))[0]?.[0]).toBe("Id");
    expect(await rows("EXPLAIN SELECT Id FROM Coupon WHERE Id = 'FIVEOFF'")).toContainEqual(["Requests: 1"]);
    await client.query("CREATE TEMP VIEW v AS SELECT Id FROM Coupon LIMIT 1");
    expect(await rows("SELECT count(*) FROM v")).toEqual([["1"]]);
    expect(await rows("PIVOT (FROM Coupon SELECT Id, Duration) ON Duration USING count(*)")).toHaveLength(4);
    expect((await client.query("EXEC CancelSubscription SubscriptionId = 'sub_no'").catch((e) => e)).code).toBe(
      "22023",
    );
  });

  it("leaves no view behind to who gets its connection of a pool", async () => {
    const client = await gateway.connect(duckdb);
    for (const discard of ["DISCARD ALL", "DISCARD TEMP"]) {
      await client.query("CREATE TEMP VIEW v AS SELECT Id FROM Coupon");
      await client.query("SELECT Id FROM v");
      await client.query(discard);
      await expect(client.query("SELECT Id FROM v")).rejects.toMatchObject({ code: "42P01" });
    }
    await client.query("CREATE TEMP VIEW v AS SELECT Id FROM Coupon");
    await expect((await gateway.connect(duckdb)).query("SELECT Id FROM v")).rejects.toMatchObject({ code: "42P01" });
  });

  it("writes, and says what it wrote", async () => {
    const client = await gateway.connect(duckdb);
    const notices: unknown[] = [];
    client.on("notice", ({ message }) => notices.push(message));
    await client.query("BEGIN");
    const inserted = await client.query("INSERT INTO Customer (Email) VALUES ('d@example.com') RETURNING Id");
    expect([inserted.command, inserted.rowCount]).toEqual(["INSERT", 1]);
    await client.query("SET LOCAL stripe.engine = postgres");
    expect((await client.query("UPDATE customers SET name = 'D' WHERE email = 'd@example.com'")).rowCount).toBe(1);
    await client.query("ROLLBACK");
    const id = inserted.rows[0]?.Id;
    expect(notices.at(-1)).toBe(
      `Stripe cannot roll back; already written: INSERT Customer: ${id}; UPDATE customers: ${id}`,
    );
    const deleted = await client.query(extended("DELETE FROM Customer WHERE Email = ANY($1)", [["d@example.com"]]));
    expect([deleted.command, deleted.rowCount]).toEqual(["DELETE", 1]);
  });

  it("writes nothing in a transaction that only reads", async () => {
    const client = await gateway.connect(duckdb);
    const writes = [
      "DELETE FROM Customer WHERE Email = 'nobody'",
      "INSERT INTO Customer (Email) VALUES ('x')",
      "UPDATE Customer SET Name = 'x' WHERE Email = 'nobody'",
      "EXEC CancelSubscription SubscriptionId = 'sub_no'",
      "MERGE INTO Customer c USING (SELECT 'x' AS e) s ON c.Email = s.e WHEN MATCHED THEN DELETE",
      "RESUME WRITE 'no'",
      "FORGET WRITE 'no'",
    ];
    for (const write of writes) {
      await client.query("BEGIN READ ONLY");
      await expect(client.query(write)).rejects.toMatchObject({ code: "25006" });
      await expect(client.query("SELECT 1")).rejects.toMatchObject({ code: "25P02" });
      await client.query("ROLLBACK");
    }
  });

  it("keeps to stripe.max_requests, and logs what a statement sent", async () => {
    const client = await gateway.connect(duckdb);
    await client.query("SET stripe.max_requests = 1");
    await expect(client.query("SELECT count(*) FROM Charge")).rejects.toMatchObject({ code: "53400" });
    await client.query("FROM Coupon");
    expect(gateway.statements.at(-1)).toMatchObject({ statement: "query", requests: 1, rows: 4 });
  });

  it("reads and writes times in its zone", async () => {
    const client = await gateway.connect(duckdb);
    const time = async () => (await client.query("SELECT (TIMESTAMPTZ '2026-01-01 00:00:00+00')::VARCHAR AS t")).rows;
    await client.query("SET TimeZone = 'America/Los_Angeles'");
    expect(await time()).toEqual([{ t: "2025-12-31 16:00:00-08" }]);
    await client.query("SET TIME ZONE 3");
    expect(await time()).toEqual([{ t: "2026-01-01 03:00:00+03" }]);
    await client.query("SET TIME ZONE INTERVAL '5:30' HOUR TO MINUTE");
    await expect(client.query("SELECT now()")).rejects.toMatchObject({ code: "22023" });
  });

  it("tells of settings that have no effect on its rows", async () => {
    const client = await gateway.connect(duckdb);
    const notices: unknown[] = [];
    client.on("notice", ({ message }) => notices.push(message));
    await client.query("SET DateStyle = German");
    await client.query("SELECT DATE '2026-01-01'");
    expect(notices).toEqual([
      'DateStyle "German, DMY" has no effect on rows of DuckDB\'s, which are printed as by default',
    ]);
  });

  it("answers what tools ask about the server as PostgreSQL does", async () => {
    const client = await gateway.connect(duckdb);
    const one = async (sql: string) => (await client.query({ text: sql, rowMode: "array" })).rows[0]?.[0];
    expect(await one("SELECT version()")).toMatch(/^PostgreSQL 18/);
    expect(await one("SELECT current_database()")).toBe("shop");
    expect(await one("SELECT current_user")).toBe("analyst");
    expect(await one("SELECT relname FROM pg_catalog.pg_class WHERE oid = 'stripe.coupons'::regclass")).toBe("coupons");
    expect(await one("SELECT state FROM pg_stat_activity WHERE pid = pg_backend_pid()")).toBe("active");
    expect(await one("SHOW server_version")).toMatch(/^18/);
    // The driver's own, where that has a table of the name.
    expect(await one("SELECT table_name FROM information_schema.tables WHERE table_name = 'Coupon'")).toBe("Coupon");
  });

  it("tells the place of a mistake in the whole text", async () => {
    const client = await gateway.connect(duckdb);
    const failures = [
      ["SELECT 1; SELECT 'ü', nope FROM Coupon", 23, "42703"],
      ["SELECT 1; BEGIN; DECLARE c CURSOR FOR SELECT nope FROM Coupon", 46, "42703"],
      ["SELECT 1; COPY (SELECT nope FROM Coupon) TO STDOUT", 24, "42703"],
      ["SELECT 1; COPY nothing TO STDOUT", 16, "42P01"],
      ["SELECT 1; SET a b c", 17, "42601"],
      ["SELECT 1; SELECT 'open", 18, "42601"],
      ["SELECT 1; SELECT pg_notify('a', 'b')", 18, "0A000"],
    ] as const;
    for (const [sql, position, code] of failures) {
      await expect(client.query(sql), sql).rejects.toMatchObject({ code, position: String(position) });
      await client.query("ROLLBACK");
    }
  });
});

describe("cursors and portals on DuckDB", () => {
  it("are read in portions, backwards too", async () => {
    const client = await gateway.connect(duckdb);
    await client.query("BEGIN");
    await client.query("DECLARE c SCROLL CURSOR FOR FROM range(5) t(n) SELECT n");
    const numbers = async (sql: string) => (await client.query(sql)).rows.map(({ n }) => Number(n));
    expect(await numbers("FETCH 3 FROM c")).toEqual([0, 1, 2]);
    expect(await numbers("FETCH BACKWARD 1 FROM c")).toEqual([1]);
    expect(await numbers("FETCH ALL FROM c")).toEqual([2, 3, 4]);
    await client.query("COMMIT");
  });

  it("hold queries alone", async () => {
    const client = await gateway.connect(duckdb);
    for (const held of [
      "DELETE FROM Customer WHERE Id = 'x'",
      "BEGIN",
      "SET x.y = 1",
      "EXEC PayInvoice InvoiceId = 'x'",
    ]) {
      await client.query("BEGIN");
      await expect(client.query(`DECLARE c CURSOR FOR ${held}`), held).rejects.toMatchObject({
        code: expect.stringMatching(/^(0A000|42601)$/),
      });
      await client.query("ROLLBACK");
      await expect(client.query(`COPY (${held}) TO STDOUT`), held).rejects.toMatchObject({
        code: expect.stringMatching(/^(0A000|42601)$/),
      });
    }
    await expect(client.query("PREPARE p AS COMMIT")).rejects.toMatchObject({ code: "42601" });
    await expect(client.query("EXPLAIN ANALYZE DELETE FROM Customer WHERE Id = 'x'")).resolves.toBeDefined();
  });

  it("suspend where a client asks for so many rows", async () => {
    const client = await RawClient.begin(gateway.port);
    await client.ask(query("SET stripe.engine = duckdb"));
    const answers = await client.ask(parse("", "FROM range(5)"), bind("", ""), execute("", 2), execute(""), sync);
    expect(answers).toEqual(["1", "2", "D", "D", "s", "D", "D", "D", "C SELECT 3", "Z I"]);
  });

  it("tell the columns of a PIVOT to who describes the portal, and refuse those of a statement", async () => {
    const client = await gateway.connect(duckdb);
    const pivot = "PIVOT (FROM Coupon SELECT Id, Duration) ON Duration USING count(*) GROUP BY Id";
    const { fields, rowCount } = await client.query(extended(pivot));
    expect([fields.map(({ name }) => name), rowCount]).toEqual([["Id", "forever", "once", "repeating"], 4]);
    await client.query("BEGIN");
    await expect(client.query(`DECLARE c CURSOR FOR ${pivot}`)).rejects.toMatchObject({ code: "0A000" });
    await client.query("ROLLBACK");
    const raw = await RawClient.begin(gateway.port);
    await raw.ask(query("SET stripe.engine = duckdb"));
    const answers = await raw.ask(parse("", pivot), message("D", byte1("S"), string("")), sync);
    expect(answers).toEqual(["1", "E 0A000", "Z I"]);
  });
});

describe("parameters on DuckDB", () => {
  it("are those of the text, bound by their numbers or in their order", async () => {
    const client = await gateway.connect(duckdb);
    const row = async (sql: string, values: unknown[]) =>
      (await client.query({ ...extended(sql, values), rowMode: "array" })).rows[0];
    expect(await row("SELECT $2, $1", ["a", "b"])).toEqual(["b", "a"]);
    expect(await row("SELECT ? || ?", ["a", "b"])).toEqual(["ab"]);
    expect(await row("SELECT @x || @y || @x", ["a", "b"])).toEqual(["aba"]);
    expect(await row("SELECT Id FROM Coupon WHERE Id = ANY($1) AND Duration <> $2", [["FIVEOFF"], "once"])).toEqual([
      "FIVEOFF",
    ]);
    expect(await row("SELECT count(*) FROM Coupon WHERE PercentOff = ANY(?)", [[10, 20]])).toEqual(["2"]);
    expect(await row("SELECT count(*) FROM Coupon WHERE Created >= $1", [new Date("2020-01-01")])).toEqual(["4"]);
    expect(await row("SELECT $1 AS x FROM Coupon WHERE Id = $1", ["FIVEOFF"])).toEqual(["FIVEOFF"]);
  });

  it("are missed where none are bound, or too many", async () => {
    const client = await gateway.connect(duckdb);
    await expect(client.query("SELECT Id FROM Coupon WHERE Id = $1")).rejects.toMatchObject({ code: "42P02" });
    await expect(client.query(extended("SELECT ?", ["a", "b"]))).rejects.toMatchObject({ code: "08P01" });
    await expect(client.query(extended("SELECT $1::INTEGER", ["x"]))).rejects.toMatchObject({ code: "22P02" });
    await expect(client.query("PREPARE p AS SELECT $1; EXECUTE p")).rejects.toMatchObject({ code: "42601" });
  });

  it("never give a client bytes of another type than it was told of", async () => {
    const client = await RawClient.begin(gateway.port);
    await client.ask(query("SET stripe.engine = duckdb"));
    const asked = (sql: string, oid: number, given: string) =>
      client.ask(
        message("P", string(""), string(sql), int16(1), int32(oid)),
        message("B", string(""), string(""), int16(0), counted([value(text(given))]), counted([int16(1)])),
        execute(""),
        sync,
      );
    expect(await asked("SELECT $1 + 1", 23, "3")).toEqual(["1", "2", "D", "C SELECT 1", "Z I"]);
    // Told as int8, it is more than that holds.
    expect(await asked("SELECT $1", 20, "9223372036854775807")).toEqual(["1", "2", "D", "C SELECT 1", "Z I"]);
    expect(await asked("SELECT CASE WHEN $1 > 1 THEN $1 END", 701, "3")).toEqual(["1", "2", "D", "C SELECT 1", "Z I"]);
  });
});

describe("types on DuckDB", () => {
  it("are PostgreSQL's, in text and in binary", async () => {
    const client = await gateway.connect(duckdb);
    const sql = `SELECT [1, 2] AS l, 2::HUGEINT AS h, 1.5 AS d, true AS b, {'a': 1} AS s, MAP {'k': 2} AS m,
      'x'::BLOB AS bytes, DATE '2026-01-02' AS day, 3::SMALLINT AS small, 'a' AS t, NULL AS n`;
    for (const binary of [false, true]) {
      const config: QueryConfig = Object.assign(extended(sql), { binary });
      const { rows, fields } = await client.query(config);
      expect(fields.map(({ dataTypeID }) => dataTypeID)).toEqual([
        ...[1007, 1700, 1700, 16, 3802, 3802, 17, 1082, 21, 25, 23],
      ]);
      const { l, b, small, t, n } = rows[0];
      expect({ l, b, small, t, n }).toEqual({ l: [1, 2], b: true, small: 3, t: "a", n: null });
    }
    expect((await client.query(sql)).rows[0]).toMatchObject({ h: "2", d: "1.5", s: { a: 1 }, bytes: Buffer.from("x") });
  });
});

describe("COPY on DuckDB", () => {
  it("is refused to files and from clients", async () => {
    const client = await gateway.connect(duckdb);
    await expect(client.query("COPY (SELECT 1) TO '/tmp/x'")).rejects.toMatchObject({ code: "0A000" });
    await expect(client.query("COPY (SELECT 1) TO PROGRAM 'cat'")).rejects.toMatchObject({ code: "0A000" });
    await expect(client.query("COPY Coupon FROM STDIN")).rejects.toMatchObject({ code: "0A000" });
    await expect(client.query("COPY (SELECT 1) TO STDOUT (FORMAT parquet)")).rejects.toMatchObject({ code: "22023" });
    await expect(client.query("COPY (SELECT 1) TO STDOUT (QUOTE 'x')")).rejects.toMatchObject({ code: "0A000" });
  });

  it("gives rows to the client", async () => {
    const client = await RawClient.begin(gateway.port);
    await client.ask(query("SET stripe.engine = duckdb"));
    const copied = await client.ask(query("COPY (FROM range(2)) TO STDOUT"));
    expect(copied).toEqual(["H", "d", "d", "c", "C COPY 2", "Z I"]);
    const ofTable = await client.ask(query("COPY Coupon (Id) TO STDOUT WITH (FORMAT csv, HEADER)"));
    expect(ofTable).toEqual(["H", "d", "d", "d", "d", "d", "c", "C COPY 4", "Z I"]);
  });
});

describe("a statement on DuckDB that goes on and on", () => {
  const endless = "SELECT count(*) FROM range(1000000000000) a(n), range(1000000) b(m) WHERE n % 7 = m % 3";

  it("ends when it is canceled", async () => {
    const [client, other] = [await gateway.connect(duckdb), await gateway.connect()];
    const running = client.query(endless);
    const failed = expect(running).rejects.toMatchObject({ code: "57014" });
    const pid = (client as unknown as { processID: number }).processID;
    await other.query("SELECT pg_cancel_backend($1)", [pid]);
    await failed;
    expect((await client.query(only)).rowCount).toBe(1);
  });

  it("ends at its time limit", async () => {
    const client = await gateway.connect(duckdb);
    await client.query("SET statement_timeout = '3s'");
    await expect(client.query(endless)).rejects.toMatchObject({ code: "57014" });
    await client.query("RESET statement_timeout");
    expect((await client.query(only)).rowCount).toBe(1);
  });

  it("leaves the others their turn when its client goes", async () => {
    const client = await gateway.connect(duckdb);
    const running = client.query(endless).catch(() => undefined);
    (client as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy();
    await running;
    expect((await (await gateway.connect(duckdb)).query(only)).rowCount).toBe(1);
  });
});

describe("a hostile client on DuckDB", () => {
  it.each([
    ["SELECT * FROM read_csv('/etc/passwd')", "42501"],
    ["SELECT * FROM '/etc/passwd'", "42P01"],
    ["SELECT getenv('HOME')", "42883"],
    ["SELECT * FROM duckdb_settings()", "42501"],
    ["ATTACH '/tmp/x.db'", "0A000"],
    ["INSTALL httpfs", "0A000"],
    ["PRAGMA database_list", "0A000"],
    ["SET threads = 1", "42704"],
    ["SET GLOBAL memory_limit = '1TB'", "42601"],
    ["CREATE TABLE t (a INTEGER)", "0A000"],
    ["COPY (SELECT 1) TO '/tmp/x.csv' (FORMAT csv)", "0A000"],
    ["SELECT 1 AS `a`;`; DROP TABLE x", "42601"],
    ["EXPLAIN ATTACH '/tmp/x.db'", "0A000"],
    ["PREPARE p AS ATTACH '/tmp/x.db'", "0A000"],
    ["SELECT set_config('role', 'postgres', false)", "42501"],
    ["SELECT * FROM pg_read_file('/etc/passwd')", "42501"],
    ["SELECT pg_read_file('/etc/passwd')", "42501"],
  ])("gets no further with %s", async (sql, code) => {
    const client = await gateway.connect(duckdb);
    await expect(client.query(sql)).rejects.toMatchObject({ code });
    await client.query("ROLLBACK");
    expect((await client.query("SELECT 1 AS n")).rows).toEqual([{ n: 1 }]);
  });
});

import pg from "pg";
import Cursor from "pg-cursor";
import { describe, expect, it } from "vitest";
import { serveGateway } from "../../support/served-gateway.js";

const gateway = serveGateway();

describe("a client of PostgreSQL's", () => {
  it("reads Stripe's rows in PostgreSQL's types", async () => {
    const { rows, fields } = await gateway.query(
      "SELECT id, balance, created, delinquent, metadata FROM customers ORDER BY created DESC LIMIT 2",
    );
    expect(fields.map(({ name, dataTypeID }) => [name, dataTypeID])).toEqual([
      ["id", pg.types.builtins.TEXT],
      ["balance", pg.types.builtins.INT8],
      ["created", pg.types.builtins.TIMESTAMPTZ],
      ["delinquent", pg.types.builtins.BOOL],
      ["metadata", pg.types.builtins.JSONB],
    ]);
    expect(rows).toHaveLength(2);
    expect(rows[0]).toEqual({
      id: expect.stringMatching(/^cus_/),
      balance: expect.stringMatching(/^-?\d+$/),
      created: expect.any(Date),
      delinquent: expect.any(Boolean),
      metadata: expect.any(Object),
    });
  });

  // Names of one word were taken for Stripe's: a column of several did not exist, or was NULL in a join.
  it("reads tables by their names in SQL as well", async () => {
    const coupon = { percentoff: 10 };
    expect((await gateway.query("SELECT PercentOff FROM sql.Coupon WHERE Id = 'LOYAL10'")).rows).toEqual([coupon]);
    const client = await gateway.connect({ options: "-c search_path=sql,stripe" });
    const { rows } = await client.query(
      "SELECT PercentOff FROM (SELECT 'LOYAL10' AS Wanted) CROSS JOIN Coupon WHERE Id = Wanted",
    );
    expect(rows).toEqual([coupon]);
  });

  it("has its conditions and limits sent to Stripe, parameters too", async () => {
    const values = ["customer7@example.com", new Date("2026-01-01T00:00:00Z")];
    expect(await gateway.sent("SELECT id FROM customers WHERE email = $1 AND created >= $2 LIMIT 5", values)).toEqual([
      "GET /v1/customers created[gte]=1767225600&email=customer7@example.com&limit=5",
    ]);
  });

  it("writes times and truth values as PostgreSQL reads them", async () => {
    const count = async (where: string) =>
      (await gateway.query(`SELECT count(*) FROM charges WHERE ${where}`)).rows[0].count;
    expect(await count("created > 'Oct 20, 2026'")).toBe(await count("created > '2026-10-20'"));
    expect(await count("created > 'Oct 20, 2026'")).not.toBe("0");
    expect(await count("paid = 'tru'")).toBe(await count("paid"));
    expect(await gateway.failure("SELECT id FROM charges WHERE created > 'never'")).toMatchObject({ code: "22007" });
  });

  it("runs on a PostgreSQL what Stripe cannot do", async () => {
    const { rows } = await gateway.query(
      `SELECT date_trunc('month', created AT TIME ZONE 'UTC')::date::text AS month, count(*)::int AS charges,
         count(*) FILTER (WHERE status = 'succeeded')::int AS succeeded
       FROM charges GROUP BY 1 ORDER BY 1 DESC LIMIT 1`,
    );
    const [{ total }] = (await gateway.query("SELECT count(*)::int AS total FROM charges")).rows;
    expect(rows[0]).toMatchObject({ month: expect.stringMatching(/^\d{4}-\d\d-01$/) });
    expect(rows[0].charges).toBeLessThanOrEqual(total);
    expect(rows[0].succeeded).toBeLessThanOrEqual(rows[0].charges);
  });

  it("gives its errors with SQLSTATE and place", async () => {
    expect(await gateway.failure("SELECT id, emial FROM customers")).toMatchObject({ code: "42703", position: "12" });
    expect(await gateway.failure("SELECT * FROM custmers")).toMatchObject({ code: "42P01", position: "15" });
    expect(await gateway.failure("SELEC 1")).toMatchObject({ code: "42601", position: "1" });
    expect(await gateway.failure("SELECT 1 / 0")).toMatchObject({ code: "22012" });
    expect(await gateway.failure("SELECT $1::int + 1")).toMatchObject({ code: "42P02" });
    expect(await gateway.failure("SELECT id FROM customers WHERE id = $1")).toMatchObject({ code: "42P02" });
    expect(await gateway.failure("SELECT nope FROM customers WHERE id = $1")).toMatchObject({ code: "42703" });
    expect(await gateway.failure("SELECT id INTO copies FROM customers")).toMatchObject({
      ...{ code: "0A000", message: "SELECT INTO is not supported" },
    });
    expect(await gateway.failure("SELECT 'é', nope FROM customers")).toMatchObject({ code: "42703", position: "13" });
  });

  it("writes, and gets back what was written", async () => {
    const client = await gateway.connect();
    const inserted = await client.query(
      "INSERT INTO customers (email, name, metadata) VALUES ($1, upper($2), $3), ('b@example.com', 'B', '{}') RETURNING id, name, metadata",
      ["a@example.com", "zed", { order: 7 }],
    );
    expect([inserted.command, inserted.rowCount]).toEqual(["INSERT", 2]);
    expect(inserted.rows[0]).toMatchObject({ name: "ZED", metadata: { order: "7" } });
    const updated = await client.query(
      "UPDATE customers SET description = name || '!' WHERE email IN ('a@example.com', 'b@example.com') RETURNING description",
    );
    expect(updated.rows.map(({ description }) => description).sort()).toEqual(["B!", "ZED!"]);
    const deleted = await client.query("DELETE FROM customers WHERE id = $1", [inserted.rows[0].id]);
    expect([deleted.command, deleted.rowCount]).toEqual(["DELETE", 1]);
    expect(await gateway.failure("DELETE FROM customers")).toMatchObject({ code: "0A000" });
  });

  it("is told which of several objects were written where one failed", async () => {
    gateway.sandbox.faults.add({
      ...{ method: "POST", path: "/v1/customers", after: 1 },
      effect: { kind: "status", status: 402, body: { error: { type: "card_error", message: "declined" } } },
    });
    const error = await gateway.failure("INSERT INTO customers (email) VALUES ('a@example.com'), ('b@example.com')");
    expect(error.detail).toMatch(/1 of 2 objects were written: cus_\w+; 1 failed/);
  });

  it("is told of a write in doubt as such", async () => {
    gateway.sandbox.faults.add({
      ...{ method: "POST", path: "/v1/customers", after: 1, times: 3 },
      effect: { kind: "lose-reply" },
    });
    const error = await gateway.failure("INSERT INTO customers (name) VALUES ('x'), ('y'), ('z')");
    expect(error.detail).toMatch(/1 of 3 objects were written: cus_\w+; 0 failed, 1 is in doubt, 1 were not tried.$/);
  });

  it("keeps a failed transaction failed until it ends, and its settings until it is rolled back", async () => {
    const client = await gateway.connect();
    await client.query("BEGIN");
    await client.query("SET TimeZone = 'Asia/Tokyo'");
    await client.query("SAVEPOINT before");
    await expect(client.query("SELECT 1 / 0")).rejects.toMatchObject({ code: "22012" });
    await expect(client.query("SELECT 1")).rejects.toMatchObject({ code: "25P02" });
    await client.query("ROLLBACK TO before");
    expect((await client.query("SHOW TimeZone")).rows).toEqual([{ TimeZone: "Asia/Tokyo" }]);
    expect((await client.query("COMMIT")).command).toBe("COMMIT");
    await client.query("BEGIN");
    await client.query("SET TimeZone = 'Europe/Berlin'");
    await client.query("ROLLBACK");
    expect((await client.query("SHOW TimeZone")).rows).toEqual([{ TimeZone: "Asia/Tokyo" }]);
    await client.query("RESET ALL");
    expect((await client.query("SHOW TimeZone")).rows).not.toEqual([{ TimeZone: "Asia/Tokyo" }]);
  });

  it("takes rows in portions by a portal and by a cursor", async () => {
    const client = await gateway.connect();
    const portal = client.query(new Cursor("SELECT id FROM charges ORDER BY created DESC"));
    const first = [...(await portal.read(3)), ...(await portal.read(4))];
    await portal.close();
    await client.query("BEGIN");
    await client.query("DECLARE c CURSOR FOR SELECT id FROM charges ORDER BY created DESC");
    const second = [...(await client.query("FETCH 3 FROM c")).rows, ...(await client.query("FETCH 4 FROM c")).rows];
    expect((await client.query("MOVE 5 IN c")).rowCount).toBe(5);
    await client.query("COMMIT");
    expect(second).toEqual(first);
    expect(first).toHaveLength(7);
    await expect(client.query("FETCH 1 FROM c")).rejects.toMatchObject({ code: "34000" });
    await expect(client.query("DECLARE c CURSOR FOR SELECT 1")).rejects.toMatchObject({ code: "25P01" });
  });

  it("prepares a statement once and runs it with other values", async () => {
    const client = await gateway.connect();
    const run = (email: string) =>
      client.query({ name: "by-email", text: "SELECT email FROM customers WHERE email = $1", values: [email] });
    expect((await run("customer7@example.com")).rows).toEqual([{ email: "customer7@example.com" }]);
    expect((await run("customer8@example.com")).rows).toEqual([{ email: "customer8@example.com" }]);
    await client.query("PREPARE by_id (text) AS SELECT count(*)::int AS n FROM customers WHERE id = $1");
    expect((await client.query("EXECUTE by_id('cus_' || 'none')")).rows).toEqual([{ n: 0 }]);
    await client.query("DEALLOCATE by_id");
    await expect(client.query("EXECUTE by_id('x')")).rejects.toMatchObject({ code: "26000" });
  });

  it("reads the catalog as any PostgreSQL's", async () => {
    const { rows } = await gateway.query(
      `SELECT table_schema, count(*)::int AS tables FROM information_schema.tables
       WHERE table_type = 'BASE TABLE' AND table_schema IN ('stripe', 'v2') GROUP BY 1 ORDER BY 1`,
    );
    expect(rows).toEqual([
      { table_schema: "stripe", tables: 119 },
      { table_schema: "v2", tables: 19 },
    ]);
    expect((await gateway.query("SELECT current_user AS u, current_database() AS d")).rows).toEqual([
      { u: "analyst", d: "shop" },
    ]);
  });

  it("shows the columns of keys and of what they refer to in information_schema, as to their owner", async () => {
    const used = (constraint: string) =>
      gateway.query(
        `SELECT table_name, column_name FROM information_schema.constraint_column_usage
         JOIN information_schema.constraint_table_usage USING (constraint_schema, constraint_name, table_name)
         WHERE constraint_name = $1`,
        [constraint],
      );
    expect((await used("customers_pkey")).rows).toEqual([{ table_name: "customers", column_name: "id" }]);
    expect((await used("invoices_customer_fkey")).rows).toEqual([{ table_name: "customers", column_name: "id" }]);
  });

  it("does not change what it is not meant to", async () => {
    expect(await gateway.failure("CREATE TABLE x (a int)")).toMatchObject({ code: "0A000" });
    expect(await gateway.failure("COPY customers TO '/tmp/customers.csv'")).toMatchObject({ code: "0A000" });
    expect(await gateway.failure("SET client_encoding = 'LATIN1'")).toMatchObject({ code: "0A000" });
    expect(await gateway.failure("SET search_path = v2, stripe")).toMatchObject({ code: "0A000" });
    expect(await gateway.failure("SELECT set_config('role', 'postgres', false)")).toMatchObject({ code: "42501" });
  });

  it("has literals alone answered alike however often they are asked for", async () => {
    const client = await gateway.connect();
    const ask = async (sql: string) => {
      const { rows, fields } = await client.query(sql);
      return [rows, fields.map(({ name, dataTypeID }) => [name, dataTypeID])];
    };
    for (const sql of ["SELECT 1", "SELECT 'a' AS t, true, NULL AS n", "SELECT 1 AS one WHERE false"]) {
      expect(await ask(sql)).toEqual(await ask(sql));
    }
    expect((await client.query("SELECT 1 AS one")).rows).toEqual([{ one: 1 }]);
    expect((await client.query("SELECT 2 AS one")).rows).toEqual([{ one: 2 }]);
  });

  it("is logged, one line a statement, with its rows and requests", async () => {
    const client = await gateway.connect();
    await client.query("SELECT id FROM customers LIMIT 3");
    await client.query("SELECT 1 / 0").catch(() => undefined);
    expect(gateway.statements).toMatchObject([
      { user: "analyst", statement: "query", rows: 3, requests: 1, error: undefined },
      { user: "analyst", statement: "query", error: { sqlState: "22012" } },
    ]);
  });
});

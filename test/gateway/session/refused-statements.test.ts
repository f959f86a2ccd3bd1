import { describe, expect, it } from "vitest";
import { requestLines } from "../../support/sandbox-connection.js";
import { serveGateway } from "../../support/served-gateway.js";

const gateway = serveGateway();

describe("what cannot be done is refused before anything is sent", () => {
  it.each([
    ["COPY customers FROM STDIN", "COPY … FROM STDIN is not supported"],
    ["COPY customers (email) FROM STDIN WITH (FORMAT csv)", "COPY … FROM STDIN is not supported"],
    ["COPY customers FROM '/etc/hosts'", "COPY from a file or program of the server is not supported"],
    ["MERGE INTO customers USING charges ON true WHEN MATCHED THEN DELETE", "MERGE is not supported"],
    ["UPDATE customers SET email = 'x' FROM charges", "UPDATE without WHERE"],
    ["DELETE FROM customers USING charges", "DELETE without WHERE"],
    ["INSERT INTO customers (email) VALUES ('a') ON CONFLICT (id) DO UPDATE SET email = 'b'", "ON CONFLICT DO UPDATE"],
    ["CREATE TEMP TABLE t (a int)", "CREATE TEMP TABLE is not supported"],
    ["CREATE TEMPORARY TABLE t AS SELECT 1", "CREATE TEMPORARY TABLE is not supported"],
    ['CREATE LOCAL TEMPORARY TABLE "#t" (a int)', "CREATE LOCAL TEMPORARY TABLE is not supported"],
    ["SELECT 1 AS a INTO TEMP t", "SELECT INTO is not supported"],
    ["CREATE OR REPLACE VIEW v AS SELECT 1", "CREATE OR REPLACE VIEW is not supported"],
    ["TRUNCATE customers", "TRUNCATE is not supported"],
    ["GRANT SELECT ON customers TO public", "GRANT is not supported"],
    ["LOCK TABLE customers", "LOCK is not supported"],
    ["NOTIFY channel", "NOTIFY is not supported"],
    ["SELECT pg_notify('channel', 'x')", "NOTIFY is not supported"],
    ["SELECT query_to_xml('SELECT count(*) FROM customers', true, false, '')", "query_to_xml is not supported"],
    ["COPY (SELECT table_to_xml('customers', true, false, '')) TO STDOUT", "table_to_xml is not supported"],
    ["EXPLAIN ANALYZE SELECT pg_advisory_lock(1)", "advisory locks are not supported"],
    ["SELECT id FROM customers LIMIT 1 FOR UPDATE", "SELECT … FOR UPDATE and its like are not supported"],
    ["SELECT id FROM customers ORDER BY name FOR SHARE SKIP LOCKED", "SELECT … FOR UPDATE"],
  ])("%s", async (sql, message) => {
    const client = await gateway.connect();
    gateway.sandbox.requests.clear();
    await expect(client.query(sql)).rejects.toMatchObject({ code: "0A000", message: expect.stringContaining(message) });
    expect(requestLines(gateway.sandbox)).toEqual([]);
    expect((await client.query("SELECT 1 AS one")).rows).toEqual([{ one: 1 }]);
  });
});

describe("INSERT … ON CONFLICT DO NOTHING", () => {
  const insert = "INSERT INTO customers (email) VALUES ('conflict@example.com') ON CONFLICT";

  it("writes rows whose ids Stripe makes: they are in conflict with none", async () => {
    expect((await gateway.query(`${insert} DO NOTHING RETURNING email`)).rows).toEqual([
      { email: "conflict@example.com" },
    ]);
    expect((await gateway.query(`${insert} (id) DO NOTHING`)).rowCount).toBe(1);
  });

  it("is refused where a column was to be unique that is not to Stripe", async () => {
    const client = await gateway.connect();
    gateway.sandbox.requests.clear();
    await expect(client.query(`${insert} (email) DO NOTHING`)).rejects.toMatchObject({
      code: "42P10",
      detail: "To Stripe, no other column of customers is unique. Its key is id.",
    });
    await expect(client.query(`EXPLAIN ${insert} (lower(email)) DO NOTHING`)).rejects.toMatchObject({ code: "42P10" });
    expect(requestLines(gateway.sandbox)).toEqual([]);
  });

  it("is refused for rows that bring ids of their own", async () => {
    const sql = "INSERT INTO coupons (id, percent_off, duration) VALUES ('C10', 10, 'once') ON CONFLICT DO NOTHING";
    expect(await gateway.sent("SELECT 1")).toEqual([]);
    expect(await gateway.failure(sql)).toMatchObject({ code: "0A000" });
    expect((await gateway.query("SELECT id FROM coupons WHERE id = 'C10'")).rows).toEqual([]);
  });
});

describe("names that PostgreSQL keeps for itself", () => {
  it.each(["pg_stripe_sql", "pg_monitor", "public", "none"])("are no user's: %s", async (user) => {
    await expect(gateway.connect({ user })).rejects.toMatchObject({ code: "28000" });
  });

  it("leave a user named postgres one like any other", async () => {
    const client = await gateway.connect({ user: "postgres" });
    const { rows } = await client.query(
      "SELECT current_user AS me, rolsuper FROM pg_roles WHERE rolname = current_user",
    );
    expect(rows).toEqual([{ me: "postgres", rolsuper: false }]);
    await expect(client.query("SET ROLE pg_monitor")).rejects.toMatchObject({ code: "42501" });
  });
});

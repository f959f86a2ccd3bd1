import pg from "pg";
import Cursor from "pg-cursor";
import QueryStream from "pg-query-stream";
import { describe, expect, it, onTestFinished } from "vitest";
import { serveBusiness } from "../support/served-business.js";

const shop = serveBusiness();

/** A client that is closed after the test. */
async function connect(config: pg.ClientConfig = {}): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: shop.url(), ...config });
  await client.connect();
  onTestFinished(() => client.end());
  return client;
}

function openPool(max: number): pg.Pool {
  const pool = new pg.Pool({ connectionString: shop.url(), max });
  onTestFinished(() => pool.end());
  return pool;
}

const asItIs = (text: string) => text;
const spelledOut = (text: string) => (text === "t" ? "true" : "false");

/** JSON in one spelling, whatever it was printed in. */
function comparable(text: string | null): unknown {
  return text !== null && /^[[{]/.test(text) ? JSON.parse(text) : text;
}

const tables = {
  balance_transactions: "BalanceTransaction",
  charges: "Charge",
  coupons: "Coupon",
  customers: "Customer",
  disputes: "Dispute",
  payment_intents: "PaymentIntent",
  payouts: "Payout",
  prices: "Price",
  products: "Product",
  refunds: "Refund",
  subscriptions: "Subscription",
};

describe("node-postgres", () => {
  it.each(Object.entries(tables))(
    "gets the rows of %s that the driver gives, each text alike",
    async (plural, name) => {
      const client = await connect({
        types: { getTypeParser: (type: number) => (type === 16 ? spelledOut : asItIs) } as never,
      });
      const { rows } = await client.query<(string | null)[]>({
        text: `SELECT * FROM ${plural} ORDER BY id LIMIT 150`,
        rowMode: "array",
      });
      const own = await shop.texts(`SELECT * FROM ${name} ORDER BY Id LIMIT 150`);
      expect(rows.map((row) => row.map(comparable))).toEqual(own.map((row) => row.map(comparable)));
      expect(rows.length).toBeGreaterThan(0);
    },
  );

  it("gets values of JavaScript's types, and is told each column's type and table", async () => {
    const client = await connect();
    const [own] = await shop.driver("SELECT Id, Created, Balance, Metadata FROM Customer ORDER BY Id LIMIT 1");
    const { rows, fields, rowCount, command } = await client.query(
      "SELECT id, created, balance, livemode, metadata, ARRAY[balance] AS list, 0.5::float8 AS half, 1.50 AS amount FROM customers ORDER BY id LIMIT 1",
    );
    expect(rows).toEqual([
      {
        ...{ id: own?.["Id"], created: own?.["Created"], balance: String(own?.["Balance"]), livemode: false },
        ...{ metadata: own?.["Metadata"], list: [String(own?.["Balance"])], half: 0.5, amount: "1.50" },
      },
    ]);
    expect([command, rowCount]).toEqual(["SELECT", 1]);
    expect(fields.map(({ dataTypeID }) => dataTypeID)).toEqual([25, 1184, 20, 16, 3802, 1016, 701, 1700]);
    expect(fields.map(({ tableID, columnID }) => tableID > 0 && columnID > 0)).toEqual([
      ...[true, true, true, true, true, false, false, false],
    ]);
  });

  it("gets a day's rows in its own time zone", async () => {
    const client = await connect({ options: "-c TimeZone=America/New_York" });
    const { rows } = await client.query(
      "SELECT count(*)::int AS n FROM charges WHERE created >= '2026-10-01' AND created < '2026-10-02'",
    );
    const [own] = await shop.driver(
      "SELECT count(*) AS n FROM Charge WHERE Created >= '2026-10-01 04:00:00Z' AND Created < '2026-10-02 04:00:00Z'",
    );
    expect(rows).toEqual([own]);
    expect(own?.["n"]).not.toBe(0);
  });

  it("binds parameters of every type by where they stand", async () => {
    const client = await connect();
    const [{ Id: id, Email: email, Created: created } = {}] = await shop.driver(
      "SELECT Id, Email, Created FROM Customer WHERE Email IS NOT NULL ORDER BY Id LIMIT 1",
    );
    const found = (condition: string, ...values: unknown[]) =>
      client.query(`SELECT id FROM customers WHERE ${condition}`, values).then(({ rows }) => rows.map((row) => row.id));
    expect(await found("email = $1", email)).toContain(id);
    expect(await found("id = ANY($1)", [id, "cus_none"])).toEqual([id]);
    expect(await found("id IN ($1, $2)", id, "cus_none")).toEqual([id]);
    expect(
      await found("created = $1 AND livemode = $2 AND balance < $3", created, false, "9007199254740993"),
    ).toContain(id);
    expect(await found("id = $1 AND metadata @> $2", id, { no: "such" })).toEqual([]);
    expect(await found("id = $1 AND $2::text IS NULL", id, null)).toEqual([id]);
    expect((await client.query("SELECT $1 AS hostile", ["'; DROP TABLE customers; --"])).rows).toEqual([
      { hostile: "'; DROP TABLE customers; --" },
    ]);
  });

  it("prepares a statement by its name, and anew after DISCARD ALL has dropped it", async () => {
    const client = await connect();
    const named = { name: "products", text: "SELECT count(*)::int AS n FROM products WHERE active = $1" };
    const [own] = await shop.driver("SELECT count(*) AS n FROM Product WHERE Active");
    for (let turn = 0; turn < 3; turn += 1) {
      expect((await client.query({ ...named, values: [true] })).rows).toEqual([own]);
    }
    await client.query("DISCARD ALL");
    await expect(client.query({ ...named, values: [true] })).rejects.toMatchObject({ code: "26000" });
    expect((await client.query({ ...named, name: "again", values: [true] })).rows).toEqual([own]);
  });

  it("is told what is wrong, by SQLSTATE and place, and goes on", async () => {
    const client = await connect();
    const failed = (text: string, values?: unknown[]) => client.query(text, values).catch((error: unknown) => error);
    expect(await failed("SELECT emial FROM customers WHERE id = $1", ["x"])).toMatchObject({
      ...{ code: "42703", position: "8", severity: "ERROR", message: 'column "emial" does not exist' },
    });
    expect(await failed("SELECT id FROM customer")).toMatchObject({ code: "42P01", position: "16" });
    expect(await failed("SELECT 1 / balance FROM customers WHERE balance = 0")).toMatchObject({ code: "22012" });
    expect(await failed("SELECT id FROM customers WHERE created > $1", ["yesterdayish"])).toMatchObject({
      code: "22007",
    });
    expect(await failed("SELECT $1::int, $2::int", [1])).toMatchObject({ code: "08P01" });
    expect((await client.query("SELECT 1 AS one")).rows).toEqual([{ one: 1 }]);
  });

  it("writes with RETURNING and counts", async () => {
    const client = await connect();
    const inserted = await client.query(
      "INSERT INTO customers (email, name, metadata) VALUES ($1, $2, $3), ($1, NULL, NULL) RETURNING id, name, metadata",
      ["node@example.com", "N", { team: "a" }],
    );
    expect(inserted.rows).toMatchObject([
      { name: "N", metadata: { team: "a" } },
      { name: null, metadata: {} },
    ]);
    const ids = inserted.rows.map((row) => row.id);
    const updated = await client.query("UPDATE customers SET name = $1 WHERE id = ANY($2)", ["M", ids]);
    expect([updated.command, updated.rowCount]).toEqual(["UPDATE", 2]);
    expect(await shop.driver("SELECT Name FROM Customer WHERE Email = 'node@example.com'")).toEqual([
      ...[{ Name: "M" }, { Name: "M" }],
    ]);
    const removed = await client.query("DELETE FROM customers WHERE id = ANY($1) RETURNING id", [ids]);
    expect(new Set(removed.rows.map((row) => row.id))).toEqual(new Set(ids));
  });

  it("reads in portions by a cursor, and only what it asks for", async () => {
    const own = await shop.driver("SELECT Id FROM Charge LIMIT 250");
    const client = await connect();
    const sent = await shop.requestsOf(async () => {
      const cursor = client.query(new Cursor<{ id: string }>("SELECT id FROM charges", []));
      const read: string[] = [];
      for (let turn = 0; turn < 5; turn += 1) read.push(...(await cursor.read(50)).map(({ id }) => id));
      await cursor.close();
      expect(read).toEqual(own.map((row) => row["Id"]));
    });
    expect(sent.length).toBeLessThan(7);
    expect((await client.query("SELECT 1 AS one")).rows).toEqual([{ one: 1 }]);
  });

  it("streams rows, to the end or not", async () => {
    const client = await connect();
    const own = await shop.driver("SELECT Id FROM Customer");
    const ids: string[] = [];
    for await (const row of client.query(new QueryStream("SELECT id FROM customers"))) ids.push(row.id);
    expect(ids).toEqual(own.map((row) => row["Id"]));
    for await (const row of client.query(new QueryStream("SELECT id FROM customers"))) {
      expect(row.id).toBe(own[0]?.["Id"]);
      break;
    }
    expect((await client.query("SELECT 1 AS one")).rows).toEqual([{ one: 1 }]);
  });

  it("shares a pool among many callers, each of which gets its own answer", async () => {
    const pool = openPool(8);
    const [own] = await shop.driver("SELECT count(*) AS Count FROM Product");
    const asked = Array.from({ length: 100 }, (_, index) =>
      pool.query("SELECT $1::int AS index, count(*)::int AS products FROM products", [index]),
    );
    const answers = await Promise.all(asked);
    expect(answers.map(({ rows }) => rows[0])).toEqual(
      answers.map((_, index) => ({ index, products: own?.["Count"] })),
    );
    expect(pool.totalCount).toBe(8);
  });

  it("keeps a setting to its own session", async () => {
    const [one, other] = [await connect(), await connect()];
    await one.query("SET TIME ZONE 'Asia/Tokyo'");
    const shown = async (client: pg.Client) => (await client.query("SHOW TimeZone")).rows[0]?.TimeZone;
    expect([await shown(one), await shown(other)]).toEqual(["Asia/Tokyo", "UTC"]);
  });

  it("gives up at a statement's time limit", async () => {
    shop.sandbox.faults.add({ path: "/v1/charges", effect: { kind: "stall" } });
    const client = await connect({ statement_timeout: 200 });
    await expect(client.query("SELECT count(*) FROM charges")).rejects.toMatchObject({ code: "57014" });
    expect((await client.query("SELECT 1 AS one")).rows).toEqual([{ one: 1 }]);
  });

  it("writes nothing in a transaction that only reads, nor as a user who does", async () => {
    const client = await connect();
    await client.query("BEGIN READ ONLY");
    const write = "UPDATE customers SET name = 'x' WHERE email = 'nobody@example.com'";
    await expect(client.query(write)).rejects.toMatchObject({ code: "25006" });
    await expect(client.query("SELECT 1")).rejects.toMatchObject({ code: "25P02" });
    await client.query("ROLLBACK");
    const reader = await connect({ connectionString: shop.url("reader") });
    await expect(reader.query(write)).rejects.toMatchObject({ code: "25006" });
  });
});

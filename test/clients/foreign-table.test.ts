import { beforeAll, describe, expect, it } from "vitest";
import { importForeignTables } from "../support/foreign-server.js";
import { serveBusiness } from "../support/served-business.js";

const shop = serveBusiness();
const foreign = importForeignTables(shop);

describe("PostgreSQL's postgres_fdw", () => {
  it("imports every table of the schema, with types and keys' NOT NULL", async () => {
    const [{ count }] = (await foreign.query("SELECT count(*)::int FROM information_schema.foreign_tables")).rows;
    const [tables] = await shop.driver("SELECT count(*) AS n FROM sys_tables WHERE SchemaName = 'stripe'");
    expect(count).toBe(Number(tables?.["n"]));
    const { rows } = await foreign.query(
      `SELECT column_name, data_type, is_nullable FROM information_schema.columns
       WHERE table_name = 'prices' AND column_name IN ('id', 'active', 'created', 'unit_amount', 'unit_amount_decimal', 'metadata')
       ORDER BY 1`,
    );
    expect(rows.map((row) => Object.values(row).join(" "))).toEqual([
      "active boolean YES",
      "created timestamp with time zone YES",
      "id text NO",
      "metadata jsonb YES",
      "unit_amount bigint YES",
      "unit_amount_decimal numeric YES",
    ]);
  });

  it("gives the rows that the driver gives", async () => {
    const { rows } = await foreign.query("SELECT id, amount_due, created FROM stripe.invoices ORDER BY id");
    const own = await shop.driver("SELECT Id, AmountDue, Created FROM Invoice ORDER BY Id");
    expect(rows.map(({ id, amount_due, created }) => [id, Number(amount_due), created.getTime()])).toEqual(
      own.map((row) => [row["Id"], Number(row["AmountDue"]), new Date(String(row["Created"])).getTime()]),
    );
    expect(rows.length).toBeGreaterThan(500);
  });

  it("has conditions sent through to Stripe", async () => {
    const [{ id }] = (await foreign.query("SELECT id FROM stripe.customers LIMIT 1")).rows;
    expect(await foreign.sent(`SELECT email FROM stripe.customers WHERE id = '${id}'`)).toEqual([
      `GET /v1/customers/${id}`,
    ]);
    expect(await foreign.sent(`SELECT email FROM stripe.customers WHERE id IN ('${id}', 'cus_none')`)).toEqual([
      `GET /v1/customers/${id}`,
      "GET /v1/customers/cus_none",
    ]);
    expect(await foreign.sent(`SELECT id FROM stripe.charges WHERE customer = '${id}'`)).toEqual([
      `GET /v1/charges customer=${id}&limit=100`,
    ]);
    expect(await foreign.sent("SELECT id, name FROM stripe.customers WHERE created >= '2026-10-10'")).toEqual([
      "GET /v1/customers created[gte]=1791590400&limit=100",
    ]);
  });

  it("has a time that is computed sent through where it stands in a subquery", async () => {
    const computed =
      "SELECT id FROM stripe.customers WHERE created >= (SELECT '2026-10-11'::timestamptz - interval '1 day')";
    expect(await foreign.remote(computed)).toEqual([
      "SELECT id FROM stripe.customers WHERE ((created >= $1::timestamp with time zone))",
    ]);
    expect(await foreign.sent(computed)).toEqual(["GET /v1/customers created[gte]=1791590400&limit=100"]);
  });

  it("has an order and a limit sent through", async () => {
    expect(await foreign.sent("SELECT id FROM stripe.customers ORDER BY created DESC LIMIT 5")).toHaveLength(1);
    expect(await foreign.sent("SELECT id FROM stripe.customers LIMIT 5")).toEqual(["GET /v1/customers limit=5"]);
  });

  it("has aggregates computed by the gateway", async () => {
    const sql = "SELECT status, count(*)::int AS n FROM stripe.subscriptions GROUP BY status ORDER BY status";
    const { rows } = await foreign.query(sql);
    const own = await shop.driver("SELECT Status, count(*) AS N FROM Subscription GROUP BY Status ORDER BY Status");
    expect(rows).toEqual(own.map((row) => ({ status: row["Status"], n: Number(row["N"]) })));
    expect(await foreign.remote(sql)).toEqual([
      "SELECT status, count(*)::integer FROM stripe.subscriptions GROUP BY 1 ORDER BY status ASC NULLS LAST",
    ]);
  });

  it("has two foreign tables joined by the gateway, which reads the one by the other's rows", async () => {
    const join = `SELECT c.email, h.amount FROM stripe.customers c JOIN stripe.charges h ON h.customer = c.id
      WHERE c.email = 'customer7@example.com'`;
    const requests = await foreign.sent(join);
    expect(requests).toEqual([
      "GET /v1/customers email=customer7@example.com&limit=100",
      expect.stringMatching(/^GET \/v1\/charges customer=cus_\w+&limit=100$/),
    ]);
  });

  it("fetches by cursors in portions, and reads no further than it is asked", async () => {
    await foreign.query("BEGIN");
    await foreign.query("DECLARE c CURSOR FOR SELECT id, email FROM stripe.customers");
    expect(await foreign.sent("FETCH 3 FROM c")).toHaveLength(1);
    expect((await foreign.query("FETCH 200 FROM c")).rows).toHaveLength(200);
    await foreign.query("COMMIT");
  });

  it("reads the statistics of a foreign table by ANALYZE", async () => {
    await foreign.query("ANALYZE stripe.customers");
    const { rows } = await foreign.query(
      "SELECT reltuples::int FROM pg_class WHERE oid = 'stripe.customers'::regclass",
    );
    const [own] = await shop.driver("SELECT count(*) AS n FROM Customer");
    expect(rows).toEqual([{ reltuples: Number(own?.["n"]) }]);
  });

  it("tells of a mistake as the gateway does", async () => {
    await foreign.query(
      "CREATE FOREIGN TABLE odd (id text, colour text) SERVER gateway OPTIONS (schema_name 'stripe', table_name 'customers')",
    );
    expect(await foreign.failure("SELECT colour FROM odd")).toMatchObject({ code: "42703" });
  });
});

describe("a join of a foreign table with a local one", () => {
  beforeAll(async () => {
    await foreign.query("CREATE TABLE crm (customer text PRIMARY KEY, tier text)");
    await foreign.query("INSERT INTO crm SELECT id, 'gold' FROM stripe.customers ORDER BY created DESC LIMIT 2");
    await foreign.query("ANALYZE crm");
  });

  const join = "SELECT m.tier, c.email FROM crm m JOIN stripe.customers c ON c.id = m.customer ORDER BY 2";

  it("gives the rows of both", async () => {
    const own = await shop.driver("SELECT Email FROM Customer ORDER BY Created DESC LIMIT 2");
    const emails = own.map((row) => row["Email"]).sort();
    expect((await foreign.query(join)).rows).toEqual(emails.map((email) => ({ tier: "gold", email })));
  });

  it("asks Stripe for the objects of the local rows alone, where the gateway is asked for its estimates", async () => {
    await foreign.query("ALTER SERVER gateway OPTIONS (SET use_remote_estimate 'false')");
    expect((await foreign.sent(join)).length).toBeGreaterThan(2);
    await foreign.query("ALTER SERVER gateway OPTIONS (SET use_remote_estimate 'true')");
    const byKey = await foreign.sent(join);
    expect(byKey).toEqual([
      expect.stringMatching(/^GET \/v1\/customers\/cus_\w+$/),
      expect.stringMatching(/^GET \/v1\/customers\/cus_\w+$/),
    ]);
    const charges = "SELECT m.tier, count(*) FROM crm m JOIN stripe.charges h ON h.customer = m.customer GROUP BY 1";
    expect(await foreign.sent(charges)).toEqual([
      expect.stringMatching(/^GET \/v1\/charges customer=cus_\w+&limit=100$/),
      expect.stringMatching(/^GET \/v1\/charges customer=cus_\w+&limit=100$/),
    ]);
  });
});

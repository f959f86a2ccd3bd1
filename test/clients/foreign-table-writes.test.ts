import { describe, expect, it } from "vitest";
import { importForeignTables, readmeStatements } from "../support/foreign-server.js";
import { serveBusiness } from "../support/served-business.js";

const shop = serveBusiness();
const foreign = importForeignTables(shop);

describe("a write through a foreign table", () => {
  it("makes an object of the columns that are given, and returns it as Stripe made it", async () => {
    const { rows } = await foreign.query(
      "INSERT INTO stripe.customers (name, email, metadata) VALUES ('Ada', 'ada@example.com', '{\"plan\":\"gold\"}') RETURNING id, name, created, metadata",
    );
    const [customer] = await shop.driver("SELECT Id, Name, Email FROM Customer WHERE Email = 'ada@example.com'");
    expect(rows).toEqual([
      { id: customer?.["Id"], name: "Ada", created: expect.any(Date), metadata: { plan: "gold" } },
    ]);
  });

  it("makes several in one statement of the gateway's", async () => {
    await foreign.query("ALTER SERVER gateway OPTIONS (ADD batch_size '50')");
    const rows =
      "SELECT 'Batch ' || n, CASE WHEN n > 1 THEN n || '@batch.example.com' END FROM generate_series(1, 3) n";
    expect(await foreign.sent(`INSERT INTO stripe.customers (name, email) ${rows}`)).toEqual([
      "POST /v1/customers name=Batch%201",
      "POST /v1/customers email=2%40batch.example.com&name=Batch%202",
      "POST /v1/customers email=3%40batch.example.com&name=Batch%203",
    ]);
    const made = await shop.driver("SELECT Name, Email FROM Customer WHERE Name LIKE 'Batch %' ORDER BY Name");
    expect(made.map((row) => row["Email"])).toEqual([null, "2@batch.example.com", "3@batch.example.com"]);
    await foreign.query("ALTER SERVER gateway OPTIONS (DROP batch_size)");
  });

  it("takes no value for a column that Stripe fills itself", async () => {
    expect(await foreign.failure("INSERT INTO stripe.customers (id, name) VALUES ('cus_mine', 'Me')")).toMatchObject({
      code: "0A000",
      message: 'column "id" cannot be inserted into "Customer"',
    });
  });

  it("changes and deletes the rows that a condition names in one statement of the gateway's", async () => {
    await foreign.query("INSERT INTO stripe.customers (name, email) VALUES ('Bob', 'bob@example.com')");
    const update =
      "UPDATE stripe.customers SET name = upper(name) || '!' WHERE email = 'bob@example.com' RETURNING name";
    expect(await foreign.remote(update)).toEqual([
      "UPDATE stripe.customers SET name = (upper(name) || '!'::text) WHERE ((email = 'bob@example.com')) RETURNING name",
    ]);
    expect((await foreign.query(update)).rows).toEqual([{ name: "BOB!" }]);
    const removed = await foreign.query("DELETE FROM stripe.customers WHERE email = 'bob@example.com'");
    expect(removed.rowCount).toBe(1);
    expect(await shop.driver("SELECT Id FROM Customer WHERE Email = 'bob@example.com'")).toEqual([]);
  });

  it("is refused where it would touch every row", async () => {
    expect(await foreign.failure("UPDATE stripe.customers SET name = 'x'")).toMatchObject({ code: "0A000" });
  });

  it("is refused where it would go by the places of rows, and works row by row", async () => {
    await foreign.query("CREATE TABLE crm AS SELECT id AS customer, 'gold' AS tier FROM stripe.customers LIMIT 2");
    const joined = "UPDATE stripe.customers c SET description = m.tier FROM crm m WHERE m.customer = c.id";
    expect(await foreign.failure(joined)).toMatchObject({ code: "0A000" });
    await foreign.query(readmeStatements("DO $$"));
    const described = await shop.driver("SELECT Id FROM Customer WHERE Description = 'gold'");
    expect(described).toHaveLength(2);
  });

  it("stands although its transaction is rolled back, which a notice of the gateway's names", async () => {
    await foreign.query("BEGIN");
    await foreign.query("INSERT INTO stripe.customers (name) VALUES ('Rolled back')");
    await foreign.query("ROLLBACK");
    expect(await shop.driver("SELECT Name FROM Customer WHERE Name = 'Rolled back'")).toHaveLength(1);
  });
});

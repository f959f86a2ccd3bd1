import { describe, expect, it } from "vitest";
import { serveGateway } from "../../support/served-gateway.js";

const gateway = serveGateway();

describe("a session that looks for tables in no schema of Stripe's", () => {
  it("reads and writes those that are named with it: a write once looked for them without", async () => {
    const client = await gateway.connect();
    await client.query("SET search_path = pg_catalog");
    const run = async (sql: string) => (await client.query(sql)).rows;
    expect(
      await run("INSERT INTO stripe.customers (name, email) VALUES ('Ada', 'ada@path.example.com') RETURNING name"),
    ).toEqual([{ name: "Ada" }]);
    const where = "WHERE email = 'ada@path.example.com'";
    expect(await run(`UPDATE stripe.customers SET name = upper(name) ${where} RETURNING name`)).toEqual([
      { name: "ADA" },
    ]);
    expect(await run(`UPDATE stripe.customers AS c SET name = c.name || '!' ${where} RETURNING c.name`)).toEqual([
      { name: "ADA!" },
    ]);
    expect(await run(`DELETE FROM stripe.customers ${where} RETURNING id`)).toHaveLength(1);
    expect(await run(`SELECT id FROM stripe.customers ${where}`)).toEqual([]);
    await expect(client.query("SELECT id FROM customers")).rejects.toMatchObject({ code: "42P01" });
  });
});

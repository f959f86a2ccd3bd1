import { describe, expect, it } from "vitest";
import { requestLines } from "../../support/sandbox-connection.js";
import { serveGateway } from "../../support/served-gateway.js";

const gateway = serveGateway();

/** A new customer's id. */
async function customer(name: string): Promise<string> {
  const { rows } = await gateway.query(`INSERT INTO customers (name) VALUES ('${name}') RETURNING id`);
  gateway.sandbox.requests.clear();
  return String(rows[0]?.["id"]);
}

const changes = () => requestLines(gateway.sandbox).filter((line) => !line.startsWith("GET"));

describe("UPDATE … FROM and DELETE … USING that cannot be", () => {
  it("rows that give one object different values", async () => {
    const id = await customer("twice");
    const updating = gateway.query(
      `UPDATE customers c SET description = f.d FROM (VALUES ('${id}', 'a'), ('${id}', 'b')) f(id, d) WHERE c.id = f.id`,
    );
    await expect(updating).rejects.toMatchObject({
      code: "21000",
      message: `several rows give "${id}" different values`,
    });
    expect(changes()).toEqual([]);
  });

  it.each([
    ["UPDATE customers c SET description = f.nope FROM (VALUES (1)) f(id) WHERE c.id = 'x'", "42703"],
    ["UPDATE customers c SET description = id FROM charges h WHERE h.customer = c.id", "42702"],
    ["DELETE FROM customers c USING nothing n WHERE c.id = n.id", "42P01"],
    [
      "WITH gone AS (DELETE FROM customers RETURNING id) DELETE FROM customers c USING gone WHERE c.id = gone.id",
      "0A000",
    ],
  ])("%s", async (sql, code) => {
    await expect(gateway.query(sql)).rejects.toMatchObject({ code });
    expect(changes()).toEqual([]);
  });
});

describe("writes over several tables", () => {
  it("UPDATE takes values of other tables, with parameters, and gives what was written", async () => {
    const [one, two] = [await customer("one"), await customer("two")];
    const client = await gateway.connect();
    const { rows, rowCount } = await client.query(
      `UPDATE customers AS c SET description = f.d || $3, metadata = jsonb_build_object('k', f.d)
       FROM (VALUES ($1, 'first'), ($2, 'second')) f(id, d) WHERE c.id = f.id AND c.name IS DISTINCT FROM 'x' RETURNING c.id, c.description`,
      [one, two, "!"],
    );
    expect(rowCount).toBe(2);
    expect(rows).toEqual(
      expect.arrayContaining([
        { id: one, description: "first!" },
        { id: two, description: "second!" },
      ]),
    );
  });

  it("objects whose ids the source names are not read", async () => {
    const id = await customer("unread");
    await gateway.query(
      `UPDATE customers c SET description = f.d FROM (VALUES ('${id}', 'x')) f(id, d) WHERE c.id = f.id`,
    );
    expect(requestLines(gateway.sandbox)).toEqual([`POST /v1/customers/${id} description=x`]);
  });

  it("common tables before UPDATE and DELETE", async () => {
    const id = await customer("common");
    const updated = await gateway.query(
      `WITH named AS (SELECT 'common' AS n) UPDATE customers SET description = 'found' FROM named WHERE name = n RETURNING id, description`,
    );
    expect(updated.rows).toEqual([{ id, description: "found" }]);
    const { rowCount } = await gateway.query(
      "WITH named AS (SELECT 'common' AS n) DELETE FROM customers USING named, (VALUES (1), (2)) twice(i) WHERE name = n",
    );
    expect(rowCount).toBe(1);
    expect((await gateway.query(`SELECT id FROM customers WHERE name = 'common'`)).rows).toEqual([]);
  });
});

import { describe, expect, it } from "vitest";
import { serveGateway } from "../../support/served-gateway.js";

const gateway = serveGateway({}, { customers: 60 });

async function paidOut(): Promise<string> {
  const { rows } = await gateway.query("SELECT id FROM payouts WHERE automatic ORDER BY created DESC LIMIT 1 OFFSET 1");
  return rows[0]?.id;
}

async function fieldsOf(sql: string): Promise<readonly string[]> {
  return (await gateway.query(sql)).fields.map(({ name }) => name);
}

describe("a column that a table has for those alone who name it", () => {
  it("is one of the views by names in SQL: it was 42703", async () => {
    const id = await paidOut();
    const given = await gateway.query(`SELECT Id, Status FROM sql.BalanceTransaction WHERE Payout = '${id}'`);
    expect(given.rows.length).toBeGreaterThan(0);
    const { rows } = await gateway.query(`SELECT id, status FROM balance_transactions WHERE payout = '${id}'`);
    expect(given.rows).toEqual(rows);
    const client = await gateway.connect();
    await client.query("SET search_path = sql, stripe");
    const { rows: objects } = await client.query("SELECT _json->>'object' AS object, Id FROM Customer LIMIT 1");
    expect(objects).toEqual([{ object: "customer", id: expect.stringMatching(/^cus_/) }]);
    const { rows: plans } = await client.query("EXPLAIN SELECT _json FROM Customer WHERE SearchQuery = 'x'");
    expect(plans.length).toBeGreaterThan(0);
  });

  it("reaches Stripe as a filter there too", async () => {
    const id = await paidOut();
    expect(await gateway.sent(`SELECT Id FROM sql.BalanceTransaction WHERE Payout = '${id}'`)).toEqual([
      `GET /v1/balance_transactions payout=${id}&limit=100`,
    ]);
  });

  it.each([
    ["SELECT * FROM balance_transactions", "WHERE payout = '$id'"],
    ["SELECT * FROM sql.BalanceTransaction", "WHERE Payout = '$id'"],
    [
      "SELECT b.*, c.email FROM balance_transactions b LEFT JOIN charges h ON h.id = b.source LEFT JOIN customers c ON c.id = h.customer",
      "WHERE b.payout = '$id'",
    ],
    ["SELECT b.id AS first, b.* FROM balance_transactions b", "WHERE b.payout = '$id'"],
    ["SELECT * FROM (SELECT * FROM balance_transactions", "WHERE payout = '$id') q"],
    ["WITH q AS (SELECT * FROM balance_transactions", "WHERE payout = '$id') SELECT * FROM q"],
  ])("is not what `*` means: %s", async (select, where) => {
    const id = await paidOut();
    const close = /\)/.exec(where) === null ? "" : where.slice(where.indexOf(")"));
    const plain = await fieldsOf(`${select} ${close}`);
    const sql = `${select} ${where.replace("$id", id)}`;
    expect(await fieldsOf(sql)).toEqual(plain);
    const client = await gateway.connect();
    const { rows } = await client.query({ text: `${sql}`, rowMode: "array" });
    expect(rows.length).toBeGreaterThan(0);
    for (const row of rows) expect(row).toHaveLength(plain.length);
    const { rows: objects } = await client.query(sql);
    expect(objects[0]?.id).toMatch(/^txn_/);
    // With parameters, rows in binary as well.
    const bound = await client.query({
      text: `${select} ${where.replace("'$id'", "$1")}`,
      values: [id],
      ...{ binary: true },
    });
    expect(bound.fields.map(({ name }) => name)).toEqual(plain);
    expect(bound.rows[0]?.id).toMatch(/^txn_/);
  });

  it("is there where a select list names it, beside `*` too", async () => {
    const id = await paidOut();
    expect(await fieldsOf(`SELECT payout FROM balance_transactions WHERE payout = '${id}'`)).toEqual(["payout"]);
    expect((await fieldsOf("SELECT *, _json FROM coupons")).at(-1)).toBe("_json");
    expect(await fieldsOf("SELECT * FROM (SELECT id, _json FROM coupons) q")).toEqual(["id", "_json"]);
    const { rows } = await gateway.query("SELECT *, _json FROM coupons LIMIT 1");
    expect(rows[0]?._json.id).toBe(rows[0]?.id);
  });

  it("stays out of what a cursor and a portal give", async () => {
    const id = await paidOut();
    const client = await gateway.connect();
    await client.query(`BEGIN; DECLARE c CURSOR FOR SELECT * FROM balance_transactions WHERE payout = '${id}'`);
    const fetched = await client.query("FETCH 1 FROM c");
    expect(fetched.fields.map(({ name }) => name)).not.toContain("payout");
    expect(fetched.rows[0]?.id).toMatch(/^txn_/);
    await client.query("COMMIT");
  });

  it("may be what a write finds its rows by, and RETURNING * gives the rows without it", async () => {
    const { rows, fields } = await gateway.query(
      "UPDATE customers SET description = 'seen' WHERE _json->>'object' = 'customer' AND email = 'customer7@example.com' RETURNING *",
    );
    expect(fields.map(({ name }) => name)).not.toContain("_json");
    expect(rows).toMatchObject([{ description: "seen" }]);
    const inserted = await gateway.query(
      "INSERT INTO customers (email, description) SELECT email, _json->>'object' FROM customers LIMIT 1 RETURNING *",
    );
    expect(inserted.rows[0]?.description).toBe("customer");
  });
});

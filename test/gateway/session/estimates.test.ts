import { beforeAll, describe, expect, it } from "vitest";
import { serveGateway } from "../../support/served-gateway.js";

const gateway = serveGateway();

async function explain(sql: string): Promise<readonly string[]> {
  const { rows } = await gateway.query(sql);
  return rows.map((row) => row["QUERY PLAN"]);
}

/** "rows" and the thousands of "cost" of the first line, which PostgreSQL's own programs read. */
async function estimateOf(sql: string): Promise<{ readonly rows: number; readonly requests: number }> {
  const [headline = ""] = await explain(`EXPLAIN ${sql}`);
  const found = /\(cost=[\d.]+\.\.([\d.]+) rows=(\d+) width=\d+\)$/.exec(headline);
  if (found === null) throw new Error(headline);
  return { rows: Number(found[2]), requests: Math.floor(Number(found[1]) / 1000) };
}

describe("the estimate of EXPLAIN", () => {
  beforeAll(async () => {
    await gateway.query("SELECT count(*) FROM customers");
  });

  it("ends the first line as PostgreSQL's does, unless it is not wanted", async () => {
    expect(await explain("EXPLAIN SELECT id, email FROM customers LIMIT 5")).toEqual([
      "Select, rows straight from Stripe's pages  (cost=0.00..1000.10 rows=5 width=64)",
      "  Scan Customer",
      "    List: GET /v1/customers",
      "    Limit: 5",
      "    Requests: 1",
      "Requests: 1",
    ]);
    expect((await explain("EXPLAIN (COSTS OFF) SELECT id FROM customers LIMIT 5"))[0]).toBe(
      "Select, rows straight from Stripe's pages",
    );
  });

  it("weighs requests, by what was seen of the tables", async () => {
    expect(await estimateOf("SELECT id FROM customers")).toEqual({ rows: 400, requests: 4 });
    expect(await estimateOf("SELECT count(*) FROM customers")).toEqual({ rows: 1, requests: 4 });
    expect(await estimateOf("SELECT currency, count(*) FROM customers GROUP BY 1")).toEqual({ rows: 200, requests: 4 });
    expect(await estimateOf("SELECT id FROM customers WHERE id = 'cus_1'")).toEqual({ rows: 1, requests: 1 });
    const unseen = await estimateOf("SELECT id FROM disputes");
    expect(unseen.requests).toBeGreaterThan(1000);
  });

  it("takes (SELECT NULL::text) for a value to come, as postgres_fdw writes it", async () => {
    const toCome = "((SELECT null::text)::text)";
    expect(await estimateOf(`SELECT id FROM customers WHERE (${toCome} = id)`)).toEqual({ rows: 1, requests: 1 });
    expect((await estimateOf(`SELECT id FROM charges WHERE (${toCome} = customer)`)).requests).toBe(1);
    expect((await gateway.query(`SELECT id FROM customers WHERE (${toCome} = id)`)).rows).toEqual([]);
  });

  it("is told of a row's place too, which postgres_fdw asks for before it knows how it writes", async () => {
    const places = "SELECT id, ctid FROM customers WHERE id = 'cus_1'";
    expect(await estimateOf(`${places} FOR UPDATE`)).toEqual({ rows: 1, requests: 1 });
    expect(await gateway.failure(places)).toMatchObject({ code: "0A000", message: 'rows of Stripe have no "ctid"' });
  });
});

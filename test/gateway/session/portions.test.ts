import type pg from "pg";
import Cursor from "pg-cursor";
import { describe, expect, it } from "vitest";
import { serveGateway } from "../../support/served-gateway.js";

/** Nothing of Stripe's filters by it, so that each page has to be looked at here. */
const filtered = "SELECT id, name FROM customers WHERE name || '' <> ''";

/** A page may be on its way that nobody has asked for. */
const oneAhead = (pages: number) => [pages, pages + 1];

describe.each([
  { pages: "one after the other", gateway: serveGateway({}, { customers: 2400 }) },
  { pages: "in ranges", gateway: serveGateway({}, { customers: 2400 }, { parallelRequests: 8 }) },
])("rows that are taken in portions, pages read $pages", ({ gateway }) => {
  const sent = () => gateway.sandbox.requests.entries.length;

  async function declared(sql: string): Promise<pg.Client> {
    const client = await gateway.connect();
    await client.query(`BEGIN; DECLARE c CURSOR FOR ${sql}`);
    return client;
  }

  it.each([filtered, "SELECT id FROM customers"])("cost a cursor the pages that they are on: %s", async (sql) => {
    const client = await declared(sql);
    expect(sent()).toBe(0);
    for (const [taken, pages] of [
      [50, 1],
      [100, 1],
      [150, 2],
      [200, 2],
    ] as const) {
      // The third sent eleven requests: from the second page on, ten were read at once.
      expect((await client.query("FETCH 50 FROM c")).rows).toHaveLength(50);
      expect({ taken, pages: sent() }).toEqual({ taken, pages: expect.toSatisfy((n) => oneAhead(pages).includes(n)) });
    }
    await client.query("COMMIT");
  });

  it("cost a portal the pages that they are on", async () => {
    const client = await gateway.connect();
    const cursor = client.query(new Cursor(filtered));
    for (const pages of [1, 1, 2, 2]) {
      expect(await cursor.read(50)).toHaveLength(50);
      expect(oneAhead(pages)).toContain(sent());
    }
    await cursor.close();
  });

  it("are read ahead by a share of those that were taken, and never twice", async () => {
    const client = await declared(filtered);
    for (let portion = 0; portion < 12; portion += 1) await client.query("FETCH 100 FROM c");
    expect(sent()).toBeLessThanOrEqual(12 + 6);
    const { rowCount } = await client.query("FETCH ALL FROM c");
    expect(rowCount).toBe(2400 - 1200);
    await client.query("COMMIT");
    // A range's last page is not full.
    expect(sent()).toBeLessThanOrEqual(40);
  });

  it("are all read at once where all are asked for", async () => {
    const client = await declared(filtered);
    expect((await client.query("FETCH ALL FROM c")).rows).toHaveLength(2400);
    await client.query("COMMIT");
  });

  it("cost the children's lists of the rows that they are on", async () => {
    const client = await declared("SELECT id FROM tax_ids");
    await client.query("FETCH 1 FROM c");
    expect(sent()).toBeLessThanOrEqual(3);
    await client.query("COMMIT");
  });
});

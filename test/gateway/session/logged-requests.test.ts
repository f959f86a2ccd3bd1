import Cursor from "pg-cursor";
import { describe, expect, it } from "vitest";
import { serveGateway } from "../../support/served-gateway.js";

const gateway = serveGateway();

const logged = (): number => gateway.statements.reduce((sum, { requests }) => sum + requests, 0);

describe("the requests that the log tells of a statement whose rows are taken in portions", () => {
  it("are counted once, with the portion that they were sent for: a portal's were told anew with each", async () => {
    const client = await gateway.connect();
    const cursor = client.query(new Cursor("SELECT id FROM customers"));
    for (let rows = await cursor.read(150); rows.length > 0; rows = await cursor.read(150));
    await cursor.close();
    expect(logged()).toBe(4);
    expect(gateway.sandbox.requests.entries).toHaveLength(4);
  });

  it("are those of a cursor's FETCH: they were told of none", async () => {
    const client = await gateway.connect();
    for (const sql of [
      "BEGIN",
      "DECLARE c CURSOR FOR SELECT id FROM customers",
      "FETCH 150 FROM c",
      "FETCH ALL FROM c",
    ])
      await client.query(sql);
    await client.query("COMMIT");
    expect(logged()).toBe(4);
  });
});

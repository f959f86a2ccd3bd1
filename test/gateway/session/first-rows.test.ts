import Cursor from "pg-cursor";
import { describe, expect, it } from "vitest";
import { query, RawClient } from "../../support/raw-client.js";
import { serveGateway } from "../../support/served-gateway.js";

const gateway = serveGateway({}, { customers: 250 });

describe("a long scan", () => {
  it.each(["id", "id, email || '' AS email"])(
    "gives the first page's rows of SELECT %s while the next is on its way",
    async (columns) => {
      const sql = `SELECT ${columns} FROM customers`;
      gateway.sandbox.faults.add({
        ...{ path: "/v1/customers", after: 1, times: 10 },
        effect: { kind: "delay", milliseconds: 600_000 },
      });
      const raw = await RawClient.begin(gateway.port);
      raw.send(query(sql));
      expect((await raw.until((answer) => answer === "D")).at(-1)).toBe("D");
      raw.socket.destroy();
    },
  );

  it("gives a cursor the rows of the first page while the next is on its way", async () => {
    gateway.sandbox.faults.add({
      ...{ path: "/v1/customers", after: 1, times: 10 },
      effect: { kind: "delay", milliseconds: 600_000 },
    });
    const client = await gateway.connect();
    const cursor = client.query(new Cursor("SELECT id, email || '' AS email FROM customers"));
    expect(await cursor.read(5)).toHaveLength(5);
    await cursor.close();
  });
});

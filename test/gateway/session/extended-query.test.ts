import { describe, expect, it } from "vitest";
import { serveGateway } from "../../support/served-gateway.js";

const gateway = serveGateway();

/** By Parse, Bind and Execute, as drivers send whatever they send. */
const extended = (text: string, values: unknown[] = []) => ({ text, values, queryMode: "extended" });

describe("statements of the session by the extended query", () => {
  it("ends transactions, cursors and all that there is", async () => {
    const client = await gateway.connect();
    const tags: string[] = [];
    for (const text of ["BEGIN", "SELECT 1", "COMMIT", "BEGIN", "ROLLBACK", "CLOSE ALL", "DISCARD ALL"])
      tags.push((await client.query(extended(text))).command);
    expect(tags).toEqual(["BEGIN", "SELECT", "COMMIT", "BEGIN", "ROLLBACK", "CLOSE", "DISCARD"]);
  });

  it("declares a cursor with parameters", async () => {
    const client = await gateway.connect();
    await client.query("BEGIN");
    await client.query(
      extended("DECLARE c CURSOR FOR SELECT email FROM customers WHERE email = $1", ["customer7@example.com"]),
    );
    expect((await client.query(extended("FETCH ALL FROM c"))).rows).toEqual([{ email: "customer7@example.com" }]);
    await client.query("COMMIT");
  });
});

describe("the encoding of a client", () => {
  it("is UTF-8, however it is spelt", async () => {
    const client = await gateway.connect();
    for (const spelt of ["utf8", "UTF-8", "'utf-8'", "Unicode"]) {
      await client.query(`SET client_encoding = '${spelt.replaceAll("'", "''")}'`);
      expect((await client.query("SHOW client_encoding")).rows).toEqual([{ client_encoding: "UTF8" }]);
    }
  });
});

describe("the catalog for clients of earlier versions", () => {
  it("tells what psql 15 asks of databases and collations", async () => {
    expect(
      (await gateway.query("SELECT d.datname, d.daticulocale FROM pg_catalog.pg_database d WHERE datname = 'shop'"))
        .rows,
    ).toEqual([{ datname: "shop", daticulocale: null }]);
    expect(
      (
        await gateway.query(
          "SELECT c.colliculocale AS locale FROM pg_catalog.pg_collation c WHERE collname = 'und-x-icu'",
        )
      ).rows,
    ).toEqual([{ locale: "und" }]);
  });
});

describe("a transaction that reads only", () => {
  it("writes nothing, however it was asked for", async () => {
    const client = await gateway.connect();
    const write = "UPDATE customers SET name = 'x' WHERE email = 'nobody@example.com'";
    const asked = [
      ["BEGIN READ ONLY"],
      ["BEGIN", "SET TRANSACTION READ ONLY"],
      ["SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY", "BEGIN"],
      ["SET default_transaction_read_only = on", "BEGIN"],
    ];
    for (const statements of asked) {
      for (const statement of statements) await client.query(statement);
      await expect(client.query(write)).rejects.toMatchObject({
        code: "25006",
        message: "cannot execute UPDATE in a read-only transaction",
      });
      await client.query("ROLLBACK");
    }
    await client.query("BEGIN READ ONLY");
    await client.query("COMMIT AND CHAIN");
    await expect(client.query(write)).rejects.toMatchObject({ code: "25006" });
    await client.query("ROLLBACK");
    await client.query("BEGIN READ WRITE");
    expect((await client.query(write)).rowCount).toBe(0);
    await client.query("COMMIT");
    await client.query("RESET ALL");
    expect((await client.query(write)).rowCount).toBe(0);
  });
});

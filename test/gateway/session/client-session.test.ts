import { describe, expect, it } from "vitest";
import { bind, execute, flush, parse, query, RawClient, sync } from "../../support/raw-client.js";
import { serveGateway } from "../../support/served-gateway.js";

const gateway = serveGateway();

/** Of which PostgreSQL would make rows for minutes. */
const endless = "SELECT generate_series(1, 2000000000)";

describe("a client's session", () => {
  it("tells an error of the extended query at once, where the client waits for it before it sends Sync", async () => {
    const client = await RawClient.begin(gateway.port);
    client.send(parse("", "SELEC"), flush);
    expect(await client.until((answer) => answer.startsWith("E"))).toEqual(["E 42601"]);
    expect(await client.ask(parse("", "SELECT 1"), sync)).toEqual(["Z I"]);
    expect(await client.ask(parse("", "SELECT 1"), bind("", ""), execute(""), sync)).toEqual([
      ...["1", "2", "D", "C SELECT 1", "Z I"],
    ]);
  });

  it("reads a message that is longer than what it keeps unread", async () => {
    const client = await RawClient.begin(gateway.port);
    const long = bind("", "", ["x".repeat(3_000_000)]);
    expect(await client.ask(parse("", "SELECT length($1::text)"), long, execute(""), sync)).toEqual([
      ...["1", "2", "D", "C SELECT 1", "Z I"],
    ]);
  });

  it("runs no portal in a failed transaction", async () => {
    const client = await RawClient.begin(gateway.port);
    await client.ask(query("BEGIN"));
    await client.ask(parse("", "SELECT generate_series(1, 5)"), bind("p", ""), execute("p", 1), sync);
    expect(await client.ask(parse("x", "SELEC"), sync)).toEqual(["E 42601", "Z E"]);
    expect(await client.ask(execute("p", 1), sync)).toEqual(["E 25P02", "Z E"]);
    expect(await client.ask(bind("", ""), sync)).toEqual(["E 25P02", "Z E"]);
  });

  it("takes a cursor that failed for no cursor at its end", async () => {
    const client = await gateway.connect();
    await client.query("BEGIN; DECLARE c CURSOR FOR SELECT 10 / (3 - x) FROM generate_series(1, 5) x; SAVEPOINT s");
    await expect(client.query("FETCH ALL FROM c")).rejects.toMatchObject({ code: "22012" });
    await client.query("ROLLBACK TO s");
    await expect(client.query("FETCH ALL FROM c")).rejects.toMatchObject({ code: "55000" });
  });

  it("ends what runs behind a portal that is closed, so that others go on", async () => {
    const client = await RawClient.begin(gateway.port);
    expect(await client.ask(parse("", endless), bind("", ""), execute("", 2), sync)).toEqual([
      ...["1", "2", "D", "D", "s", "Z I"],
    ]);
    expect((await gateway.query("SELECT 1 AS one")).rows).toEqual([{ one: 1 }]);
  });

  it("runs nothing for a cursor of which no row was asked", async () => {
    const client = await gateway.connect();
    await client.query(`BEGIN; DECLARE c CURSOR FOR ${endless}; FETCH 0 FROM c; COMMIT`);
    expect((await gateway.query("SELECT 1 AS one")).rows).toEqual([{ one: 1 }]);
  });

  it("ends what runs for a client that never reads, once it goes away", async () => {
    const client = await RawClient.begin(gateway.port);
    client.socket.pause();
    client.send(query(`SELECT repeat('x', 1000), ${endless.slice(7)}`));
    client.socket.destroy();
    expect((await gateway.query("SELECT 1 AS one")).rows).toEqual([{ one: 1 }]);
  });

  it("leaves nothing of a client to the next: settings, statements, locks, listening", async () => {
    const client = await gateway.connect();
    await client.query("SET TimeZone = 'Asia/Tokyo'; SET my.app = 'x'; LISTEN c; PREPARE p AS SELECT 1; BEGIN");
    const other = await gateway.connect();
    expect((await other.query("SHOW TimeZone")).rows).not.toEqual([{ TimeZone: "Asia/Tokyo" }]);
    expect((await other.query("SELECT current_setting('my.app', true) AS app")).rows[0].app ?? "").toBe("");
    await expect(other.query("EXECUTE p")).rejects.toMatchObject({ code: "26000" });
    expect((await other.query("SELECT pg_listening_channels()")).rows).toEqual([]);
  });

  it("refuses advisory locks, which would keep nobody out", async () => {
    for (const call of ["pg_advisory_lock(1)", "pg_try_advisory_lock(1, 2)", "pg_advisory_xact_lock_shared(1)"])
      expect(await gateway.failure(`SELECT ${call}`)).toMatchObject({ code: "0A000", position: "8" });
    expect((await gateway.query("SELECT pg_advisory_unlock_all()")).rowCount).toBe(1);
  });

  it("has others served between the messages of one who sends thousands", async () => {
    const flood = await RawClient.begin(gateway.port);
    const client = await RawClient.begin(gateway.port);
    const count = 20_000;
    flood.send(...Array.from({ length: count }, () => sync));
    await flood.until(() => true);
    await client.ask(query("BEGIN"));
    // All in one piece would have come before.
    expect(flood.answers.length).toBeLessThan(count - 2);
  });
});

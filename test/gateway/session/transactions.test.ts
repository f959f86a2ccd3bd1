import type { Client } from "pg";
import { describe, expect, it } from "vitest";
import { requestLines } from "../../support/sandbox-connection.js";
import { serveGateway } from "../../support/served-gateway.js";

const gateway = serveGateway();

/** The one value of the one row. */
async function value(client: Client, sql: string): Promise<unknown> {
  const { rows } = await client.query({ text: sql, rowMode: "array" });
  return rows[0]?.[0];
}

/** Notices that a client is told, in their order. */
function noticesOf(client: Client): string[] {
  const notices: string[] = [];
  client.on("notice", ({ severity, code, message }) => notices.push(`${severity} ${code} ${message}`));
  return notices;
}

describe("the clock of a transaction", () => {
  it("stands still for all of its statements, those over Stripe's rows too, while clock_timestamp() goes on", async () => {
    const client = await gateway.connect();
    await client.query("BEGIN");
    const started = await value(client, "SELECT now()::text");
    await client.query("SELECT pg_sleep(1.1)");
    const { rows } = await client.query(
      `SELECT now()::text AS now, transaction_timestamp()::text AS begun, CURRENT_TIMESTAMP::text AS current,
         'now'::timestamptz::text AS word, clock_timestamp() > now() + interval '1 second' AS moves,
         statement_timestamp() > now() + interval '1 second' AS own
       FROM customers LIMIT 1`,
    );
    expect(rows).toEqual([{ now: started, begun: started, current: started, word: started, moves: true, own: true }]);
    await client.query("COMMIT");
    expect(await value(client, "SELECT now()::text")).not.toBe(started);
  });

  it("is the one that filters sent to Stripe are reckoned by", async () => {
    const client = await gateway.connect();
    await client.query("BEGIN");
    const seconds = Number(await value(client, "SELECT ceil(extract(epoch FROM now()))::int8"));
    await client.query("SELECT pg_sleep(1.1)");
    gateway.sandbox.requests.clear();
    await client.query("SELECT id FROM charges WHERE created >= now() - interval '1 hour'");
    expect(requestLines(gateway.sandbox)).toEqual([expect.stringMatching(`created\\[gte\\]=${seconds - 3600}&`)]);
  });

  it("is one for all statements of a text", async () => {
    const client = await gateway.connect();
    const answers: unknown = await client.query({
      text: "SELECT now()::text; SELECT pg_sleep(0.01)::text; SELECT now()::text",
      rowMode: "array",
    });
    const [first, , last] = answers as readonly { readonly rows: readonly unknown[] }[];
    expect(last?.rows).toEqual(first?.rows);
  });
});

describe("the modes of a transaction", () => {
  it("are told by SHOW, current_setting and pg_settings as they were set", async () => {
    const client = await gateway.connect();
    expect(await value(client, "SHOW transaction_read_only")).toBe("off");
    await client.query("BEGIN ISOLATION LEVEL SERIALIZABLE, READ ONLY, DEFERRABLE");
    expect(await value(client, "SHOW transaction_isolation")).toBe("serializable");
    expect(await value(client, "SHOW transaction_deferrable")).toBe("on");
    expect(await value(client, "SELECT current_setting('transaction_read_only')")).toBe("on");
    await client.query("COMMIT AND CHAIN");
    expect(await value(client, "SHOW transaction_isolation")).toBe("serializable");
    await client.query("COMMIT; BEGIN READ WRITE");
    expect(await value(client, "SELECT current_setting('transaction_read_only')")).toBe("off");
    expect(await value(client, "SELECT setting FROM pg_settings WHERE name = 'transaction_read_only'")).toBe("off");
    expect(await value(client, "SHOW transaction_isolation")).toBe("read committed");
  });

  it("go back with a savepoint, where it is released too", async () => {
    const client = await gateway.connect();
    await client.query("BEGIN; SAVEPOINT a; SET TRANSACTION READ ONLY");
    expect(await value(client, "SHOW transaction_read_only")).toBe("on");
    await client.query("ROLLBACK TO a");
    expect(await value(client, "SHOW transaction_read_only")).toBe("off");
    await client.query("SET TRANSACTION READ ONLY; RELEASE a");
    expect(await value(client, "SHOW transaction_read_only")).toBe("off");
    const inserted = await client.query("INSERT INTO customers (email) VALUES ('a@example.com')");
    expect(inserted.rowCount).toBe(1);
  });

  it("cannot be changed where it is too late for that", async () => {
    const failing = async (...statements: readonly string[]) => {
      const client = await gateway.connect();
      for (const statement of statements.slice(0, -1)) await client.query(statement);
      return client.query(statements.at(-1) ?? "").catch((error: unknown) => error);
    };
    expect(await failing("BEGIN", "SELECT 1", "SET TRANSACTION ISOLATION LEVEL SERIALIZABLE")).toMatchObject({
      ...{ code: "25001", message: "SET TRANSACTION ISOLATION LEVEL must be called before any query" },
    });
    expect(await failing("BEGIN READ ONLY", "SELECT 1", "SET TRANSACTION READ WRITE")).toMatchObject({
      ...{ code: "25001", message: "transaction read-write mode must be set before any query" },
    });
    expect(await failing("BEGIN READ ONLY", "SAVEPOINT s", "SET TRANSACTION READ WRITE")).toMatchObject({
      ...{ code: "25001", message: "cannot set transaction read-write mode inside a read-only transaction" },
    });
    expect(await failing("BEGIN", "SET TRANSACTION SNAPSHOT '1-1'")).toMatchObject({ code: "22023" });
  });

  it("begin as SET SESSION CHARACTERISTICS says", async () => {
    const client = await gateway.connect();
    await client.query("SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY");
    expect(await value(client, "SHOW default_transaction_isolation")).toBe("repeatable read");
    expect(await value(client, "SHOW transaction_isolation")).toBe("repeatable read");
    expect(await value(client, "SHOW transaction_read_only")).toBe("on");
    await client.query("BEGIN READ WRITE");
    expect(await value(client, "SHOW transaction_read_only")).toBe("off");
  });

  it("are warned of where there is no transaction that they could be of", async () => {
    const client = await gateway.connect();
    const notices = noticesOf(client);
    await client.query("SET LOCAL TimeZone = 'Asia/Tokyo'");
    await client.query("SET TRANSACTION READ ONLY");
    await client.query("COMMIT");
    await client.query("BEGIN");
    await client.query("BEGIN");
    expect(notices).toEqual([
      "WARNING 25P01 SET LOCAL can only be used in transaction blocks",
      "WARNING 25P01 SET TRANSACTION can only be used in transaction blocks",
      "WARNING 25P01 there is no transaction in progress",
      "WARNING 25001 there is already a transaction in progress",
    ]);
    await client.query("ROLLBACK");
    await expect(client.query("COMMIT AND CHAIN")).rejects.toMatchObject({ code: "25P01" });
    expect(await value(client, "SHOW TimeZone")).not.toBe("Asia/Tokyo");
  });
});

describe("the statements of one text", () => {
  it("are a transaction of their own: what one set is undone where another fails", async () => {
    const client = await gateway.connect();
    await expect(client.query("SET TimeZone = 'Asia/Tokyo'; SELECT 1 / 0")).rejects.toMatchObject({ code: "22012" });
    expect(await value(client, "SHOW TimeZone")).not.toBe("Asia/Tokyo");
    await client.query("SET LOCAL TimeZone = 'Asia/Tokyo'; SHOW TimeZone");
    expect(await value(client, "SHOW TimeZone")).not.toBe("Asia/Tokyo");
    await expect(client.query("SET TimeZone = 'Asia/Tokyo'; COMMIT; SELECT 1 / 0")).rejects.toThrow();
    expect(await value(client, "SHOW TimeZone")).toBe("Asia/Tokyo");
  });

  it("become part of one that is begun among them", async () => {
    const client = await gateway.connect();
    await client.query("SET TimeZone = 'Asia/Tokyo'; BEGIN; SELECT 1");
    await client.query("ROLLBACK");
    expect(await value(client, "SHOW TimeZone")).not.toBe("Asia/Tokyo");
  });
});

describe("a transaction that writes", () => {
  it("is told that each write has taken effect, and by ROLLBACK which", async () => {
    const client = await gateway.connect();
    const notices = noticesOf(client);
    await client.query("BEGIN");
    const { rows } = await client.query("INSERT INTO customers (email) VALUES ('a@example.com') RETURNING id");
    await client.query("SAVEPOINT s");
    const later = await client.query("INSERT INTO customers (email) VALUES ('b@example.com') RETURNING id");
    const took =
      "NOTICE 00000 Stripe has no transactions: this write took effect at once and ROLLBACK will not undo it";
    expect(notices.splice(0)).toEqual([took, took]);
    await client.query("ROLLBACK TO s");
    expect(notices.splice(0)).toEqual([
      `WARNING 01000 Stripe cannot roll back; already written: INSERT customers: ${later.rows[0].id}`,
    ]);
    await client.query("ROLLBACK");
    expect(notices).toEqual([
      `WARNING 01000 Stripe cannot roll back; already written: INSERT customers: ${rows[0].id}; INSERT customers: ${later.rows[0].id}`,
    ]);
  });
});

describe("two-phase commit", () => {
  it("is refused in PostgreSQL's words, and ends the transaction", async () => {
    const client = await gateway.connect();
    await client.query("BEGIN");
    await expect(client.query("PREPARE TRANSACTION 'x'")).rejects.toMatchObject({ code: "55000" });
    expect(await value(client, "SELECT 1")).toBe(1);
    await expect(client.query("COMMIT PREPARED 'x'")).rejects.toMatchObject({ code: "42704" });
  });
});

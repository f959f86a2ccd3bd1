import { once } from "node:events";
import type { Client } from "pg";
import { afterEach, describe, expect, it } from "vitest";
import { serveGateway } from "../../support/served-gateway.js";

/** PostgreSQL makes rows of it for minutes, and holds its turn all the while. */
const endless = "SELECT count(*) FROM generate_series(1, 2000000000)";

const gateway = serveGateway();

const held: { end(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of held.splice(0)) await one.end();
});

/** Has a statement hold the one PostgreSQL until the test is over. */
async function holdEngine(): Promise<void> {
  const holder = await gateway.connect();
  const pid = (await holder.query("SELECT pg_backend_pid() AS pid")).rows[0].pid;
  const running = holder.query(endless).catch(() => undefined);
  const watcher = await gateway.connect();
  held.push({
    end: async () => {
      await watcher.query("SELECT pg_cancel_backend($1)", [pid]);
      await running;
    },
  });
  for (let runs = false; !runs; ) {
    const { rows } = await watcher.query(
      `SELECT 1 FROM pg_stat_activity WHERE pid = ${pid} AND state = 'active' AND wait_event IS NULL`,
    );
    runs = rows.length > 0;
  }
}

/** What a client is told last, before it is hung up on. */
async function lastError(client: Client): Promise<unknown> {
  const [error] = await once(client, "error");
  return error;
}

describe("while another client's statement holds the PostgreSQL inside", () => {
  it("a statement waits no longer than its lock_timeout and statement_timeout", async () => {
    const client = await gateway.connect();
    const other = await gateway.connect();
    await client.query("SET lock_timeout = '50ms'");
    await other.query("SET statement_timeout = '50ms'");
    await holdEngine();
    await expect(client.query("SELECT count(*) FROM generate_series(1, 3)")).rejects.toMatchObject({
      code: "55P03",
      message: "canceling statement due to lock timeout",
    });
    await expect(other.query("SELECT count(*) FROM generate_series(1, 3)")).rejects.toMatchObject({ code: "57014" });
  });
});

describe("a session", () => {
  it("is ended that is idle for longer than its idle_session_timeout", async () => {
    const client = await gateway.connect();
    const told = lastError(client);
    await client.query("SET idle_session_timeout = '50ms'");
    expect(await told).toMatchObject({ severity: "FATAL", code: "57P05" });
  });

  it("is ended that lets a transaction wait for longer than its idle_in_transaction_session_timeout", async () => {
    const client = await gateway.connect();
    const told = lastError(client);
    await client.query("SET idle_in_transaction_session_timeout = '50ms'; BEGIN");
    expect(await told).toMatchObject({ severity: "FATAL", code: "25P03" });
  });

  it("is ended whose transaction takes longer than its transaction_timeout, idle or not", async () => {
    const client = await gateway.connect();
    const told = lastError(client);
    await client.query("SET transaction_timeout = '200ms'");
    await client.query("BEGIN");
    expect(await told).toMatchObject({ severity: "FATAL", code: "25P04" });
    const busy = await gateway.connect();
    await busy.query("SET transaction_timeout = '200ms'");
    await expect(busy.query(endless)).rejects.toMatchObject({
      ...{ severity: "FATAL", code: "25P04", message: "terminating connection due to transaction timeout" },
    });
  });
});

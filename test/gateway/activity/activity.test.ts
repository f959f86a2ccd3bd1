import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Client, ClientConfig } from "pg";
import { afterAll, describe, expect, it } from "vitest";
import { serveGateway } from "../../support/served-gateway.js";

const folder = mkdtempSync(join(tmpdir(), "stripe-sql-gateway-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const password = "correct horse";
const passwordFile = join(folder, "password");
writeFileSync(passwordFile, `${password}\n`);

const user = (name: string) => ({ name, password: { file: passwordFile }, connection: undefined, readOnly: false });
const gateway = serveGateway({ trustsLoopback: false, users: [user("analyst"), user("other")] }, { customers: 300 });
const connect = (name: string, config: ClientConfig = {}) => gateway.connect({ user: name, password, ...config });

/** PostgreSQL makes rows of it for minutes, and holds its turn all the while. */
const endless = "SELECT count(*) FROM generate_series(1, 2000000000)";

async function pidOf(client: Client): Promise<number> {
  return (await client.query("SELECT pg_backend_pid() AS pid")).rows[0].pid;
}

/** The row of a session, once it is as it is waited for. */
async function session(
  watcher: Client,
  pid: number,
  isAwaited: (row: Record<string, unknown>) => boolean = () => true,
): Promise<Record<string, unknown>> {
  for (;;) {
    const { rows } = await watcher.query(
      "SELECT *, host(client_addr) AS host FROM pg_stat_activity WHERE pid = $1::int",
      [pid],
    );
    if (isAwaited(rows[0] ?? {})) return rows[0];
  }
}

describe("pg_stat_activity", () => {
  it("shows the gateway's clients by the number that they cancel by", async () => {
    const client = await connect("analyst", { application_name: "report" });
    const { processID } = client as unknown as { readonly processID: number };
    expect(await pidOf(client)).toBe(processID);
    const watcher = await connect("analyst");
    const row = await session(watcher, processID);
    expect(row).toMatchObject({
      ...{ pid: processID, datname: "shop", usename: "analyst", application_name: "report", host: "127.0.0.1" },
      ...{ state: "idle", wait_event_type: "Client", wait_event: "ClientRead", xact_start: null },
      ...{ query: "SELECT pg_backend_pid() AS pid", backend_type: "client backend", leader_pid: null },
    });
    expect(row["client_port"]).toBeGreaterThan(0);
    expect(row["backend_start"]).toBeInstanceOf(Date);
    expect(Number(row["query_start"])).toBeGreaterThanOrEqual(Number(row["backend_start"]));
  });

  it("has the columns of PostgreSQL 18, in their order and types", async () => {
    const { fields } = await (await connect("analyst")).query("SELECT * FROM pg_stat_activity LIMIT 0");
    expect(fields.map(({ name, dataTypeID }) => `${name} ${dataTypeID}`)).toEqual([
      ...["datid 26", "datname 19", "pid 23", "leader_pid 23", "usesysid 26", "usename 19", "application_name 25"],
      ...["client_addr 869", "client_hostname 25", "client_port 23", "backend_start 1184", "xact_start 1184"],
      ...["query_start 1184", "state_change 1184", "wait_event_type 25", "wait_event 25", "state 25"],
      ...["backend_xid 28", "backend_xmin 28", "query_id 20", "query 25", "backend_type 25"],
    ]);
  });

  it("tells the state of a transaction, and since when it is open", async () => {
    const client = await connect("analyst");
    const pid = await pidOf(client);
    const watcher = await connect("analyst");
    await client.query("BEGIN");
    const begun = await session(watcher, pid);
    expect(begun).toMatchObject({ state: "idle in transaction", query: "BEGIN", wait_event: "ClientRead" });
    await client.query("SELECT 1/0").catch(() => undefined);
    const failed = await session(watcher, pid);
    expect(failed).toMatchObject({ state: "idle in transaction (aborted)", xact_start: begun["xact_start"] });
    await client.query("ROLLBACK");
    expect(await session(watcher, pid)).toMatchObject({ state: "idle", xact_start: null });
  });

  it("shows a statement while it runs, and what it waits for", async () => {
    const client = await connect("analyst");
    const pid = await pidOf(client);
    gateway.sandbox.faults.add({ path: "/v1/customers", after: 1, effect: { kind: "delay", milliseconds: 600_000 } });
    const cancelled = client.query("SELECT count(email) FROM customers").catch((error: unknown) => error);
    const watcher = await connect("analyst");
    const row = await session(watcher, pid, ({ wait_event: event }) => event === "StripeRequest");
    expect(row).toMatchObject({ state: "active", query: "SELECT count(email) FROM customers" });
    expect(row["xact_start"]).toEqual(row["query_start"]);
    const { rows } = await watcher.query("SELECT * FROM pg_stat_progress_stripe");
    expect(rows).toMatchObject([{ pid, datname: "shop", phase: "fetching", requests_sent: "2", rows_fetched: "100" }]);
    await watcher.query(`SELECT pg_cancel_backend(${pid})`);
    expect(await cancelled).toMatchObject({ code: "57014" });
  });

  it("shows nobody what others run, though that they are there", async () => {
    const client = await connect("analyst", { application_name: "report" });
    const pid = await pidOf(client);
    await client.query("SELECT 'personal'");
    const other = await connect("other");
    const row = await session(other, pid);
    expect(row).toMatchObject({
      ...{ pid, usename: "analyst", application_name: "report", query: "<insufficient privilege>" },
      ...{ state: null, query_start: null, client_addr: null, client_port: null, wait_event: null, backend_type: null },
    });
    const given = "current_setting('stripe_sql.activity', true)";
    expect((await other.query(`SELECT ${given} AS given FROM pg_stat_activity`)).rows).toContainEqual({ given: null });
  });

  it("takes secrets out of texts, and cuts long ones as PostgreSQL does", async () => {
    const client = await connect("analyst");
    const pid = await pidOf(client);
    const watcher = await connect("analyst");
    await client.query("SELECT 'rk_test_dummy0000'");
    expect(await session(watcher, pid)).toMatchObject({ query: "SELECT 'rk_test_***'" });
    await client.query(`SELECT '${"ä".repeat(2000)}'`);
    const { rows } = await watcher.query(
      `SELECT octet_length(query) AS bytes FROM pg_stat_activity WHERE pid = ${pid}`,
    );
    expect(rows).toEqual([{ bytes: 1022 }]);
  });

  it("shows the text that a prepared statement was made of", async () => {
    const client = await connect("analyst");
    const pid = await pidOf(client);
    await client.query({ name: "one", text: "SELECT $1::int AS one", values: [1] });
    expect(await session(await connect("analyst"), pid)).toMatchObject({ query: "SELECT $1::int AS one" });
  });

  it("answers while another client's statement holds the engine, as do SET and a new connection", async () => {
    const client = await connect("analyst");
    const pid = await pidOf(client);
    const running = client.query(endless).catch((error: unknown) => error);
    const watcher = await connect("analyst", { options: "-c DateStyle=German" });
    await watcher.query("SET IntervalStyle = 'iso_8601'");
    expect(await session(watcher, pid, ({ state }) => state === "active")).toMatchObject({ query: endless });
    const { rows } = await watcher.query(
      "SELECT pid, pg_cancel_backend(pid) AS done FROM pg_stat_activity WHERE query LIKE 'SELECT count%' AND pid <> pg_backend_pid()",
    );
    expect(rows).toEqual([{ pid, done: true }]);
    expect(await running).toMatchObject({ code: "57014", message: "canceling statement due to user request" });
  });
});

describe("pg_cancel_backend and pg_terminate_backend", () => {
  it("cancel nothing of other users'", async () => {
    const pid = await pidOf(await connect("analyst"));
    const other = await connect("other");
    await expect(other.query(`SELECT pg_cancel_backend(${pid})`)).rejects.toMatchObject({
      code: "42501",
      message: "permission denied to cancel query",
    });
    await expect(other.query(`SELECT pg_terminate_backend(${pid})`)).rejects.toMatchObject({
      code: "42501",
      message: "permission denied to terminate process",
    });
  });

  it("warn of a number that no session has", async () => {
    const client = await connect("analyst");
    const notices: (string | undefined)[] = [];
    client.on("notice", ({ severity, code, message }) => notices.push(`${severity} ${code} ${message}`));
    expect((await client.query("SELECT pg_cancel_backend(1) AS done")).rows).toEqual([{ done: false }]);
    expect(notices).toEqual(["WARNING 01000 PID 1 is not a PostgreSQL backend process"]);
  });

  it("leave a session alone that runs nothing, and end the statement that cancels itself", async () => {
    const client = await connect("analyst");
    const pid = await pidOf(client);
    const other = await connect("analyst");
    expect((await other.query("SELECT pg_cancel_backend($1) AS done", [pid])).rows).toEqual([{ done: true }]);
    expect(await pidOf(client)).toBe(pid);
    await expect(client.query("SELECT pg_cancel_backend(pg_backend_pid())")).rejects.toMatchObject({ code: "57014" });
    expect(await pidOf(client)).toBe(pid);
  });

  it("end a session, whether it runs something or not", async () => {
    const idle = await connect("analyst");
    const busy = await connect("analyst");
    const pids = [await pidOf(idle), await pidOf(busy)];
    const running = busy.query(endless).catch((error: unknown) => error);
    const ends = [idle, busy].map((one) => new Promise((resolve) => one.once("end", resolve)));
    const other = await connect("analyst");
    const { rows } = await other.query(
      "SELECT pg_terminate_backend(pid) AS done FROM pg_stat_activity WHERE pid = ANY($1::int[])",
      [pids],
    );
    expect(rows).toEqual([{ done: true }, { done: true }]);
    expect(await running).toMatchObject({ severity: "FATAL", code: "57P01" });
    await Promise.all(ends);
    expect((await other.query("SELECT 1 FROM pg_stat_activity WHERE pid = ANY($1::int[])", [pids])).rows).toEqual([]);
  });

  it("are refused where their answer would not be one", async () => {
    const client = await connect("analyst");
    await expect(client.query("SELECT pg_terminate_backend(pg_backend_pid(), 5000)")).rejects.toMatchObject({
      code: "0A000",
    });
    await expect(
      client.query("UPDATE customers SET name = pg_cancel_backend(1)::text WHERE id = 'cus_none'"),
    ).rejects.toMatchObject({ code: "0A000" });
  });
});

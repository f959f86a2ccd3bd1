import { Registry } from "prom-client";
import { afterAll, describe, expect, it } from "vitest";
import { openMetricsServer } from "../../src/gateway/metrics/metrics-server.js";
import { serveGateway } from "../support/served-gateway.js";

const metrics = new Registry();
const gateway = serveGateway({ metrics });
const server = openMetricsServer({ registry: metrics, port: 0 });
afterAll(async () => (await server).close());

/** Samples whose name begins so, "name{label} value". */
async function samples(name: string): Promise<readonly string[]> {
  const answer = await fetch(`http://127.0.0.1:${(await server).port}/metrics`);
  expect(answer.headers.get("content-type")).toMatch(/^text\/plain; version=0\.0\.4/);
  return (await answer.text()).split("\n").filter((line) => line.startsWith(`stripe_sql_gateway_${name}`));
}

describe("the gateway's metrics", () => {
  it("count statements by kind and class of SQLSTATE, rows and requests, those of failed ones too", async () => {
    const client = await gateway.connect();
    await client.query("SELECT id FROM customers LIMIT 3");
    await client.query("SELECT 1/0").catch(() => undefined);
    gateway.sandbox.faults.add({
      path: "/v1/customers",
      effect: { kind: "status", status: 400, body: { error: { type: "invalid_request_error", message: "Not now." } } },
    });
    await client.query("SELECT count(email) FROM customers").catch(() => undefined);
    expect(await samples("statements_total")).toEqual([
      'stripe_sql_gateway_statements_total{kind="query",sqlstate_class="00"} 1',
      'stripe_sql_gateway_statements_total{kind="query",sqlstate_class="22"} 2',
    ]);
    expect(await samples("rows_total")).toEqual(["stripe_sql_gateway_rows_total 3"]);
    expect(await samples("stripe_requests_total")).toEqual(["stripe_sql_gateway_stripe_requests_total 2"]);
    expect(await samples("statement_duration_seconds_count")).toEqual([
      'stripe_sql_gateway_statement_duration_seconds_count{kind="query"} 3',
    ]);
  });

  it("tell connections by state, those refused, and statements canceled", async () => {
    const idle = await gateway.connect();
    const open = await gateway.connect();
    await open.query("BEGIN");
    await gateway.connect({ database: "elsewhere" }).catch(() => undefined);
    expect(await samples("connections{")).toEqual([
      'stripe_sql_gateway_connections{state="active"} 0',
      'stripe_sql_gateway_connections{state="idle"} 1',
      'stripe_sql_gateway_connections{state="idle in transaction"} 1',
      'stripe_sql_gateway_connections{state="idle in transaction (aborted)"} 0',
    ]);
    expect(await samples("connections_refused_total")).toEqual([
      'stripe_sql_gateway_connections_refused_total{sqlstate="3D000"} 1',
    ]);
    await idle.query("SELECT pg_cancel_backend(pg_backend_pid())").catch(() => undefined);
    expect(await samples("cancellations_total")).toEqual([
      'stripe_sql_gateway_cancellations_total{by="request"} 0',
      'stripe_sql_gateway_cancellations_total{by="pg_cancel_backend"} 1',
      'stripe_sql_gateway_cancellations_total{by="pg_terminate_backend"} 0',
    ]);
  });

  it("tell how long turns of the PostgreSQL inside are waited for and held, and its memory", async () => {
    await gateway.query("SELECT count(*) FROM generate_series(1, 10)");
    const [waits] = await samples("engine_turn_wait_seconds_count");
    const [turns] = await samples("engine_turn_seconds_count");
    expect(Number(waits?.split(" ").at(-1))).toBeGreaterThan(0);
    expect(waits?.split(" ").at(-1)).toBe(turns?.split(" ").at(-1));
    const [memory, second] = await samples("engine_memory_bytes");
    expect(Number(memory?.split(" ").at(-1))).toBeGreaterThan(1024 * 1024);
    expect(second).toBe('stripe_sql_gateway_engine_memory_bytes{backend="second"} 0');
  });

  it("are all that their own server has, and that for this machine alone", async () => {
    const { port } = await server;
    expect((await fetch(`http://127.0.0.1:${port}/`)).status).toBe(404);
    expect((await fetch(`http://127.0.0.1:${port}/metrics`, { method: "POST" })).status).toBe(405);
    await expect(openMetricsServer({ registry: metrics, port })).rejects.toMatchObject({ sqlState: "22023" });
  });
});

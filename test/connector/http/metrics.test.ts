import { Counter, Registry } from "prom-client";
import { describe, expect, it } from "vitest";
import { connectionPath, startApi } from "./running-api.js";
import { serve } from "./served-connector.js";
import { tableConnector } from "./table-connector.js";

const entities = `${connectionPath}/entityTypes/Customer/entities`;

/** Waits until the server has noted what it has answered: it does so after the client has read it. */
async function scrape(send: (method: string, path: string) => Promise<{ text: string }>, until: string) {
  for (;;) {
    const { text } = await send("GET", "/metrics");
    if (text.includes(until)) return text.split("\n");
  }
}

describe("the metrics", () => {
  it("count requests by method, route and status, never by id", async () => {
    const { send, url } = await startApi(serve(tableConnector()));
    await send("POST", entities, { body: { fields: { Name: "Ann" } } });
    await send("GET", `${entities}/cus_1`);
    await send("GET", `${entities}/cus_2`);
    await send("GET", `${entities}/cus_3`);
    await send("GET", "/cus_secret");
    await fetch(`${url}/healthz`);
    await send("GET", `${connectionPath}:checkStatus?x=1`);
    const template = "/v2/projects/{project}/locations/{location}/connections/{connection}";
    const last = `method="GET",route="${template}:checkStatus",status="400"} 1`;
    const lines = await scrape(send, last);
    const counts = lines.filter(
      (line) => line.startsWith("stripe_sql_http_requests_total") && !line.includes("/metrics"),
    );
    expect(counts.sort()).toEqual(
      [
        `method="GET",route="${template}/entityTypes/{entityType}/entities/{entity}",status="200"} 1`,
        `method="GET",route="${template}/entityTypes/{entityType}/entities/{entity}",status="404"} 2`,
        last,
        'method="GET",route="/healthz",status="200"} 1',
        'method="GET",route="unknown",status="404"} 1',
        `method="POST",route="${template}/entityTypes/{entityType}/entities",status="200"} 1`,
      ]
        .map((rest) => `stripe_sql_http_requests_total{${rest}`)
        .sort(),
    );
    expect(lines.join("\n")).not.toContain("cus_");
    expect(lines).toContain(
      `stripe_sql_http_request_duration_seconds_count{method="GET",route="${template}/entityTypes/{entityType}/entities/{entity}"} 3`,
    );
    expect(lines).toContain("stripe_sql_http_requests_under_way 1");
    expect(lines.some((line) => line.startsWith("process_cpu_seconds_total "))).toBe(true);
  });

  it("tell of each connection's nodes and throttling", async () => {
    const nodes = { running: 2, callsUnderWay: 3, restarts: 4 };
    const { send } = await startApi([
      serve(tableConnector(), { nodes, admit: () => 100 }),
      serve(tableConnector(), { name: "other" }),
    ]);
    await send("GET", entities);
    const lines = await scrape(send, 'stripe_sql_throttled_total{connection="stripe-eu"} 1');
    for (const line of [
      'stripe_sql_throttled_total{connection="other"} 0',
      'stripe_sql_nodes_running{connection="stripe-eu"} 2',
      'stripe_sql_nodes_running{connection="other"} 2',
      'stripe_sql_calls_under_way{connection="stripe-eu"} 3',
      'stripe_sql_node_restarts_total{connection="stripe-eu"} 4',
    ]) {
      expect(lines).toContain(line);
    }
    // Asked again, a counter that is read from elsewhere has not grown.
    expect((await send("GET", "/metrics")).text).toContain('stripe_sql_node_restarts_total{connection="stripe-eu"} 4');
  });

  it("may come with others", async () => {
    const metrics = new Registry();
    new Counter({ name: "mine_total", help: "Mine.", registers: [metrics] }).inc();
    const { send } = await startApi(serve(tableConnector()), { metrics });
    const answer = await send("GET", "/metrics");
    expect(answer.headers.get("content-type")).toBe("text/plain; version=0.0.4; charset=utf-8");
    expect(answer.text).toContain("mine_total 1");
  });
});

describe("readiness", () => {
  it("is not given while a connection has no running node", async () => {
    const { url } = await startApi([
      serve(tableConnector()),
      serve(tableConnector(), { name: "other", nodes: { running: 0, callsUnderWay: 0, restarts: 9 } }),
    ]);
    const response = await fetch(`${url}/readyz`);
    expect(response.status).toBe(503);
    const text = await response.text();
    expect(JSON.parse(text)).toMatchObject({ error: { code: 503, status: "UNAVAILABLE" } });
    expect(text).not.toContain("other");
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
  });
});

import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import type { ServedConnection } from "../served-connection.js";

/** A request that has ended. */
export interface RequestRecord {
  readonly method: string;
  /** "/v2/projects/{project}/…"; "unknown" where there is no such route. */
  readonly route: string;
  readonly status: number;
  readonly durationMs: number;
}

export interface HttpMetrics {
  readonly contentType: string;
  print(): Promise<string>;
  /** A request has begun; to be called when it ends. */
  begin(): (record: RequestRecord) => void;
  /** A request was answered before it was one. */
  refused(status: number): void;
  throttled(connection: string): void;
}

const prefix = "stripe_sql_";
const buckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 180];

/** Counts by routes and connections, never by ids. `registry` takes what else is to be printed along. */
export function openHttpMetrics(connections: readonly ServedConnection[], registry = new Registry()): HttpMetrics {
  const registers = [registry];
  const requests = new Counter({
    name: `${prefix}http_requests_total`,
    help: "Requests answered, by method, route and HTTP status.",
    labelNames: ["method", "route", "status"],
    registers,
  });
  const durations = new Histogram({
    name: `${prefix}http_request_duration_seconds`,
    help: "Time from a request's headers to the end of its answer.",
    labelNames: ["method", "route"],
    buckets,
    registers,
  });
  const underWay = new Gauge({ name: `${prefix}http_requests_under_way`, help: "Requests being answered.", registers });
  const throttled = new Counter({
    name: `${prefix}throttled_total`,
    help: "Transactions refused because the connection's rate was used up.",
    labelNames: ["connection"],
    registers,
  });
  for (const { name } of connections) throttled.inc({ connection: name }, 0);
  addNodeMetrics(connections, registers);
  return {
    contentType: registry.contentType,
    print: async () => `${await registry.metrics()}\n${await processMetrics(registry)}`,
    begin: () => {
      underWay.inc();
      return ({ method, route, status, durationMs }) => {
        underWay.dec();
        requests.inc({ method, route, status });
        durations.observe({ method, route }, durationMs / 1000);
      };
    },
    refused: (status) => requests.inc({ method: "unknown", route: "unknown", status }),
    throttled: (connection) => throttled.inc({ connection }),
  };
}

function addNodeMetrics(connections: readonly ServedConnection[], registers: Registry[]): void {
  const labelNames = ["connection"] as const;
  new Gauge({
    name: `${prefix}nodes_running`,
    help: "Nodes that take calls.",
    labelNames,
    registers,
    collect() {
      for (const { name, nodes } of connections) this.set({ connection: name }, nodes.running);
    },
  });
  new Gauge({
    name: `${prefix}calls_under_way`,
    help: "Calls that nodes are working on.",
    labelNames,
    registers,
    collect() {
      for (const { name, nodes } of connections) this.set({ connection: name }, nodes.callsUnderWay);
    },
  });
  new Counter({
    name: `${prefix}node_restarts_total`,
    help: "Nodes started in the place of one that ended unasked.",
    labelNames,
    registers,
    collect() {
      this.reset();
      for (const { name, nodes } of connections) this.inc({ connection: name }, nodes.restarts);
    },
  });
}

let processRegistry: Registry | undefined;

/** The process has one set of these, however many APIs it serves; none where the registry has them already. */
async function processMetrics(registry: Registry): Promise<string> {
  if (registry.getSingleMetric("process_start_time_seconds") !== undefined) return "";
  if (processRegistry === undefined) {
    processRegistry = new Registry();
    collectDefaultMetrics({ register: processRegistry });
  }
  return processRegistry.metrics();
}

import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { Logger } from "pino";
import type { Registry } from "prom-client";
import type { SharedRateStore } from "../driver/shared-limits.js";
import { openSharedLimits } from "../driver/shared-limits.js";
import type { SharedSandboxes } from "../driver/shared-sandbox.js";
import { shareSandboxes } from "../driver/shared-sandbox.js";
import { SqlState } from "../error/sql-state.js";
import { StripeSqlError } from "../error/stripe-sql-error.js";
import type { NodeEvent } from "./nodes/node-fleet.js";
import type { NodePool } from "./nodes/node-pool.js";
import { openNodePool } from "./nodes/node-pool.js";
import type { ServedConnection } from "./served-connection.js";
import type { ServedDefinition } from "./served-definition.js";

/** Of a node, for files, names of hosts and its engine: more than Node's four, as several callers' statements run on it. */
const nodeThreads = "8";

export interface ServeOptions {
  /** Each under a name of its own; those that are suspended are left out. */
  readonly connections: readonly ServedDefinition[];
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** What every request has to bring. */
  readonly token: string;
  /** Default: the connector's own. */
  readonly openHttpApi?: OpenHttpApi | undefined;
  readonly log?: ServerLog | undefined;
  /** Where the metrics are registered; default a registry of the server's own. */
  readonly metrics?: Registry | undefined;
  /** Where the use of Stripe's limits is kept; default a place of this server's own. */
  readonly rateStore?: SharedRateStore | undefined;
  /** Main module of a node's process. Default: the connector's own. */
  readonly nodeModule?: string | undefined;
}

/** A logger of pino's, or what logs like one. */
export type ServerLog = Pick<Logger, "info" | "error">;

type OpenHttpApi = (options: {
  readonly connections: readonly ServedConnection[];
  readonly token: string;
  readonly metrics?: Registry | undefined;
  readonly log?: ServerLog | undefined;
}) => Promise<HttpApi>;

interface HttpApi {
  listen(address: { readonly host: string; readonly port: number }): Promise<{ readonly url: string }>;
  /** Takes no further request, and ends when those under way are answered. */
  close(): Promise<void>;
}

export interface Server {
  /** "http://127.0.0.1:8080" */
  readonly url: string;
  /** Takes no further request, gives those that run so long to finish, and ends the nodes. Default 30 seconds. */
  close(graceMs?: number): Promise<void>;
}

/** For answers to go out once their calls have ended. */
const answerMs = 2000;

/**
 * Serves connections over HTTP: this process takes the requests, and nodes of each connection, processes of their own,
 * carry them out. Fails where a connection cannot be opened, or the port cannot be listened on.
 */
export async function serve(options: ServeOptions): Promise<Server> {
  const definitions = servedDefinitions(options.connections);
  const parts = new ServedParts();
  try {
    const connections = await parts.openConnections(definitions, options);
    const { token, log, metrics, host, port } = options;
    const openHttpApi = options.openHttpApi ?? (await import("./http/open-http-api.js")).openHttpApi;
    const api = await openHttpApi({ connections, token, log, metrics });
    parts.api = api;
    const { url } = await api.listen({ host, port });
    return { url, close: (graceMs = 30_000) => parts.close(graceMs) };
  } catch (error) {
    await parts.close(0);
    throw error;
  }
}

/** What a server consists of, as far as it has been opened. */
class ServedParts {
  #sandboxes: Pick<SharedSandboxes<ServedDefinition>, "close"> | undefined;
  readonly #pools: NodePool[] = [];
  #closed: Promise<void> | undefined;
  api: HttpApi | undefined;

  async openConnections(
    definitions: readonly ServedDefinition[],
    options: ServeOptions,
  ): Promise<readonly ServedConnection[]> {
    const rateStore = options.rateStore ?? openSharedLimits();
    const shared = await shareSandboxes(definitions);
    this.#sandboxes = shared;
    const opened = await Promise.allSettled(
      shared.definitions.map((one) => this.#openConnection(one, rateStore, options)),
    );
    return opened.map((one) => {
      if (one.status === "rejected") throw one.reason;
      return one.value;
    });
  }

  close(graceMs: number): Promise<void> {
    this.#closed ??= this.#close(graceMs);
    return this.#closed;
  }

  async #openConnection(
    { name, location, nodes, transactionsPerSecondPerNode, options }: ServedDefinition,
    rateStore: SharedRateStore,
    { log, nodeModule }: ServeOptions,
  ): Promise<ServedConnection> {
    const pool = await openNodePool({
      name,
      location,
      definition: options,
      ...nodes,
      transactionsPerSecondPerNode,
      exec: nodeModule ?? fileURLToPath(new URL("./nodes/node-main.js", import.meta.url)),
      // What lets callers in is no business of the nodes'.
      environment: { STRIPE_SQL_TOKEN: "", UV_THREADPOOL_SIZE: process.env["UV_THREADPOOL_SIZE"] ?? nodeThreads },
      rateStore,
      onEvent: (event) => logEvent(log, event),
    });
    this.#pools.push(pool);
    return pool;
  }

  /** Calls that are not done in time are lost, which their callers are told. */
  async #close(graceMs: number): Promise<void> {
    const answered = this.api?.close();
    try {
      await within(graceMs, answered);
    } finally {
      await Promise.all(this.#pools.map((pool) => pool.close(0)));
      await within(answerMs, answered);
      await this.#sandboxes?.close();
    }
  }
}

function servedDefinitions(connections: readonly ServedDefinition[]): readonly ServedDefinition[] {
  const served = connections.filter(({ suspended }) => suspended !== true);
  const repeated = served.find(({ name }, index) => served.findIndex((other) => other.name === name) < index);
  if (repeated !== undefined) throw refusal(`connection "${repeated.name}" is given twice`);
  if (served.length === 0) throw refusal("there is no connection to serve");
  return served;
}

function refusal(message: string): StripeSqlError {
  return new StripeSqlError(message, { sqlState: SqlState.invalidParameterValue, phase: "connect" });
}

/** `node` is its process; `pid` is what the log calls this one. */
function logEvent(log: ServerLog | undefined, event: NodeEvent): void {
  const { connection, pid: node } = event;
  if (event.kind !== "ended") log?.info({ connection, node }, `node ${event.kind}`);
  else if (event.isUnforeseen) log?.error({ connection, node, reason: event.reason }, "node ended unforeseen");
  else log?.info({ connection, node, reason: event.reason }, "node ended");
}

/** Resolves with the promise, or after that time; what a failed promise says is thrown. */
async function within(milliseconds: number, promise: Promise<void> | undefined): Promise<void> {
  const stop = new AbortController();
  const late = wait(milliseconds, undefined, { signal: stop.signal }).catch(() => undefined);
  try {
    await Promise.race([promise, late]);
  } finally {
    stop.abort();
  }
}

import type { Registry } from "prom-client";
import type { ServeOptions, Server, ServerLog } from "../connector/serve.js";
import type { ServedDefinition } from "../connector/served-definition.js";
import { openSharedLimits } from "../driver/shared-limits.js";
import { shareSandboxes } from "../driver/shared-sandbox.js";
import { SqlState } from "../error/sql-state.js";
import { StripeSqlError } from "../error/stripe-sql-error.js";
import type { GatewayUser } from "../gateway/users/gateway-user.js";
import { isLoopbackHost } from "../stripe/is-loopback.js";
import { GatheredLines } from "./gathered-lines.js";
import { nextInterrupt } from "./interrupt.js";
import { isBadProperty } from "./is-bad-property.js";
import { reportError, writeLines } from "./report-error.js";
import type { HttpInvocation, PostgresInvocation, ServeInvocation } from "./serve-invocation.js";
import type { ServeToken } from "./serve-token.js";
import { readServeToken } from "./serve-token.js";
import type { StandardStreams } from "./standard-streams.js";

/** Stand-ins for parts of a server. */
export type ServeParts = Pick<ServeOptions, "openHttpApi" | "nodeModule">;

/**
 * `stripe-sql serve`: serves connections until Ctrl-C or a request to end, then lets what runs finish; a second Ctrl-C
 * ends at once. The answer is the exit status.
 */
export async function runServe(
  invocation: ServeInvocation,
  { output, errors }: StandardStreams,
  parts: ServeParts = {},
): Promise<number> {
  const lines = new GatheredLines(errors);
  const opened = new OpenedServers();
  try {
    const definitions = await readDefinitions(invocation.files);
    const token = invocation.http === undefined ? undefined : readOwnToken(invocation.host, invocation.http);
    const users = await readUsers(invocation.postgres);
    const log = await openServerLog(lines);
    const connections = await opened.shareSandboxes(definitions);
    const rateStore = openSharedLimits();
    const { host, http, postgres } = invocation;
    const metrics = new (await import("prom-client")).Registry();
    const greetings: string[] = [];
    if (http !== undefined && token !== undefined) {
      const { serve } = await import("../connector/serve.js");
      const server = await serve({
        ...parts,
        connections,
        host,
        port: http.port,
        token: token.text,
        log,
        rateStore,
        metrics,
      });
      opened.add(() => server.close());
      greetings.push(...httpGreeting(server, connections, token));
    }
    if (postgres !== undefined) {
      const [{ openGateway }, { jsonLog }] = await Promise.all([
        import("../gateway/open-gateway.js"),
        import("../gateway/server/json-log.js"),
      ]);
      const served = connections.filter(({ suspended }) => suspended !== true);
      const gateway = await openGateway({
        ...postgres,
        connections: served,
        users,
        host,
        rateStore,
        log: jsonLog(log),
        metrics,
      });
      opened.add(() => gateway.close());
      greetings.push(...postgresGreeting({ host, port: gateway.port, users, connections: served }));
      greetings.push(...(await opened.serveMetrics(metrics, postgres)));
    }
    const interrupted = nextInterrupt();
    writeLines(output, [...greetings, "Ctrl-C stops it."]);
    await interrupted;
    writeLines(output, ["Finishing what runs. Ctrl-C again ends at once."]);
    await opened.close();
    return 0;
  } catch (error) {
    await opened.close().catch(() => undefined);
    lines.flush();
    reportError(error, errors);
    return isBadProperty(error) ? 2 : 1;
  } finally {
    lines.flush();
  }
}

/** What is to be closed again: the servers side by side, then what they stand on. */
class OpenedServers {
  readonly #servers: (() => Promise<void>)[] = [];
  #sandboxes: (() => Promise<void>) | undefined;

  async shareSandboxes(definitions: readonly ServedDefinition[]): Promise<readonly ServedDefinition[]> {
    const shared = await shareSandboxes(definitions);
    this.#sandboxes = shared.close;
    return shared.definitions;
  }

  /** On a port of their own, where one is asked for. */
  async serveMetrics(registry: Registry, { metricsPort }: PostgresInvocation): Promise<readonly string[]> {
    if (metricsPort === undefined) return [];
    const [{ openMetricsServer }, { collectDefaultMetrics }] = await Promise.all([
      import("../gateway/metrics/metrics-server.js"),
      import("prom-client"),
    ]);
    collectDefaultMetrics({ register: registry });
    const server = await openMetricsServer({ registry, port: metricsPort });
    this.add(() => server.close());
    return [`  metrics: http://127.0.0.1:${server.port}/metrics`];
  }

  add(close: () => Promise<void>): void {
    this.#servers.push(close);
  }

  async close(): Promise<void> {
    const closing = await Promise.allSettled(this.#servers.splice(0).map((close) => close()));
    await this.#sandboxes?.();
    for (const one of closing) if (one.status === "rejected") throw one.reason;
  }
}

async function readUsers(postgres: PostgresInvocation | undefined): Promise<readonly GatewayUser[]> {
  if (postgres?.users === undefined) return [];
  const { readUsersFile } = await import("../gateway/users/read-users-file.js");
  return readUsersFile(postgres.users);
}

function readOwnToken(host: string, { tokenFile }: HttpInvocation): ServeToken {
  const token = readServeToken(tokenFile, process.env);
  requireOwnToken(host, token);
  return token;
}

/** What anyone on the network may try must not be kept by a token that was shown on a screen and is gone tomorrow. */
function requireOwnToken(host: string, token: ServeToken): void {
  if (token.isGiven || isLoopbackHost(host)) return;
  throw new StripeSqlError(`serving on ${host} needs a token`, {
    sqlState: SqlState.invalidParameterValue,
    phase: "connect",
    detail: "Others than this machine's programs could connect.",
    hint: "Give --token-file or STRIPE_SQL_TOKEN, or serve on 127.0.0.1.",
  });
}

async function readDefinitions(files: readonly string[]): Promise<readonly ServedDefinition[]> {
  if (files.length === 0) return [defaultConnection(process.env)];
  const { readConnectionFile } = await import("../driver/connection-file/read-connection-file.js");
  return (await Promise.all(files.map(readConnectionFile))).flat();
}

/** On the account whose key the environment holds, else on the sandbox. */
function defaultConnection(environment: NodeJS.ProcessEnv): ServedDefinition {
  const hasKey = (environment["STRIPE_API_KEY"] ?? "").trim() !== "";
  return {
    name: "default",
    nodes: { minimum: 2, maximum: 50 },
    transactionsPerSecondPerNode: 6,
    options: hasKey ? {} : { sandbox: true },
  };
}

/** Lines of JSON: requests, and what happens to nodes. */
async function openServerLog(lines: GatheredLines): Promise<ServerLog> {
  const { pino } = await import("pino");
  const log: ServerLog = pino({ name: "stripe-sql", base: { pid: process.pid } }, lines);
  return log;
}

function httpGreeting({ url }: Server, connections: readonly ServedDefinition[], token: ServeToken): readonly string[] {
  const served = connections.filter(({ suspended }) => suspended !== true);
  const [first] = served;
  const path = `/v2/projects/my-project/locations/${first?.location ?? "global"}/connections/${first?.name}`;
  return [
    `Serving ${served.map(({ name }) => name).join(", ")} on ${url}`,
    ...(token.isGiven ? [] : [`Token, for as long as this runs: ${token.text}`]),
    `  curl -H "Authorization: Bearer $TOKEN" ${url}${path}:checkStatus`,
  ];
}

interface ServedGateway {
  readonly host: string;
  readonly port: number;
  readonly users: readonly GatewayUser[];
  readonly connections: readonly ServedDefinition[];
}

function postgresGreeting({ host, port, users, connections }: ServedGateway): readonly string[] {
  const [user] = users;
  const name = user?.name ?? "me";
  const database = user?.connection ?? connections[0]?.name ?? "";
  return [
    `Serving ${connections.map(({ name: connection }) => connection).join(", ")} to PostgreSQL's clients on ${host}:${port}`,
    `  psql -h ${host} -p ${port} -U ${name} ${database}`,
  ];
}

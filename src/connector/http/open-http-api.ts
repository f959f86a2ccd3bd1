import type { AddressInfo } from "node:net";
import type { Registry } from "prom-client";
import { SqlState } from "../../error/sql-state.js";
import { StripeSqlError } from "../../error/stripe-sql-error.js";
import type { ServedConnection } from "../served-connection.js";
import type { AccessLogger } from "./access-log.js";
import { openAccessLog } from "./access-log.js";
import { openAuthentication } from "./authenticate.js";
import { serverCloser } from "./close-server.js";
import { createApp } from "./create-app.js";
import { describeApi } from "./describe-api.js";
import { connectionFinder } from "./find-connection.js";
import { pathHider } from "./hide-paths.js";
import type { CallConnection, HttpApp } from "./http-app.js";
import { openHttpMetrics } from "./http-metrics.js";
import { idempotencyKeyOf } from "./idempotency-key.js";
import { longestGraceMs, makeCall } from "./make-call.js";
import { failurePrinter } from "./print-failure.js";
import { refuseOtherMethods } from "./refuse-methods.js";
import { addActionRoutes } from "./routes/action-routes.js";
import { addAuthorizationRoutes } from "./routes/authorization-routes.js";
import { addEntityRoutes } from "./routes/entity-routes.js";
import { addEntityTypeRoutes } from "./routes/entity-type-routes.js";
import { addHealthRoutes } from "./routes/health-routes.js";
import { addResourceRoutes } from "./routes/resource-routes.js";
import { addServiceRoutes } from "./routes/service-routes.js";
import { addSqlQueryRoutes } from "./routes/sql-query-routes.js";
import { addStatusRoutes } from "./routes/status-routes.js";
import { addToolRoutes } from "./routes/tool-routes.js";
import { connectionParams } from "./schemas/path-schemas.js";

export interface HttpApiOptions {
  readonly connections: readonly ServedConnection[];
  /** The bearer token that every request has to bring but those for the server's health. */
  readonly token: string;
  /** Where its metrics are registered and what `/metrics` prints; default a registry of its own. */
  readonly metrics?: Registry | undefined;
  /** The longest that a call may take, at most 24 days. Default 180,000. */
  readonly requestTimeoutMs?: number | undefined;
  /** The longest that a request may take to arrive. Default 30,000. */
  readonly receiveTimeoutMs?: number | undefined;
  /** Default 2 MiB. */
  readonly bodyLimitBytes?: number | undefined;
  /** Gets a line for each request, and what callers are not told of internal errors. */
  readonly log?: AccessLogger | undefined;
}

/** Connections over HTTP, in the form of Google's Connectors runtime API v2. */
export interface HttpApi {
  /** Port 0 takes a free one. Fails with SQLSTATE 22023 where it cannot listen there. */
  listen(address: { readonly host: string; readonly port: number }): Promise<HttpAddress>;
  /** Takes no further request, and ends when those under way are answered. The connections stay open. */
  close(): Promise<void>;
}

export interface HttpAddress {
  /** "http://127.0.0.1:8080" */
  readonly url: string;
  readonly host: string;
  readonly port: number;
}

const defaultRequestTimeoutMs = 180_000;
/** A timer past 2^31 ms would ring at once. */
const longestTimeoutMs = 24 * 24 * 3600 * 1000;
const defaultReceiveTimeoutMs = 30_000;
/** The server reads bodies of a megabyte in a tenth of a second, in which it does nothing else. */
const defaultBodyLimitBytes = 2 * 1024 * 1024;

/** Fails with SQLSTATE 22023 where the token cannot be one. */
export async function openHttpApi(options: HttpApiOptions): Promise<HttpApi> {
  const { connections, token } = options;
  const requestTimeoutMs = Math.min(options.requestTimeoutMs ?? defaultRequestTimeoutMs, longestTimeoutMs);
  const { receiveTimeoutMs = defaultReceiveTimeoutMs, bodyLimitBytes = defaultBodyLimitBytes } = options;
  const metrics = openHttpMetrics(connections, options.metrics);
  const findConnection = connectionFinder(connections);
  const hidePaths = pathHider();
  const log = openAccessLog(options.log);
  let closing = false;
  const app = createApp({
    authenticate: openAuthentication(token),
    findConnection,
    print: failurePrinter(token, hidePaths),
    metrics,
    log,
    bodyLimitBytes,
    receiveTimeoutMs,
    isClosing: () => closing,
  });
  const call: CallConnection = ({ raw, request }, method, input, timeoutMs = requestTimeoutMs) =>
    makeCall({
      connection: findConnection(connectionParams.parse(request.params)),
      method,
      input,
      response: raw,
      timeoutMs: Math.min(timeoutMs, requestTimeoutMs),
      idempotencyKey: idempotencyKeyOf(request.headers),
      log,
    });
  await describeApi(app);
  const refuseOthers = refuseOtherMethods(app);
  addStatusRoutes(app, call, hidePaths);
  addEntityTypeRoutes(app, call);
  addEntityRoutes(app, call);
  addActionRoutes(app, call);
  addSqlQueryRoutes(app, call, hidePaths);
  addToolRoutes(app, call);
  addResourceRoutes(app);
  addAuthorizationRoutes(app);
  addHealthRoutes(app, connections);
  addServiceRoutes(app, metrics);
  refuseOthers();
  await app.ready();
  const closeServer = serverCloser(app.server);
  let closed: Promise<void> | undefined;
  const close = async () => {
    closing = true;
    // A client that does not read its answer is not waited for.
    await closeServer(requestTimeoutMs + longestGraceMs);
    await app.close();
  };
  return {
    listen: (address) => listen(app, address),
    close: () => {
      closed ??= close();
      return closed;
    },
  };
}

interface WantedAddress {
  readonly host: string;
  readonly port: number;
}

async function listen(app: HttpApp, { host, port }: WantedAddress): Promise<HttpAddress> {
  try {
    // For "localhost" the framework would open a second server, for ::1, that does not refuse connections as ours does.
    await app.listen({ host: host === "localhost" ? "127.0.0.1" : host, port });
  } catch (error) {
    throw new StripeSqlError(`the HTTP API cannot listen on ${host}, port ${port}`, {
      sqlState: SqlState.invalidParameterValue,
      phase: "connect",
      detail: error instanceof Error ? error.message : String(error),
      cause: error,
    });
  }
  // A server that listens on a port has such an address.
  const bound = app.server.address() as AddressInfo;
  const name = bound.family === "IPv6" ? `[${bound.address}]` : bound.address;
  return { url: `http://${name}:${bound.port}`, host: bound.address, port: bound.port };
}

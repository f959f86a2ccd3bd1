import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Registry } from "prom-client";
import { SqlState } from "../../error/sql-state.js";
import { StripeSqlError } from "../../error/stripe-sql-error.js";

export interface MetricsServer {
  readonly port: number;
  close(): Promise<void>;
}

interface MetricsServerOptions {
  readonly registry: Registry;
  /** 0 takes a free one. */
  readonly port: number;
}

/**
 * Numbers for Prometheus on `/metrics`, without a token, for programs on this machine alone.
 *
 * @throws StripeSqlError 22023 where it cannot listen there.
 */
export async function openMetricsServer({ registry, port }: MetricsServerOptions): Promise<MetricsServer> {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://localhost");
    if (pathname !== "/metrics") response.writeHead(404).end();
    else if (request.method !== "GET") response.writeHead(405, { allow: "GET" }).end();
    else
      registry.metrics().then(
        (text) => response.writeHead(200, { "content-type": registry.contentType }).end(text),
        () => response.writeHead(500).end(),
      );
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error) => reject(cannotListen(port, error)));
    server.listen({ host: "127.0.0.1", port }, resolve);
  });
  // A server that listens on a port has such an address.
  const bound = server.address() as AddressInfo;
  return {
    port: bound.port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function cannotListen(port: number, cause: Error): StripeSqlError {
  return new StripeSqlError(`metrics cannot be served on port ${port}`, {
    sqlState: SqlState.invalidParameterValue,
    phase: "connect",
    detail: cause.message,
    cause,
  });
}

import { StripeSqlError } from "../../../error/stripe-sql-error.js";
import type { ServedConnection } from "../../served-connection.js";
import type { HttpApp } from "../http-app.js";
import { RpcFailure } from "../rpc-failure.js";
import { health } from "../schemas/status-schemas.js";

const longestAnswerMs = 5000;

async function isReady({ nodes, call }: ServedConnection): Promise<boolean> {
  if (nodes.running === 0) return false;
  try {
    return (
      (await call("checkReadiness", undefined, { signal: AbortSignal.timeout(longestAnswerMs) })).status === "READY"
    );
  } catch (error) {
    if (error instanceof StripeSqlError) return false;
    throw error;
  }
}

/** For whatever watches over the process. They need no token, and tell nothing of the connections. */
export function addHealthRoutes(app: HttpApp, connections: readonly ServedConnection[]): void {
  app.get(
    "/healthz",
    {
      config: { isOpen: true },
      schema: {
        operationId: "healthz",
        summary: "Answers while the process lives",
        tags: ["service"],
        security: [],
        response: { 200: health },
      },
    },
    async () => ({ status: "OK" }) as const,
  );
  app.get(
    "/readyz",
    {
      config: { isOpen: true },
      schema: {
        operationId: "readyz",
        summary: "Whether every connection has a node that runs statements",
        tags: ["service"],
        security: [],
        response: { 200: health },
      },
    },
    async () => {
      if ((await Promise.all(connections.map(isReady))).every(Boolean)) return { status: "READY" } as const;
      throw new RpcFailure("not every connection has a running node", { status: "UNAVAILABLE", reason: "NOT_READY" });
    },
  );
}

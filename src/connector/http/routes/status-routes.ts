import type { HidePaths } from "../hide-paths.js";
import type { CallConnection, HttpApp } from "../http-app.js";
import { noQuery } from "../schemas/input-schemas.js";
import { connectionParams, paths } from "../schemas/path-schemas.js";
import { connectionStatus, readiness } from "../schemas/status-schemas.js";

/** How a connection is. */
export function addStatusRoutes(app: HttpApp, call: CallConnection, hidePaths: HidePaths): void {
  app.get(
    paths.checkReadiness,
    {
      schema: {
        operationId: "checkReadiness",
        summary: "Whether the connection takes calls",
        tags: ["metadata"],
        params: connectionParams,
        querystring: noQuery,
        response: { 200: readiness },
      },
    },
    async (_request, reply) => call(reply, "checkReadiness", undefined),
  );
  app.get(
    paths.checkStatus,
    {
      schema: {
        operationId: "checkStatus",
        summary: "Asks Stripe; a connection that does not work is told as a state",
        tags: ["metadata"],
        params: connectionParams,
        querystring: noQuery,
        response: { 200: connectionStatus },
      },
    },
    async (_request, reply) => {
      const { state, description } = await call(reply, "checkStatus", undefined);
      return { state, description: hidePaths(description) };
    },
  );
}

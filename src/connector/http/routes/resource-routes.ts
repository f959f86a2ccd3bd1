import type { HttpApp } from "../http-app.js";
import { RpcFailure } from "../rpc-failure.js";
import { noQuery, pageQuery } from "../schemas/input-schemas.js";
import { connectionParams, paths, resourceParams } from "../schemas/path-schemas.js";
import { resource, resourceList } from "../schemas/resource-schemas.js";

/** Documents beside the tools, of which Stripe's connections have none. */
export function addResourceRoutes(app: HttpApp): void {
  app.get(
    paths.resources,
    {
      schema: {
        operationId: "listResources",
        summary: "Resources: there are none",
        tags: ["metadata"],
        params: connectionParams,
        querystring: pageQuery,
        response: { 200: resourceList },
      },
    },
    async ({ query: { pageToken } }) => {
      if (pageToken === undefined) return { resources: [] };
      throw new RpcFailure("the page token is not one of this list", {
        status: "INVALID_ARGUMENT",
        reason: "INVALID_VALUE",
      });
    },
  );
  app.get(
    paths.resource,
    {
      schema: {
        operationId: "getResource",
        summary: "One resource: there are none",
        tags: ["metadata"],
        params: resourceParams,
        querystring: noQuery,
        response: { 200: resource },
      },
    },
    async () => {
      throw new RpcFailure("there is no such resource", { status: "NOT_FOUND", reason: "RESOURCE_NOT_FOUND" });
    },
  );
}

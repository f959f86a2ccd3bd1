import type { CallConnection, HttpApp } from "../http-app.js";
import { entityType, entityTypeList, entityTypeListQuery, entityTypeQuery } from "../schemas/entity-type-schemas.js";
import { connectionParams, entityTypeParams, paths } from "../schemas/path-schemas.js";
import { nextPage, pageInput } from "./page.js";

/** Which entities there are, and what they are made of. */
export function addEntityTypeRoutes(app: HttpApp, call: CallConnection): void {
  app.get(
    paths.entityTypes,
    {
      schema: {
        operationId: "listEntityTypes",
        summary: "Entity types, page by page",
        tags: ["metadata"],
        params: connectionParams,
        querystring: entityTypeListQuery,
        response: { 200: entityTypeList },
      },
    },
    async (request, reply) => {
      const output = await call(reply, "listEntityTypes", pageInput(request.query));
      const namesOnly = request.query.view === "ENTITY_TYPE_VIEW_BASIC";
      return { types: namesOnly ? output.types.map(({ name }) => ({ name })) : output.types, ...nextPage(output) };
    },
  );
  app.get(
    paths.entityType,
    {
      schema: {
        operationId: "getEntityType",
        summary: "One entity type: its fields, and the operations that Stripe has for it",
        tags: ["metadata"],
        params: entityTypeParams,
        querystring: entityTypeQuery,
        response: { 200: entityType },
      },
    },
    async (request, reply) => call(reply, "getEntityType", { entity: request.params.entityType }),
  );
}

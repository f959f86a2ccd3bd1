import type { EntityFields } from "../../connector.js";
import type { CallConnection, HttpApp } from "../http-app.js";
import { RpcFailure } from "../rpc-failure.js";
import {
  conditionsQuery,
  createBody,
  deleteEntitiesBody,
  empty,
  entity,
  entityList,
  listQuery,
  patchBody,
  updateEntitiesBody,
  updateEntitiesResponse,
} from "../schemas/entity-schemas.js";
import { noQuery } from "../schemas/input-schemas.js";
import { entityParams, entityTypeParams, paths } from "../schemas/path-schemas.js";

/** List, Get, Create, Update and Delete. */
export function addEntityRoutes(app: HttpApp, call: CallConnection): void {
  addListRoute(app, call);
  addSingleRoutes(app, call);
  addConditionRoutes(app, call);
}

function addListRoute(app: HttpApp, call: CallConnection): void {
  app.get(
    paths.entities,
    {
      schema: {
        operationId: "listEntities",
        summary: "Entities that meet the conditions, page by page",
        tags: ["entities"],
        params: entityTypeParams,
        querystring: listQuery,
        response: { 200: entityList },
      },
    },
    async (request, reply) => {
      const { conditions, pageSize, pageToken, sortBy = [], sortOrder = [] } = request.query;
      const sortColumns = pairSort(sortBy, sortOrder);
      const output = await call(reply, "listEntities", {
        entity: request.params.entityType,
        filterClause: conditions || undefined,
        listEntitiesPageSize: pageSize,
        listEntitiesPageToken: pageToken,
        listEntitiesSortByColumns: sortColumns.length === 0 ? undefined : sortColumns,
      });
      const token = output.listEntitiesNextPageToken;
      return {
        entities: output.connectorOutputPayload.map((fields) => ({ ...nameOf(request.params, fields), fields })),
        ...(token === null ? {} : { nextPageToken: token }),
      };
    },
  );
}

function addSingleRoutes(app: HttpApp, call: CallConnection): void {
  app.post(
    paths.entities,
    {
      schema: {
        operationId: "createEntity",
        summary: "Creates an entity; the answer holds its Id",
        tags: ["entities"],
        params: entityTypeParams,
        querystring: noQuery,
        body: createBody,
        response: { 200: entity },
      },
    },
    async (request, reply) => {
      const { connectorOutputPayload: fields } = await call(reply, "createEntity", {
        entity: request.params.entityType,
        connectorInputPayload: request.body.fields,
      });
      return { ...nameOf(request.params, fields), fields };
    },
  );
  app.get(
    paths.entity,
    {
      schema: {
        operationId: "getEntity",
        summary: "One entity",
        tags: ["entities"],
        params: entityParams,
        querystring: noQuery,
        response: { 200: entity },
      },
    },
    async (request, reply) => {
      const { entityType, entity: entityId } = request.params;
      const { connectorOutputPayload: fields } = await call(reply, "getEntity", { entity: entityType, entityId });
      return { name: entityName(request.params, entityId), fields };
    },
  );
  app.patch(
    paths.entity,
    {
      schema: {
        operationId: "updateEntity",
        summary: "Changes fields of an entity; those that are not named stay as they are",
        tags: ["entities"],
        params: entityParams,
        querystring: noQuery,
        body: patchBody,
        response: { 200: entity },
      },
    },
    async (request, reply) => {
      const { entityType, entity: entityId } = request.params;
      const name = entityName(request.params, entityId);
      const { connectorOutputPayload: fields } = await call(reply, "updateEntity", {
        entity: entityType,
        entityId,
        connectorInputPayload: request.body.fields,
      });
      return { name, fields };
    },
  );
  app.delete(
    paths.entity,
    {
      schema: {
        operationId: "deleteEntity",
        summary: "Deletes an entity",
        tags: ["entities"],
        params: entityParams,
        querystring: noQuery,
        response: { 200: empty },
      },
    },
    async (request, reply) => {
      const { entityType, entity: entityId } = request.params;
      await call(reply, "deleteEntity", { entity: entityType, entityId });
      return {};
    },
  );
}

function addConditionRoutes(app: HttpApp, call: CallConnection): void {
  app.post(
    paths.updateEntities,
    {
      schema: {
        operationId: "updateEntitiesWithConditions",
        summary: "Changes fields of all entities that meet the conditions",
        tags: ["entities"],
        params: entityTypeParams,
        querystring: conditionsQuery,
        body: updateEntitiesBody,
        response: { 200: updateEntitiesResponse },
      },
    },
    async (request, reply) => {
      const { body } = request;
      const output = await call(reply, "updateEntity", {
        entity: request.params.entityType,
        filterClause: theConditions(request.query.conditions, body.conditions),
        connectorInputPayload: theFields(body.fields, body.entity?.fields),
      });
      const { connectorOutputPayload: response, entityIds = [] } = output;
      return { response: entityIds.length > 1 ? { ...response, Ids: entityIds } : response };
    },
  );
  app.post(
    paths.deleteEntities,
    {
      schema: {
        operationId: "deleteEntitiesWithConditions",
        summary: "Deletes all entities that meet the conditions",
        tags: ["entities"],
        params: entityTypeParams,
        querystring: conditionsQuery,
        body: deleteEntitiesBody,
        response: { 200: empty },
      },
    },
    async (request, reply) => {
      await call(reply, "deleteEntity", {
        entity: request.params.entityType,
        filterClause: theConditions(request.query.conditions, request.body.conditions),
      });
      return {};
    },
  );
}

/** "Created" and "DESC" to "Created DESC". */
function pairSort(columns: readonly string[], orders: readonly string[]): readonly string[] {
  if (orders.length === 0) return columns;
  if (orders.length !== columns.length) {
    throw invalid("INVALID_QUERY", `sortOrder is given ${orders.length} times for ${columns.length} of sortBy`);
  }
  return columns.map((column, index) => {
    const order = orders[index]?.toUpperCase();
    if (order === "ASC" || order === "DESC") return `${column} ${order}`;
    throw invalid("INVALID_QUERY", 'query parameter "sortOrder": expected ASC or DESC');
  });
}

function theConditions(inQuery: string | undefined, inBody: string | undefined): string {
  if (inQuery !== undefined && inBody !== undefined) {
    throw invalid("INVALID_BODY", "conditions are given in the query and in the body");
  }
  const conditions = inQuery ?? inBody ?? "";
  if (conditions.trim() !== "") return conditions;
  throw invalid("CONDITIONS_MISSING", "conditions are required", "Empty conditions never stand for all entities.");
}

function theFields(fields: EntityFields | undefined, entityFields: EntityFields | undefined): EntityFields {
  if (fields !== undefined && entityFields !== undefined) {
    throw invalid("INVALID_BODY", "fields are given twice: as fields and in entity");
  }
  const given = fields ?? entityFields;
  if (given === undefined) throw invalid("INVALID_BODY", 'field "fields" is required');
  return given;
}

interface EntityTypePath {
  readonly project: string;
  readonly location: string;
  readonly connection: string;
  readonly entityType: string;
}

function nameOf(path: EntityTypePath, { Id: id }: EntityFields): { readonly name?: string } {
  return typeof id === "string" ? { name: entityName(path, id) } : {};
}

function entityName({ project, location, connection, entityType }: EntityTypePath, id: string): string {
  const connectionName = `projects/${project}/locations/${location}/connections/${connection}`;
  return `${connectionName}/entityTypes/${entityType}/entities/${encodeURIComponent(id)}`;
}

function invalid(reason: string, message: string, hint?: string): RpcFailure {
  const metadata = hint === undefined ? {} : { hint };
  return new RpcFailure(message, { status: "INVALID_ARGUMENT", reason, metadata });
}

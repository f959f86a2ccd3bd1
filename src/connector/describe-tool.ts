import type { Catalog, Table } from "../catalog/catalog.js";
import type { JsonObject } from "../value/json.js";
import { getAction, inputSchema } from "./actions.js";
import type { Operation, Tool } from "./connector.js";
import { entityName, entityTable } from "./entity-table.js";
import { getEntityType } from "./entity-types.js";
import { actionProcedure } from "./execute-action.js";
import type { ToolTarget } from "./tool-target.js";
import { sqlTool } from "./tool-target.js";

export function describeTool(name: string, target: ToolTarget, catalog: Catalog): Tool {
  switch (target.kind) {
    case "sql":
      return sqlDescription;
    case "action":
      return describeAction(name, target.action, catalog);
    case "operation":
      return describeOperation(name, target.operation, entityTable(target.entity, catalog), catalog);
  }
}

function describeAction(name: string, action: string, catalog: Catalog): Tool {
  const { displayName, description, inputJsonSchema, resultJsonSchema } = getAction({ action }, catalog);
  const { writes } = actionProcedure(action, catalog);
  return {
    name,
    description: description === "" ? displayName : description,
    inputSchema: inputJsonSchema,
    outputSchema: payloadSchema(resultJsonSchema),
    annotations: {
      title: displayName,
      readOnlyHint: !writes,
      destructiveHint: writes,
      idempotentHint: !writes,
      openWorldHint: true,
    },
  };
}

interface OperationFacts {
  readonly verb: string;
  readonly isRead: boolean;
  readonly isDestructive: boolean;
  readonly isIdempotent: boolean;
}

const facts: Readonly<Record<Operation, OperationFacts>> = {
  LIST: { verb: "List", isRead: true, isDestructive: false, isIdempotent: true },
  GET: { verb: "Get", isRead: true, isDestructive: false, isIdempotent: true },
  CREATE: { verb: "Create", isRead: false, isDestructive: false, isIdempotent: false },
  UPDATE: { verb: "Update", isRead: false, isDestructive: true, isIdempotent: true },
  DELETE: { verb: "Delete", isRead: false, isDestructive: true, isIdempotent: true },
};

function describeOperation(name: string, operation: Operation, table: Table, catalog: Catalog): Tool {
  const { verb, isRead, isDestructive, isIdempotent } = facts[operation];
  const title = `${verb} ${entityName(table)}`;
  return {
    name,
    description: [`${title}.`, table.description].filter((text) => text !== "").join(" "),
    inputSchema: operationInput(operation, table),
    outputSchema: operationOutput(operation, getEntityType({ entity: entityName(table) }, catalog).jsonSchema),
    annotations: {
      title,
      readOnlyHint: isRead,
      destructiveHint: isDestructive,
      idempotentHint: isIdempotent,
      openWorldHint: true,
    },
  };
}

const textSchema = { type: ["string"] };
const selection = { entityId: textSchema, filterClause: textSchema };

function operationInput(operation: Operation, table: Table): JsonObject {
  switch (operation) {
    case "LIST":
      return objectOf({
        filterClause: textSchema,
        listEntitiesPageSize: { type: ["integer"], minimum: 1, maximum: 200 },
        listEntitiesPageToken: textSchema,
        listEntitiesSortByColumns: { type: ["array"], items: textSchema },
      });
    case "GET":
      return objectOf({ entityId: textSchema }, ["entityId"]);
    case "CREATE":
      return objectOf({ connectorInputPayload: createSchema(table) }, ["connectorInputPayload"]);
    case "UPDATE":
      return objectOf(
        { connectorInputPayload: inputSchema({ parameters: table.update?.parameters ?? [] }), ...selection },
        ["connectorInputPayload"],
      );
    case "DELETE":
      return objectOf(selection);
  }
}

/** An entity of a nested list is created under its parent, whose id is a field of it. */
function createSchema({ create }: Table): JsonObject {
  const keys = (create?.keys ?? []).map(({ column }) => column);
  const schema = inputSchema({ parameters: create?.parameters ?? [] });
  if (keys.length === 0) return schema;
  const properties = Object.fromEntries(keys.map((key) => [key, textSchema]));
  return {
    ...schema,
    properties: { ...properties, ...(schema["properties"] as JsonObject) },
    required: [...keys, ...((schema["required"] as readonly string[] | undefined) ?? [])],
  };
}

function operationOutput(operation: Operation, entity: JsonObject): JsonObject {
  const written = { ...objectOf({ Id: textSchema }) };
  const ids = { entityIds: { type: ["array"], items: textSchema } };
  switch (operation) {
    case "LIST":
      return objectOf({
        connectorOutputPayload: { type: ["array"], items: entity },
        listEntitiesNextPageToken: { type: ["string", "null"] },
      });
    case "GET":
      return payloadSchema(entity);
    case "CREATE":
      return payloadSchema(written);
    case "UPDATE":
      return objectOf({ connectorOutputPayload: written, ...ids });
    case "DELETE":
      return objectOf(ids);
  }
}

const payloadSchema = (schema: JsonObject): JsonObject => objectOf({ connectorOutputPayload: schema });

function objectOf(properties: JsonObject, required: readonly string[] = []): JsonObject {
  return { type: ["object"], properties, ...(required.length === 0 ? {} : { required }) };
}

const sqlDescription: Tool = {
  name: sqlTool,
  description: "Runs one SQL statement over Stripe's resources as tables: SELECT, INSERT, UPDATE, DELETE or EXEC.",
  inputSchema: objectOf(
    {
      query: textSchema,
      maxRows: { type: ["integer"], minimum: 1 },
      timeout: { type: ["number"] },
      queryParameters: {
        type: ["array"],
        items: objectOf({ dataType: textSchema, value: { type: ["string", "null"] } }, ["value"]),
      },
      pageToken: textSchema,
    },
    ["query"],
  ),
  outputSchema: objectOf({
    results: { type: ["array"], items: { type: ["object"] } },
    metadata: objectOf({
      truncated: { type: ["boolean"] },
      nextPageToken: textSchema,
      affectedRows: { type: ["integer"] },
      notices: { type: ["array"], items: textSchema },
      requests: { type: ["integer"] },
    }),
  }),
  annotations: {
    title: "Execute SQL query",
    readOnlyHint: false,
    destructiveHint: true,
    idempotentHint: false,
    openWorldHint: true,
  },
};

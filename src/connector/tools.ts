import type { Catalog, Table } from "../catalog/catalog.js";
import { SqlState } from "../error/sql-state.js";
import { StripeSqlError } from "../error/stripe-sql-error.js";
import { didYouMean } from "../error/suggestion.js";
import type { JsonObject } from "../value/json.js";
import { actionNames, getAction, inputSchema } from "./actions.js";
import type { CallOptions, Connector, ListToolsOutput, Operation, Tool } from "./connector.js";
import { entityName, entityTable, operationsOf } from "./entity-table.js";
import { getEntityType } from "./entity-types.js";
import { actionProcedure } from "./execute-action.js";
import type { CheckedPage } from "./input-schemas.js";
import { pageOfNames } from "./page-of-names.js";

/** What a tool stands for. */
type ToolTarget =
  | { readonly kind: "action"; readonly action: string }
  | { readonly kind: "operation"; readonly operation: Operation; readonly entity: string }
  | { readonly kind: "sql" };

const sqlTool = "execute_sql_query";

/** Every operation of every entity, every action, and SQL, as an agent calls them. */
export function listTools(page: CheckedPage, catalog: Catalog): ListToolsOutput {
  const targets = toolTargets(catalog);
  const { names, nextPageToken } = pageOfNames([...targets.keys()], page, "tools");
  const tools = names.flatMap((name) => {
    const target = targets.get(name);
    return target === undefined ? [] : [describeTool(name, target, catalog)];
  });
  return { tools, nextPageToken };
}

/** Runs a tool by the connector's own call. */
export async function executeTool(
  { tool, parameters }: { readonly tool: string; readonly parameters: JsonObject },
  { connector, catalog }: { readonly connector: Connector; readonly catalog: Catalog },
  options: CallOptions,
): Promise<JsonObject> {
  const targets = toolTargets(catalog);
  const target = targets.get(tool);
  if (target === undefined) throw unknownTool(tool, targets.keys());
  // The call checks its input: it comes as it was given.
  const result: unknown = await callTool(target, parameters, { connector, options });
  return result as JsonObject;
}

function callTool(
  target: ToolTarget,
  parameters: JsonObject,
  { connector, options }: { readonly connector: Connector; readonly options: CallOptions },
): Promise<unknown> {
  switch (target.kind) {
    case "sql":
      return connector.executeSqlQuery({ query: "", ...parameters }, options);
    case "action":
      return connector.executeAction({ action: target.action, connectorInputPayload: parameters }, options);
    case "operation":
      return callOperation(target, parameters, { connector, options });
  }
}

function callOperation(
  { operation, entity }: Extract<ToolTarget, { kind: "operation" }>,
  parameters: JsonObject,
  { connector, options }: { readonly connector: Connector; readonly options: CallOptions },
): Promise<unknown> {
  const withPayload = { connectorInputPayload: {}, ...parameters, entity };
  switch (operation) {
    case "LIST":
      return connector.listEntities({ ...parameters, entity }, options);
    case "GET":
      return connector.getEntity({ entityId: "", ...parameters, entity }, options);
    case "CREATE":
      return connector.createEntity(withPayload, options);
    case "UPDATE":
      return connector.updateEntity(withPayload, options);
    case "DELETE":
      return connector.deleteEntity({ ...parameters, entity }, options);
  }
}

/** By name: "list_Customer", "list_v2_Account", "AcceptQuote". */
function toolTargets(catalog: Catalog): ReadonlyMap<string, ToolTarget> {
  const operations = catalog.tables().flatMap((table) =>
    operationsOf(table).map((operation): [string, ToolTarget] => {
      const entity = entityName(table);
      return [`${operation.toLowerCase()}_${entity.replace(".", "_")}`, { kind: "operation", operation, entity }];
    }),
  );
  const actions = actionNames(catalog).map((action): [string, ToolTarget] => [action, { kind: "action", action }]);
  return new Map<string, ToolTarget>([...actions, [sqlTool, { kind: "sql" }], ...operations]);
}

function describeTool(name: string, target: ToolTarget, catalog: Catalog): Tool {
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
      return objectOf({ connectorInputPayload: inputSchema({ parameters: table.create?.parameters ?? [] }) }, [
        "connectorInputPayload",
      ]);
    case "UPDATE":
      return objectOf(
        { connectorInputPayload: inputSchema({ parameters: table.update?.parameters ?? [] }), ...selection },
        ["connectorInputPayload"],
      );
    case "DELETE":
      return objectOf(selection);
  }
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
    },
    ["query"],
  ),
  outputSchema: objectOf({
    results: { type: ["array"], items: { type: ["object"] } },
    metadata: { type: ["object"] },
  }),
  annotations: {
    title: "Execute SQL query",
    readOnlyHint: false,
    destructiveHint: true,
    idempotentHint: false,
    openWorldHint: true,
  },
};

function unknownTool(tool: string, names: Iterable<string>): StripeSqlError {
  return new StripeSqlError(`tool "${tool}" does not exist`, {
    sqlState: SqlState.undefinedFunction,
    phase: "plan",
    hint: didYouMean(tool, names) ?? "List the tools to see them all.",
  });
}

import type { Catalog } from "../catalog/catalog.js";
import { SqlState } from "../error/sql-state.js";
import { StripeSqlError } from "../error/stripe-sql-error.js";
import { didYouMean } from "../error/suggestion.js";
import type { JsonObject } from "../value/json.js";
import type { CallOptions, Connector, ListToolsOutput, Operation } from "./connector.js";
import { describeTool } from "./describe-tool.js";
import type { CheckedPage } from "./input-schemas.js";
import { pageOfNames } from "./page-of-names.js";
import type { ToolTarget } from "./tool-target.js";
import { toolTargets } from "./tool-target.js";

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

/** Runs a tool by the connector's own call, which checks its input: it comes as it was given. */
export async function executeTool(
  { tool, parameters }: { readonly tool: string; readonly parameters: JsonObject },
  { connector, catalog }: { readonly connector: Connector; readonly catalog: Catalog },
  options: CallOptions,
): Promise<JsonObject> {
  const targets = toolTargets(catalog);
  const target = targets.get(tool);
  if (target === undefined) throw unknownTool(tool, targets.keys());
  const { method, input } = toolCall(tool, target, parameters);
  // The method checks what it is given, and gives plain JSON.
  const result: unknown = await connector[method](input as never, options);
  return result as JsonObject;
}

type ToolMethod = "executeSqlQuery" | "executeAction" | (typeof methods)[Operation];

const methods = {
  LIST: "listEntities",
  GET: "getEntity",
  CREATE: "createEntity",
  UPDATE: "updateEntity",
  DELETE: "deleteEntity",
} as const satisfies Readonly<Record<Operation, keyof Connector>>;

function toolCall(
  tool: string,
  target: ToolTarget,
  parameters: JsonObject,
): { readonly method: ToolMethod; readonly input: JsonObject } {
  switch (target.kind) {
    case "sql":
      return { method: "executeSqlQuery", input: parameters };
    case "action":
      return { method: "executeAction", input: { action: target.action, connectorInputPayload: parameters } };
    case "operation":
      if ("entity" in parameters) throw ownEntity(tool, target.entity);
      return { method: methods[target.operation], input: { ...parameters, entity: target.entity } };
  }
}

function ownEntity(tool: string, entity: string): StripeSqlError {
  return new StripeSqlError(`tool "${tool}" takes no entity: it is for ${entity} alone`, {
    sqlState: SqlState.invalidParameterValue,
    phase: "plan",
  });
}

function unknownTool(tool: string, names: Iterable<string>): StripeSqlError {
  return new StripeSqlError(`tool "${tool}" does not exist`, {
    sqlState: SqlState.undefinedFunction,
    phase: "plan",
    hint: didYouMean(tool, names) ?? "List the tools to see them all.",
  });
}

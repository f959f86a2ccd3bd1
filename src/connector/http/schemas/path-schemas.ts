import { z } from "zod";

const connection = {
  project: z.string().meta({ description: "Any project: a connection belongs to none.", example: "my-project" }),
  location: z
    .string()
    .meta({ description: "The connection's location; any where it has none.", example: "europe-west1" }),
  connection: z.string().meta({ example: "stripe-eu" }),
};

const entityTypeName = z.string().meta({ description: "A table.", example: "Customer" });

export const connectionParams = z.object(connection);
export const entityTypeParams = z.object({ ...connection, entityType: entityTypeName });
export const entityParams = z.object({
  ...connection,
  entityType: entityTypeName,
  entity: z.string().meta({ description: "The entity's id.", example: "cus_OxHsz0u5bCGWuy" }),
});
export const actionParams = z.object({ ...connection, action: z.string().meta({ example: "ConfirmPaymentIntent" }) });
export const toolParams = z.object({ ...connection, tool: z.string().meta({ example: "get_Customer" }) });

export const resourceParams = z.object({ ...connection, resource: z.string().meta({ example: "readme.txt" }) });

/** Where the router has `:connection`, followed by nothing but a colon and a method. */
const wholeSegment = "([^:/]+)::";
const connectionPath = "/v2/projects/:project/locations/:location/connections/:connection";

/** The router's patterns of all methods. */
export const paths = {
  checkReadiness: `${connectionPath}${wholeSegment}checkReadiness`,
  checkStatus: `${connectionPath}${wholeSegment}checkStatus`,
  exchangeAuthCode: `${connectionPath}${wholeSegment}exchangeAuthCode`,
  refreshAccessToken: `${connectionPath}${wholeSegment}refreshAccessToken`,
  executeSqlQuery: `${connectionPath}${wholeSegment}executeSqlQuery`,
  entityTypes: `${connectionPath}/entityTypes`,
  entityType: `${connectionPath}/entityTypes/:entityType`,
  entities: `${connectionPath}/entityTypes/:entityType/entities`,
  entity: `${connectionPath}/entityTypes/:entityType/entities/:entity`,
  updateEntities: `${connectionPath}/entityTypes/:entityType/entities::updateEntitiesWithConditions`,
  deleteEntities: `${connectionPath}/entityTypes/:entityType/entities::deleteEntitiesWithConditions`,
  actions: `${connectionPath}/actions`,
  action: `${connectionPath}/actions/:action([^:/]+)`,
  executeAction: `${connectionPath}/actions/:action${wholeSegment}execute`,
  tools: `${connectionPath}/tools`,
  resources: `${connectionPath}/resources`,
  resource: `${connectionPath}/resources/:resource`,
  executeTool: `${connectionPath}/tools/:tool${wholeSegment}execute`,
} as const;

/** "/v2/projects/{project}/…/connections/{connection}:checkStatus" of a router's pattern. */
export function pathTemplate(pattern: string): string {
  return pattern.replace(/::|:(\w+)(?:\([^)]*\))?/g, (_, name?: string) => (name === undefined ? ":" : `{${name}}`));
}

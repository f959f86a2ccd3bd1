import { z } from "zod";
import { callMetadata } from "./action-schemas.js";
import { executionConfig, jsonObject, pageSize, pageToken } from "./input-schemas.js";

const tool = z
  .strictObject({
    name: z.string(),
    description: z.string(),
    inputSchema: jsonObject,
    outputSchema: jsonObject,
    annotations: z.strictObject({
      title: z.string(),
      readOnlyHint: z.boolean(),
      destructiveHint: z.boolean(),
      idempotentHint: z.boolean(),
      openWorldHint: z.boolean(),
    }),
  })
  .meta({ id: "Tool" });

export const toolList = z
  .strictObject({
    tools: z.array(tool).readonly(),
    nextPageToken: z.string().optional().meta({ description: "Left out at the end." }),
  })
  .meta({ id: "ListToolsResponse" });

export const listToolsBody = z
  .strictObject({ pageSize, pageToken, executionConfig })
  .meta({ examples: [{ pageSize: 25 }] });

export const executeToolBody = z.strictObject({ parameters: jsonObject.optional(), executionConfig }).meta({
  examples: [{ parameters: { entityId: "cus_OxHsz0u5bCGWuy" } }],
});

export const executeToolResponse = z
  .strictObject({ result: jsonObject, metadata: callMetadata })
  .meta({ id: "ExecuteToolResponse" });

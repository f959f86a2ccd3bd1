import type { CallConnection, HttpApp } from "../http-app.js";
import { noQuery, pageQuery } from "../schemas/input-schemas.js";
import { connectionParams, paths, toolParams } from "../schemas/path-schemas.js";
import { executeToolBody, executeToolResponse, listToolsBody, toolList } from "../schemas/tool-schemas.js";
import { nextPage, pageInput } from "./page.js";

/** Entities and actions as agents take them. */
export function addToolRoutes(app: HttpApp, call: CallConnection): void {
  app.get(
    paths.tools,
    {
      schema: {
        operationId: "listTools",
        summary: "Tools, page by page",
        tags: ["tools"],
        params: connectionParams,
        querystring: pageQuery,
        response: { 200: toolList },
      },
    },
    async (request, reply) => {
      const output = await call(reply, "listTools", pageInput(request.query));
      return { tools: output.tools, ...nextPage(output) };
    },
  );
  app.post(
    paths.tools,
    {
      schema: {
        operationId: "listToolsPost",
        summary: "Tools, page by page, asked for with a body",
        tags: ["tools"],
        params: connectionParams,
        querystring: noQuery,
        body: listToolsBody,
        response: { 200: toolList },
      },
    },
    async (request, reply) => {
      const output = await call(reply, "listTools", pageInput(request.body));
      return { tools: output.tools, ...nextPage(output) };
    },
  );
  app.post(
    paths.executeTool,
    {
      schema: {
        operationId: "executeTool",
        summary: "Carries out a tool",
        tags: ["tools"],
        params: toolParams,
        querystring: noQuery,
        body: executeToolBody,
        response: { 200: executeToolResponse },
      },
    },
    async (request, reply) => {
      const { result } = await call(reply, "executeTool", {
        tool: request.params.tool,
        parameters: request.body.parameters ?? {},
      });
      return { result, metadata: {} };
    },
  );
}

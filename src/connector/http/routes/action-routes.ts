import type { CallConnection, HttpApp } from "../http-app.js";
import {
  action,
  actionList,
  actionListQuery,
  actionQuery,
  executeActionBody,
  executeActionResponse,
} from "../schemas/action-schemas.js";
import { noQuery } from "../schemas/input-schemas.js";
import { actionParams, connectionParams, paths } from "../schemas/path-schemas.js";
import { nextPage, pageInput } from "./page.js";

export function addActionRoutes(app: HttpApp, call: CallConnection): void {
  app.get(
    paths.actions,
    {
      schema: {
        operationId: "listActions",
        summary: "Actions, page by page",
        tags: ["metadata"],
        params: connectionParams,
        querystring: actionListQuery,
        response: { 200: actionList },
      },
    },
    async (request, reply) => {
      const output = await call(reply, "listActions", pageInput(request.query));
      const namesOnly = request.query.view === "ACTION_VIEW_BASIC";
      return {
        actions: namesOnly ? output.actions.map(({ name }) => ({ name })) : output.actions,
        ...nextPage(output),
      };
    },
  );
  app.get(
    paths.action,
    {
      schema: {
        operationId: "getAction",
        summary: "One action: its inputs and its result",
        tags: ["metadata"],
        params: actionParams,
        querystring: actionQuery,
        response: { 200: action },
      },
    },
    async (request, reply) => call(reply, "getAction", { action: request.params.action }),
  );
  app.post(
    paths.executeAction,
    {
      schema: {
        operationId: "executeAction",
        summary: "Carries out an action",
        tags: ["actions"],
        params: actionParams,
        querystring: noQuery,
        body: executeActionBody,
        response: { 200: executeActionResponse },
      },
    },
    async (request, reply) => {
      const { connectorOutputPayload: results } = await call(reply, "executeAction", {
        action: request.params.action,
        connectorInputPayload: request.body.parameters ?? {},
      });
      return { results, metadata: {} };
    },
  );
}

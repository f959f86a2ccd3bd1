import type { HidePaths } from "../hide-paths.js";
import type { CallConnection, HttpApp } from "../http-app.js";
import { noQuery } from "../schemas/input-schemas.js";
import { connectionParams, paths } from "../schemas/path-schemas.js";
import { executeSqlQueryBody, executeSqlQueryResponse } from "../schemas/sql-query-schemas.js";

const defaultTimeoutSeconds = 180;

export function addSqlQueryRoutes(app: HttpApp, call: CallConnection, hidePaths: HidePaths): void {
  app.post(
    paths.executeSqlQuery,
    {
      schema: {
        operationId: "executeSqlQuery",
        summary: "Runs a SQL statement",
        tags: ["sql"],
        params: connectionParams,
        querystring: noQuery,
        body: executeSqlQueryBody,
        response: { 200: executeSqlQueryResponse },
      },
    },
    async (request, reply) => {
      const { query, maxRows, timeout, queryParameters, pageToken } = request.body.query;
      const input = { query, maxRows, timeout, queryParameters, pageToken };
      const output = await call(reply, "executeSqlQuery", input, (timeout ?? defaultTimeoutSeconds) * 1000);
      const { notices } = output.metadata;
      if (notices === undefined) return output;
      return { ...output, metadata: { ...output.metadata, notices: notices.map(hidePaths) } };
    },
  );
}

import type { CallConnection, HttpApp } from "../http-app.js";
import { noQuery } from "../schemas/input-schemas.js";
import { connectionParams, paths } from "../schemas/path-schemas.js";
import { executeSqlQueryBody, executeSqlQueryResponse } from "../schemas/sql-query-schemas.js";

const defaultTimeoutSeconds = 180;

export function addSqlQueryRoutes(app: HttpApp, call: CallConnection): void {
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
      return call(reply, "executeSqlQuery", input, (timeout ?? defaultTimeoutSeconds) * 1000);
    },
  );
}

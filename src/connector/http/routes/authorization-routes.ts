import type { HttpApp } from "../http-app.js";
import { RpcFailure } from "../rpc-failure.js";
import { accessCredentials, exchangeAuthCodeBody, refreshAccessTokenBody } from "../schemas/authorization-schemas.js";
import { noQuery } from "../schemas/input-schemas.js";
import { connectionParams, paths } from "../schemas/path-schemas.js";

/** Methods for connections that a user's consent opens: the runtime API has them of every connector. */
export function addAuthorizationRoutes(app: HttpApp): void {
  app.post(
    paths.exchangeAuthCode,
    {
      schema: {
        operationId: "exchangeAuthCode",
        summary: "Not supported: connections authenticate by an API key",
        tags: ["metadata"],
        params: connectionParams,
        querystring: noQuery,
        body: exchangeAuthCodeBody,
        response: { 200: accessCredentials },
      },
    },
    async () => {
      throw notOAuth("exchangeAuthCode");
    },
  );
  app.post(
    paths.refreshAccessToken,
    {
      schema: {
        operationId: "refreshAccessToken",
        summary: "Not supported: connections authenticate by an API key",
        tags: ["metadata"],
        params: connectionParams,
        querystring: noQuery,
        body: refreshAccessTokenBody,
        response: { 200: accessCredentials },
      },
    },
    async () => {
      throw notOAuth("refreshAccessToken");
    },
  );
}

function notOAuth(method: string): RpcFailure {
  return new RpcFailure(`${method} is not supported`, {
    status: "UNIMPLEMENTED",
    reason: "NOT_SUPPORTED",
    metadata: { detail: "Connections authenticate at Stripe by an API key, not by OAuth." },
  });
}

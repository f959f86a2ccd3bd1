import { METHODS } from "node:http";
import type { HttpApp } from "./http-app.js";
import { RpcFailure } from "./rpc-failure.js";

/**
 * Has each path answer the methods that it does not have, and OPTIONS with those that it has. To be called before the
 * routes are added; what it gives back, after.
 * Source: https://www.rfc-editor.org/rfc/rfc9110#section-9.3.7
 */
export function refuseOtherMethods(app: HttpApp): () => void {
  const routes = new Map<string, { readonly methods: Set<string>; readonly isOpen: boolean }>();
  // CONNECT never comes as a request: see refuse-connection.ts.
  const all = METHODS.filter((method) => method !== "CONNECT");
  for (const method of all.filter((one) => !app.supportedMethods.includes(one))) app.addHttpMethod(method);
  app.addHook("onRoute", ({ url, method, config }) => {
    const route = routes.get(url) ?? { methods: new Set(), isOpen: config?.isOpen === true };
    for (const one of [method].flat()) route.methods.add(one);
    routes.set(url, route);
  });
  return () => {
    for (const [url, { methods, isOpen }] of [...routes]) {
      const config = isOpen ? { isOpen } : {};
      const allow = [...methods, "OPTIONS"].sort().join(", ");
      app.route({
        method: "OPTIONS",
        url,
        config,
        schema: { hide: true },
        handler: async (_request, reply) => reply.code(204).header("allow", allow).send(),
      });
      app.route({
        method: all.filter((method) => !methods.has(method) && method !== "OPTIONS"),
        url,
        config,
        schema: { hide: true },
        onRequest: async () => {
          throw notAllowed(allow);
        },
        handler: async () => undefined,
      });
    }
  };
}

function notAllowed(allow: string): RpcFailure {
  return new RpcFailure("this path has no such method", {
    status: "INVALID_ARGUMENT",
    reason: "METHOD_NOT_ALLOWED",
    httpStatus: 405,
    metadata: { allow },
    headers: { allow },
  });
}

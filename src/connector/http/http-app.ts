import type { IncomingHttpHeaders, IncomingMessage, Server, ServerResponse } from "node:http";
import type { FastifyBaseLogger, FastifyInstance } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import type { Connector, ConnectorMethod } from "../connector.js";
import type { CallOutput } from "./make-call.js";

/** A server whose routes have zod schemas. */
export type HttpApp = FastifyInstance<Server, IncomingMessage, ServerResponse, FastifyBaseLogger, ZodTypeProvider>;

/** As much of a reply as a call needs. */
export interface Exchange {
  readonly raw: ServerResponse;
  readonly request: { readonly params: unknown; readonly headers: IncomingHttpHeaders };
}

/** Makes a call on the connection that the request's path names. */
export type CallConnection = <Method extends ConnectorMethod>(
  exchange: Exchange,
  method: Method,
  input: Parameters<Connector[Method]>[0],
  /** Where it is shorter than a request's time. */
  timeoutMs?: number,
) => Promise<CallOutput<Method>>;

declare module "fastify" {
  interface FastifyContextConfig {
    /** True where no token is needed. */
    readonly isOpen?: true;
  }
}

import type { IncomingMessage } from "node:http";
import type { FastifyReply, FastifyRequest } from "fastify";
import Fastify from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { validatorCompiler } from "fastify-type-provider-zod";
import type { AccessLog } from "./access-log.js";
import type { Authenticate } from "./authenticate.js";
import { authorizationInQuery } from "./authenticate.js";
import { explainFailure, unforeseenReason } from "./explain-failure.js";
import type { FindConnection } from "./find-connection.js";
import type { HttpApp } from "./http-app.js";
import type { HttpMetrics } from "./http-metrics.js";
import { throttledReason } from "./make-call.js";
import { onceClosed } from "./once-closed.js";
import { parseQuery } from "./parse-query.js";
import type { PrintFailure } from "./print-failure.js";
import { checkEncoding, readBody } from "./read-body.js";
import { connectionRefuser } from "./refuse-connection.js";
import { RpcFailure } from "./rpc-failure.js";
import { connectionParams, pathTemplate } from "./schemas/path-schemas.js";
import type { AnswerFormat } from "./serialize-answer.js";
import { answerFormatOf, answerSerializer, formatAnswer } from "./serialize-answer.js";

export interface AppParts {
  readonly authenticate: Authenticate;
  readonly findConnection: FindConnection;
  readonly print: PrintFailure;
  readonly metrics: HttpMetrics;
  readonly log: AccessLog;
  readonly bodyLimitBytes: number;
  readonly receiveTimeoutMs: number;
  /** True once no further request is to be taken. */
  readonly isClosing: () => boolean;
}

/** Page tokens are in URLs. */
const maxHeaderBytes = 64 * 1024;
const keepAliveMs = 65_000;

/** A server without routes that answers every mistake with a google.rpc body. */
export function createApp(parts: AppParts): HttpApp {
  const { print, metrics, bodyLimitBytes, receiveTimeoutMs } = parts;
  const refuser = connectionRefuser(print, (status) => metrics.refused(status));
  const app = Fastify({
    clientErrorHandler: (error, socket) => refuser.clientError(error, socket),
    bodyLimit: bodyLimitBytes,
    keepAliveTimeout: keepAliveMs,
    requestTimeout: receiveTimeoutMs,
    exposeHeadRoutes: true,
    return503OnClosing: false,
    routerOptions: { maxParamLength: maxHeaderBytes, querystringParser: () => ({}) },
    rewriteUrl,
    frameworkErrors: (error, request, reply) => {
      observe(request, reply, parts);
      answerFailure(error, request, reply, parts);
    },
    http: {
      maxHeaderSize: maxHeaderBytes,
      headersTimeout: receiveTimeoutMs,
      connectionsCheckingInterval: Math.min(receiveTimeoutMs, 5000),
      // Node would refuse it without a body; it is refused below.
      requireHostHeader: false,
    },
  }).withTypeProvider<ZodTypeProvider>();
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(answerSerializer(parts.log));
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("application/json", { parseAs: "buffer" }, async (_request: FastifyRequest, body: Buffer) =>
    readBody(body),
  );
  app.setErrorHandler((error, request, reply) => answerFailure(error, request, reply, parts));
  app.setNotFoundHandler(() => {
    throw new RpcFailure("there is nothing at this path", {
      status: "NOT_FOUND",
      reason: "PATH_NOT_FOUND",
      metadata: { hint: "GET /openapi.json lists the paths." },
    });
  });
  addHooks(app, parts);
  refuser.attach(app.server);
  // Node would leave out what comes after two thousand: a second Authorization, an Idempotency-Key. The bytes are bounded.
  app.server.maxHeadersCount = 0;
  return app;
}

/** The colon before a method may come percent-encoded. */
function rewriteUrl({ url = "/" }: IncomingMessage): string {
  const end = url.indexOf("?");
  const path = end < 0 ? url : url.slice(0, end);
  return `${path.replace(/%3a/gi, ":")}${end < 0 ? "" : url.slice(end)}`;
}

function addHooks(app: HttpApp, parts: AppParts): void {
  app.addHook("onRequest", async (request, reply) => {
    reply.headers({ "cache-control": "no-store", "x-content-type-options": "nosniff" });
    observe(request, reply, parts);
    if (parts.isClosing()) throw new RpcFailure("the server is closing", { status: "UNAVAILABLE", reason: "CLOSING" });
    checkHeaders(request);
    if (request.routeOptions.config.isOpen !== true) parts.authenticate(authorizationOf(request));
    checkEncoding(request);
    if (!isOfConnection(request)) return;
    parts.findConnection(connectionParams.parse(request.params));
    request.query = parseQuery(request.raw.url ?? "");
  });
  app.addHook("preValidation", async (request) => {
    const { routeOptions, body } = request;
    if (routeOptions.schema?.body !== undefined) {
      // No body is an object without fields: what has to be in it is then missed by name.
      request.body = body === undefined ? {} : body;
    } else if (body !== undefined && !isEmptyObject(body)) {
      throw new RpcFailure("this method takes no body", { status: "INVALID_ARGUMENT", reason: "INVALID_BODY" });
    }
  });
  const formats = new WeakMap<FastifyRequest, AnswerFormat>();
  app.addHook("preHandler", async (request) => {
    const hasQuery = request.routeOptions.schema?.querystring !== undefined;
    if (hasQuery) formats.set(request, answerFormatOf(request));
  });
  app.addHook("preSerialization", async (request, reply, answer) => {
    const format = formats.get(request);
    if (format !== undefined) formatAnswer(reply, format, parts.log);
    return answer;
  });
  app.addHook("onSend", async (_request, reply) => {
    if (parts.isClosing()) reply.header("connection", "close");
  });
}

/** Of two, a proxy before this server may have gone by the other. Source: https://www.rfc-editor.org/rfc/rfc9112#section-3.2 */
const onlyOnce: ReadonlySet<string> = new Set(["authorization", "host"]);

function checkHeaders({ raw }: FastifyRequest): void {
  const names = raw.rawHeaders.filter((_, index) => index % 2 === 0).map((name) => name.toLowerCase());
  const repeated = names.find((name, index) => onlyOnce.has(name) && names.indexOf(name) < index);
  if (repeated !== undefined) throw malformed(`the ${repeated} header is given twice`);
  if (raw.headers.host === undefined && raw.httpVersion !== "1.0") throw malformed("the Host header is missing");
  // A request that asks for another method than it has would be carried out as what it is not meant to be.
  const [override = raw.method] = [raw.headers["x-http-method-override"]].flat();
  if (override !== raw.method) throw malformed("X-HTTP-Method-Override names another method than the request's");
}

function malformed(message: string): RpcFailure {
  return new RpcFailure(message, { status: "INVALID_ARGUMENT", reason: "MALFORMED_HTTP" });
}

/** The header; without one, what the URL of a connection's route has in its place. */
function authorizationOf(request: FastifyRequest): string | undefined {
  const { authorization } = request.headers;
  if (authorization !== undefined || !isOfConnection(request)) return authorization;
  return authorizationInQuery(request.raw.url ?? "");
}

function isOfConnection({ routeOptions }: FastifyRequest): boolean {
  return routeOptions.url?.startsWith("/v2/") === true;
}

function isEmptyObject(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value) && Object.keys(value).length === 0;
}

/** Has the request counted and logged once its answer has ended, or its client has gone. */
function observe(request: FastifyRequest, { raw }: FastifyReply, parts: AppParts): void {
  const startedMs = performance.now();
  const end = parts.metrics.begin();
  const { method, routeOptions } = request;
  const connection = connectionOf(request, parts);
  onceClosed(raw, () => {
    const record = {
      method,
      route: routeOptions.url === undefined ? "unknown" : pathTemplate(routeOptions.url),
      status: raw.writableFinished ? raw.statusCode : 499,
      durationMs: performance.now() - startedMs,
    };
    end(record);
    parts.log.request({ ...record, connection });
  });
}

/** Its name where it is served: a name that is not may be any text. */
function connectionOf(request: FastifyRequest, { findConnection }: AppParts): string | undefined {
  if (!isOfConnection(request)) return undefined;
  try {
    return findConnection(connectionParams.parse(request.params)).name;
  } catch (error) {
    if (error instanceof RpcFailure) return undefined;
    throw error;
  }
}

function answerFailure(error: unknown, request: FastifyRequest, reply: FastifyReply, parts: AppParts): void {
  const failure = explainFailure(error, {
    schemas: request.routeOptions.schema ?? {},
    bodyLimitBytes: parts.bodyLimitBytes,
  });
  if (failure.reason === throttledReason) parts.metrics.throttled(failure.metadata["connection"] ?? "");
  if (failure.reason === unforeseenReason) parts.log.internalError(error);
  const { httpStatus, headers, body } = parts.print(failure);
  // The framework closes the connection over a body that is too large, and with it the answer may be lost: what is
  // left of the body is read and dropped instead, for as long as a request may take to arrive.
  reply.removeHeader("connection");
  reply.code(httpStatus).headers(headers).send(body);
}

import type { IncomingMessage } from "node:http";
import type { Json, JsonObject } from "../value/json.js";
import { isJsonObject } from "../value/json.js";
import { parseForm } from "./form-body.js";
import { invalidRequest, notModelled } from "./refusals.js";

/** A request as it came over the wire. */
export interface InboundRequest {
  readonly method: string;
  /** "/v1/customers", without the query. */
  readonly path: string;
  /** The query, decoded, in the order sent. */
  readonly query: string;
  readonly queryText: string;
  readonly body: string;
  readonly contentType: string;
  readonly apiKey: string | undefined;
  /** Of Stripe-Account or Stripe-Context, which may be a path: "acct_A/acct_B". */
  readonly account: string | undefined;
  readonly hasContext: boolean;
  readonly idempotencyKey: string | undefined;
  /** The `Stripe-Version` that it asks for. */
  readonly apiVersion: string | undefined;
}

export function readInbound(message: IncomingMessage, body: string): InboundRequest {
  const url = message.url ?? "/";
  const mark = url.indexOf("?");
  const queryText = mark === -1 ? "" : url.slice(mark + 1);
  return {
    method: message.method ?? "GET",
    path: mark === -1 ? url : url.slice(0, mark),
    query: decode(queryText),
    queryText,
    body,
    contentType: message.headers["content-type"] ?? "",
    apiKey: keyOf(message.headers.authorization),
    account: header(message, "stripe-account") ?? header(message, "stripe-context"),
    hasContext: header(message, "stripe-context") !== undefined,
    idempotencyKey: header(message, "idempotency-key"),
    apiVersion: header(message, "stripe-version"),
  };
}

function header(message: IncomingMessage, name: string): string | undefined {
  const value = message.headers[name];
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** Bearer, or Basic with the key as user name, as curl's -u sends it. */
function keyOf(authorization: string | undefined): string | undefined {
  const [scheme, credentials] = (authorization ?? "").split(/\s+/, 2);
  if (credentials === undefined || credentials === "") return undefined;
  if (scheme?.toLowerCase() === "bearer") return credentials;
  return scheme?.toLowerCase() === "basic" ? Buffer.from(credentials, "base64").toString().split(":", 1)[0] : undefined;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch (error) {
    if (error instanceof URIError) return text;
    throw error;
  }
}

export function queryParameters(request: InboundRequest): JsonObject {
  return parseForm(request.queryText);
}

/** Form bodies in API v1, JSON in v2; parameters of a DELETE may stand in either place. */
export function bodyParameters(request: InboundRequest): JsonObject {
  const query = queryParameters(request);
  if (request.body === "") return query;
  if (request.contentType.startsWith("multipart/")) throw notModelled("file uploads");
  refuseOtherEncoding(request);
  if (!isJson(request)) return { ...query, ...parseForm(request.body) };
  const parsed = parseJson(request.body);
  if (!isJsonObject(parsed)) throw invalidRequest("Invalid request body: expected a JSON object.");
  return { ...query, ...parsed };
}

function isJson({ contentType }: InboundRequest): boolean {
  return contentType.startsWith("application/json");
}

/** Source: https://docs.stripe.com/api-v2-overview */
function refuseOtherEncoding(request: InboundRequest): void {
  const isV2 = request.path.startsWith("/v2/");
  if (isV2 === isJson(request)) return;
  throw invalidRequest(
    isV2
      ? "API v2 takes requests in JSON alone: send them with the content type application/json."
      : "API v1 takes forms alone: send requests with the content type application/x-www-form-urlencoded.",
  );
}

function parseJson(text: string): Json {
  try {
    // What JSON.parse returns is Json by definition.
    return JSON.parse(text) as Json;
  } catch (error) {
    if (error instanceof SyntaxError) throw invalidRequest("Invalid request body: malformed JSON.");
    throw error;
  }
}

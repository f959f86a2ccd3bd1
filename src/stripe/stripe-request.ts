import { randomUUID } from "node:crypto";
import type Stripe from "stripe";
import type { Endpoint, HttpMethod } from "../catalog/catalog.js";
import type { Json } from "../value/json.js";
import { isJsonObject } from "../value/json.js";
import { accountHeader } from "./account-header.js";
import { encodeQuery } from "./encode-query.js";
import { headerValue } from "./header-value.js";

export interface StripeRequest {
  readonly method: HttpMethod;
  /** "/v1/customers/cus_123": placeholders filled in and encoded, no query. */
  readonly path: string;
  /** The template of `path`, for the rate of one endpoint; where it is left out, ids in `path` are guessed. */
  readonly endpointPath?: string | undefined;
  /** Sent as the query of GET and DELETE, else as the body. In a body of API v1 null and [] clear a field. */
  readonly parameters: Readonly<Record<string, Json>>;
  /** Default: a new one for every POST, and for every DELETE of API v2. */
  readonly idempotencyKey?: string | undefined;
  /** Connect account to act as; default the connection's. */
  readonly accountId?: string | undefined;
  /** Default "api". */
  readonly apiBase?: Endpoint["apiBase"] | undefined;
  readonly budget: "read" | "write" | "search" | "files";
  /** Where a list is asked for: the fields of its rows that are read; undefined: all, which is the default. Asked once the answer has come. */
  readonly fields?: (() => ReadonlySet<string> | undefined) | undefined;
  /** Gives this request up; the whole statement's signal is in its scope. */
  readonly signal?: AbortSignal | undefined;
}

/** A request in the SDK's terms. All of its attempts are alike, the idempotency key too. */
export interface SdkCall {
  readonly method: HttpMethod;
  readonly path: string;
  readonly pathAndQuery: string;
  readonly body: Readonly<Record<string, Json>> | undefined;
  readonly accountId: string | undefined;
  readonly idempotencyKey: string | undefined;
  readonly options: NonNullable<Parameters<Stripe["rawRequest"]>[3]>;
}

export interface CallDefaults {
  readonly accountId: string | undefined;
  readonly apiVersion: string | undefined;
  /** True for the key of an organization. */
  readonly isOrganization: boolean;
}

export function toSdkCall(request: StripeRequest, defaults: CallDefaults): SdkCall {
  const { method, path, parameters } = request;
  const accountId = request.accountId ?? defaults.accountId;
  const idempotencyKey = request.idempotencyKey ?? (takesIdempotencyKey(request) ? newIdempotencyKey() : undefined);
  const query = method === "POST" ? "" : encodeQuery(parameters);
  return {
    method,
    path,
    pathAndQuery: query === "" ? path : `${path}?${query}`,
    body: method === "POST" ? toBody(path, parameters) : undefined,
    accountId,
    idempotencyKey,
    options: {
      maxNetworkRetries: 0,
      apiBase: request.apiBase ?? "api",
      ...accountHeader({ path, accountId, isOrganization: defaults.isOrganization }),
      ...(idempotencyKey === undefined ? {} : { idempotencyKey: headerValue("IdempotencyKey", idempotencyKey) }),
      ...(defaults.apiVersion === undefined ? {} : { apiVersion: headerValue("ApiVersion", defaults.apiVersion) }),
    },
  };
}

/** GET never needs one, nor does DELETE of API v1. Source: https://docs.stripe.com/api/idempotent_requests */
export function takesIdempotencyKey({ method, path }: Pick<StripeRequest, "method" | "path">): boolean {
  return method === "POST" || (method === "DELETE" && isV2(path));
}

export const newIdempotencyKey = (): string => `stripe-sql-${randomUUID()}`;

/** A form cannot hold an empty array: API v1 takes an empty text for it, where the SDK would send nothing at all. */
function toBody(path: string, parameters: Readonly<Record<string, Json>>): Readonly<Record<string, Json>> {
  return isV2(path) ? parameters : withoutEmptyArrays(parameters);
}

function withoutEmptyArrays(object: Readonly<Record<string, Json>>): Readonly<Record<string, Json>> {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, withoutEmptyArray(value)]));
}

function withoutEmptyArray(value: Json): Json {
  if (isJsonObject(value)) return withoutEmptyArrays(value);
  if (!isArray(value)) return value;
  return value.length === 0 ? "" : value.map(withoutEmptyArray);
}

/** Array.isArray does not narrow readonly arrays. */
function isArray(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

function isV2(path: string): boolean {
  return path.startsWith("/v2/");
}

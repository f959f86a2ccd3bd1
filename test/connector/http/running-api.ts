import { afterEach } from "vitest";
import type { HttpApi, HttpApiOptions } from "../../../src/connector/http/open-http-api.js";
import { openHttpApi } from "../../../src/connector/http/open-http-api.js";
import type { RpcErrorBody } from "../../../src/connector/http/schemas/rpc-error-schema.js";
import type { ServedConnection } from "../../../src/connector/served-connection.js";

export const token = "the-token-of-the-test-0123456789";
export const connectionPath = "/v2/projects/my-project/locations/europe-west1/connections/stripe-eu";

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The parsed body; undefined where it is no JSON. */
  readonly body: unknown;
}

export interface RequestParts {
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as it is where it is a text or bytes, else as JSON. */
  readonly body?: unknown;
  readonly signal?: AbortSignal;
}

export interface RunningApi {
  readonly url: string;
  readonly port: number;
  readonly api: HttpApi;
  /** With the token. A path of a connection's may begin with its colon or slash: ":checkStatus", "/actions". */
  send(method: string, path: string, parts?: RequestParts): Promise<Answer>;
}

const running: HttpApi[] = [];

afterEach(async () => {
  await Promise.all(running.splice(0).map((api) => api.close()));
});

/** Runs until the test ends. */
export async function startApi(
  connections: ServedConnection | readonly ServedConnection[],
  options: Partial<HttpApiOptions> = {},
): Promise<RunningApi> {
  const api = await openHttpApi({ connections: [connections].flat(), token, ...options });
  running.push(api);
  const { url, port } = await api.listen({ host: "127.0.0.1", port: 0 });
  return { url, port, api, send: (method, path, parts) => send(method, `${url}${path}`, parts) };
}

export async function send(method: string, url: string, parts: RequestParts = {}): Promise<Answer> {
  const { body, headers, signal } = parts;
  const isRaw = typeof body === "string" || body instanceof Uint8Array;
  const response = await fetch(url, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: isRaw ? body : JSON.stringify(body) }),
    ...(signal === undefined ? {} : { signal }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, body: parsed(text) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What the answer says went wrong; fails where it is no google.rpc error. */
export function failureOf({ status, body, text }: Pick<Answer, "status" | "body" | "text">) {
  // The shape is what the caller goes on to compare.
  const { error } = (body ?? {}) as Partial<RpcErrorBody>;
  const [info, ...others] = error?.details ?? [];
  if (error === undefined || info === undefined || error.code !== status)
    throw new Error(`no google.rpc error: ${text}`);
  return { status, code: error.status, reason: info.reason, message: error.message, metadata: info.metadata, others };
}

import { IncomingMessage } from "node:http";
import type { ProxyUse } from "./connection-facts.js";
import { connectionFacts } from "./connection-facts.js";
import type { HeldBody } from "./held-body.js";
import type { Route, SdkHttpClient, SdkHttpResponse } from "./http-route.js";
import { redactFields, redactForm, redactPath } from "./redact-fields.js";
import type { ExchangeObserver } from "./request-observer.js";
import { responseWithBody } from "./response-with-body.js";

/**
 * The route's HTTP client, telling of each exchange what goes over the wire. Secrets are taken out before it is told;
 * what is said to a proxy alone is left out.
 */
export function observeExchanges({ client: inner, proxy }: Route, observer: ExchangeObserver): SdkHttpClient {
  const sockets = new WeakSet<object>();
  let count = 0;
  return {
    getClientName: () => inner.getClientName(),
    makeRequest: async (...parameters) => {
      const [, , path, method, headers, requestData] = parameters;
      count += 1;
      const exchange = count;
      observer.sending({
        exchange,
        method,
        path: redactPath(path),
        headers: redactFields(headers),
        body: redactBody(requestData),
      });
      const response = await inner.makeRequest(...parameters).catch((error: unknown) => {
        observer.broken?.({ exchange, reason: error instanceof Error ? error.message : String(error) });
        throw error;
      });
      if (observer.connected !== undefined) tellConnection(response, { exchange, sockets, proxy, observer });
      return observeResponse(response, exchange, observer);
    },
  };
}

function observeResponse(response: SdkHttpResponse, exchange: number, observer: ExchangeObserver): SdkHttpResponse {
  const status = response.getStatusCode();
  const headers = redactFields(response.getHeaders());
  return responseWithBody(response, async () => {
    const body: HeldBody = await response.toJSON();
    observer.received({ exchange, status, headers, body: redactFields(shownBody(body)) });
    return body;
  });
}

/** A text that is no JSON is shown as none: it may be anything. */
function shownBody(body: HeldBody): unknown {
  try {
    return body.json();
  } catch {
    return undefined;
  }
}

interface Connected {
  readonly exchange: number;
  /** Those seen before. */
  readonly sockets: WeakSet<object>;
  readonly proxy: ProxyUse | undefined;
  readonly observer: ExchangeObserver;
}

function tellConnection(response: SdkHttpResponse, { exchange, sockets, proxy, observer }: Connected): void {
  const message: unknown = response.getRawResponse();
  if (!(message instanceof IncomingMessage)) return;
  const { socket } = message;
  observer.connected?.({ exchange, isReused: sockets.has(socket), ...connectionFacts(socket, proxy) });
  sockets.add(socket);
}

/** A form of API v1, or JSON of API v2. */
function redactBody(body: unknown): unknown {
  if (typeof body !== "string" || body === "") return undefined;
  return /^\s*[{[]/.test(body) ? redactFields(body) : redactForm(body);
}

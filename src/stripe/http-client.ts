import { isAscii } from "node:buffer";
import { IncomingMessage } from "node:http";
import { parseJsonBytes } from "../value/exact-number.js";
import { AnswerDeadline } from "./answer-deadline.js";
import { holdBody } from "./held-body.js";
import type { Route, SdkHttpClient, SdkHttpResponse } from "./http-route.js";
import { observeExchanges } from "./observed-http.js";
import { ProxyFailure } from "./proxy/proxy-failure.js";
import { readBody } from "./read-body.js";
import type { ExchangeObserver } from "./request-observer.js";
import { responseWithBody } from "./response-with-body.js";
import { noticeOf, quietNotice } from "./stripe-notice.js";

type ResponseHeaders = ReturnType<SdkHttpResponse["getHeaders"]>;

/** No answer arrived, or only part of one. */
export class LostConnection extends Error {
  /** Node's code: "ECONNRESET". Not named `code`, lest the SDK sends the request again by itself, uncounted. */
  readonly systemCode: string | undefined;
  /** True where an answer had begun. */
  readonly isPartial: boolean;

  constructor(cause: unknown, { isPartial = false } = {}) {
    super("The connection was lost", { cause });
    this.name = "LostConnection";
    this.systemCode = systemCodeOf(cause);
    this.isPartial = isPartial;
  }
}

/** An answer whose body is not what Stripe sends. */
export class UnreadableAnswer extends Error {
  readonly status: number;
  readonly headers: ResponseHeaders;

  constructor(response: SdkHttpResponse, cause?: unknown) {
    super("The answer is not of Stripe's form", { cause });
    this.name = "UnreadableAnswer";
    this.status = response.getStatusCode();
    this.headers = response.getHeaders();
  }
}

export interface HttpClient {
  readonly sdkClient: SdkHttpClient;
  /** Ends every connection, those with a request under way too. */
  close(): void;
}

/**
 * The SDK's own HTTP client with what the SDK leaves open made strict: a closed connection is reported and
 * not silently tried again, a body that is no JSON object is a failure, and so is a status from 400 on
 * without Stripe's error envelope, which the SDK takes for a success. Numbers are read as they are spelled.
 */
export function openHttpClient(route: Route, observer?: ExchangeObserver): HttpClient {
  const exact = exactClient(route.client);
  const inner = observer === undefined ? exact : observeExchanges({ ...route, client: exact }, observer);
  return {
    sdkClient: {
      getClientName: () => inner.getClientName(),
      makeRequest: async (...parameters) => {
        const deadline = new AnswerDeadline(parameters[timeoutIndex]);
        try {
          return strictResponse(await deadline.within(inner.makeRequest(...parameters)), deadline);
        } catch (error) {
          deadline.end();
          return rejectLost(error);
        }
      },
    },
    close: () => route.close(),
  };
}

/** Of the SDK's parameters, the milliseconds that it gives an answer. */
const timeoutIndex = 7;

function exactClient(inner: SdkHttpClient): SdkHttpClient {
  return {
    getClientName: () => inner.getClientName(),
    makeRequest: (...parameters) => inner.makeRequest(...parameters).then(exactResponse),
  };
}

function exactResponse(response: SdkHttpResponse): SdkHttpResponse {
  return responseWithBody(response, async () => {
    const message: unknown = response.getRawResponse();
    if (!(message instanceof IncomingMessage)) return response.toJSON();
    const body = await readBody(message);
    // A text of ASCII alone is made in a fraction of the time.
    return parseJsonBytes(body, body.toString(isAscii(body) ? "latin1" : "utf8"));
  });
}

function rejectLost(error: unknown): never {
  throw error instanceof ProxyFailure ? error : new LostConnection(error);
}

function strictResponse(response: SdkHttpResponse, deadline: AnswerDeadline): SdkHttpResponse {
  return {
    getStatusCode: () => response.getStatusCode(),
    getHeaders: () => quietNotice(response.getHeaders()),
    // The SDK hangs this on the answer; the whole HTTP message would be kept in memory with it.
    getRawResponse: () => ({
      statusCode: response.getStatusCode(),
      notice: noticeOf(quietNotice(response.getHeaders())),
    }),
    toStream: (whenComplete) => response.toStream(whenComplete),
    toJSON: () =>
      deadline
        .within(response.toJSON())
        .finally(() => deadline.end())
        .then((body: unknown) => strictBody(response, body), rejectUnread(response)),
  };
}

function strictBody(response: SdkHttpResponse, body: unknown): unknown {
  const isFailure = response.getStatusCode() >= 400;
  if (!isObject(body) || (isFailure && !body["error"])) throw new UnreadableAnswer(response);
  return isFailure ? body : holdBody(body);
}

function isObject(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function rejectUnread(response: SdkHttpResponse): (error: unknown) => never {
  return (error) => {
    const message: unknown = response.getRawResponse();
    // What is left of it may never end.
    if (message instanceof IncomingMessage) message.destroy();
    throw error instanceof SyntaxError
      ? new UnreadableAnswer(response, error)
      : new LostConnection(error, { isPartial: true });
  };
}

function systemCodeOf(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}

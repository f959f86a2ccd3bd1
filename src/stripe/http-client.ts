import { IncomingMessage } from "node:http";
import type { JsonObject } from "../value/json.js";
import { AnswerDeadline } from "./answer-deadline.js";
import { HeldBody } from "./held-body.js";
import type { Route, SdkHttpClient, SdkHttpResponse } from "./http-route.js";
import { observeExchanges } from "./observed-http.js";
import { ProxyFailure } from "./proxy/proxy-failure.js";
import { readBody } from "./read-body.js";
import type { ExchangeObserver } from "./request-observer.js";
import { responseWithBody } from "./response-with-body.js";
import { noticeOf, quietNotice } from "./stripe-notice.js";
import { UnreadableAnswer } from "./unreadable-answer.js";

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

export interface HttpClient {
  readonly sdkClient: SdkHttpClient;
  /** Ends every connection, those with a request under way too. */
  close(): void;
}

/**
 * The SDK's own HTTP client with what the SDK leaves open made strict: a closed connection is reported and
 * not silently tried again, and a status from 400 on without Stripe's error envelope is a failure, which the SDK
 * takes for a success. The body of a success is a HeldBody.
 */
export function openHttpClient(route: Route, observer?: ExchangeObserver): HttpClient {
  const holding = holdingClient(route.client);
  const inner = observer === undefined ? holding : observeExchanges({ ...route, client: holding }, observer);
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

function holdingClient(inner: SdkHttpClient): SdkHttpClient {
  return {
    getClientName: () => inner.getClientName(),
    makeRequest: (...parameters) => inner.makeRequest(...parameters).then(holdingResponse),
  };
}

function holdingResponse(response: SdkHttpResponse): SdkHttpResponse {
  return responseWithBody(response, async () => {
    const message: unknown = response.getRawResponse();
    if (!(message instanceof IncomingMessage)) throw new TypeError("The answer is not of Node's HTTP client");
    return new HeldBody(await readBody(message), response);
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
        .then((body: HeldBody) => strictBody(response, body), rejectUnread(response)),
  };
}

function strictBody(response: SdkHttpResponse, body: HeldBody): HeldBody | JsonObject {
  if (response.getStatusCode() < 400) return body;
  const refusal = body.object();
  if (!refusal["error"]) throw new UnreadableAnswer(response);
  return refusal;
}

function rejectUnread(response: SdkHttpResponse): (error: unknown) => never {
  return (error) => {
    const message: unknown = response.getRawResponse();
    // What is left of it may never end.
    if (message instanceof IncomingMessage) message.destroy();
    throw new LostConnection(error, { isPartial: true });
  };
}

function systemCodeOf(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}

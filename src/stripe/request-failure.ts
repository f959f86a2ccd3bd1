import type { StripeErrorFacts } from "../error/stripe-sql-error.js";
import { LostConnection } from "./http-client.js";
import { ProxyFailure } from "./proxy/proxy-failure.js";
import { UnreadableAnswer } from "./unreadable-answer.js";

/** Why one attempt of a request gave no result. */
export type RequestFailure =
  /** Stripe answered with its error envelope. */
  | RefusedRequest
  /** An answer of another form: some page. */
  | UnreadableRequest
  /** No whole answer: refused, reset, cut off or timed out. */
  | UnreachableRequest
  /** The proxy, or the way to it, kept the request or its answer. */
  | { readonly kind: "proxy"; readonly failure: ProxyFailure }
  /** Neither Stripe nor the network: our own or the SDK's mistake. */
  | { readonly kind: "unexpected"; readonly cause: unknown };

export interface UnreachableRequest {
  readonly kind: "unreachable";
  readonly systemCode: string | undefined;
  /** True where an answer had begun. */
  readonly isPartial: boolean;
  readonly cause: unknown;
}

/** What an answer's headers say of trying again. Source: https://docs.stripe.com/error-low-level, https://docs.stripe.com/rate-limits */
export interface RetryAdvice {
  /** Retry-After. */
  readonly retryAfterMs: number | undefined;
  /** Stripe-Should-Retry. */
  readonly shouldRetry: boolean | undefined;
  /** Stripe-Rate-Limited-Reason: "global-rate", "endpoint-concurrency". */
  readonly limitReason: string | undefined;
}

export interface RefusedRequest extends RetryAdvice {
  readonly kind: "refused";
  readonly status: number;
  readonly message: string;
  readonly facts: StripeErrorFacts;
}

export interface UnreadableRequest extends RetryAdvice {
  readonly kind: "unreadable";
  readonly status: number;
  readonly requestId: string | undefined;
}

/**
 * Reads the SDK's errors by shape: they are all StripeError, and its class is loaded only with the SDK.
 * `apiKey` is taken out of what the server says, whatever the key's form.
 */
export function readFailure(error: unknown, apiKey: string): RequestFailure {
  const shape: SdkErrorShape = error instanceof Error ? error : {};
  const origin = [error, shape.detail, shape.raw?.exception].find(isOwn);
  if (origin instanceof LostConnection) {
    const { systemCode, isPartial, cause } = origin;
    return { kind: "unreachable", systemCode, isPartial, cause };
  }
  if (origin instanceof ProxyFailure) return { kind: "proxy", failure: origin };
  if (origin instanceof UnreadableAnswer) return readUnreadable(origin);
  return shape.statusCode === undefined
    ? { kind: "unexpected", cause: error }
    : readRefusal(shape, shape.statusCode, apiKey);
}

/** The fields of StripeError that are read here; any may be missing. */
interface SdkErrorShape {
  readonly message?: string;
  readonly statusCode?: number;
  readonly rawType?: string;
  readonly code?: string;
  readonly decline_code?: string;
  readonly param?: string;
  readonly requestId?: string;
  readonly headers?: Headers;
  readonly detail?: unknown;
  readonly raw?: { readonly exception?: unknown };
}

type Headers = Readonly<Record<string, string | string[]>>;

function isOwn(value: unknown): value is LostConnection | UnreadableAnswer | ProxyFailure {
  return value instanceof LostConnection || value instanceof UnreadableAnswer || value instanceof ProxyFailure;
}

function readUnreadable(answer: UnreadableAnswer): UnreadableRequest {
  const requestId = textOf(answer.headers["request-id"]);
  return { kind: "unreadable", status: answer.status, requestId, ...readAdvice(answer.headers) };
}

function readRefusal(error: SdkErrorShape, status: number, apiKey: string): RefusedRequest {
  const facts = {
    type: error.rawType,
    code: error.code,
    declineCode: error.decline_code,
    param: error.param,
    requestId: error.requestId,
    status,
  };
  return {
    kind: "refused",
    status,
    message: (error.message || `Stripe answered with status ${status} and no message`).replaceAll(apiKey, "***"),
    facts: withoutGaps(facts),
    ...readAdvice(error.headers ?? {}),
  };
}

function withoutGaps(
  facts: { readonly [Name in keyof StripeErrorFacts]: StripeErrorFacts[Name] | undefined },
): StripeErrorFacts {
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined && value !== ""));
}

function readAdvice(headers: Headers): RetryAdvice {
  const shouldRetry = textOf(headers["stripe-should-retry"]);
  return {
    retryAfterMs: readRetryAfter(textOf(headers["retry-after"])),
    shouldRetry: shouldRetry === undefined ? undefined : shouldRetry === "true",
    limitReason: textOf(headers["stripe-rate-limited-reason"]),
  };
}

/** Seconds, or an HTTP date. Source: RFC 9110, 10.2.3 */
function readRetryAfter(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const milliseconds = /^\d+(\.\d+)?$/.test(text) ? Number(text) * 1000 : Date.parse(text) - Date.now();
  return Number.isFinite(milliseconds) ? Math.max(0, milliseconds) : undefined;
}

function textOf(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header;
}

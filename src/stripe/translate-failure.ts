import { SqlState } from "../error/sql-state.js";
import type { StripeErrorFacts } from "../error/stripe-sql-error.js";
import { StripeSqlError } from "../error/stripe-sql-error.js";
import { explainRefusal, rateLimited } from "./explain-refusal.js";
import type { Explanation } from "./explanation.js";
import { explainProxyFailure, proxyProblemFacts } from "./proxy/explain-proxy-failure.js";
import type { ProxyFailure } from "./proxy/proxy-failure.js";
import type { RequestFailure, UnreachableRequest, UnreadableRequest } from "./request-failure.js";
import { isOutcomeUnknown, isRateLimited } from "./retry-policy.js";

/** What is said of a request in an error. Its parameters are left out: they may hold personal data. */
export interface FailedRequest {
  readonly method: string;
  readonly path: string;
  readonly apiBase: string;
  readonly accountId: string | undefined;
  readonly idempotencyKey: string | undefined;
  readonly failure: RequestFailure;
  /** Those of all attempts, this one's included. */
  readonly failures: readonly RequestFailure[];
}

/** The error of a request that is not tried again. */
export function translateFailure(request: FailedRequest): StripeSqlError {
  const { failure } = request;
  return new StripeSqlError(failureMessage(failure), {
    phase: "stripe",
    detail: detailOf(request),
    stripe: { ...failureFacts(failure), ...doubtFacts(request, request.failures) },
    cause: causeOf(failure),
    ...explain(request, failure),
  });
}

function causeOf(failure: RequestFailure): unknown {
  switch (failure.kind) {
    case "unreachable":
    case "unexpected":
      return failure.cause;
    case "proxy":
      return failure.failure;
    case "refused":
    case "unreadable":
      return undefined;
  }
}

/** One line, not yet redacted. */
export function failureMessage(failure: RequestFailure): string {
  switch (failure.kind) {
    case "refused":
      return failure.message;
    case "unreadable":
      return "Stripe's answer could not be read";
    case "unreachable":
      return unreachableMessage(failure);
    case "proxy":
      return failure.failure.message;
    case "unexpected":
      return "a request could not be made";
  }
}

function unreachableMessage(failure: UnreachableRequest): string {
  if (failure.systemCode === "ETIMEDOUT") return "the request to Stripe timed out";
  return isOutcomeUnknown(failure) ? "the connection to Stripe was lost" : "could not reach Stripe";
}

export function failureFacts(failure: RequestFailure): StripeErrorFacts {
  switch (failure.kind) {
    case "refused":
      return failure.facts;
    case "unreadable":
      return { status: failure.status, ...(failure.requestId === undefined ? {} : { requestId: failure.requestId }) };
    case "unreachable":
    case "proxy":
    case "unexpected":
      return {};
  }
}

function detailOf(request: FailedRequest): string {
  const attempts = request.failures.length;
  const account = request.accountId === undefined ? "" : ` for account ${request.accountId}`;
  const tried = attempts === 1 ? "" : ` after ${attempts} attempts`;
  const sentences = [
    `${request.method} ${request.path}${account} ${outcomeOf(request.failure)}${tried}.`,
    doubtOf(request, request.failures),
  ];
  return sentences.filter((sentence) => sentence !== undefined).join(" ");
}

function outcomeOf(failure: RequestFailure): string {
  switch (failure.kind) {
    case "refused":
      return `was answered with status ${failure.status}${failure.limitReason === undefined ? "" : ` (${failure.limitReason})`}`;
    case "unreadable":
      return `was answered with status ${failure.status} and a body that is no Stripe object`;
    case "unreachable":
      return `got no ${failure.isPartial ? "whole " : ""}answer${failure.systemCode === undefined ? "" : ` (${failure.systemCode})`}`;
    case "proxy":
      return proxyOutcome(failure.failure);
    case "unexpected":
      return "failed";
  }
}

function proxyOutcome({ problem, mayHaveArrived }: ProxyFailure): string {
  const facts = proxyProblemFacts(problem);
  return `${mayHaveArrived ? "got no answer of Stripe's" : "was not sent"}${facts === undefined ? "" : ` (${facts})`}`;
}

/**
 * What is said of a write that may have happened though it failed. It is said even where the last attempt
 * was refused: a repeated DELETE finds nothing.
 */
export function doubtOf(request: DoubtfulRequest, failures: readonly RequestFailure[]): string | undefined {
  if (request.method === "GET" || !failures.some(isOutcomeUnknown) || isSettled(request, failures)) return undefined;
  const key = request.idempotencyKey === undefined ? "" : ` Its idempotency key is ${request.idempotencyKey}.`;
  return `It may have been carried out all the same: look before it is repeated.${key}`;
}

/** The same for programs. */
export function doubtFacts(
  request: DoubtfulRequest,
  failures: readonly RequestFailure[],
): Pick<StripeErrorFacts, "inDoubt" | "idempotencyKey"> {
  if (doubtOf(request, failures) === undefined) return {};
  const { idempotencyKey } = request;
  return { inDoubt: true, ...(idempotencyKey === undefined ? {} : { idempotencyKey }) };
}

/** Under one idempotency key a refusal on the request's merits is the outcome of the first attempt too. */
function isSettled({ idempotencyKey }: DoubtfulRequest, failures: readonly RequestFailure[]): boolean {
  const last = failures.at(-1);
  return idempotencyKey !== undefined && last?.kind === "refused" && [400, 402, 404].includes(last.status);
}

type DoubtfulRequest = Pick<FailedRequest, "method" | "idempotencyKey">;

function explain(request: FailedRequest, failure: RequestFailure): Explanation {
  switch (failure.kind) {
    case "refused":
      return explainRefusal(failure);
    case "unreadable":
      return explainUnreadable(request, failure);
    case "unreachable":
      return {
        sqlState: SqlState.connectionFailure,
        retryable: true,
        hint: connectionHint(request, failure),
      };
    case "proxy":
      return explainProxyFailure(failure.failure);
    case "unexpected":
      return { sqlState: SqlState.internalError, hint: "This is a mistake in stripe-sql; please report it." };
  }
}

function connectionHint(request: FailedRequest, failure: UnreachableRequest): string {
  if (failure.systemCode === "ETIMEDOUT") return "Set Timeout to more seconds, or try again.";
  if (isOutcomeUnknown(failure)) return `Something between here and ${request.apiBase} closed it.`;
  return `Check the network and that ApiBase, ${request.apiBase}, is right.`;
}

function explainUnreadable(request: FailedRequest, failure: UnreadableRequest): Explanation {
  if (isRateLimited(failure)) return rateLimited;
  return {
    sqlState: SqlState.upstreamError,
    retryable: failure.status >= 500,
    hint: `Something between here and Stripe may have answered in its place; ApiBase is ${request.apiBase}.`,
  };
}

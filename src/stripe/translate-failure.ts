import { SqlState } from "../error/sql-state.js";
import type { StripeErrorFacts, StripeSqlErrorOptions } from "../error/stripe-sql-error.js";
import { StripeSqlError } from "../error/stripe-sql-error.js";
import type { RefusedRequest, RequestFailure, UnreadableRequest } from "./request-failure.js";
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

type Explanation = Pick<StripeSqlErrorOptions, "sqlState" | "hint" | "retryable">;

/** The error of a request that is not tried again. */
export function translateFailure(request: FailedRequest): StripeSqlError {
  const { failure } = request;
  return new StripeSqlError(failureMessage(failure), {
    phase: "stripe",
    detail: detailOf(request),
    stripe: failureFacts(failure),
    ...(failure.kind === "unreachable" || failure.kind === "unexpected" ? { cause: failure.cause } : {}),
    ...explain(request, failure),
  });
}

/**
 * True where the object asked for does not exist. A 404 for a URL that Stripe does not know, or for a page's
 * cursor that has been deleted meanwhile, is none of these.
 */
export function isMissingObject(error: unknown): error is StripeSqlError {
  if (!(error instanceof StripeSqlError)) return false;
  const { status, code, param } = error.stripe;
  return status === 404 && (code === "resource_missing" || code === "not_found") && !isCursor(param);
}

function isCursor(param: string | undefined): boolean {
  return param === "starting_after" || param === "ending_before";
}

/** One line, not yet redacted. */
export function failureMessage(failure: RequestFailure): string {
  switch (failure.kind) {
    case "refused":
      return failure.message;
    case "unreadable":
      return "Stripe's answer could not be read";
    case "unreachable":
      return failure.systemCode === "ETIMEDOUT" ? "the request to Stripe timed out" : "could not reach Stripe";
    case "unexpected":
      return "a request could not be made";
  }
}

export function failureFacts(failure: RequestFailure): StripeErrorFacts {
  switch (failure.kind) {
    case "refused":
      return failure.facts;
    case "unreadable":
      return { status: failure.status, ...(failure.requestId === undefined ? {} : { requestId: failure.requestId }) };
    case "unreachable":
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
      return `got no answer${failure.systemCode === undefined ? "" : ` (${failure.systemCode})`}`;
    case "unexpected":
      return "failed";
  }
}

/**
 * What is said of a write that may have happened though it failed. It is said even where the last attempt
 * was refused: a repeated DELETE finds nothing.
 */
export function doubtOf(request: DoubtfulRequest, failures: readonly RequestFailure[]): string | undefined {
  if (request.method === "GET" || !failures.some(isOutcomeUnknown)) return undefined;
  const key = request.idempotencyKey === undefined ? "" : ` Its idempotency key is ${request.idempotencyKey}.`;
  return `It may have been carried out all the same: look before it is repeated.${key}`;
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
        hint: connectionHint(request, failure.systemCode),
      };
    case "unexpected":
      return { sqlState: SqlState.internalError, hint: "This is a mistake in stripe-sql; please report it." };
  }
}

function connectionHint(request: FailedRequest, systemCode: string | undefined): string {
  if (systemCode === "ETIMEDOUT") return "Set Timeout to more seconds, or try again.";
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

const rateLimited: Explanation = {
  sqlState: SqlState.configurationLimitExceeded,
  retryable: true,
  hint: "Other programs may be using the same account; set RequestsPerSecond to leave them room.",
};

const notEnabled: Explanation = {
  sqlState: SqlState.insufficientPrivilege,
  hint: "Enable the feature in the Stripe Dashboard, or use an account that has it.",
};

const notPermitted: Explanation = {
  sqlState: SqlState.insufficientPrivilege,
  hint: "Give the restricted key this permission in the Stripe Dashboard, or check AccountId.",
};

const badKey: Explanation = {
  sqlState: SqlState.invalidAuthorization,
  hint: "Set ApiKey, or STRIPE_API_KEY, to a key that is valid for this account and mode.",
};

function explainRefusal(failure: RefusedRequest): Explanation {
  if (isRateLimited(failure)) return rateLimited;
  if (failure.status === 401) return badKey;
  if (isFeatureMissing(failure)) return notEnabled;
  if (failure.status === 403) return notPermitted;
  if (failure.status >= 500) return { sqlState: SqlState.upstreamError, retryable: true };
  if (failure.status === 409 || failure.facts.code === "lock_timeout") return busy;
  if (failure.status === 400 || failure.status === 404) return { sqlState: SqlState.invalidParameterValue };
  return { sqlState: SqlState.upstreamError };
}

const busy: Explanation = {
  sqlState: SqlState.upstreamError,
  retryable: true,
  hint: "Another request is working on the same object; try again.",
};

/** Stripe has no one code for this: API v2 states it as the type, API v1 in the message of a 400, 403 or 404. */
function isFeatureMissing(failure: RefusedRequest): boolean {
  if (/^(feature|capability)_not_enabled$/.test(failure.facts.type ?? "")) return true;
  return (
    failure.status >= 400 && failure.status <= 404 && featureMessages.some((pattern) => pattern.test(failure.message))
  );
}

const featureMessages: readonly RegExp[] = [
  /not (yet )?set up to use/i,
  /account (is|has) not (been )?(enabled|activated|onboarded|set up|signed up)/i,
  /(do|does) not have access to (this|the|stripe)\b.*\b(api|feature|product|issuing|treasury|capital|climate)/i,
  /only .* if you've signed up for/i,
  /(is|are) not (enabled|available) (for|on|in) (your|this) account/i,
  /^unrecognized request url/i,
];

import { SqlState } from "../error/sql-state.js";
import type { StripeErrorFacts } from "../error/stripe-sql-error.js";
import { StripeSqlError } from "../error/stripe-sql-error.js";
import type { AnsweredRequest } from "./request-observer.js";

/** What a request waits for: its place within the rate limits, Stripe's answer, or the time of another attempt. */
export type RequestWait = "rate limit" | "answer" | "retry";

/** The statement that requests are sent for. */
export interface RequestScope {
  /** By which statements are told apart that take turns; default the scope itself. */
  readonly statement?: object | undefined;
  /** Cancels the statement. */
  readonly signal: AbortSignal | undefined;
  readonly maxRequests: number | undefined;
  /** Requests sent so far, repeated attempts included; the client raises it. */
  count: number;
  readonly onRequest?: (() => void) | undefined;
  /** Told of each attempt once it was answered, or failed. It must not throw. */
  readonly onAnswered?: ((request: AnsweredRequest) => void) | undefined;
  /** Told that a request waits; the function is called once it does no more. Neither must throw. */
  readonly onWait?: ((what: RequestWait) => () => void) | undefined;
  /** Told what Stripe wants the caller told, of each answer anew. */
  readonly onNotice?: ((text: string) => void) | undefined;
}

/** The same statement's requests, counted with it, under another signal. */
export function scopeWithSignal(scope: RequestScope, signal: AbortSignal): RequestScope {
  return changedScope(scope, { signal });
}

/** The same statement's requests, of which somebody else is told as well. */
export function observedScope(scope: RequestScope, onAnswered: (request: AnsweredRequest) => void): RequestScope {
  return changedScope(scope, {
    onAnswered: (request) => {
      scope.onAnswered?.(request);
      onAnswered(request);
    },
  });
}

function changedScope(scope: RequestScope, changes: Partial<RequestScope>): RequestScope {
  return {
    statement: scope.statement ?? scope,
    signal: scope.signal,
    maxRequests: scope.maxRequests,
    get count() {
      return scope.count;
    },
    set count(count) {
      scope.count = count;
    },
    onRequest: scope.onRequest,
    onAnswered: scope.onAnswered,
    onWait: scope.onWait,
    onNotice: scope.onNotice,
    ...changes,
  };
}

/**
 * Refuses the request that would be one too many, with SQLSTATE 53400. `failure` is the attempt's that
 * makes another one necessary.
 */
export function requireRoom(scope: RequestScope, request: UnsentRequest, failure?: StripeSqlError): void {
  if (scope.maxRequests === undefined || scope.count < scope.maxRequests) return;
  const reason = failure === undefined ? "" : ` The attempt before it failed: ${failure.message}.`;
  throw new StripeSqlError(`the statement needs more than ${scope.maxRequests} requests`, {
    sqlState: SqlState.configurationLimitExceeded,
    phase: "stripe",
    detail: `MaxRequests is ${scope.maxRequests}; ${request.method} ${request.path} was not sent.${reason}`,
    hint: "Narrow the WHERE clause, add a LIMIT, or raise MaxRequests. EXPLAIN shows the requests of a statement.",
    stripe: doubtOf(failure),
    cause: failure,
  });
}

function doubtOf(failure: StripeSqlError | undefined): StripeErrorFacts {
  const { inDoubt, idempotencyKey } = failure?.stripe ?? {};
  if (inDoubt === undefined) return {};
  return { inDoubt, ...(idempotencyKey === undefined ? {} : { idempotencyKey }) };
}

interface UnsentRequest {
  readonly method: string;
  readonly path: string;
}

/** Waits for something, and has the scope told so. */
export async function waitingFor<Value>(
  what: RequestWait,
  scope: RequestScope,
  wait: () => Promise<Value>,
): Promise<Value> {
  const waited = scope.onWait?.(what);
  try {
    return await wait();
  } finally {
    waited?.();
  }
}

export function countRequest(scope: RequestScope): void {
  scope.count += 1;
  scope.onRequest?.();
}

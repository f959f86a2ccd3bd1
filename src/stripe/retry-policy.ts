import { isPassingProblem } from "./proxy/explain-proxy-failure.js";
import type { RequestFailure } from "./request-failure.js";

const rateLimitAttempts = 8;
const otherAttempts = 3;
const firstDelayMs = 500;
const longestDelayMs = 30_000;
/** Past this, an error now serves better than an answer then. */
const longestRetryAfterMs = 60_000;

/**
 * How long to wait before the request is sent again, or undefined where it is not. `attempt` is the number
 * of attempts made, from 1; `random` gives numbers in [0, 1).
 *
 * 429 and lock_timeout are tried 8 times: such a request was not begun, so that Stripe-Should-Retry, which speaks of
 * repeating work, is not asked. A lost connection, 5xx and another conflict (409) are tried 3 times, unless
 * Stripe-Should-Retry says otherwise. So is a proxy that cannot be reached or cannot reach Stripe; one that refuses is
 * not asked again.
 */
export function retryDelayMs(failure: RequestFailure, attempt: number, random: () => number): number | undefined {
  if (attempt >= attemptsFor(failure)) return undefined;
  const advised = retryAfterMs(failure);
  if (advised !== undefined && advised > longestRetryAfterMs) return undefined;
  return advised || backoffMs(attempt, random);
}

/** The wait that Stripe asked for. */
export function retryAfterMs(failure: RequestFailure): number | undefined {
  return "retryAfterMs" in failure ? failure.retryAfterMs : undefined;
}

/** True where Stripe's rate or concurrency limit refused the request; not for one object's lock. */
export function isRateLimited(failure: RequestFailure): boolean {
  return isTooMany(failure) && !isLockTimeout(failure);
}

/** True where Stripe may have carried the request out though no result came back. */
export function isOutcomeUnknown(failure: RequestFailure): boolean {
  switch (failure.kind) {
    case "unreachable":
      return !neverSent.test(failure.systemCode ?? "");
    case "unreadable":
      return true;
    case "refused":
      return failure.status >= 500;
    case "proxy":
      return failure.failure.mayHaveArrived;
    case "unexpected":
      return false;
  }
}

/** Names not found, ports closed, certificates refused. */
const neverSent = /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ERR_|.*CERT|.*SIGNATURE|EPROTO)/;
/** Failures that the next attempt would meet in the same way. */
const permanent = /^(ENOTFOUND|ERR_|.*CERT|.*SIGNATURE|EPROTO)/;

function attemptsFor(failure: RequestFailure): number {
  switch (failure.kind) {
    case "unreachable":
      return permanent.test(failure.systemCode ?? "") ? 1 : otherAttempts;
    case "unreadable":
    case "refused":
      if (isTooMany(failure) || isLockTimeout(failure)) return rateLimitAttempts;
      return (failure.shouldRetry ?? isPassing(failure)) ? otherAttempts : 1;
    case "proxy":
      return isPassingProblem(failure.failure.problem) ? otherAttempts : 1;
    case "unexpected":
      return 1;
  }
}

function isPassing(failure: RequestFailure & { readonly status: number }): boolean {
  return failure.status >= 500 || failure.status === 409 || failure.status < 300;
}

function isTooMany(failure: RequestFailure): boolean {
  const status = "status" in failure ? failure.status : undefined;
  return status === 429 || (failure.kind === "refused" && status === 400 && failure.facts.code === "rate_limit");
}

/** Source: https://docs.stripe.com/rate-limits#object-lock-timeouts */
function isLockTimeout(failure: RequestFailure): boolean {
  return failure.kind === "refused" && failure.facts.code === "lock_timeout";
}

/** Doubles with each attempt; the random half keeps clients apart that failed together. */
function backoffMs(attempt: number, random: () => number): number {
  const ceiling = Math.min(longestDelayMs, firstDelayMs * 2 ** (attempt - 1));
  return ceiling / 2 + (ceiling / 2) * random();
}

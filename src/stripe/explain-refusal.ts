import { SqlState } from "../error/sql-state.js";
import type { Explanation } from "./explanation.js";
import type { RefusedRequest } from "./request-failure.js";
import { isRateLimited } from "./retry-policy.js";

/** For an answer in the form of 429. */
export const rateLimited: Explanation = {
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

const busy: Explanation = {
  sqlState: SqlState.upstreamError,
  retryable: true,
  hint: "Another request is working on the same object; try again.",
};

/** What a refusal of Stripe's is to the user. */
export function explainRefusal(failure: RefusedRequest): Explanation {
  if (isRateLimited(failure)) return rateLimited;
  if (failure.status === 401) return badKey;
  if (isFeatureMissing(failure)) return notEnabled;
  if (failure.status === 403) return notPermitted;
  if (failure.status >= 500) return { sqlState: SqlState.upstreamError, retryable: true };
  if (failure.status === 409 || failure.facts.code === "lock_timeout") return busy;
  if (failure.status === 400 || failure.status === 404) return { sqlState: SqlState.invalidParameterValue };
  return { sqlState: SqlState.upstreamError };
}

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

import { isLiveKey } from "../is-live-key.js";
import { isLoopback } from "../is-loopback.js";

/** Requests a second that the driver allows itself. */
export interface RequestLimits {
  readonly all: number;
  /** On any one endpoint: method and path without ids. */
  readonly endpoint: number;
  readonly search: number;
  readonly files: number;
}

/**
 * Stripe's published limits: 100 requests a second live and 25 in test mode, 25 on one endpoint, 20 on
 * search and on files. Source: https://docs.stripe.com/rate-limits
 */
const publishedLive: RequestLimits = { all: 100, endpoint: 25, search: 20, files: 20 };
const publishedTest: RequestLimits = { all: 25, endpoint: 25, search: 20, files: 20 };

/** A bucket that refills at 4/5 of a limit and holds 1/5 of it never lets more than the limit pass in any second. */
const steadyShare = 4 / 5;

/** Requests that may go at once, before the rate holds them back: 1/5 of the limit of which the rate is 4/5. */
export function burstOf(requestsPerSecond: number): number {
  return Math.max(1, Math.floor(requestsPerSecond / 4));
}

/** Endpoints that have a narrower limit than the others, as a part of theirs. Source: https://docs.stripe.com/rate-limits */
const endpointShares: ReadonlyMap<string, number> = new Map([["POST /v1/payouts", 15 / 25]]);

/** Requests a second on one endpoint, "POST /v1/payouts". */
export function endpointRate(endpoint: string, limits: RequestLimits): number {
  return limits.endpoint * (endpointShares.get(endpoint) ?? 1);
}

export interface LimitOptions {
  readonly apiKey: string;
  readonly apiBase: string;
  readonly requestsPerSecond: number | undefined;
}

/**
 * The limits of a connection; undefined for none, which holds on loopback unless a rate is set. A rate set
 * higher than the default tells that Stripe raised the account's limits: the narrower limits rise in proportion.
 */
export function requestLimits({ apiKey, apiBase, requestsPerSecond }: LimitOptions): RequestLimits | undefined {
  if (requestsPerSecond === undefined && isLoopback(apiBase)) return undefined;
  const standard = scaled(isLiveKey(apiKey) ? publishedLive : publishedTest, steadyShare);
  if (requestsPerSecond === undefined) return standard;
  const raised = scaled(standard, Math.max(1, requestsPerSecond / standard.all));
  return capped(raised, requestsPerSecond);
}

function scaled(limits: RequestLimits, factor: number): RequestLimits {
  return mapped(limits, (limit) => limit * factor);
}

function capped(limits: RequestLimits, cap: number): RequestLimits {
  return { ...mapped(limits, (limit) => Math.min(limit, cap)), all: cap };
}

function mapped({ all, endpoint, search, files }: RequestLimits, change: (limit: number) => number): RequestLimits {
  return { all: change(all), endpoint: change(endpoint), search: change(search), files: change(files) };
}

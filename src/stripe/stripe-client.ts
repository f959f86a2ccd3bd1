import type { JsonObject } from "../value/json.js";
import type { Clock } from "./clock.js";
import type { ProxyOptions } from "./proxy/proxy-options.js";
import type { RateStore } from "./rate/rate-store.js";
import type { RequestLimits } from "./rate/request-limits.js";
import type { RequestMeter } from "./request-meter.js";
import type { RequestObserver } from "./request-observer.js";
import type { RequestScope } from "./request-scope.js";
import type { StripeRequest } from "./stripe-request.js";

export type { RequestScope } from "./request-scope.js";
export type { StripeRequest } from "./stripe-request.js";

export interface StripeClient {
  /** True unless the key is a test key. */
  readonly live: boolean;
  /** "https://api.stripe.com": scheme, host and port. */
  readonly apiBase: string;
  /** Undefined: no rate limit. */
  readonly limits: RequestLimits | undefined;
  /**
   * Sends one request, again where that is safe and useful, within the rate budget, and gives Stripe's object.
   * Every failure is a StripeSqlError; a cancelled one (57014) rejects at once, though the answer may still be on its way.
   */
  request(request: StripeRequest, scope: RequestScope): Promise<JsonObject>;
  /** Ends requests under way. */
  close(): Promise<void>;
}

/** As much of a client as a statement needs. */
export type RequestSender = Pick<StripeClient, "request">;

export interface StripeClientOptions {
  readonly apiKey: string;
  /** Default "https://api.stripe.com". Any server that answers in Stripe's shapes. */
  readonly apiBase?: string | undefined;
  readonly accountId?: string | undefined;
  /** Of the SDK that is installed: "23.1.0". Default that of the SDK at hand. */
  readonly sdkVersion?: string | undefined;
  /** Default: the SDK's own. */
  readonly apiVersion?: string | undefined;
  /** Default: four fifths of Stripe's limit for the key's mode; no limit on loopback. */
  readonly requestsPerSecond?: number | undefined;
  /** For one attempt, without a byte received. Default 80 seconds. */
  readonly timeoutMs?: number | undefined;
  /** Default: none. Every request goes through it, to whatever host of Stripe's. */
  readonly proxy?: ProxyOptions | undefined;
  readonly meter?: RequestMeter | undefined;
  readonly observer?: RequestObserver | undefined;
  /** Default: in this process's memory. */
  readonly rateStore?: RateStore | undefined;
  readonly clock?: Clock | undefined;
  /** For the jitter of retries: numbers in [0, 1). Default Math.random. */
  readonly random?: (() => number) | undefined;
}

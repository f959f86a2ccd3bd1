import type { HttpMethod } from "../catalog/catalog.js";

/** One attempt of a request. Its texts hold no secrets; parameters are left out. */
export interface SentRequest {
  readonly method: HttpMethod;
  readonly path: string;
  readonly accountId: string | undefined;
  readonly idempotencyKey: string | undefined;
  /** From 1. */
  readonly attempt: number;
}

export interface AnsweredRequest extends SentRequest {
  /** Undefined where no answer came. */
  readonly status: number | undefined;
  readonly requestId: string | undefined;
  readonly elapsedMs: number;
  /** Why it failed. */
  readonly failure: string | undefined;
  /** Wait before the next attempt; undefined where there is none. */
  readonly retryInMs: number | undefined;
}

/** Told of each attempt, for logs. It must not throw. */
export interface RequestObserver {
  sent(request: SentRequest): void;
  answered(request: AnsweredRequest): void;
}

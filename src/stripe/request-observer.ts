import type { HttpMethod } from "../catalog/catalog.js";
import type { ConnectionFacts } from "./connection-facts.js";

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
  /** Told of the same attempts as messages of HTTP. */
  readonly exchanges?: ExchangeObserver | undefined;
}

/** Told of each exchange by its number, from 1, with secrets already taken out. It must not throw. */
export interface ExchangeObserver {
  sending(message: {
    readonly exchange: number;
    readonly method: string;
    /** With the query, decoded. */
    readonly path: string;
    readonly headers: unknown;
    /** A form, decoded, or JSON. */
    readonly body: unknown;
  }): void;
  received(message: {
    readonly exchange: number;
    readonly status: number;
    readonly headers: unknown;
    readonly body: unknown;
  }): void;
  /** The connection that answered. */
  connected?(connection: ConnectionFacts & { readonly exchange: number; readonly isReused: boolean }): void;
  /** No answer came. */
  broken?(connection: { readonly exchange: number; readonly reason: string }): void;
}

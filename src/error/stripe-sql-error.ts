import { redact } from "./redact.js";
import type { SqlStateCode } from "./sql-state.js";

/** The part of a statement's way in which it failed. */
export type ErrorPhase = "connect" | "protocol" | "syntax" | "plan" | "execute" | "stripe";

/** What Stripe said of a refused request. Source: https://docs.stripe.com/api/errors */
export interface StripeErrorFacts {
  readonly type?: string;
  readonly code?: string;
  readonly declineCode?: string;
  readonly param?: string;
  readonly requestId?: string;
  /** HTTP status of Stripe's answer. */
  readonly status?: number;
  /** True where a write may have been carried out all the same: a reply to it was lost. */
  readonly inDoubt?: true;
  /** The key that a write in doubt was sent under: to be looked for at Stripe. */
  readonly idempotencyKey?: string;
}

export interface StripeSqlErrorOptions {
  readonly sqlState: SqlStateCode;
  readonly phase: ErrorPhase;
  readonly detail?: string | undefined;
  readonly hint?: string | undefined;
  /** Offset of the mistake in the statement's text, in UTF-16 code units from 0. */
  readonly position?: number | undefined;
  /** True where the same statement may succeed if tried again unchanged. Default false. */
  readonly retryable?: boolean | undefined;
  readonly stripe?: StripeErrorFacts | undefined;
  readonly cause?: unknown;
}

export interface StripeSqlErrorChanges extends Partial<StripeSqlErrorOptions> {
  readonly message?: string;
}

/**
 * The one error of every phase. Its texts follow PostgreSQL's manner: a short primary message,
 * detail and hint apart. Secrets are removed from all three before they are kept.
 */
export class StripeSqlError extends Error {
  readonly sqlState: SqlStateCode;
  readonly phase: ErrorPhase;
  readonly detail: string | undefined;
  readonly hint: string | undefined;
  readonly position: number | undefined;
  readonly retryable: boolean;
  readonly stripe: StripeErrorFacts;

  constructor(message: string, options: StripeSqlErrorOptions) {
    super(redact(message), options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "StripeSqlError";
    this.sqlState = options.sqlState;
    this.phase = options.phase;
    this.detail = options.detail === undefined ? undefined : redact(options.detail);
    this.hint = options.hint === undefined ? undefined : redact(options.hint);
    this.position = options.position;
    this.retryable = options.retryable ?? false;
    this.stripe = options.stripe ?? {};
  }

  /** The same error but for what is given; what is given as undefined is left out. */
  with({ message = this.message, ...changes }: StripeSqlErrorChanges): StripeSqlError {
    const { sqlState, phase, detail, hint, position, retryable, stripe, cause } = this;
    return new StripeSqlError(message, {
      ...{ sqlState, phase, detail, hint, position, retryable, stripe, cause },
      ...changes,
    });
  }
}

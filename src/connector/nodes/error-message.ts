import type { SqlStateCode } from "../../error/sql-state.js";
import { SqlState } from "../../error/sql-state.js";
import type { ErrorPhase, StripeErrorFacts } from "../../error/stripe-sql-error.js";
import { StripeSqlError } from "../../error/stripe-sql-error.js";

/** A StripeSqlError on its way between processes: all that it says of itself, but for its cause and stack. */
export interface ErrorMessage {
  readonly message: string;
  readonly sqlState: SqlStateCode;
  readonly phase: ErrorPhase;
  readonly detail: string | undefined;
  readonly hint: string | undefined;
  readonly position: number | undefined;
  readonly retryable: boolean;
  readonly stripe: StripeErrorFacts;
}

/** What is no StripeSqlError is a mistake of ours, XX000. */
export function encodeError(error: unknown): ErrorMessage {
  const { message, sqlState, phase, detail, hint, position, retryable, stripe } = knownError(error);
  return { message, sqlState, phase, detail, hint, position, retryable, stripe };
}

export function decodeError({ message, ...facts }: ErrorMessage): StripeSqlError {
  return new StripeSqlError(message, facts);
}

function knownError(error: unknown): StripeSqlError {
  if (error instanceof StripeSqlError) return error;
  return new StripeSqlError(error instanceof Error ? error.message : String(error), {
    sqlState: SqlState.internalError,
    phase: "execute",
    hint: "This is a mistake in stripe-sql itself: please report it.",
  });
}

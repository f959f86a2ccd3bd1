import { SqlState } from "../error/sql-state.js";
import type { StripeSqlErrorOptions } from "../error/stripe-sql-error.js";
import { StripeSqlError } from "../error/stripe-sql-error.js";
import { untilAborted } from "./linked-abort.js";

/** Reason of the abort by which a connection that is closed ends its statements. */
export const connectionClosed = Symbol("the connection is closed");

/**
 * What an aborted statement ends with: SQLSTATE 57014, or the error that it was aborted for. `detail` and `stripe` tell
 * of a write that may have happened.
 */
export function canceledError(
  signal: AbortSignal | undefined,
  { detail, stripe }: Pick<StripeSqlErrorOptions, "detail" | "stripe"> = {},
): StripeSqlError {
  if (signal?.reason instanceof StripeSqlError && detail === undefined) return signal.reason;
  const reason = signal?.reason === connectionClosed ? "because the connection is closed" : "due to user request";
  return new StripeSqlError(`canceling statement ${reason}`, {
    sqlState: SqlState.queryCanceled,
    phase: "stripe",
    detail,
    stripe,
  });
}

/** Between the steps of a statement. */
export function throwIfCanceled(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw canceledError(signal);
}

/** Settles as the promise does, or with the cancellation at once. */
export async function unlessCanceled<Value>(promise: Promise<Value>, signal: AbortSignal): Promise<Value> {
  try {
    return await untilAborted(promise, signal);
  } catch (error) {
    throwIfCanceled(signal);
    throw error;
  }
}

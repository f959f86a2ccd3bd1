import type { WriteRecord } from "../../driver/write-record.js";
import { SqlState } from "../../error/sql-state.js";
import { StripeSqlError } from "../../error/stripe-sql-error.js";
import type { ConnectorMethod } from "../connector.js";
import { isReadingMethod, readsOnly } from "../reads-only.js";

/** A call on its way to a node and back. */
export interface NodeCall {
  readonly id: number;
  readonly method: ConnectorMethod;
  readonly input: unknown;
  readonly signal: AbortSignal | undefined;
  readonly idempotencyKey: string | undefined;
  readonly caller: string | undefined;
  readonly onWrite: ((write: WriteRecord) => void) | undefined;
  readonly arrivedAtMs: number;
  /** The node that runs it. */
  node: { cancel(call: NodeCall): void } | undefined;
  /** Nodes that ended while they ran it. */
  lostNodes: number;
  readonly resolve: (output: unknown) => void;
  readonly reject: (error: StripeSqlError) => void;
}

/** What a call whose node has ended fails with; undefined where it loses nothing by being run again, once. */
export function lossOf({ method, input, signal, lostNodes, idempotencyKey }: NodeCall): StripeSqlError | undefined {
  if (isReadingMethod(method) && signal?.aborted === true) return canceledCallError();
  if (isReadingMethod(method) && lostNodes < 2) return undefined;
  const isReading = readsOnly(method, input);
  return new StripeSqlError("the call was lost", {
    sqlState: SqlState.connectionFailure,
    phase: "execute",
    // Under its own key, what was carried out is not carried out again.
    retryable: isReading || idempotencyKey !== undefined,
    detail: isReading
      ? "The node that ran it ended."
      : "The node that ran it ended. What it writes may have been carried out all the same: look before it is repeated.",
    stripe: isReading ? undefined : { inDoubt: true, ...(idempotencyKey === undefined ? {} : { idempotencyKey }) },
  });
}

/** Of a statement that took the memory of its node, which has ended itself. */
export function exhaustedError(): StripeSqlError {
  return new StripeSqlError("out of memory", {
    sqlState: SqlState.outOfMemory,
    phase: "execute",
    detail: "The node that ran it ended. A write may have been carried out all the same: look before it is repeated.",
    hint: "Select fewer rows or shorter values, or raise the property MemoryLimit.",
    stripe: { inDoubt: true },
  });
}

export function canceledCallError(): StripeSqlError {
  return new StripeSqlError("canceling statement due to user request", {
    sqlState: SqlState.queryCanceled,
    phase: "execute",
  });
}

export function noNodeError(connection: string): StripeSqlError {
  return new StripeSqlError(`no node of connection "${connection}" is running`, {
    sqlState: SqlState.connectionFailure,
    phase: "execute",
    retryable: true,
    detail: "The call was not begun.",
  });
}

export function tooManyCallsError(connection: string, waitingCalls: number): StripeSqlError {
  return new StripeSqlError(`too many calls are waiting for connection "${connection}"`, {
    sqlState: SqlState.configurationLimitExceeded,
    phase: "execute",
    retryable: true,
    detail: `Its nodes are busy, and ${waitingCalls} calls wait for them. The call was not begun.`,
  });
}

export function closingPoolError(connection: string): StripeSqlError {
  return new StripeSqlError(`connection "${connection}" is being closed`, {
    sqlState: SqlState.connectionFailure,
    phase: "execute",
    retryable: true,
    detail: "The call was not begun.",
  });
}

import { SqlState } from "../../error/sql-state.js";
import type { StripeSqlError } from "../../error/stripe-sql-error.js";
import { sessionError } from "./session-error.js";
import type { Settings } from "./session-settings.js";
import { SessionState } from "./session-state.js";
import type { SessionStatements } from "./session-statements.js";
import type { TransactionBlock } from "./transaction-block.js";

const unitMs: Readonly<Record<string, number>> = {
  us: 0.001,
  ms: 1,
  s: 1000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** setTimeout takes no more. */
const longestMs = 2 ** 31 - 1;

/**
 * The time limits of a session: its settings statement_timeout, lock_timeout, transaction_timeout, idle_session_timeout
 * and idle_in_transaction_session_timeout. What a session waits for that another one holds is its turn on the local
 * PostgreSQL, so that this is what lock_timeout limits.
 */
export class SessionTimeouts {
  readonly #byDefault: Settings;

  /** @param byDefault The server's own settings. */
  constructor(byDefault: Settings) {
    this.#byDefault = byDefault;
  }

  /** Cancels a statement that takes too long; the function ends the watch. */
  limitStatement(settings: Settings, cancellation: AbortController): () => void {
    return this.#after("statement_timeout", settings, () =>
      cancellation.abort(sessionError("canceling statement due to statement timeout", SqlState.queryCanceled)),
    );
  }

  /** Cancels a statement that waits too long for what another session holds; the function ends the watch. */
  limitWait(settings: Settings, cancellation: AbortController): () => void {
    return this.#after("lock_timeout", settings, () =>
      cancellation.abort(sessionError("canceling statement due to lock timeout", SessionState.lockNotAvailable)),
    );
  }

  /** Has a session end whose transaction takes too long while a statement runs; the function ends the watch. */
  limitTransaction(
    settings: Settings,
    transaction: Pick<TransactionBlock, "status" | "view">,
    end: (reason: StripeSqlError) => void,
  ): () => void {
    const ms = this.#transactionMs(settings, transaction);
    if (ms === undefined) return () => undefined;
    const timer = setTimeout(() => end(transactionTooLong()), ms);
    return () => clearTimeout(timer);
  }

  /** Waits for the client; throws where it lets a session wait too long. */
  async whileIdle<Value>(
    { settings, transaction }: Pick<SessionStatements, "settings" | "transaction">,
    wait: () => Promise<Value>,
  ): Promise<Value> {
    const isInTransaction = transaction.status !== "idle";
    const name = isInTransaction ? "idle_in_transaction_session_timeout" : "idle_session_timeout";
    const idleMs = this.#read(name, settings.values) ?? Number.POSITIVE_INFINITY;
    const openMs = (isInTransaction ? this.#transactionMs(settings.values, transaction) : undefined) ?? idleMs;
    const ms = Math.min(idleMs, openMs);
    if (ms === Number.POSITIVE_INFINITY) return wait();
    const error = openMs < idleMs ? transactionTooLong() : idleTooLong(isInTransaction);
    let timer: NodeJS.Timeout | undefined;
    const tooLong = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(error), ms);
    });
    try {
      return await Promise.race([wait(), tooLong]);
    } finally {
      clearTimeout(timer);
    }
  }

  /** What is left of a transaction's time; of one that begins with its statement, all of it. */
  #transactionMs(settings: Settings, transaction: Pick<TransactionBlock, "status" | "view">): number | undefined {
    const ms = this.#read("transaction_timeout", settings);
    if (ms === undefined || transaction.status === "idle") return ms;
    return Math.max(0, transaction.view.startedMs + ms - Date.now());
  }

  #after(name: string, settings: Settings, act: () => void): () => void {
    const ms = this.#read(name, settings);
    if (ms === undefined) return () => undefined;
    const timer = setTimeout(act, ms);
    return () => clearTimeout(timer);
  }

  /** In milliseconds; undefined for none. */
  #read(name: string, settings: Settings): number | undefined {
    const text = settings.get(name) ?? this.#byDefault.get(name) ?? "0";
    const [, number = "0", unit = "ms"] = /^(\d+(?:\.\d+)?)\s*([a-z]*)$/.exec(text) ?? [];
    const ms = Number(number) * (unitMs[unit === "" ? "ms" : unit] ?? 1);
    return ms > 0 ? Math.min(ms, longestMs) : undefined;
  }
}

function transactionTooLong() {
  return sessionError("terminating connection due to transaction timeout", SessionState.transactionTimeout);
}

function idleTooLong(isInTransaction: boolean) {
  return isInTransaction
    ? sessionError("terminating connection due to idle-in-transaction timeout", SessionState.idleInTransactionTimeout)
    : sessionError("terminating connection due to idle-session timeout", SessionState.idleSessionTimeout);
}

import { SqlState } from "../../error/sql-state.js";
import { sessionError } from "./session-error.js";
import type { Settings } from "./session-settings.js";
import { SessionState } from "./session-state.js";
import type { SessionStatements } from "./session-statements.js";

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

/** The time limits of a session: its settings statement_timeout, idle_session_timeout, idle_in_transaction_session_timeout. */
export class SessionTimeouts {
  readonly #byDefault: Settings;

  /** @param byDefault The server's own settings. */
  constructor(byDefault: Settings) {
    this.#byDefault = byDefault;
  }

  /** Cancels a statement that takes too long; the function ends the watch. */
  limitStatement(settings: Settings, cancellation: AbortController): () => void {
    const ms = this.#read("statement_timeout", settings);
    if (ms === undefined) return () => undefined;
    const timer = setTimeout(
      () => cancellation.abort(sessionError("canceling statement due to statement timeout", SqlState.queryCanceled)),
      ms,
    );
    return () => clearTimeout(timer);
  }

  /** Waits for the client; throws where it lets a session wait too long. */
  async whileIdle<Value>(
    { settings, transaction }: Pick<SessionStatements, "settings" | "transaction">,
    wait: () => Promise<Value>,
  ): Promise<Value> {
    const isInTransaction = transaction.status !== "idle";
    const name = isInTransaction ? "idle_in_transaction_session_timeout" : "idle_session_timeout";
    const ms = this.#read(name, settings.values);
    if (ms === undefined) return wait();
    let timer: NodeJS.Timeout | undefined;
    const tooLong = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(idleTooLong(isInTransaction)), ms);
    });
    try {
      return await Promise.race([wait(), tooLong]);
    } finally {
      clearTimeout(timer);
    }
  }

  /** In milliseconds; undefined for none. */
  #read(name: string, settings: Settings): number | undefined {
    const text = settings.get(name) ?? this.#byDefault.get(name) ?? "0";
    const [, number = "0", unit = "ms"] = /^(\d+(?:\.\d+)?)\s*([a-z]*)$/.exec(text) ?? [];
    const ms = Number(number) * (unitMs[unit === "" ? "ms" : unit] ?? 1);
    return ms > 0 ? Math.min(ms, longestMs) : undefined;
  }
}

function idleTooLong(isInTransaction: boolean) {
  return isInTransaction
    ? sessionError("terminating connection due to idle-in-transaction timeout", SessionState.idleInTransactionTimeout)
    : sessionError("terminating connection due to idle-session timeout", SessionState.idleSessionTimeout);
}

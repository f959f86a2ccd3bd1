export type SessionSignal = "cancel" | "terminate";

/** What a client's statements can see and do of the sessions beside it. */
export interface ClientMonitor {
  /** What `pg_backend_pid()` says. */
  readonly processId: number;
  /** Sessions as this client may see them: rows of `pg_stat_activity` and what else is shown of them, an array of JSON. */
  activity(): string;
  /** What `pg_cancel_backend` and `pg_terminate_backend` do. A session that is not the user's own is left alone. */
  signal(kind: SessionSignal, processId: number): void;
  /** A statement waits for its turn; the function is called once it has it, or gives up. */
  waitForTurn(): () => void;
}

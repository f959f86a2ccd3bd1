/** How a statement ended. */
export interface StatementEvent {
  readonly rows: number;
  /** Sent to Stripe. */
  readonly requests: number;
  /** Undefined where it succeeded. */
  readonly error: unknown;
}

export interface LoggedStatement {
  /** "query", "insert", "transaction". */
  readonly kind: string;
}

/** Is told of each statement of a session: for the log, metrics, and who asks what runs. */
export interface StatementLog {
  /** A statement begins; the function is called once it has ended. */
  begin(statement: LoggedStatement): (event: StatementEvent) => void;
}

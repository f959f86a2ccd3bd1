import type { UnrunStatement } from "../../driver/unrun-statement.js";
import type { PostgresStatement, StatementOption } from "../../syntax/postgres/postgres-statement.js";

/** A statement in the driver's own dialect, which a session on DuckDB sends: the driver carries it out. */
export interface DuckdbStatement {
  readonly kind: "duckdb";
  readonly text: string;
  /** Where its text starts in the script, in UTF-16 code units. */
  readonly offset: number;
  readonly statement: UnrunStatement;
  /** Of the statement, in the script: positions of its errors count from there. */
  readonly start: number;
  /** Where it stands in COPY … TO STDOUT: its options. */
  readonly copy?: readonly StatementOption[];
}

/** What is carried out by more than the session. */
export type BackendStatement = PostgresStatement | DuckdbStatement;

type Holder = Extract<PostgresStatement, { kind: "declare" | "prepare" }>;
type HoldingDuckdb<Each> = Each extends Holder ? Omit<Each, "statement"> & { statement: DuckdbStatement } : never;

/** What a client sends. The session's own commands are PostgreSQL's in either dialect. */
export type SessionStatement = BackendStatement | HoldingDuckdb<Holder>;

/** What the log and the metrics call a statement: the same for what is the same in both dialects. */
export function loggedKind(statement: SessionStatement): string {
  if (statement.kind !== "duckdb") return statement.kind;
  const { kind } = statement.statement;
  return statement.copy !== undefined ? "copy-to" : (sameKinds.get(kind) ?? kind);
}

const sameKinds: ReadonlyMap<string, string> = new Map([
  ["select", "query"],
  ["execute", "call"],
]);

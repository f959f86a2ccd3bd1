import type { FieldDescription } from "../../protocol/row-description.js";
import { sessionError } from "./session-error.js";
import { SessionState } from "./session-state.js";
import type { SessionStatement } from "./session-statement.js";

/** A statement that a client prepared, described already. */
export interface PreparedStatement {
  /** The text that it was prepared from. */
  readonly sql: string;
  /** Undefined for an empty text. */
  readonly statement: SessionStatement | undefined;
  /** OIDs. */
  readonly parameterTypes: readonly number[];
  /** Undefined where it gives no rows, or only its rows tell. */
  readonly fields: readonly FieldDescription[] | undefined;
  /** True where its columns are not known before it has run. */
  readonly isKnownByRows: boolean;
  /** True where PREPARE made it, not the protocol. */
  readonly isOfSql: boolean;
  /** In milliseconds since 1970. */
  readonly preparedMs: number;
}

/** A client's prepared statements; the unnamed one is replaced by each that has no name. */
export class PreparedStatements {
  readonly #statements = new Map<string, PreparedStatement>();

  /** Fails with 42P05 where the name is taken. */
  requireFree(name: string): void {
    if (name !== "" && this.#statements.has(name))
      throw sessionError(`prepared statement "${name}" already exists`, SessionState.duplicatePreparedStatement);
  }

  set(name: string, statement: PreparedStatement): void {
    this.#statements.set(name, statement);
  }

  /** Fails with 26000 where there is none. */
  get(name: string): PreparedStatement {
    const found = this.#statements.get(name);
    if (found !== undefined) return found;
    throw sessionError(
      name === "" ? "unnamed prepared statement does not exist" : `prepared statement "${name}" does not exist`,
      SessionState.invalidStatementName,
    );
  }

  /** Whether there was one. */
  delete(name: string): boolean {
    return this.#statements.delete(name);
  }

  clear(): void {
    this.#statements.clear();
  }

  /** Those that have names. */
  named(): readonly (readonly [name: string, statement: PreparedStatement])[] {
    return [...this.#statements].filter(([name]) => name !== "");
  }
}

import type { FieldDescription } from "../../protocol/row-description.js";
import type { PostgresStatement } from "../../syntax/postgres/postgres-statement.js";
import type { Portal } from "./portal.js";
import { sessionError } from "./session-error.js";
import { SessionState } from "./session-state.js";

/** A statement that a client prepared, described already. */
export interface PreparedStatement {
  /** The text that it was prepared from. */
  readonly sql: string;
  /** Undefined for an empty text. */
  readonly statement: PostgresStatement | undefined;
  /** OIDs. */
  readonly parameterTypes: readonly number[];
  /** Undefined where it gives no rows. */
  readonly fields: readonly FieldDescription[] | undefined;
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
}

/** A client's portals and cursors, which share their names. */
export class Portals {
  readonly #portals = new Map<string, Portal>();

  /** Fails with 42P03 where the name is taken. */
  requireFree(name: string): void {
    if (name !== "" && this.#portals.has(name))
      throw sessionError(`cursor "${name}" already exists`, SessionState.duplicateCursor);
  }

  async set(name: string, portal: Portal): Promise<void> {
    await this.#portals.get(name)?.close();
    this.#portals.set(name, portal);
  }

  /** Fails with 34000 where there is none. */
  get(name: string, what: "portal" | "cursor"): Portal {
    const found = this.#portals.get(name);
    if (found !== undefined) return found;
    throw sessionError(`${what} "${name}" does not exist`, SessionState.invalidCursorName);
  }

  async close(name: string): Promise<void> {
    const portal = this.#portals.get(name);
    this.#portals.delete(name);
    await portal?.close();
  }

  /** Those that outlive their transaction stay. */
  async endTransaction(): Promise<void> {
    for (const [name, portal] of this.#portals) if (!portal.isHeld) await this.close(name);
  }

  async closeAll(): Promise<void> {
    for (const name of [...this.#portals.keys()]) await this.close(name);
  }
}

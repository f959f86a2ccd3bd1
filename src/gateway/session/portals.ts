import type { Portal } from "./portal.js";
import { sessionError } from "./session-error.js";
import { SessionState } from "./session-state.js";

interface Held {
  readonly portal: Portal;
  /** Among all that there were, in their order. */
  readonly number: number;
  /** True once the transaction that made it has been committed. */
  readonly isKept: boolean;
}

/** A client's portals and cursors, which share their names. */
export class Portals {
  readonly #portals = new Map<string, Held>();
  #made = 0;

  /** Fails with 42P03 where the name is taken. */
  requireFree(name: string): void {
    if (name !== "" && this.#portals.has(name))
      throw sessionError(`cursor "${name}" already exists`, SessionState.duplicateCursor);
  }

  async set(portal: Portal): Promise<void> {
    await this.close(portal.name);
    this.#made += 1;
    this.#portals.set(portal.name, { portal, number: this.#made, isKept: false });
  }

  /** Fails with 34000 where there is none. */
  get(name: string, what: "portal" | "cursor"): Portal {
    const found = this.#portals.get(name);
    if (found !== undefined) return found.portal;
    throw sessionError(`${what} "${name}" does not exist`, SessionState.invalidCursorName);
  }

  all(): readonly Portal[] {
    return [...this.#portals.values()].map(({ portal }) => portal);
  }

  async close(name: string): Promise<void> {
    const held = this.#portals.get(name);
    this.#portals.delete(name);
    await held?.portal.close();
  }

  /** Of a savepoint: those that are made from now on go with it. */
  get made(): number {
    return this.#made;
  }

  /** Closes those that were made after so many. */
  async closeSince(made: number): Promise<void> {
    for (const [name, { number }] of this.#portals) if (number > made) await this.close(name);
  }

  /** Those WITH HOLD stay, from now on whatever becomes of further transactions. */
  async commit(): Promise<void> {
    for (const [name, held] of this.#portals) {
      if (held.portal.isHeld) this.#portals.set(name, { ...held, isKept: true });
      else await this.close(name);
    }
  }

  async rollback(): Promise<void> {
    for (const [name, { isKept }] of this.#portals) if (!isKept) await this.close(name);
  }

  async closeAll(): Promise<void> {
    for (const name of [...this.#portals.keys()]) await this.close(name);
  }
}

import type { DuckdbEngine } from "../execute/duckdb/duckdb-engine.js";
import { Lazy } from "./lazy.js";

/** The local engine of a database's sessions: opened when first needed, and another where it has switched itself off. */
export class SharedEngine {
  readonly #create: () => Promise<DuckdbEngine>;
  /** How those that were replaced are closed; that one cannot be is nobody's matter. */
  readonly #retired: Promise<unknown>[] = [];
  #current: Lazy<DuckdbEngine>;

  constructor(create: () => Promise<DuckdbEngine>) {
    this.#create = create;
    this.#current = new Lazy(create);
  }

  async open(): Promise<DuckdbEngine> {
    const current = this.#current;
    const engine = await current.open();
    if (!engine.hasEnded) return engine;
    // Of statements that find it ended at once, one replaces it.
    if (this.#current === current) {
      this.#retired.push(Promise.allSettled([engine.close()]));
      this.#current = new Lazy(this.#create);
    }
    return this.open();
  }

  async close(): Promise<void> {
    await Promise.all(this.#retired);
    await (await this.#current.ifOpened())?.close();
  }
}

import { linkAborts } from "../../stripe/linked-abort.js";
import type { ClientSettings } from "./client-settings.js";
import type { PostgresEngine } from "./postgres-engine.js";
import type { PostgresTurn } from "./postgres-turn.js";
import type { TurnSource } from "./turn-source.js";

/** A turn that lasts longer is not waited for. */
const patienceMs = 500;

/** So long the second backend stays after its last turn: whoever watches asks again. */
const restMs = 60_000;

/** What is asked here needs little, of memory and of time. */
const secondLimits = { memoryLimitBytes: 256 * 1024 * 1024, turnLimitMs: 10_000 };

const tookTooLong = Symbol("the turn under way takes too long");

/**
 * Turns for what must not wait for a long statement of another client's: settings, descriptions, and whoever looks at the
 * sessions, or cancels that statement. They are turns of the one engine, unless the turn under way has lasted long; then
 * a second backend starts, some 260 MB, and ends once nobody has asked it for a while.
 */
export class PromptEngine implements TurnSource {
  readonly #engine: PostgresEngine;
  #second: PostgresEngine | undefined;
  #rest: NodeJS.Timeout | undefined;
  readonly #ending = new Set<Promise<void>>();
  #isClosed = false;

  constructor(engine: PostgresEngine) {
    this.#engine = engine;
  }

  async turn(client: ClientSettings, signal?: AbortSignal): Promise<PostgresTurn> {
    const impatience = new AbortController();
    const abort = linkAborts([signal, impatience.signal]);
    // Looked at now and then, as turns may also be many and short.
    const watch = setInterval(() => {
      if (this.#engine.heldMs >= patienceMs) impatience.abort(tookTooLong);
    }, patienceMs / 5);
    try {
      // The turn is canceled by the same signal, which is why that stays linked.
      return await this.#engine.turn(client, abort.signal);
    } catch (error) {
      abort.unlink();
      if (!impatience.signal.aborted || signal?.aborted === true || this.#isClosed) throw error;
      return await this.#secondTurn(client, signal);
    } finally {
      clearInterval(watch);
    }
  }

  /** Of the second backend; 0 where there is none. */
  get memoryBytes(): number {
    return this.#second?.memoryBytes ?? 0;
  }

  /** The engine itself is closed elsewhere. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#endSecond();
    await Promise.all(this.#ending);
  }

  #secondTurn(client: ClientSettings, signal: AbortSignal | undefined): Promise<PostgresTurn> {
    this.#second ??= this.#engine.sibling(secondLimits);
    this.#restLater();
    return this.#second.turn(client, signal);
  }

  #restLater(): void {
    clearTimeout(this.#rest);
    this.#rest = setTimeout(() => {
      if (this.#second !== undefined && this.#second.heldMs > 0) this.#restLater();
      else this.#endSecond();
    }, restMs);
    this.#rest.unref();
  }

  #endSecond(): void {
    clearTimeout(this.#rest);
    const second = this.#second;
    this.#second = undefined;
    if (second === undefined) return;
    const ended = second.close().finally(() => this.#ending.delete(ended));
    this.#ending.add(ended);
  }
}

import { SqlState } from "../../error/sql-state.js";
import { sessionError } from "./session-error.js";

/** A session's settings by name, each as the text that `set_config` takes, as far as they are not the server's own. */
export type Settings = ReadonlyMap<string, string>;

interface Saved {
  /** Undefined for the beginning of the transaction. */
  readonly savepoint: string | undefined;
  readonly session: Settings;
  readonly local: Settings;
}

/**
 * What a client has set. What it set within a transaction is undone with it, and what SET LOCAL set ends with it
 * either way.
 */
export class SessionSettings {
  readonly #defaults: Settings;
  #session: Settings;
  #local: Settings = new Map();
  #saved: readonly Saved[] = [];

  /** @param defaults What the client asked for when it connected: what RESET goes back to. */
  constructor(defaults: Settings) {
    this.#defaults = defaults;
    this.#session = defaults;
  }

  /** Those in force. */
  get values(): Settings {
    return this.#local.size === 0 ? this.#session : new Map([...this.#session, ...this.#local]);
  }

  /** Outside of a transaction, `isLocal` sets nothing. Fails with 54000 where it would be more than each statement can bring along. */
  set(name: string, value: string, { isLocal }: { readonly isLocal: boolean }): void {
    requireRoom(new Map([...this.values, [name, value]]));
    if (!isLocal) {
      this.#session = new Map([...this.#session, [name, value]]);
      this.#local = without(this.#local, name);
    } else if (this.#saved.length > 0) this.#local = new Map([...this.#local, [name, value]]);
  }

  reset(name: string): void {
    const byDefault = this.#defaults.get(name);
    this.#session = without(this.#session, name);
    this.#local = without(this.#local, name);
    if (byDefault !== undefined) this.#session = new Map([...this.#session, [name, byDefault]]);
  }

  resetAll(): void {
    this.#session = this.#defaults;
    this.#local = new Map();
  }

  begin(): void {
    this.#saved = [this.#now(undefined)];
  }

  savepoint(name: string): void {
    this.#saved = [...this.#saved, this.#now(name)];
  }

  /** What a savepoint of that name is followed by is forgotten, with it or without. */
  release(name: string): void {
    this.#saved = this.#saved.slice(0, this.#indexOf(name));
  }

  rollbackTo(name: string): void {
    const index = this.#indexOf(name);
    this.#restore(this.#saved[index]);
    this.#saved = this.#saved.slice(0, index + 1);
  }

  commit(): void {
    this.#saved = [];
    this.#local = new Map();
  }

  rollback(): void {
    this.#restore(this.#saved[0]);
    this.commit();
  }

  #now(savepoint: string | undefined): Saved {
    return { savepoint, session: this.#session, local: this.#local };
  }

  #restore(saved: Saved | undefined): void {
    if (saved === undefined) return;
    this.#session = saved.session;
    this.#local = saved.local;
  }

  #indexOf(name: string): number {
    return this.#saved.findLastIndex(({ savepoint }) => savepoint === name);
  }
}

/** Each statement is given all of them: by one SELECT, whose list PostgreSQL bounds, and in one message. */
const [mostSettings, mostCharacters] = [250, 256 * 1024];

function requireRoom(settings: Settings): void {
  const characters = [...settings].reduce((sum, [name, value]) => sum + name.length + value.length, 0);
  if (settings.size <= mostSettings && characters <= mostCharacters) return;
  throw sessionError("too many settings", SqlState.programLimitExceeded, {
    detail: `A session keeps ${mostSettings} settings at most, of ${mostCharacters / 1024} KB together.`,
    hint: "RESET ALL gives them up.",
  });
}

function without(settings: Settings, name: string): Settings {
  return new Map([...settings].filter(([known]) => known !== name));
}

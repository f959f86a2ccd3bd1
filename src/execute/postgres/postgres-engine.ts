import type { Catalog } from "../../catalog/catalog.js";
import { SqlState } from "../../error/sql-state.js";
import { StripeSqlError } from "../../error/stripe-sql-error.js";
import { query } from "../../protocol/frontend-messages.js";
import { connectionClosed, unlessCanceled } from "../../stripe/canceled-error.js";
import { linkAborts } from "../../stripe/linked-abort.js";
import { quoteText } from "../../value/quote.js";
import { backendError } from "./backend-error.js";
import type { ClientSettings } from "./client-settings.js";
import { PostgresTurn } from "./postgres-turn.js";
import { clientRole } from "./schema/lock-down.js";
import type { SnapshotStore } from "./snapshot/snapshot-source.js";
import { SnapshotSource } from "./snapshot/snapshot-source.js";
import { TurnQueue } from "./turn-queue.js";
import type { TurnSource } from "./turn-source.js";
import { PostgresThread } from "./worker/postgres-thread.js";
import type { SharedMemoryModule } from "./worker/shared-memory-module.js";
import { compileWithSharedMemory } from "./worker/shared-memory-module.js";

export interface PostgresEngineOptions {
  readonly catalog: Catalog;
  /** Names what the catalog was compiled from and by, as the store does. */
  readonly catalogVersion: string;
  /** Where the made database is kept. Without it each engine makes its own, which takes seconds. */
  readonly snapshots?: SnapshotStore | undefined;
  /** What the backend's memory may grow to; a statement that needs more fails with 53200. Default 512 MB. */
  readonly memoryLimitBytes?: number | undefined;
  /** How long a canceled statement may take to end before its backend is replaced. Default 2 s. */
  readonly patienceMs?: number | undefined;
  /** How long a turn may last: others wait for it. 0 for no limit. Default 60 s. */
  readonly turnLimitMs?: number | undefined;
  /** Told of each turn once it has ended. It must not throw. */
  readonly onTurn?: ((turn: FinishedTurn) => void) | undefined;
  /** Folder of the compiled worker modules. Default the one of this module. */
  readonly workerFolder?: URL | undefined;
}

/** What a turn took. */
export interface FinishedTurn {
  readonly waitedMs: number;
  readonly heldMs: number;
}

/** The names that client and database have in a new backend. */
const firstNames = { user: clientRole, database: "postgres" } as const;

/**
 * What a backend's memory holds is filled within some ten seconds, and sorted, joined or printed within some more: what
 * takes longer than that is likely to have no end.
 */
const defaultTurnLimitMs = 60_000;

/** Of its memory a backend may keep so much between turns; it never gives any back. */
const keptShare = 0.75;

/** Rolled back turns leave dead rows in the catalog, which nobody else clears away. */
const turnsBetweenVacuums = 500;
const vacuum = "VACUUM pg_catalog.pg_class, pg_catalog.pg_attribute, pg_catalog.pg_type, pg_catalog.pg_depend";

interface Backend {
  readonly thread: PostgresThread;
  user: string;
  database: string;
  turns: number;
}

/**
 * A real PostgreSQL, started with the first turn: one backend that all clients share, turn by turn. One that ends, by a
 * crash or because a canceled statement did not stop, takes the turn of that statement with it, and another takes its
 * place.
 */
export class PostgresEngine implements TurnSource {
  readonly #options: PostgresEngineOptions;
  readonly #workerFolder: URL;
  #snapshot: SnapshotSource;
  readonly #queue = new TurnQueue();
  readonly #closing = new AbortController();
  readonly #starting = new Set<Promise<Backend>>();
  #compiled: Promise<SharedMemoryModule> | undefined;
  #current: Promise<Backend> | undefined;
  #closed: Promise<void> | undefined;
  #heldSinceMs: number | undefined;
  #thread: PostgresThread | undefined;

  constructor(options: PostgresEngineOptions) {
    this.#options = options;
    this.#workerFolder = options.workerFolder ?? new URL(".", import.meta.url);
    const { catalog, catalogVersion, snapshots: store } = options;
    this.#snapshot = new SnapshotSource({ catalog, catalogVersion, store, workerFolder: this.#workerFolder });
  }

  /** Another backend over the same database, not started yet, with limits of its own. */
  sibling(options: Pick<PostgresEngineOptions, "memoryLimitBytes" | "turnLimitMs"> = {}): PostgresEngine {
    const sibling = new PostgresEngine({ ...this.#options, ...options });
    sibling.#snapshot = this.#snapshot;
    sibling.#compiled = this.#compiled;
    return sibling;
  }

  /** How long the turn under way has lasted; 0 where there is none. */
  get heldMs(): number {
    return this.#heldSinceMs === undefined ? 0 : performance.now() - this.#heldSinceMs;
  }

  /** What the backend's memory has grown to; 0 where there is none. */
  get memoryBytes(): number {
    return this.#thread === undefined || this.#thread.hasEnded ? 0 : this.#thread.memoryBytes;
  }

  /** Waits until all turns asked for before have ended. The signal cancels the wait and the turn. */
  async turn(client: ClientSettings, signal?: AbortSignal): Promise<PostgresTurn> {
    const limit = new AbortController();
    const abort = linkAborts([signal, this.#closing.signal, limit.signal]);
    let finish: (() => void) | undefined;
    const askedMs = performance.now();
    const waited = client.monitor?.waitForTurn();
    try {
      const release = await this.#queue.take(abort.signal);
      finish = () => {
        this.#heldSinceMs = undefined;
        release();
      };
      const backend = await unlessCanceled(this.#ready(), abort.signal);
      await name(backend, client);
      const heldSinceMs = performance.now();
      this.#heldSinceMs = heldSinceMs;
      const limited = this.#limit(limit);
      const onEnded = (hasFilled: boolean) => {
        clearTimeout(limited);
        this.#options.onTurn?.({ waitedMs: heldSinceMs - askedMs, heldMs: performance.now() - heldSinceMs });
        void this.#release(backend, hasFilled).finally(finish);
      };
      return new PostgresTurn({ thread: backend.thread, client, abort, onEnded });
    } catch (error) {
      abort.unlink();
      finish?.();
      throw error;
    } finally {
      waited?.();
    }
  }

  /** Ends the turn that begins now once it has lasted too long. */
  #limit(turn: AbortController): NodeJS.Timeout | undefined {
    const { turnLimitMs = defaultTurnLimitMs } = this.#options;
    if (turnLimitMs === 0) return undefined;
    return setTimeout(() => turn.abort(turnLimitError(turnLimitMs)), turnLimitMs);
  }

  /** The backend of the next turn; another one where it has ended. */
  async #ready(): Promise<Backend> {
    this.#current ??= this.#start();
    const current = this.#current;
    try {
      const backend = await current;
      if (!backend.thread.hasEnded) return backend;
    } catch (error) {
      this.#current = undefined;
      throw error;
    }
    this.#current = undefined;
    return this.#ready();
  }

  #start(): Promise<Backend> {
    const starting = this.#startBackend();
    this.#starting.add(starting);
    starting.finally(() => this.#starting.delete(starting)).catch(() => undefined);
    return starting;
  }

  async #startBackend(): Promise<Backend> {
    this.#compiled ??= compileWithSharedMemory();
    const compiled = await this.#compiled;
    const bytes = await this.#snapshot.bytes();
    try {
      return await this.#boot(compiled, bytes);
    } catch (error) {
      if (this.#snapshot.isFresh || this.#closing.signal.aborted) throw error;
      // What was kept is damaged.
      return this.#boot(compiled, await this.#snapshot.remake());
    }
  }

  async #boot(compiled: SharedMemoryModule, snapshot: Uint8Array): Promise<Backend> {
    const { memoryLimitBytes, patienceMs } = this.#options;
    const thread = new PostgresThread({
      ...{ compiled, snapshot, memoryLimitBytes, patienceMs, workerFolder: this.#workerFolder },
    });
    await thread.ready();
    this.#thread = thread;
    return { thread, ...firstNames, turns: 0 };
  }

  /** Between two turns. A backend that has ended or grown is replaced at once, so that the next turn waits less. */
  async #release(backend: Backend, hasFilled: boolean): Promise<void> {
    const { thread } = backend;
    if (hasFilled) backend.turns += 1;
    if (!thread.hasEnded && thread.memoryBytes > keptShare * thread.memoryLimitBytes)
      await thread.end("its memory had grown");
    if (thread.hasEnded) {
      if (!this.#closing.signal.aborted) this.#current = this.#start();
      this.#current?.catch(() => undefined);
    } else if (backend.turns >= turnsBetweenVacuums) {
      backend.turns = 0;
      await runOwn(thread, vacuum).catch(() => thread.end("its catalog could not be vacuumed"));
    }
  }

  /** Cancels what runs and ends the backend. A second call gives the same promise. */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    this.#closing.abort(connectionClosed);
    const backends = await Promise.allSettled([
      ...this.#starting,
      ...(this.#current === undefined ? [] : [this.#current]),
    ]);
    for (const one of backends) if (one.status === "fulfilled") await one.value.thread.end("the engine is closed");
  }
}

function turnLimitError(limitMs: number): StripeSqlError {
  return new StripeSqlError("canceling statement due to engine timeout", {
    sqlState: SqlState.queryCanceled,
    phase: "execute",
    detail: `It had the PostgreSQL that all clients share for ${limitMs / 1000} s.`,
    hint: "Have it read or compute less, or serve with a higher --engine-timeout.",
  });
}

/** Gives role and database the names that the client knows. They are the same ones by any name. */
async function name(backend: Backend, { user, database }: ClientSettings): Promise<void> {
  const changes = [
    ...(user === backend.user ? [] : [rename("pg_authid SET rolname", user, `rolname = ${quoteText(backend.user)}`)]),
    ...(database === backend.database
      ? []
      : [rename("pg_database SET datname", database, `datname = ${quoteText(backend.database)}`)]),
  ];
  if (changes.length === 0) return;
  await runOwn(backend.thread, changes.join("; "));
  backend.user = user;
  backend.database = database;
}

function rename(what: string, to: string, where: string): string {
  return `UPDATE pg_catalog.${what} = ${quoteText(to)} WHERE ${where}`;
}

async function runOwn(thread: PostgresThread, sql: string): Promise<void> {
  const { failure } = await thread.run({ frames: query(sql), given: undefined });
  if (failure !== undefined) throw backendError(failure);
}

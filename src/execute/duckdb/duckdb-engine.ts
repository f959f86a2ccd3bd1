import { availableParallelism } from "node:os";
import { DuckDBInstance } from "@duckdb/node-api";
import type { SystemTable } from "../../catalog/system-table.js";
import { spillFolder } from "../../store/spill-folder.js";
import { connectionClosed, throwIfCanceled } from "../../stripe/canceled-error.js";
import { quoteText } from "../../value/quote.js";
import type { TimeZone } from "../../value/time-zone.js";
import { utc } from "../../value/time-zone.js";
import type { LocalEngine } from "../engine/local-engine.js";
import { DuckdbSession } from "./duckdb-session.js";
import { engineError, hasEnded } from "./engine-error.js";
import { LongRuns } from "./long-runs.js";
import { limitBytes, MemoryGuard } from "./memory-guard.js";
import { readTimeZone } from "./read-time-zone.js";
import { StoredTables } from "./stored-tables.js";

export interface EngineOptions {
  /** False keeps statements from files and networks: read_csv, COPY, ATTACH of a file. */
  readonly fileAccess: boolean;
  /** Bytes that tables, sorts and joins of all statements may take before they spill to disk: "1GB". Default 80 % of the machine's. */
  readonly memoryLimit?: string | undefined;
  /** Given where the process is for this engine alone: called where nothing but its end gives its memory back. */
  readonly onMemoryExhausted?: (() => void) | undefined;
}

/**
 * DuckDB, in memory, one for a connection. Each statement works in a session of its own: a database that
 * is attached for it alone, so that statements running at once never see each other's rows.
 */
export class DuckdbEngine implements LocalEngine {
  readonly options: EngineOptions;
  readonly #instance: DuckDBInstance;
  readonly #systemTables: readonly SystemTable[];
  readonly #sessions = new Set<DuckdbSession>();
  readonly #longRuns = new LongRuns();
  readonly #memory: MemoryGuard;
  readonly #stored = new StoredTables((sql) => this.#removeStored(sql));
  readonly #running = new Set<Promise<unknown>>();
  readonly #timeZones = new Map<string, Promise<TimeZone>>();
  readonly #closing = new AbortController();
  #sessionCount = 0;
  #hasEnded = false;
  #closed: Promise<void> | undefined;

  private constructor({ instance, systemTables, options }: EngineParts) {
    this.#instance = instance;
    this.#systemTables = systemTables;
    this.options = options;
    this.#memory = new MemoryGuard({
      memoryLimit: options.memoryLimit,
      onExhausted: options.onMemoryExhausted,
      onExceeded: () => {
        for (const session of this.#sessions) session.stopForMemory();
      },
    });
  }

  static async open(systemTables: readonly SystemTable[], options: EngineOptions): Promise<DuckdbEngine> {
    const instance = await DuckDBInstance.create(":memory:", {
      // Statements come from users: none may bring code of its own.
      autoinstall_known_extensions: "false",
      autoload_known_extensions: "false",
    });
    const connection = await instance.connect();
    try {
      await connection.run(engineSettings(options));
    } catch (error) {
      throw engineError(error);
    } finally {
      connection.closeSync();
    }
    return new DuckdbEngine({ instance, systemTables, options });
  }

  /**
   * A query's tree as DuckDB's own parser reads it, as JSON; a text that it refuses gives its error as JSON too.
   * Source: https://duckdb.org/docs/stable/data/json/sql_to_and_from_json
   */
  async serialize(sql: string): Promise<string> {
    return this.#work(async () => {
      const connection = await this.#instance.connect();
      try {
        const reader = await connection.runAndReadAll("SELECT json_serialize_sql($1::VARCHAR)", [sql]);
        return String(reader.value(0, 0));
      } finally {
        connection.closeSync();
      }
    });
  }

  /** Runs the smallest statement there is; fails where the engine runs none. */
  async ask(): Promise<void> {
    await this.#work(async () => {
      const connection = await this.#instance.connect();
      try {
        await connection.run("SELECT 1");
      } finally {
        connection.closeSync();
      }
    });
  }

  /** A time zone by its name in any case, read once; 22023 for one that there is not. */
  timeZone(name: string): Promise<TimeZone> {
    const key = name.toLowerCase();
    const known = this.#timeZones.get(key);
    if (known !== undefined) return known;
    const reading = this.#work(async () => {
      const connection = await this.#instance.connect();
      try {
        return await readTimeZone(connection, name);
      } finally {
        connection.closeSync();
      }
    });
    this.#timeZones.set(key, reading);
    reading.catch(() => this.#timeZones.delete(key));
    return reading;
  }

  /** A database for one statement, which the signal cancels, and in which times are read and written in a zone; default UTC. */
  async session(signal?: AbortSignal, timeZone: string = utc.name): Promise<DuckdbSession> {
    // The name is taken before anything is waited for: two statements may open their sessions at once.
    this.#sessionCount += 1;
    const database = `s${this.#sessionCount}`;
    const session = await this.#work(async () => {
      const connection = await this.#instance.connect();
      const opened = new DuckdbSession({
        ...{ connection, database, signal, timeZone, longRuns: this.#longRuns, memory: this.#memory },
        stored: this.#stored,
        onClosed: () => this.#sessions.delete(opened),
        onEngineEnded: () => {
          this.#hasEnded = true;
        },
      });
      this.#sessions.add(opened);
      return opened;
    });
    try {
      await session.open();
      return session;
    } catch (error) {
      await session.close();
      throw error;
    }
  }

  /** An engine that has ended, or is being closed, takes its tables with it. */
  async #removeStored(sql: string): Promise<void> {
    if (this.#hasEnded || this.#closing.signal.aborted) return;
    await this.#work(async () => {
      const connection = await this.#instance.connect();
      try {
        await connection.run(sql);
      } finally {
        connection.closeSync();
      }
    });
  }

  /** DuckDB ends the process where its instance is closed under work of its own, so closing waits for it. */
  async #work<Value>(work: () => Promise<Value>): Promise<Value> {
    throwIfCanceled(this.#closing.signal);
    const running = work();
    this.#running.add(running);
    try {
      return await running;
    } catch (error) {
      this.#hasEnded ||= hasEnded(error);
      throw engineError(error);
    } finally {
      this.#running.delete(running);
    }
  }

  /** True once DuckDB has switched itself off: another engine is to take its place. */
  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  get systemTables(): readonly SystemTable[] {
    return this.#systemTables;
  }

  /** Closes every session, with its statement interrupted, then the engine. A second call gives the same promise. */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    this.#closing.abort(connectionClosed);
    await Promise.allSettled(this.#running);
    await Promise.allSettled([...this.#sessions].map((session) => session.close()));
    this.#instance.closeSync();
  }
}

interface EngineParts {
  readonly instance: DuckDBInstance;
  readonly systemTables: readonly SystemTable[];
  readonly options: EngineOptions;
}

/** DuckDB's own limit is 1000, but its time grows by the cube of the depth: an 'a'||'a'||… of 900 takes half a minute. */
const deepestExpression = 200;

/** A sort of wide rows holds about as much for each thread, whatever it spills: beyond that it fails for want of memory. */
const bytesForThread = 500_000_000;

function threadsWithin(memoryLimit: string): number {
  return Math.max(1, Math.min(availableParallelism(), Math.floor(limitBytes(memoryLimit) / bytesForThread)));
}

/** In this order: what is spilled to cannot be chosen without access to files, and nothing once the settings are locked. */
function engineSettings({ fileAccess, memoryLimit }: EngineOptions): string {
  const settings = [
    "TimeZone = 'UTC'",
    "integer_division = true",
    "default_null_order = 'postgres'",
    `temp_directory = ${quoteText(spillFolder() ?? "")}`,
    ...(memoryLimit === undefined
      ? []
      : [`memory_limit = ${quoteText(memoryLimit)}`, `threads = ${threadsWithin(memoryLimit)}`]),
    ...(fileAccess ? [] : ["enable_external_access = false"]),
    `max_expression_depth = ${deepestExpression}`,
    // Of a session's own connection, which no other statement uses.
    "allowed_configs = ['TimeZone']",
    "lock_configuration = true",
  ];
  return settings.map((setting) => `SET GLOBAL ${setting}`).join("; ");
}

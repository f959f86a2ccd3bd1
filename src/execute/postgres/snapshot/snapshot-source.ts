import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { Worker } from "node:worker_threads";
import type { Catalog } from "../../../catalog/catalog.js";
import { SqlState } from "../../../error/sql-state.js";
import { StripeSqlError } from "../../../error/stripe-sql-error.js";
import { createSchema, schemaVersion } from "../schema/create-schema.js";
import { startThread } from "../worker/start-thread.js";
import type { MessageFromMaker } from "./snapshot-messages.js";

/** Where snapshots are kept, by name. */
export interface SnapshotStore {
  read(name: string): Uint8Array | undefined;
  keep(name: string, bytes: Uint8Array): void;
}

export interface SnapshotSourceOptions {
  readonly catalog: Catalog;
  /** Names what the catalog was compiled from and by: "23.1.0-2026-10-28.endive-18". */
  readonly catalogVersion: string;
  readonly store: SnapshotStore | undefined;
  readonly workerFolder: URL;
}

/**
 * The data folder of a database that holds the whole catalog, as a compressed tar file: made once, kept from then on.
 */
export class SnapshotSource {
  readonly #options: SnapshotSourceOptions;
  #bytes: Promise<Uint8Array> | undefined;
  /** True where the bytes were made just now, so that making them again would change nothing. */
  #isFresh = false;

  constructor(options: SnapshotSourceOptions) {
    this.#options = options;
  }

  get isFresh(): boolean {
    return this.#isFresh;
  }

  /** Read, or made where there is none. */
  bytes(): Promise<Uint8Array> {
    this.#bytes ??= this.#readOrMake();
    return this.#forgetIfFailed(this.#bytes);
  }

  /** For bytes that turned out to be damaged. */
  remake(): Promise<Uint8Array> {
    this.#bytes = this.#make();
    return this.#forgetIfFailed(this.#bytes);
  }

  async #forgetIfFailed(bytes: Promise<Uint8Array>): Promise<Uint8Array> {
    try {
      return await bytes;
    } catch (error) {
      if (this.#bytes === bytes) this.#bytes = undefined;
      throw error;
    }
  }

  get #name(): string {
    return `postgres-${this.#options.catalogVersion}-${pgliteVersion()}-${schemaVersion}.tar.gz`;
  }

  async #readOrMake(): Promise<Uint8Array> {
    return this.#options.store?.read(this.#name) ?? this.#make();
  }

  async #make(): Promise<Uint8Array> {
    const { catalog, store, workerFolder } = this.#options;
    const thread = startThread(new URL("snapshot/make-snapshot.js", workerFolder), {
      statements: createSchema(catalog),
    });
    try {
      const bytes = await snapshotOf(thread);
      this.#isFresh = true;
      store?.keep(this.#name, bytes);
      return bytes;
    } finally {
      await thread.terminate();
    }
  }
}

function snapshotOf(thread: Worker): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const fail = (reason: string) => reject(unmadeError(reason));
    thread.once("message", (message: MessageFromMaker) => {
      if (message.kind === "made") resolve(message.bytes);
      else fail(message.reason);
    });
    thread.once("error", (error) => fail(error.message));
    thread.once("exit", (status) => fail(`its thread ended with status ${status}`));
  });
}

function unmadeError(reason: string): StripeSqlError {
  return new StripeSqlError("could not make the PostgreSQL catalog", {
    sqlState: SqlState.internalError,
    phase: "connect",
    detail: reason,
  });
}

function pgliteVersion(): string {
  const folder = dirname(createRequire(import.meta.url).resolve("@electric-sql/pglite"));
  const { version } = JSON.parse(readFileSync(join(folder, "..", "package.json"), "utf8")) as { version: string };
  return version;
}

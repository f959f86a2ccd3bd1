import type Database from "better-sqlite3";
import { SqlState } from "../../error/sql-state.js";
import { StripeSqlError } from "../../error/stripe-sql-error.js";
import { mayBeThere } from "../../store/cache-folder.js";
import { keptRowsFile, openKeptRows, openKeptRowsIfThere } from "../../store/kept/kept-rows-file.js";
import type { KeptOwner } from "../../store/kept/kept-rows-store.js";
import { KeptRowsStore } from "../../store/kept/kept-rows-store.js";
import type { ConnectionProperties } from "../connection-properties.js";
import type { Server } from "../open-server.js";
import { StatementKeptRows } from "./statement-kept-rows.js";

export interface DatabaseKeptParts {
  readonly properties: Pick<ConnectionProperties, "cachePath" | "cacheTtlMs" | "cacheBytes" | "target" | "apiVersion">;
  readonly server: Pick<Server, "apiBase" | "mode" | "account">;
  /** Of the program's own schema. */
  readonly catalog: { readonly sdkVersion: string; readonly apiVersion: string };
}

/**
 * The kept rows of a database, in the cache folder's file, which processes share; those of an embedded sandbox end with
 * it. Where the connection keeps none, its changes still drop what others have kept.
 */
export class DatabaseKeptRows {
  readonly #parts: DatabaseKeptParts;
  #store: KeptRowsStore | undefined;
  #cannotOpen = false;

  constructor(parts: DatabaseKeptParts) {
    this.#parts = parts;
  }

  /** What a statement may take, and leave; undefined where the connection keeps nothing, which is told where it was to. */
  forStatement(notice: (text: string) => void): StatementKeptRows | undefined {
    const { cacheTtlMs: ttlMs } = this.#parts.properties;
    const store = ttlMs === 0 ? undefined : this.#open();
    if (this.#cannotOpen) notice("CacheTtl is without effect: kept.sqlite in the cache folder cannot be opened");
    return store && new StatementKeptRows(store, { owner: () => this.#owner(), ttlMs });
  }

  /** The same text as long as nothing was changed: of answers that began under another, nothing is to be kept. */
  epoch(): string {
    const { cacheTtlMs } = this.#parts.properties;
    return cacheTtlMs === 0 ? "" : String(this.#open()?.changes(this.#owner().side) ?? "");
  }

  /**
   * Sends a change. What it may touch is not told from outside: an invoice that is paid changes charges, balances and
   * subscriptions, a transfer another account. So all kept rows of the server and mode are dropped, before it is sent and
   * after; those of a change of which no answer came are not kept again for a while.
   */
  async change<Value>(send: () => Promise<Value>, notice: (text: string) => void): Promise<Value> {
    const store = this.#openIfThere();
    if (store === undefined) return send();
    const { side } = this.#owner();
    const id = sqliteOr(() => store.beginChange(side), notice);
    let isAnswered = false;
    try {
      const answer = await send();
      isAnswered = true;
      return answer;
    } catch (error) {
      isAnswered = error instanceof StripeSqlError && error.stripe.inDoubt !== true;
      throw error;
    } finally {
      if (isAnswered && id !== undefined) sqliteOr(() => store.endChange(side, id), notice);
    }
  }

  /** Removes what was kept: of this connection's key and account, or all that the file holds. Fails with 58030 where it cannot. */
  forget(all: boolean): { readonly lists: number; readonly rows: number } {
    let failure: string | undefined;
    const forgotten = { lists: 0, rows: 0 };
    for (const store of this.#storesToForget(all)) {
      const found = sqliteOr(
        () => store.forget(all ? undefined : this.#owner().owner),
        (text) => {
          failure = text;
        },
      );
      forgotten.lists += found?.lists ?? 0;
      forgotten.rows += found?.rows ?? 0;
      if (store !== this.#store) store.close();
    }
    if (failure === undefined) return forgotten;
    throw notForgotten(
      `${failure}.`,
      "Another program may be reading it: run FORGET again, or delete kept.sqlite in the cache folder.",
    );
  }

  close(): void {
    this.#store?.close();
    this.#store = undefined;
  }

  /** A sandbox's own rows are in memory: FORGET ALL means the file's as well. */
  #storesToForget(all: boolean): readonly KeptRowsStore[] {
    const own = this.#openIfThere();
    const ofOwn = own === undefined ? [] : [own];
    const { target, cachePath } = this.#parts.properties;
    const file = keptRowsFile(cachePath);
    const isInMemory = target.kind === "sandbox";
    if (isInMemory && !all) return ofOwn;
    const database = isInMemory ? openKeptRowsIfThere(file) : undefined;
    const ofFile = database === undefined ? [] : [this.#storeOf(database)];
    if ((isInMemory ? ofFile : ofOwn).length === 0) requireNoneKept(file);
    return [...ofOwn, ...ofFile];
  }

  #open(): KeptRowsStore | undefined {
    return this.#opened((file) => openKeptRows(file));
  }

  #openIfThere(): KeptRowsStore | undefined {
    if (this.#store !== undefined) return this.#store;
    if (this.#parts.properties.target.kind === "sandbox") return undefined;
    return this.#opened((file) => openKeptRowsIfThere(file));
  }

  #opened(open: (file: string) => Database.Database | undefined): KeptRowsStore | undefined {
    if (this.#store !== undefined || this.#cannotOpen) return this.#store;
    const { target, cachePath, cacheTtlMs } = this.#parts.properties;
    const database = open(target.kind === "sandbox" ? ":memory:" : keptRowsFile(cachePath));
    if (database === undefined) this.#cannotOpen = cacheTtlMs > 0;
    else this.#store = this.#storeOf(database);
    return this.#store;
  }

  #storeOf(database: Database.Database): KeptRowsStore {
    return new KeptRowsStore(database, { maximumBytes: this.#parts.properties.cacheBytes });
  }

  #owner(): KeptOwner {
    const { server, catalog, properties } = this.#parts;
    const side = `${server.apiBase} ${server.mode()}`;
    const versions = [properties.apiVersion ?? catalog.apiVersion, catalog.sdkVersion];
    return { side, owner: [side, server.account(), ...versions].join(" ") };
  }
}

/** Of a file that cannot be opened nothing was removed: nobody is to believe that it was. */
function requireNoneKept(file: string): void {
  if (!mayBeThere(file)) return;
  throw notForgotten(`${file} cannot be opened.`, "Delete the file, or run FORGET as the user whose file it is.");
}

const notForgotten = (detail: string, hint: string): StripeSqlError =>
  new StripeSqlError("what was kept could not be removed from the disk", {
    sqlState: SqlState.upstreamError,
    phase: "execute",
    detail,
    hint,
    retryable: true,
  });

/** What SQLite refuses is told, as kept rows may then be older than a change. */
function sqliteOr<Value>(action: () => Value, notice: (text: string) => void): Value | undefined {
  try {
    return action();
  } catch (error) {
    if (!isSqliteError(error)) throw error;
    notice(
      `kept rows could not be dropped (${error.code}): until CacheTtl has passed they may be older than this change`,
    );
    return undefined;
  }
}

function isSqliteError(error: unknown): error is Error & { readonly code: string } {
  return error instanceof Error && "code" in error && typeof error.code === "string" && error.code.startsWith("SQLITE");
}

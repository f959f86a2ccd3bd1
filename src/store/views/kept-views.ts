import { existsSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import type { DataType } from "../../value/data-type.js";
import { cacheFolder, makeFolder, makePrivate } from "../cache-folder.js";

/** A view that outlives its session: a query by a name, no rows. */
export interface KeptView {
  readonly name: string;
  /** Its query, as it stood in the script. */
  readonly sql: string;
  /** As they were when it was created. */
  readonly columns: readonly { readonly name: string; readonly type: DataType }[];
}

/** The file of kept views in the cache folder. */
export function keptViewsFile(cachePath: string | undefined): string {
  return join(cacheFolder(cachePath), "views.sqlite");
}

interface ViewRow {
  readonly name: string;
  readonly sql: string;
  readonly columns: string;
}

/**
 * The views of a cache folder, which all programs with that folder share: what one keeps the next statement of another
 * finds. What SQLite or the system refuses is thrown.
 */
export class KeptViews {
  readonly #file: string;
  #database: Database.Database | undefined;
  #known: { readonly version: unknown; readonly views: readonly KeptView[] } | undefined;

  constructor(file: string) {
    this.#file = file;
  }

  /** By their names. The same list as long as nothing was changed. */
  all(): readonly KeptView[] {
    if (this.#database === undefined && !existsSync(this.#file)) return none;
    const database = this.#open();
    // Changes of other connections change the version; those of this one throw the list away.
    const version = database.pragma("data_version", { simple: true });
    if (this.#known !== undefined && this.#known.version === version) return this.#known.views;
    const rows = database.prepare<[], ViewRow>("SELECT name, sql, columns FROM kept_view ORDER BY key").all();
    const views = rows.map(({ name, sql, columns }) => ({ name, sql, columns: JSON.parse(columns) }));
    this.#known = { version, views };
    return views;
  }

  /** False where there is one of the name that is not to be replaced. */
  create({ name, sql, columns }: KeptView, { replaces }: { readonly replaces: boolean }): boolean {
    const verb = replaces ? "INSERT OR REPLACE" : "INSERT OR IGNORE";
    const insert = this.#open().prepare(`${verb} INTO kept_view (key, name, sql, columns) VALUES (?, ?, ?, ?)`);
    const { changes } = insert.run(name.toLowerCase(), name, sql, JSON.stringify(columns));
    this.#known = undefined;
    return changes > 0;
  }

  /** False where there is none. */
  drop(name: string): boolean {
    if (this.all().length === 0) return false;
    const { changes } = this.#open().prepare("DELETE FROM kept_view WHERE key = ?").run(name.toLowerCase());
    this.#known = undefined;
    return changes > 0;
  }

  close(): void {
    this.#database?.close();
    this.#database = undefined;
  }

  /** Queries may hold what is nobody else's business: the file is its owner's alone to read (0600). */
  #open(): Database.Database {
    if (this.#database !== undefined) return this.#database;
    makeFolder(join(this.#file, ".."));
    makePrivate(this.#file);
    const database = new Database(this.#file, { timeout: 5000 });
    database.exec(
      "CREATE TABLE IF NOT EXISTS kept_view (key TEXT PRIMARY KEY, name TEXT NOT NULL, sql TEXT NOT NULL, columns TEXT NOT NULL) WITHOUT ROWID",
    );
    this.#database = database;
    return database;
  }
}

const none: readonly KeptView[] = [];

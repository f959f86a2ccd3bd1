import { existsSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { cacheFolder, ensureFolder, makePrivate } from "../cache-folder.js";
import { ifSqliteAllows } from "../if-sqlite-allows.js";

/** Raised where the tables change: what another version of the program has kept is then thrown away. */
const schemaVersion = 1;

/** The file of kept rows in the cache folder. */
export function keptRowsFile(cachePath: string | undefined): string {
  return join(cacheFolder(cachePath), "kept.sqlite");
}

/** The file where there is one; undefined where nothing was ever kept. */
export function openKeptRowsIfThere(file: string): Database.Database | undefined {
  return existsSync(file) ? openKeptRows(file) : undefined;
}

/**
 * Opens the file, or ":memory:". A new one is its owner's alone to read (0600), as rows are personal data. Undefined where
 * SQLite or the system does not allow it: nothing is kept then.
 */
export function openKeptRows(file: string): Database.Database | undefined {
  if (file !== ":memory:") {
    if (!ensureFolder(join(file, ".."))) return undefined;
    makePrivate(file);
  }
  return ifSqliteAllows(() => {
    const database = new Database(file, { timeout: 5000 });
    database.pragma("journal_mode = WAL");
    database.pragma("synchronous = NORMAL");
    if (database.pragma("user_version", { simple: true }) !== schemaVersion) createTables(database);
    return database;
  });
}

/**
 * - kept_list: the rows of one list, or one object. `side` is a server and its mode: what a change anywhere there may
 *   have touched. `owner` is a key there, with its account and versions: whose rows they are. `place` is what was asked,
 *   `collection` a table whose objects can be found in it by their keys, `conditions` what narrowed the list, `facts` what
 *   is to be known of its rows. "draft": not read to its end yet; "dropped": nobody may begin to read it any more.
 * - kept_page: its rows as they came, compressed JSON; `keys` are theirs, each between line feeds.
 * - kept_change: how often something was changed on a side, through this file.
 * - kept_write: changes that are under way, or of which it is not known whether they were carried out.
 */
function createTables(database: Database.Database): void {
  const create = database.transaction(() => {
    if (database.pragma("user_version", { simple: true }) === schemaVersion) return;
    for (const table of ["kept_page", "kept_list", "kept_change", "kept_write", "kept_view"])
      database.exec(`DROP TABLE IF EXISTS ${table}`);
    database.exec(
      `CREATE TABLE kept_list (
         id INTEGER PRIMARY KEY AUTOINCREMENT, side TEXT NOT NULL, owner TEXT NOT NULL, place TEXT NOT NULL,
         collection TEXT, conditions TEXT NOT NULL, facts TEXT NOT NULL, state TEXT NOT NULL,
         begun_ms INTEGER NOT NULL, expires_ms INTEGER NOT NULL, used_ms INTEGER NOT NULL,
         row_count INTEGER NOT NULL, page_count INTEGER NOT NULL, byte_count INTEGER NOT NULL
       );
       CREATE INDEX kept_list_place ON kept_list (owner, place);
       CREATE INDEX kept_list_collection ON kept_list (owner, collection) WHERE collection IS NOT NULL;
       CREATE TABLE kept_page (
         list INTEGER NOT NULL, position INTEGER NOT NULL, keys TEXT NOT NULL, objects BLOB NOT NULL,
         PRIMARY KEY (list, position)
       );
       CREATE TABLE kept_change (side TEXT PRIMARY KEY, changes INTEGER NOT NULL) WITHOUT ROWID;
       CREATE TABLE kept_write (id TEXT PRIMARY KEY, side TEXT NOT NULL, until_ms INTEGER NOT NULL) WITHOUT ROWID;`,
    );
    database.pragma(`user_version = ${schemaVersion}`);
  });
  create.immediate();
}

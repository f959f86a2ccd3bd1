import { join } from "node:path";
import Database from "better-sqlite3";
import { cacheFolder, makeFolder, makePrivate } from "../cache-folder.js";

/** How long another process is waited for that writes its own. */
const busyMs = 10_000;
const day = 24 * 3600 * 1000;
/** Writes that began longer ago are forgotten. */
const keptMs = 45 * day;

const schema = `
  CREATE TABLE IF NOT EXISTS write_1 (
    id TEXT PRIMARY KEY, account TEXT NOT NULL, command TEXT NOT NULL, statement TEXT NOT NULL, facts TEXT NOT NULL,
    begun_ms INTEGER NOT NULL, ended_ms INTEGER, owner TEXT, beats INTEGER NOT NULL, beat_ms INTEGER NOT NULL
  ) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS write_call_1 (
    write_id TEXT NOT NULL, place INTEGER NOT NULL, method TEXT NOT NULL, path TEXT NOT NULL, endpoint_path TEXT,
    api_base TEXT, account_id TEXT, object_id TEXT, parameters TEXT NOT NULL, is_whole INTEGER NOT NULL,
    idempotency_key TEXT, state TEXT NOT NULL, id TEXT, request_id TEXT, message TEXT, sent_ms INTEGER, settled_ms INTEGER,
    PRIMARY KEY (write_id, place)
  ) WITHOUT ROWID;
`;

/** Where the writes of a cache folder are kept. */
export function writesFile(cachePath: string | undefined): string {
  return join(cacheFolder(cachePath), "writes.sqlite");
}

/**
 * Opens the file, which its owner alone may read, and makes it where it is not there; ":memory:" for none. Throws what
 * the system or SQLite throws where that cannot be.
 */
export function openWritesFile(file: string, nowMs: number): Database.Database {
  if (file !== ":memory:") {
    makeFolder(join(file, ".."));
    makePrivate(file);
  }
  const database = new Database(file, { timeout: busyMs });
  try {
    database.pragma("journal_mode = WAL");
    // What is committed is on the disk, though the machine loses its power the moment after.
    database.pragma("synchronous = FULL");
    database.exec(schema);
    forgetOld(database, nowMs - keptMs);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

function forgetOld(database: Database.Database, beforeMs: number): void {
  const old = "SELECT id FROM write_1 WHERE begun_ms < ? AND owner IS NULL";
  if (database.prepare(`${old} LIMIT 1`).get(beforeMs) === undefined) return;
  database
    .transaction(() => {
      database.prepare(`DELETE FROM write_call_1 WHERE write_id IN (${old})`).run(beforeMs);
      database.prepare("DELETE FROM write_1 WHERE begun_ms < ? AND owner IS NULL").run(beforeMs);
    })
    .immediate();
}

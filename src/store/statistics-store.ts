import { join } from "node:path";
import Database from "better-sqlite3";
import { cacheFolder, ensureFolder } from "./cache-folder.js";

/** How many rows a table had when it was last read whole, by account: whichever text tells accounts apart. */
export interface TableStatistics {
  rowsSeen(table: string, account: string): number | undefined;
  record(table: string, account: string, rows: number): void;
  close(): void;
}

/**
 * Statistics in the cache folder, or in memory where that cannot be written or its file is damaged. They are
 * estimates: a failure to read or write one never fails a statement.
 */
export function openStatistics(cachePath?: string): TableStatistics {
  const folder = cacheFolder(cachePath);
  const database = ensureFolder(folder) ? tryOpen(join(folder, "statistics.sqlite")) : undefined;
  return database === undefined ? passingStatistics() : new SqliteStatistics(database);
}

/** Statistics that end with the process: a sandbox's rows say nothing of the next one's. */
export function passingStatistics(): TableStatistics {
  const database = tryOpen(":memory:");
  return database === undefined ? noStatistics : new SqliteStatistics(database);
}

const noStatistics: TableStatistics = { rowsSeen: () => undefined, record: () => {}, close: () => {} };

function tryOpen(file: string): Database.Database | undefined {
  return ifSqliteAllows(() => {
    const database = new Database(file, { timeout: 100 });
    database.exec(
      `CREATE TABLE IF NOT EXISTS rows_seen (
         table_name TEXT NOT NULL, account TEXT NOT NULL, row_count INTEGER NOT NULL, PRIMARY KEY (table_name, account)
       ) WITHOUT ROWID`,
    );
    return database;
  });
}

class SqliteStatistics implements TableStatistics {
  constructor(private readonly database: Database.Database) {}

  rowsSeen(table: string, account: string): number | undefined {
    const select = "SELECT row_count FROM rows_seen WHERE table_name = ? AND account = ?";
    return ifSqliteAllows(() => this.database.prepare<unknown[], number>(select).pluck().get(table, account));
  }

  record(table: string, account: string, rows: number): void {
    ifSqliteAllows(() =>
      this.database.prepare("INSERT OR REPLACE INTO rows_seen VALUES (?, ?, ?)").run(table, account, rows),
    );
  }

  close(): void {
    this.database.close();
  }
}

function ifSqliteAllows<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch (error) {
    if (error instanceof Database.SqliteError) return undefined;
    throw error;
  }
}

import { join } from "node:path";
import Database from "better-sqlite3";
import { cacheFolder, ensureFolder } from "./cache-folder.js";

/** A table as one account sees it. */
export interface SeenTable {
  readonly schema: string;
  readonly table: string;
  /** Whichever text tells accounts apart. */
  readonly account: string;
}

/** How many rows a table had when it was last read whole. */
export interface TableStatistics {
  rowsSeen(of: SeenTable): number | undefined;
  record(of: SeenTable, rows: number): void;
  close(): void;
}

/**
 * Statistics in the cache folder, or in memory where that cannot be written or its file is damaged. They are
 * estimates: a failure to read or write one never fails a statement.
 */
export function openStatistics(cachePath?: string): TableStatistics {
  const folder = cacheFolder(cachePath);
  const kept = ensureFolder(folder) ? tryOpen(join(folder, "statistics.sqlite")) : undefined;
  return kept ?? passingStatistics();
}

/** Statistics that end with the process: a sandbox's rows say nothing of the next one's. */
export function passingStatistics(): TableStatistics {
  return tryOpen(":memory:") ?? noStatistics;
}

const noStatistics: TableStatistics = { rowsSeen: () => undefined, record: () => {}, close: () => {} };

function tryOpen(file: string): TableStatistics | undefined {
  return ifSqliteAllows(() => {
    const database = new Database(file, { timeout: 100 });
    database.exec(
      // Older versions of the program keep theirs, without the schema, as rows_seen in the same file.
      `CREATE TABLE IF NOT EXISTS table_rows (
         schema_name TEXT NOT NULL, table_name TEXT NOT NULL, account TEXT NOT NULL, row_count INTEGER NOT NULL,
         PRIMARY KEY (schema_name, table_name, account)
       ) WITHOUT ROWID`,
    );
    return new SqliteStatistics(database);
  });
}

class SqliteStatistics implements TableStatistics {
  private readonly select: Database.Statement<unknown[], number>;

  constructor(private readonly database: Database.Database) {
    this.select = database
      .prepare<unknown[], number>(
        "SELECT row_count FROM table_rows WHERE schema_name = ? AND table_name = ? AND account = ?",
      )
      .pluck();
  }

  rowsSeen({ schema, table, account }: SeenTable): number | undefined {
    return ifSqliteAllows(() => this.select.get(schema, table, account));
  }

  record({ schema, table, account }: SeenTable, rows: number): void {
    const insert = "INSERT OR REPLACE INTO table_rows VALUES (?, ?, ?, ?)";
    ifSqliteAllows(() => this.database.prepare(insert).run(schema, table, account, rows));
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

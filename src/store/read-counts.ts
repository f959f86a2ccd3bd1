import { join } from "node:path";
import Database from "better-sqlite3";
import { cacheFolder, ensureFolder, makePrivate } from "./cache-folder.js";
import { ifSqliteAllows } from "./if-sqlite-allows.js";

/** Reads of one account in one month. */
export interface MonthOfReads {
  /** Whichever text tells accounts apart, without telling the key. */
  readonly account: string;
  /** "2026-11", of UTC's calendar. */
  readonly month: string;
  readonly reads: number;
}

/** Counts reads by account and month, those of all processes that keep theirs in one folder together. */
export interface ReadCounts {
  /** Only memory is touched: no request waits for a disk. */
  count(account: string): void;
  /** This month's. */
  readsOf(account: string): number;
  months(): readonly MonthOfReads[];
  /** Keeps what was counted; also done by itself soon after. */
  flush(): void;
  /** Keeps the rest. */
  close(): void;
}

/** In the cache folder, or in memory where that cannot be written or its file is damaged: counting never fails a statement. */
export function openReadCounts(cachePath?: string, now: () => number = Date.now): ReadCounts {
  const folder = cacheFolder(cachePath);
  const database = ensureFolder(folder) ? tryOpen(join(folder, "reads.sqlite")) : undefined;
  return new SqliteReadCounts(database, now);
}

/** Counts that end with the process: a sandbox has no allocation. */
export function passingReadCounts(now: () => number = Date.now): ReadCounts {
  return new SqliteReadCounts(undefined, now);
}

/** What is counted within this time is kept together: a transaction takes longer than planning a statement. */
const gatheringMs = 1000;

function tryOpen(file: string): Database.Database | undefined {
  return ifSqliteAllows(() => {
    makePrivate(file);
    const database = new Database(file, { timeout: 100 });
    // What a crash of the machine loses of an estimate does no harm.
    database.pragma("synchronous = OFF");
    database.exec(
      `CREATE TABLE IF NOT EXISTS month_reads (
         account TEXT NOT NULL, month TEXT NOT NULL, reads INTEGER NOT NULL, PRIMARY KEY (account, month)
       ) WITHOUT ROWID`,
    );
    return database;
  });
}

class SqliteReadCounts implements ReadCounts {
  /** By month, then account: what the file does not have yet. */
  readonly #pending = new Map<string, Map<string, number>>();
  #scheduled: NodeJS.Timeout | undefined;

  /** Undefined where there is no file, or no more. */
  #database: Database.Database | undefined;

  constructor(
    database: Database.Database | undefined,
    private readonly now: () => number,
  ) {
    this.#database = database;
  }

  count(account: string): void {
    const month = this.#month();
    const counts = this.#pending.get(month) ?? new Map<string, number>();
    this.#pending.set(month, counts.set(account, (counts.get(account) ?? 0) + 1));
    if (this.#database !== undefined) this.#scheduled ??= setTimeout(() => this.flush(), gatheringMs).unref();
  }

  readsOf(account: string): number {
    const month = this.#month();
    const select = "SELECT reads FROM month_reads WHERE account = ? AND month = ?";
    const kept = ifSqliteAllows(() => this.#database?.prepare<unknown[], number>(select).pluck().get(account, month));
    return (kept ?? 0) + (this.#pending.get(month)?.get(account) ?? 0);
  }

  months(): readonly MonthOfReads[] {
    this.flush();
    const select = "SELECT account, month, reads FROM month_reads ORDER BY month DESC, account";
    const kept = ifSqliteAllows(() => this.#database?.prepare<unknown[], MonthOfReads>(select).all()) ?? [];
    const pending = [...this.#pending].flatMap(([month, counts]) =>
      [...counts].map(([account, reads]) => ({ account, month, reads })),
    );
    return [...kept, ...pending];
  }

  flush(): void {
    const database = this.#database;
    clearTimeout(this.#scheduled);
    this.#scheduled = undefined;
    if (database === undefined || this.#pending.size === 0) return;
    ifSqliteAllows(() => {
      const add = database.prepare(
        `INSERT INTO month_reads VALUES (?, ?, ?)
         ON CONFLICT (account, month) DO UPDATE SET reads = reads + excluded.reads`,
      );
      database.transaction(() => {
        for (const [month, counts] of this.#pending)
          for (const [account, reads] of counts) add.run(account, month, reads);
      })();
      this.#pending.clear();
    });
  }

  close(): void {
    this.flush();
    this.#database?.close();
    this.#database = undefined;
  }

  #month(): string {
    return new Date(this.now()).toISOString().slice(0, 7);
  }
}

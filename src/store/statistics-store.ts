import { join } from "node:path";
import Database from "better-sqlite3";
import type { Facts } from "../value/list-facts.js";
import { cacheFolder, ensureFolder, makePrivate } from "./cache-folder.js";
import type { FactName } from "./fact-name.js";
import { ifSqliteAllows } from "./if-sqlite-allows.js";
import { ListFactsStore, PassingFacts } from "./list-facts-store.js";
import type { SeenTable } from "./seen-table.js";

/** Why a list is not relied on: rows that came contradicted it, or Stripe refused the parameter. */
export type KeptReason = "contradicted" | "refused";

/** What of a table's lists is not relied on: a filter's parameter, or whatever else it was relied on for. */
export interface KeptDoubt extends SeenTable {
  readonly relied: string;
  readonly reason: KeptReason;
}

/** How many rows a table had when it was last read whole, what its lists held, and what they did not keep to. */
export interface TableStatistics {
  rowsSeen(of: SeenTable): number | undefined;
  /** From memory; the same object as long as nothing else is learned. */
  fact<Kind extends keyof Facts>(of: SeenTable, name: FactName<Kind>): Facts[Kind] | undefined;
  learn<Kind extends keyof Facts>(of: SeenTable, name: FactName<Kind>, learned: LearnedFact<Kind>): void;
  record(of: SeenTable, rows: number): void;
  /** Of all tables, and of the last week; nearly always none. */
  doubts(): readonly KeptDoubt[];
  recordDoubt(doubt: KeptDoubt): void;
  close(): void;
}

export interface LearnedFact<Kind extends keyof Facts> {
  readonly fact: Facts[Kind];
  /** True where the fact's name tells data: it is then kept in memory alone. */
  readonly isPassing: boolean;
}

/**
 * Statistics in the cache folder, or in memory where that cannot be written or its file is damaged. They are
 * estimates: a failure to read or write one never fails a statement.
 */
export function openStatistics(cachePath?: string, now?: () => number): TableStatistics {
  const folder = cacheFolder(cachePath);
  const kept = ensureFolder(folder) ? tryOpen(join(folder, "statistics.sqlite"), now) : undefined;
  return kept ?? passingStatistics();
}

/** Statistics that end with the process: a sandbox's rows say nothing of the next one's. */
export function passingStatistics(): TableStatistics {
  return tryOpen(":memory:") ?? noStatistics;
}

const noStatistics: TableStatistics = {
  rowsSeen: () => undefined,
  fact: () => undefined,
  learn: () => {},
  record: () => {},
  doubts: () => [],
  recordDoubt: () => {},
  close: () => {},
};

/** A server may be mended, and what contradicted it may have been a change midway. */
const doubtLastsMs = 7 * 24 * 3600 * 1000;
/** Each statement asks for them; another process's new one is met a second later at worst. */
const doubtsKeptMs = 1000;

function tryOpen(file: string, now: () => number = Date.now): TableStatistics | undefined {
  return ifSqliteAllows(() => {
    if (file !== ":memory:") makePrivate(file);
    const database = new Database(file, { timeout: 100 });
    database.exec(
      // Older versions of the program keep theirs, without the schema, as rows_seen in the same file.
      `CREATE TABLE IF NOT EXISTS table_rows (
         schema_name TEXT NOT NULL, table_name TEXT NOT NULL, account TEXT NOT NULL, row_count INTEGER NOT NULL,
         PRIMARY KEY (schema_name, table_name, account)
       ) WITHOUT ROWID;
       CREATE TABLE IF NOT EXISTS list_doubt (
         schema_name TEXT NOT NULL, table_name TEXT NOT NULL, account TEXT NOT NULL, relied_on TEXT NOT NULL,
         reason TEXT NOT NULL, found_ms INTEGER NOT NULL,
         PRIMARY KEY (schema_name, table_name, account, relied_on)
       ) WITHOUT ROWID`,
    );
    return new SqliteStatistics(database, now);
  });
}

class SqliteStatistics implements TableStatistics {
  private readonly facts: ListFactsStore;
  private readonly passing = new PassingFacts();
  private readonly rows = new Map<string, number | undefined>();
  private rowsReadMs = Number.NEGATIVE_INFINITY;
  private readonly select: Database.Statement<unknown[], number>;
  private readonly selectDoubts: Database.Statement<unknown[], KeptDoubt>;
  private kept: { readonly doubts: readonly KeptDoubt[]; readonly readMs: number } | undefined;

  constructor(
    private readonly database: Database.Database,
    private readonly now: () => number,
  ) {
    this.facts = new ListFactsStore(database, now);
    this.select = database
      .prepare<unknown[], number>(
        "SELECT row_count FROM table_rows WHERE schema_name = ? AND table_name = ? AND account = ?",
      )
      .pluck();
    this.selectDoubts = database.prepare<unknown[], KeptDoubt>(
      `SELECT schema_name AS schema, table_name AS "table", account, relied_on AS relied, reason
       FROM list_doubt WHERE found_ms > ?`,
    );
  }

  rowsSeen({ schema, table, account }: SeenTable): number | undefined {
    const now = this.now();
    if (Math.abs(now - this.rowsReadMs) >= doubtsKeptMs) {
      this.rows.clear();
      this.rowsReadMs = now;
    }
    const key = JSON.stringify([schema, table, account]);
    if (!this.rows.has(key))
      this.rows.set(
        key,
        ifSqliteAllows(() => this.select.get(schema, table, account)),
      );
    return this.rows.get(key);
  }

  fact<Kind extends keyof Facts>(of: SeenTable, name: FactName<Kind>): Facts[Kind] | undefined {
    return this.passing.find(of, name) ?? this.facts.find(of, name);
  }

  learn<Kind extends keyof Facts>(of: SeenTable, name: FactName<Kind>, { fact, isPassing }: LearnedFact<Kind>): void {
    (isPassing ? this.passing : this.facts).learn(of, name, fact);
  }

  record({ schema, table, account }: SeenTable, rows: number): void {
    this.rows.set(JSON.stringify([schema, table, account]), rows);
    const insert = "INSERT OR REPLACE INTO table_rows VALUES (?, ?, ?, ?)";
    ifSqliteAllows(() => this.database.prepare(insert).run(schema, table, account, rows));
  }

  doubts(): readonly KeptDoubt[] {
    const now = this.now();
    if (this.kept === undefined || Math.abs(now - this.kept.readMs) >= doubtsKeptMs) {
      this.kept = { doubts: ifSqliteAllows(() => this.selectDoubts.all(now - doubtLastsMs)) ?? [], readMs: now };
    }
    return this.kept.doubts;
  }

  recordDoubt({ schema, table, account, relied, reason }: KeptDoubt): void {
    this.kept = undefined;
    const insert = "INSERT OR REPLACE INTO list_doubt VALUES (?, ?, ?, ?, ?, ?)";
    ifSqliteAllows(() => this.database.prepare(insert).run(schema, table, account, relied, reason, this.now()));
  }

  close(): void {
    this.facts.flush();
    this.database.close();
  }
}

import { randomUUID } from "node:crypto";
import type Database from "better-sqlite3";
import type { KeptDraft, KeptList, KeptPage, WholeList } from "../../value/kept-list.js";
import { ifSqliteAllows } from "../if-sqlite-allows.js";

/** Whose rows are kept, or looked for. */
export interface KeptOwner {
  /** A server and its mode: what a change anywhere there may have touched. */
  readonly side: string;
  /** A key there, with its account and versions. */
  readonly owner: string;
}

/** Whose is known once it was read: a key that is a secret is read with the first request. */
export type OwnedList = WholeList & Pick<KeptOwner, "owner">;

export interface KeptRowsOptions {
  /** Of all that is kept, compressed. */
  readonly maximumBytes: number;
  /** Since the epoch; default the system's clock. */
  readonly now?: () => number;
}

/** How long one who reads a list may still find its pages once it was dropped, or has expired. */
const graceMs = 10 * 60_000;
/** How long it may take until a change has had its effect of which no answer came. */
const doubtfulMs = 10 * 60_000;

/**
 * What SQLite remembers of rows: lists that were read whole. Nothing that fails here fails a statement, unless pages are
 * missing of a list that it has begun to take.
 */
export class KeptRowsStore {
  readonly #database: Database.Database;
  readonly #maximumBytes: number;
  readonly #now: () => number;

  /** @internal The types of the library that it takes are no business of whoever imports the package. */
  constructor(database: Database.Database, { maximumBytes, now = Date.now }: KeptRowsOptions) {
    this.#database = database;
    this.#maximumBytes = maximumBytes;
    this.#now = now;
    ifSqliteAllows(() => this.#tidy());
  }

  /** Those of a place that were begun since, the latest first. */
  lists({ owner }: KeptOwner, place: string, sinceMs: number): readonly KeptList[] {
    const select = `SELECT ${listColumns} FROM kept_list
       WHERE owner = ? AND place = ? AND state = 'whole' AND begun_ms > ? ORDER BY begun_ms DESC, id DESC`;
    return ifSqliteAllows(() => this.#prepared<KeptList>(select).all(owner, place, sinceMs)) ?? [];
  }

  /** The latest page that holds an object of a table by its key. */
  pageOf(
    { owner }: KeptOwner,
    collection: string,
    key: string,
    sinceMs: number,
  ): { readonly list: KeptList; readonly objects: Uint8Array } | undefined {
    const select = `SELECT ${listColumns}, objects FROM kept_list JOIN kept_page ON list = id
       WHERE owner = ? AND collection = ? AND state = 'whole' AND begun_ms > ? AND instr(keys, ?) > 0
       ORDER BY begun_ms DESC, id DESC LIMIT 1`;
    const found = ifSqliteAllows(() =>
      this.#prepared<KeptList & { readonly objects: Uint8Array }>(select).get(owner, collection, sinceMs, `\n${key}\n`),
    );
    return found && { list: found, objects: found.objects };
  }

  /** Of a list's pages those from one position to before another; fewer where they are gone. */
  pages({ id }: KeptList, from: number, to: number): readonly Uint8Array[] {
    const select = "SELECT objects FROM kept_page WHERE list = ? AND position >= ? AND position < ? ORDER BY position";
    const found = ifSqliteAllows(() => this.#prepared<{ readonly objects: Uint8Array }>(select).all(id, from, to));
    return (found ?? []).map(({ objects }) => objects);
  }

  /** So that it is not the next to go. */
  touch({ id }: KeptList): void {
    ifSqliteAllows(() => this.#prepared("UPDATE kept_list SET used_ms = ? WHERE id = ?").run(this.#now(), id));
  }

  /** Undefined where nothing may be kept now: a change is under way. */
  begin(side: string, lastsMs: number): KeptDraft<OwnedList> | undefined {
    const begunMs = this.#now();
    const mark = ifSqliteAllows(() => (this.#isChanging(side) ? undefined : this.changes(side)));
    if (mark === undefined) return undefined;
    const draft: Draft = {
      id: undefined,
      side,
      mark,
      begunMs,
      expiresMs: begunMs + lastsMs,
      bytes: 0,
      rows: 0,
      pages: 0,
    };
    return {
      add: (page) => this.#orDiscard(draft, () => this.#add(draft, page)),
      finish: (list) => this.#orDiscard(draft, () => this.#finish(draft, list)),
      discard: () => this.#discard(draft),
    };
  }

  /**
   * Told before a change is sent: nothing that was kept of the side is read from then on, nor kept until its end is told.
   * Fails with SQLite's error where that cannot be made sure of.
   */
  beginChange(side: string): string {
    const id = randomUUID();
    this.#inTransaction(() => {
      this.#drop(side);
      this.#prepared("INSERT INTO kept_write VALUES (?, ?, ?)").run(id, side, this.#now() + doubtfulMs);
    });
    return id;
  }

  /** Told once a change was answered. One of which no answer came is left to its time. */
  endChange(side: string, id: string): void {
    this.#inTransaction(() => {
      this.#drop(side);
      this.#prepared("DELETE FROM kept_write WHERE id = ?").run(id);
    });
  }

  /** Removes all that was kept for an owner, or for all, so that the file holds nothing of it. How many lists and rows those were. */
  forget(owner: string | undefined): { readonly lists: number; readonly rows: number } {
    const where = owner === undefined ? "" : "WHERE owner = ?";
    const of = owner === undefined ? [] : [owner];
    const counted = this.#inTransaction(() => {
      const select = `SELECT count(*) AS lists, coalesce(sum(row_count), 0) AS "rows" FROM kept_list ${where}`;
      const found = this.#prepared<{ lists: number; rows: number }>(select).get(...of);
      this.#prepared(`DELETE FROM kept_page WHERE list IN (SELECT id FROM kept_list ${where})`).run(...of);
      this.#prepared(`DELETE FROM kept_list ${where}`).run(...of);
      return found ?? { lists: 0, rows: 0 };
    });
    this.#database.exec("VACUUM");
    this.#database.pragma("wal_checkpoint(TRUNCATE)");
    return counted;
  }

  close(): void {
    ifSqliteAllows(() => this.#tidy());
    this.#database.close();
  }

  #add(draft: Draft, page: KeptPage): boolean {
    const bytes = page.objects.length + page.keys.length;
    draft.bytes += bytes;
    if (draft.bytes > this.#maximumBytes) {
      this.#discard(draft);
      return false;
    }
    return this.#inTransaction(() => {
      draft.id ??= this.#insertDraft(draft);
      this.#makeRoom(bytes, draft.id);
      const { changes } = this.#prepared(
        "UPDATE kept_list SET byte_count = byte_count + ?, used_ms = ? WHERE id = ?",
      ).run(bytes, this.#now(), draft.id);
      // Forgotten while it was read.
      if (changes === 0) return false;
      this.#prepared("INSERT INTO kept_page VALUES (?, ?, ?, ?)").run(draft.id, draft.pages, page.keys, page.objects);
      draft.pages += 1;
      draft.rows += page.rows;
      return true;
    });
  }

  #insertDraft({ side, begunMs, expiresMs }: Draft): number {
    const insert = this.#prepared(
      `INSERT INTO kept_list
         (side, owner, place, collection, conditions, facts, state, begun_ms, expires_ms, used_ms, row_count, page_count, byte_count)
       VALUES (?, '', '', NULL, '', '', 'draft', ?, ?, ?, 0, 0, 0)`,
    );
    return Number(insert.run(side, begunMs, expiresMs, this.#now()).lastInsertRowid);
  }

  #finish(draft: Draft, { owner, place, collection, conditions, facts }: OwnedList): boolean {
    return this.#inTransaction(() => {
      const isCurrent = !this.#isChanging(draft.side) && this.changes(draft.side) === draft.mark;
      if (!isCurrent) {
        this.#discard(draft);
        return false;
      }
      draft.id ??= this.#insertDraft(draft);
      // A list that says the same of a later time takes the place of the earlier one.
      this.#prepared(
        `UPDATE kept_list SET state = 'dropped' WHERE owner = ? AND place = ? AND conditions = ? AND begun_ms < ?`,
      ).run(owner, place, conditions, draft.begunMs);
      const update = `UPDATE kept_list SET owner = ?, place = ?, collection = ?, conditions = ?, facts = ?, state = 'whole',
           row_count = ?, page_count = ?, used_ms = ? WHERE id = ?`;
      const { changes } = this.#prepared(update).run(
        ...[owner, place, collection ?? null, conditions, facts, draft.rows, draft.pages, this.#now(), draft.id],
      );
      this.#tidy();
      return changes === 1;
    });
  }

  #orDiscard(draft: Draft, action: () => boolean): boolean {
    const isDone = ifSqliteAllows(action);
    if (isDone === undefined) this.#discard(draft);
    return isDone ?? false;
  }

  #discard(draft: Draft): void {
    const { id } = draft;
    if (id === undefined) return;
    draft.id = undefined;
    ifSqliteAllows(() => this.#remove([id]));
  }

  #drop(side: string): void {
    this.#prepared("UPDATE kept_list SET state = 'dropped', used_ms = ? WHERE side = ? AND state = 'whole'").run(
      this.#now(),
      side,
    );
    this.#prepared("INSERT INTO kept_change VALUES (?, 1) ON CONFLICT (side) DO UPDATE SET changes = changes + 1").run(
      side,
    );
  }

  /** How often something was changed on a side, as far as this file was told. */
  changes(side: string): number {
    const select = "SELECT changes FROM kept_change WHERE side = ?";
    return this.#prepared<{ readonly changes: number }>(select).get(side)?.changes ?? 0;
  }

  #isChanging(side: string): boolean {
    const select = "SELECT 1 FROM kept_write WHERE side = ? AND until_ms > ? LIMIT 1";
    return this.#prepared(select).get(side, this.#now()) !== undefined;
  }

  /** Lets go of lists that were used longest ago until so many more bytes may be kept. */
  #makeRoom(bytes: number, but: number): void {
    const sum = this.#prepared<{ readonly bytes: number }>(
      "SELECT coalesce(sum(byte_count), 0) AS bytes FROM kept_list",
    );
    let over = (sum.get()?.bytes ?? 0) + bytes - this.#maximumBytes;
    if (over <= 0) return;
    const oldest = this.#prepared<{ readonly id: number; readonly bytes: number }>(
      "SELECT id, byte_count AS bytes FROM kept_list WHERE id <> ? AND state <> 'draft' ORDER BY state = 'whole', used_ms",
    ).all(but);
    const gone: number[] = [];
    for (const list of oldest) {
      if (over <= 0) break;
      gone.push(list.id);
      over -= list.bytes;
    }
    this.#remove(gone);
  }

  /** What nobody reads any more: dropped or expired a while ago, or a draft whose process has ended. */
  #tidy(): void {
    const before = this.#now() - graceMs;
    const gone = this.#prepared<{ readonly id: number }>(
      "SELECT id FROM kept_list WHERE used_ms < ? AND (state <> 'whole' OR expires_ms < ?)",
    ).all(before, before);
    if (gone.length > 0) this.#remove(gone.map(({ id }) => id));
    this.#prepared("DELETE FROM kept_write WHERE until_ms < ?").run(before);
  }

  #remove(ids: readonly number[]): void {
    for (const id of ids) {
      this.#prepared("DELETE FROM kept_page WHERE list = ?").run(id);
      this.#prepared("DELETE FROM kept_list WHERE id = ?").run(id);
    }
  }

  #inTransaction<Value>(action: () => Value): Value {
    return this.#database.inTransaction ? action() : this.#database.transaction(action).immediate();
  }

  readonly #statements = new Map<string, Database.Statement>();

  #prepared<Row>(sql: string): Database.Statement<unknown[], Row> {
    const known = this.#statements.get(sql) ?? this.#database.prepare(sql);
    this.#statements.set(sql, known);
    return known as Database.Statement<unknown[], Row>;
  }
}

const listColumns = `id, conditions, facts, begun_ms AS begunMs, row_count AS "rows", page_count AS pages`;

interface Draft {
  id: number | undefined;
  readonly side: string;
  /** Changes of the side when it was begun. */
  readonly mark: number;
  readonly begunMs: number;
  readonly expiresMs: number;
  bytes: number;
  rows: number;
  pages: number;
}

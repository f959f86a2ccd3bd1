import Database from "better-sqlite3";
import { quoteName, quoteText } from "../value/quote.js";

/** A Stripe object at rest. */
export interface StoredObject {
  /** Table of the catalog: "Charge", "v2.Account". */
  readonly type: string;
  /** Connect account; "" for the platform's own. */
  readonly account: string;
  readonly id: string;
  /** Key of the object whose nested list holds this one; "" for none. */
  readonly parent: string;
  readonly createdSeconds: number;
  readonly json: string;
}

export interface StoredRow {
  readonly sequence: number;
  readonly id: string;
  readonly created: number;
  /** 1 for deleted, 2 for one that is in no list, else 0. */
  readonly deleted: number;
  readonly json: string;
}

export type Binding = string | number | null;

/** A condition over columns `parent`, `created` and `json` of the object table. */
export interface Condition {
  readonly sql: string;
  readonly bindings: readonly Binding[];
}

export interface Selection {
  readonly type: string;
  readonly account: string;
  readonly conditions: readonly Condition[];
  readonly order: "newest" | "oldest";
  readonly limit?: number;
  readonly offset?: number;
}

const schema = `
  CREATE TABLE IF NOT EXISTS object (
    sequence INTEGER PRIMARY KEY,
    type TEXT NOT NULL,
    account TEXT NOT NULL,
    id TEXT NOT NULL,
    parent TEXT NOT NULL,
    created INTEGER NOT NULL,
    deleted INTEGER NOT NULL DEFAULT 0,
    json TEXT NOT NULL
  );
  CREATE UNIQUE INDEX IF NOT EXISTS object_identity ON object (id, type, account);
  CREATE INDEX IF NOT EXISTS object_order ON object (type, account, created, sequence);
  CREATE INDEX IF NOT EXISTS object_parent ON object (parent, type) WHERE parent <> '';
  CREATE TABLE IF NOT EXISTS fact (name TEXT PRIMARY KEY, value TEXT NOT NULL);
`;

/** From how many rows of a type on an equality filter gets an index of its own. */
const indexThreshold = 5_000;

/** The sandbox's state: Stripe objects as JSON texts in SQLite, in memory or in a file. */
export class ObjectStore {
  readonly #database: Database.Database;
  readonly #statements = new Map<string, Database.Statement<unknown[], unknown>>();
  readonly #counts = new Map<string, number>();
  readonly #indexed = new Set<string>();

  /** @param place A file; undefined for memory; or what `image` gave, of which memory then holds a copy. */
  constructor(place: string | Buffer | undefined) {
    this.#database = new Database(place ?? ":memory:");
    this.#database.pragma("journal_mode = WAL");
    this.#database.pragma("synchronous = OFF");
    this.#database.exec(schema);
    for (const { type, count } of this.#countRows()) this.#counts.set(type, count);
  }

  insert(object: StoredObject): void {
    this.#prepare("INSERT INTO object (type, account, id, parent, created, json) VALUES (?, ?, ?, ?, ?, ?)").run(
      object.type,
      object.account,
      object.id,
      object.parent,
      object.createdSeconds,
      object.json,
    );
    this.#counts.set(object.type, (this.#counts.get(object.type) ?? 0) + 1);
  }

  find(type: string, account: string, id: string): StoredRow | undefined {
    return this.#get(
      "SELECT sequence, id, created, deleted, json FROM object WHERE id = ? AND type = ? AND account = ?",
      [id, type, account],
    );
  }

  /** The object of any type that has this id; the oldest where several share it. */
  findById(account: string, id: string): (StoredRow & { readonly type: string }) | undefined {
    const sql =
      "SELECT sequence, type, id, created, deleted, json FROM object WHERE id = ? AND account = ? ORDER BY sequence LIMIT 1";
    // A row of this query's columns, in this shape.
    return this.#prepare(sql).get(id, account) as (StoredRow & { readonly type: string }) | undefined;
  }

  replace(type: string, account: string, id: string, json: string): void {
    this.#prepare("UPDATE object SET json = ? WHERE id = ? AND type = ? AND account = ?").run(json, id, type, account);
  }

  /** Keeps the row, so that cursors on it still hold, but no list shows it. */
  markDeleted(type: string, account: string, id: string, json: string): void {
    this.#prepare("UPDATE object SET deleted = 1, json = ? WHERE id = ? AND type = ? AND account = ?").run(
      json,
      id,
      type,
      account,
    );
  }

  /** No list shows the row, though it is there. */
  markUnlisted(type: string, account: string, id: string): void {
    this.#prepare("UPDATE object SET deleted = 2 WHERE id = ? AND type = ? AND account = ?").run(id, type, account);
  }

  select(selection: Selection): readonly StoredRow[] {
    const { where, bindings } = whereOf(selection);
    const direction = selection.order === "newest" ? "DESC" : "ASC";
    const limit = selection.limit === undefined ? "" : ` LIMIT ${selection.limit} OFFSET ${selection.offset ?? 0}`;
    const sql = `SELECT sequence, id, created, deleted, json FROM object WHERE ${where} ORDER BY created ${direction}, sequence ${direction}${limit}`;
    // Rows of this query's columns, in this shape.
    return this.#prepare(sql).all(...bindings) as StoredRow[];
  }

  count(selection: Omit<Selection, "order" | "limit">): number {
    const { where, bindings } = whereOf(selection);
    // One row with one count.
    const row = this.#prepare(`SELECT count(*) AS count FROM object WHERE ${where}`).get(...bindings) as {
      count: number;
    };
    return row.count;
  }

  rowsOfType(type: string): number {
    return this.#counts.get(type) ?? 0;
  }

  /** Speeds up an equality filter on a big type; `expression` is SQL over `json`. */
  indexEquality(type: string, expression: string): void {
    const key = `${type} ${expression}`;
    if (this.rowsOfType(type) < indexThreshold || this.#indexed.has(key)) return;
    this.#indexed.add(key);
    this.#database.exec(
      `CREATE INDEX IF NOT EXISTS ${quoteName(key)} ON object (account, ${expression}, created, sequence) WHERE type = ${quoteText(type)}`,
    );
  }

  /** Net amounts of an account's balance transactions with a status. */
  sumByCurrency(account: string, status: string): readonly { readonly currency: string; readonly amount: number }[] {
    const sql = `SELECT ${jsonAtPath(["currency"])} AS currency, sum(${jsonAtPath(["net"])}) AS amount FROM object
      WHERE type = 'BalanceTransaction' AND account = ? AND ${jsonAtPath(["status"])} = ? GROUP BY 1 ORDER BY 1 DESC`;
    // Rows of this query's columns, in this shape.
    return this.#prepare(sql).all(account, status) as { currency: string; amount: number }[];
  }

  /** How long its image would be, in bytes. */
  size(): number {
    const [pages, bytes] = ["page_count", "page_size"].map((name) => this.#database.pragma(name, { simple: true }));
    return Number(pages) * Number(bytes);
  }

  /** All of a store in memory as bytes, which another can be made of. */
  image(): Buffer {
    return this.#database.serialize();
  }

  lastSequence(): number {
    // One row with one number, null for an empty table.
    const row = this.#prepare("SELECT max(sequence) AS last FROM object").get() as { last: number | null };
    return row.last ?? 0;
  }

  readFact(name: string): string | undefined {
    // The row of this name, if any.
    const row = this.#prepare("SELECT value FROM fact WHERE name = ?").get(name) as { value: string } | undefined;
    return row?.value;
  }

  writeFact(name: string, value: string): void {
    this.#prepare("INSERT OR REPLACE INTO fact (name, value) VALUES (?, ?)").run(name, value);
  }

  /** All that `work` writes, or, where it throws, nothing of it. */
  transaction<Result>(work: () => Result): Result {
    return this.#database.transaction(work)();
  }

  close(): void {
    this.#statements.clear();
    this.#database.close();
  }

  #get(sql: string, bindings: readonly Binding[]): StoredRow | undefined {
    // The statement's columns are those of a stored row.
    return this.#prepare(sql).get(...bindings) as StoredRow | undefined;
  }

  #countRows(): readonly { readonly type: string; readonly count: number }[] {
    // Rows of this query's columns, in this shape.
    return this.#prepare("SELECT type, count(*) AS count FROM object GROUP BY type").all() as {
      type: string;
      count: number;
    }[];
  }

  #prepare(sql: string): Database.Statement<unknown[], unknown> {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    const statement = this.#database.prepare<unknown[], unknown>(sql);
    this.#statements.set(sql, statement);
    return statement;
  }
}

/** The type is a literal, for a partial index is only used where its condition is. */
function whereOf(selection: Omit<Selection, "order">): { where: string; bindings: readonly Binding[] } {
  const terms = [
    `type = ${quoteText(selection.type)}`,
    "account = ?",
    "deleted = 0",
    ...selection.conditions.map(({ sql }) => `(${sql})`),
  ];
  return {
    where: terms.join(" AND "),
    bindings: [selection.account, ...selection.conditions.flatMap(({ bindings }) => bindings)],
  };
}

/** SQL for the value at a path of the object; null where it is absent. */
export function jsonAtPath(path: readonly string[]): string {
  return `json_extract(json, ${quoteText(`$${path.map((key) => `."${key}"`).join("")}`)})`;
}

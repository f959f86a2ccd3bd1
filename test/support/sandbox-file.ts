import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";

/** The file that a sandbox keeps its state in, written past its API: rows of one second, and rows that are simply gone. */
export interface SandboxFile {
  /** Adds a row like another of its type, the newest unless said, under a new id, which it gives back. */
  insertLike(type: string, changes?: RowChanges): string;
  /** Takes rows away, as if they had never been. */
  delete(type: string, ids: readonly string[]): void;
  /** Sets a field of all rows of a type: "$.lines". */
  setAll(type: string, path: string, value: unknown): void;
  /** In seconds since the epoch. */
  created(type: string, id: string): number;
  close(): void;
}

export interface RowChanges {
  readonly like?: string | undefined;
  readonly createdSeconds?: number | undefined;
  readonly fields?: Readonly<Record<string, unknown>> | undefined;
}

interface StoredObject {
  readonly parent: string;
  readonly account: string;
  readonly created: number;
  readonly json: string;
}

/** Open it once the sandbox runs. */
export function openSandboxFile(path: string): SandboxFile {
  const database = new Database(path);
  database.pragma("synchronous = OFF");
  let added = 0;
  const stored = (type: string, id: string | undefined): StoredObject => {
    const which = id === undefined ? "" : "AND id = @id";
    const sql = `SELECT parent, account, created, json FROM object WHERE type = @type AND deleted = 0 ${which} ORDER BY created DESC, sequence DESC LIMIT 1`;
    // A row of this query's columns.
    const row = database.prepare(sql).get({ type, ...(id === undefined ? {} : { id }) }) as StoredObject | undefined;
    if (row === undefined) throw new RangeError(`no ${type} ${id ?? ""}`);
    return row;
  };
  return {
    insertLike(type, { like, createdSeconds, fields = {} } = {}) {
      const { parent, account, created, json } = stored(type, like);
      added += 1;
      // The store holds nothing but objects.
      const object = JSON.parse(json) as Record<string, unknown>;
      const id = `${String(object["id"]).replace(/_.*/s, "")}_added${added}`;
      const seconds = createdSeconds ?? created;
      const written = type.startsWith("v2.") ? new Date(seconds * 1000).toISOString() : seconds;
      const times = Object.fromEntries(
        ["created", "date"].filter((name) => name in object).map((name) => [name, written]),
      );
      const changed = { ...object, ...times, ...fields, id };
      const sql = "INSERT INTO object (type, account, id, parent, created, json) VALUES (?, ?, ?, ?, ?, ?)";
      database.prepare(sql).run(type, account, id, parent, seconds, JSON.stringify(changed));
      return id;
    },
    delete(type, ids) {
      const statement = database.prepare("DELETE FROM object WHERE type = ? AND id = ?");
      for (const id of ids) statement.run(type, id);
    },
    setAll(type, field, value) {
      const sql = "UPDATE object SET json = json_set(json, ?, json(?)) WHERE type = ?";
      database.prepare(sql).run(field, JSON.stringify(value), type);
    },
    created: (type, id) => stored(type, id).created,
    close: () => database.close(),
  };
}

/** A path for such a file, in a folder of its own. */
export function temporaryFile(): { readonly path: string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), "stripe-sql-sandbox-"));
  return { path: join(folder, "state.sqlite"), remove: () => rmSync(folder, { recursive: true, force: true }) };
}

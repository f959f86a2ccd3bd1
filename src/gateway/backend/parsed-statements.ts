import { parsePostgres } from "../../execute/postgres/parse-postgres.js";
import type { PostgresStatement } from "../../syntax/postgres/postgres-statement.js";
import { readPostgresTree } from "../../syntax/postgres/read-postgres-tree.js";
import type { Settings } from "../session/session-settings.js";
import { viewTrees } from "./built-in-views.js";

/** Texts that are kept, and the longest of them in characters: programs say the same few again and again. */
const keptTexts = 500;
const longestKept = 8000;

/** Parses texts, and keeps what the last ones were read as: plans are kept by the statement that they are of. */
export class ParsedStatements {
  /** The one that was asked for longest ago is first. */
  readonly #kept = new Map<string, readonly PostgresStatement[]>();

  async parse(sql: string, settings: Settings): Promise<readonly PostgresStatement[]> {
    const writesIsoDates = (settings.get("DateStyle") ?? "ISO").startsWith("ISO");
    const key = `${writesIsoDates ? "iso" : "other"} ${sql}`;
    const known = this.#kept.get(key);
    if (known === undefined && sql.length > longestKept) return read(sql, writesIsoDates);
    const statements = known ?? (await read(sql, writesIsoDates));
    this.#kept.delete(key);
    this.#kept.set(key, statements);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > keptTexts && oldest !== undefined) this.#kept.delete(oldest);
    return statements;
  }
}

async function read(sql: string, writesIsoDates: boolean): Promise<readonly PostgresStatement[]> {
  const [tree, views] = [await parsePostgres(sql), await viewTrees(sql)];
  return readPostgresTree(tree, sql, { defaultSchema: "stripe", writesIsoDates, views });
}

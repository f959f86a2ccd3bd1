import { DuckDBInstance } from "@duckdb/node-api";
import type { SystemTable } from "../plan/environment.js";
import { engineError } from "./engine-error.js";
import { EngineSession } from "./engine-session.js";

/**
 * DuckDB, in memory, one for a connection. Each statement works in a session of its own: a database that
 * is attached for it alone, so that statements running at once never see each other's rows.
 */
export class LocalEngine {
  readonly #instance: DuckDBInstance;
  readonly #systemTables: readonly SystemTable[];
  #sessions = 0;

  private constructor(instance: DuckDBInstance, systemTables: readonly SystemTable[]) {
    this.#instance = instance;
    this.#systemTables = systemTables;
  }

  static async open(systemTables: readonly SystemTable[]): Promise<LocalEngine> {
    const instance = await DuckDBInstance.create(":memory:", {
      // Statements come from users: none may bring code of its own.
      autoinstall_known_extensions: "false",
      autoload_known_extensions: "false",
    });
    const connection = await instance.connect();
    await connection.run(
      "SET GLOBAL TimeZone = 'UTC'; SET GLOBAL integer_division = true; SET GLOBAL default_null_order = 'postgres'",
    );
    connection.closeSync();
    return new LocalEngine(instance, systemTables);
  }

  /** Tables that a statement names, as DuckDB reads it: for one that the planner's parser cannot read. */
  async tableNames(sql: string): Promise<readonly { readonly schema: string | undefined; readonly name: string }[]> {
    const connection = await this.#instance.connect();
    try {
      const names = connection.getTableNames(sql, true);
      return names.map(splitQualified).filter(({ name }) => name !== "");
    } catch (error) {
      throw engineError(error, sql);
    } finally {
      connection.closeSync();
    }
  }

  async session(): Promise<EngineSession> {
    this.#sessions += 1;
    return EngineSession.open(await this.#instance.connect(), `s${this.#sessions}`);
  }

  get systemTables(): readonly SystemTable[] {
    return this.#systemTables;
  }

  close(): void {
    this.#instance.closeSync();
  }
}

/** `v2."Account"` -> v2, Account. */
function splitQualified(qualified: string): { readonly schema: string | undefined; readonly name: string } {
  const parts = [...qualified.matchAll(/"((?:[^"]|"")*)"|([^."]+)/g)].map(
    ([, quoted, bare]) => quoted?.replaceAll('""', '"') ?? bare ?? "",
  );
  return { schema: parts.length > 1 ? parts.at(-2) : undefined, name: parts.at(-1) ?? "" };
}

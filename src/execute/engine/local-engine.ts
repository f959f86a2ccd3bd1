import { DuckDBInstance } from "@duckdb/node-api";
import type { SystemTable } from "../../plan/environment.js";
import { engineError } from "./engine-error.js";
import { EngineSession } from "./engine-session.js";
import type { NamedTable } from "./query-tree.js";
import { tablesInTree, tablesOfPivot } from "./query-tree.js";

export interface EngineOptions {
  /** False keeps statements from files and networks: read_csv, COPY, ATTACH of a file. */
  readonly fileAccess: boolean;
}

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

  static async open(systemTables: readonly SystemTable[], { fileAccess }: EngineOptions): Promise<LocalEngine> {
    const instance = await DuckDBInstance.create(":memory:", {
      // Statements come from users: none may bring code of its own.
      autoinstall_known_extensions: "false",
      autoload_known_extensions: "false",
      enable_external_access: String(fileAccess),
    });
    const connection = await instance.connect();
    await connection.run(
      "SET GLOBAL TimeZone = 'UTC'; SET GLOBAL integer_division = true; SET GLOBAL default_null_order = 'postgres'",
    );
    connection.closeSync();
    return new LocalEngine(instance, systemTables);
  }

  /** Tables that a query names, as DuckDB reads it: for one that the planner's parser cannot read. */
  async tableNames(sql: string): Promise<readonly NamedTable[]> {
    const connection = await this.#instance.connect();
    try {
      // DuckDB makes several statements of a PIVOT, and tells no tree of it.
      if (/\bPIVOT\b/i.test(sql)) return tablesOfPivot(sql);
      const reader = await connection.runAndReadAll("SELECT json_serialize_sql($1::VARCHAR)", [sql]);
      return tablesInTree(String(reader.value(0, 0)), sql);
    } catch (error) {
      throw engineError(error, sql);
    } finally {
      connection.closeSync();
    }
  }

  async session(): Promise<EngineSession> {
    // The name is taken before anything is waited for: two statements may open their sessions at once.
    this.#sessions += 1;
    const name = `s${this.#sessions}`;
    return EngineSession.open(await this.#instance.connect(), name);
  }

  get systemTables(): readonly SystemTable[] {
    return this.#systemTables;
  }

  close(): void {
    this.#instance.closeSync();
  }
}

import type { Catalog } from "../../catalog/catalog.js";
import type { PostgresStatement } from "../../syntax/postgres/postgres-statement.js";
import { engineOf } from "../session/engine-setting.js";
import type {
  DescribeContext,
  RunContext,
  SessionBackend,
  SettingStatement,
  StatementBackend,
  StatementDescription,
  TransactionWrites,
} from "../session/session-backend.js";
import type { Settings } from "../session/session-settings.js";
import type { BackendStatement, SessionStatement } from "../session/session-statement.js";
import type { StatementResult } from "../session/statement-result.js";
import type { DuckdbBackend } from "./duckdb/duckdb-backend.js";
import { readDuckdbScript } from "./duckdb/read-duckdb-script.js";
import type { ReadSetting } from "./read-setting.js";

export interface TwoEnginesParts {
  readonly postgres: StatementBackend<PostgresStatement>;
  readonly duckdb: DuckdbBackend;
  readonly catalog: Catalog;
}

/**
 * One client's statements on the engine that it has chosen. `stripe.engine` says in which dialect a text is read; from then
 * on each statement belongs to the engine of its dialect, so that one that was prepared stays what it was.
 */
export class TwoEngines implements SessionBackend {
  readonly #parts: TwoEnginesParts;

  constructor(parts: TwoEnginesParts) {
    this.#parts = parts;
  }

  get readOnly(): boolean {
    return this.#parts.postgres.readOnly;
  }

  get writes(): TransactionWrites {
    return this.#parts.postgres.writes;
  }

  async parse(sql: string, settings: Settings): Promise<readonly SessionStatement[]> {
    const { postgres, duckdb, catalog } = this.#parts;
    if (engineOf(settings) === "postgres") return postgres.parse(sql, settings);
    return readDuckdbScript(sql, {
      duckdb: (text) => duckdb.read(text),
      postgres: (text) => postgres.parse(text, settings),
      catalog,
    });
  }

  describe(statement: BackendStatement, context: DescribeContext): Promise<StatementDescription> {
    const { postgres, duckdb } = this.#parts;
    return statement.kind === "duckdb" ? duckdb.describe(statement, context) : postgres.describe(statement, context);
  }

  run(statement: BackendStatement, context: RunContext): Promise<StatementResult> {
    const { postgres, duckdb } = this.#parts;
    return statement.kind === "duckdb" ? duckdb.run(statement, context) : postgres.run(statement, context);
  }

  readSetting(statement: SettingStatement, settings: Settings, signal: AbortSignal): Promise<ReadSetting> {
    return this.#parts.postgres.readSetting(statement, settings, signal);
  }

  /** PostgreSQL keeps nothing of a session. */
  discardTemporary(): Promise<void> {
    return this.#parts.duckdb.discardTemporary();
  }

  async close(): Promise<void> {
    await this.#parts.duckdb.close();
    await this.#parts.postgres.close();
  }
}

import type {
  DuckDBConnection,
  DuckDBExtractedStatements,
  DuckDBPreparedStatement,
  DuckDBType,
  DuckDBValue,
} from "@duckdb/node-api";
import {
  BIGINT,
  BOOLEAN,
  DECIMAL,
  DOUBLE,
  DuckDBDataChunk,
  DuckDBDecimalValue,
  DuckDBTimestampTZValue,
  TIMESTAMPTZ,
  VARCHAR,
} from "@duckdb/node-api";
import type { Cell } from "../../value/cell.js";
import { decimalScale } from "../../value/decimal.js";
import type { SqlType } from "../../value/sql-type.js";
import { bindParameters } from "./bind-parameters.js";
import { engineError } from "./engine-error.js";
import type { EngineColumn } from "./engine-value.js";
import { readEngineRows } from "./engine-value.js";

/** A column of a table in the session. */
export interface SessionColumn {
  readonly name: string;
  readonly type: SqlType;
}

export interface SessionTable {
  readonly schema: string | undefined;
  readonly name: string;
  readonly columns: readonly SessionColumn[];
}

/** A statement's result on the engine: columns at once, rows as they are read. */
export interface EngineResult {
  readonly columns: readonly EngineColumn[];
  rows(): AsyncGenerator<readonly (readonly unknown[])[]>;
}

/** DuckDB appends at most this many rows in one chunk. */
const chunkRows = 2048;

/** One statement's own database in the local engine. */
export class EngineSession {
  readonly #connection: DuckDBConnection;
  readonly #database: string;
  #open = true;

  private constructor(connection: DuckDBConnection, database: string) {
    this.#connection = connection;
    this.#database = database;
  }

  static async open(connection: DuckDBConnection, database: string): Promise<EngineSession> {
    await connection.run(`ATTACH ':memory:' AS ${database}; USE ${database}`);
    return new EngineSession(connection, database);
  }

  async createTable(table: SessionTable): Promise<void> {
    if (table.schema !== undefined) await this.#connection.run(`CREATE SCHEMA IF NOT EXISTS ${quote(table.schema)}`);
    const columns = table.columns.map(({ name, type }) => `${quote(name)} ${columnTypes[type].sql}`);
    await this.#connection.run(`CREATE TABLE ${tableName(table)} (${columns.join(", ")})`);
  }

  /** Appends rows, given column by column. */
  async append(table: SessionTable, columns: readonly (readonly Cell[])[]): Promise<void> {
    const rows = columns[0]?.length ?? 0;
    const types = table.columns.map(({ type }) => columnTypes[type]);
    const appender = await this.#connection.createAppender(table.name, table.schema ?? null);
    for (let start = 0; start < rows; start += chunkRows) {
      const chunk = DuckDBDataChunk.create(types.map(({ type }) => type));
      chunk.setColumns(
        columns.map((cells, index) => engineValues(types[index], cells.slice(start, start + chunkRows))),
      );
      appender.appendDataChunk(chunk);
    }
    appender.closeSync();
  }

  async clear(table: SessionTable): Promise<void> {
    await this.#connection.run(`DELETE FROM ${tableName(table)}`);
  }

  /**
   * Binds a statement against the session's tables and checks it; nothing runs. With parameters DuckDB puts the
   * check off until they are bound and the statement runs, so it is run as one that EXPLAIN is asked of.
   */
  async check(sql: string, parameters: readonly unknown[] = []): Promise<void> {
    const statements = await this.#extract(sql);
    // DuckDB makes several statements of a PIVOT: its columns are known only once its rows are.
    if (statements.count > 1) return;
    const prepared = await this.#prepare(statements, 0, sql);
    const hasParameters = prepared.parameterCount > 0;
    prepared.destroySync();
    if (hasParameters) await this.#explain(sql, parameters);
  }

  async #explain(sql: string, parameters: readonly unknown[]): Promise<void> {
    const explained = `${explain}${sql}`;
    const prepared = await this.#prepare(await this.#extract(explained), 0, explained);
    try {
      bindParameters(prepared, parameters);
      await prepared.run();
    } catch (error) {
      const failure = engineError(error, explained);
      throw failure.position === undefined ? failure : failure.with({ position: failure.position - explain.length });
    } finally {
      prepared.destroySync();
    }
  }

  /**
   * Runs a statement. Aborting interrupts it. It is prepared anew each time: a plan made for an empty table
   * trusts that table's statistics, and would leave out rows that were appended since.
   */
  async run({ sql, parameters, signal }: RunOptions): Promise<EngineResult> {
    const prepared = await this.#prepareLast(sql);
    const interrupt = (): void => this.#connection.interrupt();
    signal?.addEventListener("abort", interrupt, { once: true });
    try {
      bindParameters(prepared, parameters);
      // A streamed result may hold dictionary vectors, which the binding reads as flat ones.
      const result = await prepared.run();
      const columns = result
        .columnNames()
        .map((name, index): EngineColumn => ({ name, type: result.columnType(index) }));
      return { columns, rows: () => readEngineRows(result, columns, sql) };
    } catch (error) {
      throw engineError(error, sql);
    } finally {
      signal?.removeEventListener("abort", interrupt);
      prepared.destroySync();
    }
  }

  async #prepareLast(sql: string): Promise<DuckDBPreparedStatement> {
    const statements = await this.#extract(sql);
    const last = statements.count - 1;
    for (let index = 0; index < last; index += 1) await (await this.#prepare(statements, index, sql)).run();
    return this.#prepare(statements, last, sql);
  }

  #extract(sql: string): Promise<DuckDBExtractedStatements> {
    return this.#connection.extractStatements(sql).catch((error: unknown) => {
      throw engineError(error, sql);
    });
  }

  #prepare(statements: DuckDBExtractedStatements, index: number, sql: string): Promise<DuckDBPreparedStatement> {
    return statements.prepare(index).catch((error: unknown) => {
      throw engineError(error, sql);
    });
  }

  async close(): Promise<void> {
    if (!this.#open) return;
    this.#open = false;
    try {
      await this.#connection.run(`USE memory; DETACH ${this.#database}`);
    } finally {
      this.#connection.closeSync();
    }
  }
}

export interface RunOptions {
  readonly sql: string;
  readonly parameters: readonly unknown[];
  readonly signal: AbortSignal | undefined;
}

const explain = "EXPLAIN ";

interface ColumnType {
  readonly sql: string;
  readonly type: DuckDBType;
  readonly value: (cell: Exclude<Cell, null>) => DuckDBValue;
}

const columnTypes: Readonly<Record<SqlType, ColumnType>> = {
  BIGINT: { sql: "BIGINT", type: BIGINT, value: (cell) => (typeof cell === "bigint" ? cell : BigInt(Number(cell))) },
  DOUBLE: { sql: "DOUBLE", type: DOUBLE, value: Number },
  DECIMAL: {
    sql: `DECIMAL(38,${decimalScale})`,
    type: DECIMAL(38, decimalScale),
    value: (cell) => new DuckDBDecimalValue(BigInt(String(cell)), 38, decimalScale),
  },
  VARCHAR: { sql: "VARCHAR", type: VARCHAR, value: String },
  BOOLEAN: { sql: "BOOLEAN", type: BOOLEAN, value: Boolean },
  TIMESTAMPTZ: {
    sql: "TIMESTAMPTZ",
    type: TIMESTAMPTZ,
    value: (cell) => new DuckDBTimestampTZValue(BigInt(Number(cell))),
  },
  // JSON is stored as text and carries DuckDB's JSON alias through the table's own type.
  JSON: { sql: "JSON", type: VARCHAR, value: (cell) => JSON.stringify(cell) },
};

function engineValues(type: ColumnType | undefined, cells: readonly Cell[]): DuckDBValue[] {
  if (type === undefined) throw new RangeError("more columns than types");
  const { value } = type;
  return cells.map((cell) => (cell === null ? null : value(cell)));
}

const quote = (name: string): string => `"${name.replaceAll('"', '""')}"`;
const tableName = ({ schema, name }: SessionTable): string =>
  schema === undefined ? quote(name) : `${quote(schema)}.${quote(name)}`;

import type {
  DuckDBConnection,
  DuckDBExtractedStatements,
  DuckDBPreparedStatement,
  DuckDBResult,
  DuckDBValue,
} from "@duckdb/node-api";
import { DuckDBDataChunk } from "@duckdb/node-api";
import type { StripeSqlError } from "../../error/stripe-sql-error.js";
import { connectionClosed, throwIfCanceled } from "../../stripe/canceled-error.js";
import type { LinkedAbort } from "../../stripe/linked-abort.js";
import { linkAborts } from "../../stripe/linked-abort.js";
import type { Cell } from "../../value/cell.js";
import { quoteName } from "../../value/quote.js";
import { utc } from "../../value/time-zone.js";
import type { EngineDescription, EngineSession, SessionTable } from "../engine/engine-session.js";
import type { RunOptions } from "../engine/run-options.js";
import type { ShownColumn, StoredTable, TableDraft } from "../engine/stored-table.js";
import type { OutputColumn, RowSource, Tuple } from "../row-source.js";
import { bindParameters } from "./bind-parameters.js";
import type { EngineColumn } from "./engine-column.js";
import { engineColumns } from "./engine-column.js";
import { bindNulls, needsRows, preparedColumns, preparedParameters } from "./engine-description.js";
import { engineError, hasEnded, outOfMemoryError } from "./engine-error.js";
import { dataTypeOf } from "./engine-type.js";
import { boundFunction, namedBoundedFunctions } from "./growing-functions.js";
import type { LongRuns } from "./long-runs.js";
import type { MemoryGuard } from "./memory-guard.js";
import { moneyMacro, namesMoney } from "./money-macro.js";
import { setTimeZone } from "./read-time-zone.js";
import { columnsOf, hasFailed, resultBatches } from "./result-batches.js";
import type { StoredTables, StoringConnection } from "./stored-tables.js";
import { tableDefinition, tableName } from "./table-definition.js";
import { refusingZeroDivisors } from "./zero-divisors.js";

/** DuckDB appends at most this many rows in one chunk. */
const chunkRows = 2048;

/** An interrupt that comes before the engine has begun its step is lost, so it is repeated. */
const interruptEveryMs = 5;

/**
 * One statement's own database in the local engine. Aborting the statement's signal interrupts what runs; whatever
 * is asked of the session from then on fails with SQLSTATE 57014.
 */
export class DuckdbSession implements EngineSession {
  readonly #connection: DuckDBConnection;
  readonly #database: string;
  readonly #longRuns: LongRuns;
  readonly #memory: MemoryGuard;
  readonly #stored: StoredTables;
  readonly #timeZone: string;
  readonly #onClosed: () => void;
  readonly #onEngineEnded: () => void;
  readonly #closing = new AbortController();
  readonly #abort: LinkedAbort;
  readonly #steps = new Set<Promise<unknown>>();
  /** Give back the stored tables that it reads. */
  readonly #releases: (() => Promise<void>)[] = [];
  #closed: Promise<void> | undefined;
  #hasMoney = false;
  readonly #bounded = new Set<string>();
  readonly #chunks = new Map<string, DuckDBDataChunk>();

  constructor({ connection, database, signal, timeZone, longRuns, memory, stored, ...told }: SessionParts) {
    this.#connection = connection;
    this.#database = database;
    this.#timeZone = timeZone;
    this.#longRuns = longRuns;
    this.#memory = memory;
    this.#stored = stored;
    this.#onClosed = told.onClosed;
    this.#onEngineEnded = told.onEngineEnded;
    this.#abort = linkAborts([signal, this.#closing.signal]);
  }

  async open(): Promise<void> {
    const zone = this.#timeZone === utc.name ? "" : `${setTimeZone(this.#timeZone)}; `;
    await this.#execute(`${zone}ATTACH ':memory:' AS ${this.#database}; USE ${this.#database}`);
  }

  async openForWrite(): Promise<void> {
    await this.#execute(refusingZeroDivisors);
  }

  async createTable(table: SessionTable): Promise<void> {
    if (table.schema !== undefined) await this.#execute(`CREATE SCHEMA IF NOT EXISTS ${quoteName(table.schema)}`);
    await this.#execute(`CREATE TABLE ${tableDefinition(table)}`);
  }

  /** Appends rows, given column by column. */
  append(table: SessionTable, columns: readonly (readonly Cell[])[]): Promise<void> {
    const rows = columns[0]?.length ?? 0;
    const types = table.columns.map(({ type }) => engineColumns[type]);
    const chunk = this.#chunkFor(table, types);
    return this.#step(async () => {
      const appender = await this.#connection.createAppender(table.name, table.schema ?? null);
      for (let start = 0; start < rows; start += chunkRows) {
        chunk.setColumns(
          columns.map((cells, index) => engineValues(types[index], cells.slice(start, start + chunkRows))),
        );
        appender.appendDataChunk(chunk);
        chunk.reset();
      }
      appender.closeSync();
    });
  }

  /** The same for all appends to a table: what a chunk holds outside of JavaScript is given back when that pleases. */
  #chunkFor(table: SessionTable, types: readonly EngineColumn[]): DuckDBDataChunk {
    const name = tableName(table);
    const known = this.#chunks.get(name);
    if (known !== undefined) return known;
    const chunk = DuckDBDataChunk.create(types.map(({ type }) => type));
    this.#chunks.set(name, chunk);
    return chunk;
  }

  /** Rows that are deleted take memory until the engine looks for such, which a new table does not. */
  async clear(table: SessionTable): Promise<void> {
    await this.#execute(`CREATE OR REPLACE TABLE ${tableDefinition(table)}`);
  }

  /**
   * Binds a statement against the session's tables and checks it; nothing runs. With parameters DuckDB puts the
   * check off until they are bound and the statement runs, so it is run as one that EXPLAIN is asked of.
   */
  async check(sql: string, parameters: readonly unknown[] = []): Promise<void> {
    const statements = await this.#extract(sql);
    if (needsRows(statements)) return;
    const prepared = await this.#prepare(statements, 0, sql);
    const hasParameters = prepared.parameterCount > 0;
    prepared.destroySync();
    if (hasParameters)
      await this.#runAround(["EXPLAIN ", ""], sql, (statement) => bindParameters(statement, parameters));
  }

  /**
   * Tells columns and parameters of a statement over the session's tables; nothing runs. Without values a column whose
   * type depends on a parameter's has the type that NULL gives it.
   */
  async describe(sql: string, values: readonly unknown[] | undefined): Promise<EngineDescription> {
    const statements = await this.#extract(sql);
    if (needsRows(statements)) return { columns: undefined, parameters: new Map() };
    const prepared = await this.#prepare(statements, 0, sql);
    const columns = prepared.parameterCount === 0 || values === undefined ? preparedColumns(prepared) : undefined;
    const parameters = preparedParameters(prepared);
    prepared.destroySync();
    const bind =
      values === undefined ? bindNulls : (statement: DuckDBPreparedStatement) => bindParameters(statement, values);
    return { columns: columns ?? (await this.#boundColumns(sql, bind)), parameters };
  }

  /** DuckDB tells these once values are bound: the names by DESCRIBE, the types by a query of no rows. */
  async #boundColumns(sql: string, bind: BindStatement): Promise<readonly OutputColumn[]> {
    const described = await this.#runAround(["DESCRIBE ", ""], sql, bind);
    const names = (await this.#step(() => described.getRows())).map(([name]) => String(name));
    const types = (await this.#runAround(["SELECT * FROM (", "\n) LIMIT 0"], sql, bind)).columnTypes();
    return types.map((type, index) => ({ name: names[index] ?? "", type: dataTypeOf(type) }));
  }

  /** Runs a statement made of the given one, with the positions of its errors in that. */
  async #runAround(
    [before, after]: readonly [string, string],
    sql: string,
    bind: BindStatement,
  ): Promise<DuckDBResult> {
    const text = `${before}${sql}${after}`;
    try {
      const statements = await this.#extract(text);
      const last = statements.count - 1;
      for (let index = 0; index < last; index += 1) await this.#runBound(statements, index, { text, bind });
      return await this.#runBound(statements, last, { text, bind });
    } catch (error) {
      const failure = engineError(error, text);
      throw failure.position === undefined ? failure : failure.with({ position: failure.position - before.length });
    }
  }

  async #runBound(
    statements: DuckDBExtractedStatements,
    index: number,
    { text, bind }: { readonly text: string; readonly bind: BindStatement },
  ): Promise<DuckDBResult> {
    const prepared = await this.#prepare(statements, index, text);
    try {
      bind(prepared);
      return await this.#step(() => prepared.run(), text);
    } finally {
      prepared.destroySync();
    }
  }

  /**
   * Runs a statement. It is prepared anew each time: a plan made for an empty table trusts that table's statistics,
   * and would leave out rows that were appended since.
   */
  async run({ sql, parameters }: RunOptions): Promise<RowSource> {
    const prepared = await this.#prepareLast(sql);
    try {
      const result = await this.#step(() => runWith(prepared, parameters), sql);
      const columns = columnsOf(result);
      return { columns, batches: resultBatches(columns, { fetch: () => this.#step(() => result.fetchChunk(), sql) }) };
    } finally {
      prepared.destroySync();
    }
  }

  /**
   * Like `run`, for a statement over all of its rows at once, which may take long: the engine works in its turn, and as
   * rows are asked for. A result that it held whole would be outside of its memory's limit.
   */
  async runInTurn(options: RunOptions): Promise<RowSource> {
    const { sql, parameters } = options;
    const prepared = await this.#prepareLast(sql);
    const result = await this.#inTurn(() => this.#step(() => streamWith(prepared, parameters), sql));
    const fetch = async (): Promise<DuckDBDataChunk | null> => {
      const chunk = await this.#inTurn(() => this.#step(() => result.fetchChunk(), sql));
      if (hasFailed(result)) throw await this.#failureOf(options);
      return chunk;
    };
    const columns = columnsOf(result);
    const first = await fetch();
    const close = () => prepared.destroySync();
    return { columns, batches: resultBatches(columns, { first, fetch, close }) };
  }

  /** The binding does not say why rows have ended early: the statement, run once more, does. */
  async #failureOf(options: RunOptions): Promise<StripeSqlError> {
    await this.#inTurn(() => this.run(options));
    return outOfMemoryError();
  }

  #inTurn<Value>(work: () => Promise<Value>): Promise<Value> {
    return this.#longRuns.run(work, this.#abort.signal);
  }

  async runTree(tree: string): Promise<RowSource> {
    const { batches } = await this.run({ sql: "SELECT json_deserialize_sql($1::JSON)", parameters: [tree] });
    const texts: Tuple[] = [];
    for await (const tuples of batches) texts.push(...tuples);
    return this.run({ sql: String(texts[0]?.[0]), parameters: [] });
  }

  store(options: RunOptions): Promise<TableDraft> {
    return this.#longRuns.run(() => this.#stored.begin(this.#storing, options), this.#abort.signal);
  }

  async show(name: string, table: StoredTable, columns: readonly ShownColumn[]): Promise<void> {
    const own = this.#stored.own(table, name);
    this.#releases.push(own.hold());
    const list = columns.map((column) => `${quoteName(column.stored)} AS ${quoteName(column.name)}`);
    await this.#execute(`CREATE VIEW ${quoteName(name)} AS SELECT ${list.join(", ")} FROM ${own.name}`);
  }

  get #storing(): StoringConnection {
    return {
      execute: async (sql) => void (await this.#execute(sql)),
      runAround: async (around, { sql, parameters }) => {
        const result = await this.#runAround(around, sql, (statement) => bindParameters(statement, parameters));
        return (await this.#step(() => result.getRows()))[0]?.[0];
      },
      columnsOf: async (sql) => columnsOf(await this.#step(() => this.#connection.run(sql))),
    };
  }

  async #prepareLast(sql: string): Promise<DuckDBPreparedStatement> {
    const statements = await this.#extract(sql);
    const last = statements.count - 1;
    for (let index = 0; index < last; index += 1) {
      const prepared = await this.#prepare(statements, index, sql);
      await this.#step(() => prepared.run(), sql);
    }
    return this.#prepare(statements, last, sql);
  }

  #execute(sql: string): Promise<unknown> {
    return this.#step(() => this.#connection.run(sql));
  }

  async #extract(sql: string): Promise<DuckDBExtractedStatements> {
    if (!this.#hasMoney && namesMoney(sql)) {
      this.#hasMoney = true;
      await this.#execute(moneyMacro);
    }
    for (const name of namedBoundedFunctions(sql)) {
      if (this.#bounded.has(name)) continue;
      this.#bounded.add(name);
      await this.#execute(boundFunction(name));
    }
    return this.#step(() => this.#connection.extractStatements(sql), sql);
  }

  #prepare(statements: DuckDBExtractedStatements, index: number, sql: string): Promise<DuckDBPreparedStatement> {
    return this.#step(() => statements.prepare(index), sql);
  }

  /** One piece of work on the connection. Failures are placed in the SQL; a canceled statement's are its cancellation. */
  async #step<Value>(work: () => Promise<Value>, sql?: string): Promise<Value> {
    throwIfCanceled(this.#abort.signal);
    const step = this.#memory.during(() => this.#interruptible(work));
    this.#steps.add(step);
    try {
      const value = await step;
      throwIfCanceled(this.#abort.signal);
      return value;
    } catch (error) {
      if (hasEnded(error)) this.#onEngineEnded();
      throwIfCanceled(this.#abort.signal);
      throw engineError(error, sql);
    } finally {
      this.#steps.delete(step);
    }
  }

  async #interruptible<Value>(work: () => Promise<Value>): Promise<Value> {
    let repeating: NodeJS.Timeout | undefined;
    const interrupt = () => this.#connection.interrupt();
    const stop = () => {
      interrupt();
      repeating = setInterval(interrupt, interruptEveryMs);
    };
    this.#abort.signal.addEventListener("abort", stop, { once: true });
    try {
      return await work();
    } finally {
      this.#abort.signal.removeEventListener("abort", stop);
      clearInterval(repeating);
    }
  }

  /** Ends a statement that is at work on the engine with 53200; one that waits for Stripe goes on. */
  stopForMemory(): void {
    if (this.#steps.size > 0) this.#closing.abort(outOfMemoryError());
  }

  /** Interrupts what runs, waits until it has ended, and gives the database up. A second call gives the same promise. */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    this.#closing.abort(connectionClosed);
    // A connection that is closed under a step of its own ends the process.
    await Promise.allSettled(this.#steps);
    try {
      await this.#connection.run(`USE memory; DETACH DATABASE IF EXISTS ${this.#database}`);
    } catch (error) {
      // An engine that has ended takes its databases with it.
      if (!hasEnded(error)) throw engineError(error);
    } finally {
      this.#connection.closeSync();
      this.#abort.unlink();
      for (const release of this.#releases.splice(0)) await release();
      this.#onClosed();
    }
  }
}

interface SessionParts {
  readonly connection: DuckDBConnection;
  /** Name of the database that is attached for it; nobody else has it. */
  readonly database: string;
  /** Cancels the statement. */
  readonly signal: AbortSignal | undefined;
  /** The turns that all sessions of the engine take. */
  readonly longRuns: LongRuns;
  /** Watches the process while any of them works. */
  readonly memory: MemoryGuard;
  /** The engine's tables that outlive their statements. */
  readonly stored: StoredTables;
  readonly timeZone: string;
  readonly onClosed: () => void;
  /** Told where the engine answers no statement any more. */
  readonly onEngineEnded: () => void;
}

function runWith(prepared: DuckDBPreparedStatement, parameters: readonly unknown[]): Promise<DuckDBResult> {
  bindParameters(prepared, parameters);
  return prepared.run();
}

function streamWith(prepared: DuckDBPreparedStatement, parameters: readonly unknown[]): Promise<DuckDBResult> {
  bindParameters(prepared, parameters);
  return prepared.stream();
}

type BindStatement = (prepared: DuckDBPreparedStatement) => void;

function engineValues(column: EngineColumn | undefined, cells: readonly Cell[]): DuckDBValue[] {
  if (column === undefined) throw new RangeError("more columns than types");
  const { value } = column;
  return cells.map((cell) => (cell === null ? null : value(cell)));
}

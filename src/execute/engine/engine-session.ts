import type { Cell } from "../../value/cell.js";
import type { DataType } from "../../value/data-type.js";
import type { SqlType } from "../../value/sql-type.js";
import type { OutputColumn, RowSource } from "../row-source.js";
import type { RunOptions } from "./run-options.js";
import type { ShownColumn, StoredTable, TableDraft } from "./stored-table.js";

/**
 * One statement's rows in the local engine, and its text over them. Once the statement's signal is aborted, whatever
 * is asked of the session fails with SQLSTATE 57014.
 */
export interface EngineSession {
  /** What runs from now on says what is written: its rows are given as cells, and a division by zero fails with 22012. */
  openForWrite(): Promise<void>;
  createTable(table: SessionTable): Promise<void>;
  /** Appends rows to a table that was created, given column by column. */
  append(table: SessionTable, columns: readonly (readonly Cell[])[]): Promise<void>;
  clear(table: SessionTable): Promise<void>;
  /** Binds a statement against the session's tables and checks it; nothing runs. */
  check(sql: string, parameters?: readonly unknown[]): Promise<void>;
  /**
   * Tells columns and parameters of a statement over the session's tables; nothing runs. Without values a column whose
   * type depends on a parameter's has the type that NULL gives it.
   */
  describe(sql: string, values: readonly unknown[] | undefined): Promise<EngineDescription>;
  run(options: RunOptions): Promise<RowSource>;
  /** Like `run`, in its turn: for a statement over all of its rows at once, which may take long. */
  runInTurn(options: RunOptions): Promise<RowSource>;
  /** Runs a part of the statement as `ComputedKeys` has it: as the engine's own parser has read it, or its text. */
  runTree(tree: string): Promise<RowSource>;
  /** Begins a table that outlives the session with what a statement gives; absent where the engine keeps none. */
  store?(options: RunOptions): Promise<TableDraft>;
  /** Lets the session's statements read stored rows by a name; 55000 where the engine has lost them. */
  show?(name: string, table: StoredTable, columns: readonly ShownColumn[]): Promise<void>;
  /** Interrupts what runs, waits until it has ended, and gives the rows up. A second call gives the same promise. */
  close(): Promise<void>;
}

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

/** What is known of a statement before it runs. */
export interface EngineDescription {
  /** Undefined where the rows decide which there are: DuckDB's PIVOT without IN. */
  readonly columns: readonly OutputColumn[] | undefined;
  /** Types of $1, $2, … where their place tells them. */
  readonly parameters: ReadonlyMap<number, DataType>;
}

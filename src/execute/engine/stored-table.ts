import type { OutputColumn } from "../row-source.js";
import type { RunOptions } from "./run-options.js";

/** Rows that the local engine holds beyond the statement that gave them, for whoever has this. */
export interface StoredTable {
  /** As the engine calls them: no name is twice among them. */
  readonly columns: readonly OutputColumn[];
  readonly rowCount: number;
  /** Gives the rows up, once no statement reads them any more. */
  drop(): Promise<void>;
}

/** A table whose rows are still being read. */
export interface TableDraft {
  /** Adds up to so many of the rows that a statement gives; tells how many it added. */
  add(options: RunOptions, most: number): Promise<number>;
  finish(): Promise<StoredTable>;
  discard(): Promise<void>;
}

/** A column of a stored table, and its name in a statement. */
export interface ShownColumn {
  readonly stored: string;
  readonly name: string;
}

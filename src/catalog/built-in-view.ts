import type { SqlType } from "../value/sql-type.js";

/** A view that is there before anybody makes one. */
export interface BuiltInView {
  readonly schema: string;
  readonly name: string;
  /** What a row is, what counts in it, what it reads, and what cannot be known. */
  readonly description: string;
  /** Pages that define what is counted. */
  readonly sources: readonly string[];
  readonly columns: readonly BuiltInColumn[];
  /**
   * Its query, over tables by Stripe's own names and other views by schema and name. It is to mean the same to DuckDB and
   * to PostgreSQL.
   */
  readonly sql: string;
}

export interface BuiltInColumn {
  readonly name: string;
  readonly type: SqlType;
  readonly description: string;
  /** True where it is in the minor unit of the row's `currency`. */
  readonly isAmount?: true;
}

/** An amount in the minor unit of the row's `currency`. */
export function amount(name: string, type: SqlType, description: string): BuiltInColumn {
  return { name, type, description, isAmount: true };
}

export function column(name: string, type: SqlType, description: string): BuiltInColumn {
  return { name, type, description };
}

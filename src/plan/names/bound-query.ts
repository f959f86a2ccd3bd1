import type { PseudoColumn } from "../../catalog/catalog.js";
import type { SelectBlock, TableReference } from "../../syntax/expression.js";
import type { Predicate } from "../predicate/predicate.js";
import type { CommonTables } from "./column-origin.js";
import type { RelationTarget } from "./relation.js";
import type { WantedRows } from "./wanted-rows.js";

/** One mention of a table in a FROM clause, with the predicates that its rows must satisfy to matter. */
export interface BoundTable {
  readonly reference: TableReference;
  readonly target: RelationTarget;
  readonly predicates: readonly Predicate[];
  /** Undefined where all rows that satisfy them count. */
  readonly wanted: WantedRows | undefined;
  /** Where the statement reads a filter that is no column as a value, not as a condition on this table. */
  readonly pseudoReads: readonly PseudoRead[];
}

export interface PseudoRead {
  readonly column: PseudoColumn;
  readonly position: number | undefined;
}

/** A block of the statement, at any depth, with the common tables that it can name. */
export interface BoundBlock {
  readonly block: SelectBlock;
  readonly ctes: CommonTables;
}

/** A whole statement's names: which tables, which columns of them, and which predicates bind each. */
export interface BoundQuery {
  readonly tables: readonly BoundTable[];
  readonly blocks: readonly BoundBlock[];
  /** Lower-case names of every column that the statement mentions anywhere. */
  readonly columnNames: ReadonlySet<string>;
  /** Lower-case names that select lists mention or give: a pseudo-column among them is wanted in the result. */
  readonly selectedNames: ReadonlySet<string>;
  /** Lower-case keys of relations that a star, or the row as a whole, asks all columns of. */
  readonly wholeRelations: ReadonlySet<string>;
}

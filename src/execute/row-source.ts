import type { Cell } from "../value/cell.js";
import type { DataType } from "../value/data-type.js";

export interface OutputColumn {
  readonly name: string;
  readonly type: DataType;
  /** Of an amount in minor units: the place of the column that holds its row's currency. */
  readonly currencyAt?: number;
}

/** A row's cells, in the order of its columns. */
export type Tuple = readonly Cell[];

/** Rows as they come, in batches; the columns are known before the first, names may repeat. `return()` gives up what is left, begun or not. */
export interface RowSource {
  readonly columns: readonly OutputColumn[];
  readonly batches: AsyncGenerator<readonly Tuple[]>;
}

/** Rows at hand. */
export function givenRows(columns: readonly OutputColumn[], tuples: readonly Tuple[]): RowSource {
  async function* oneBatch(): AsyncGenerator<readonly Tuple[]> {
    if (tuples.length > 0) yield tuples;
  }
  return { columns, batches: oneBatch() };
}

/** Columns of a result whose rows are DataRow messages of a PostgreSQL's, each whole in one cell: they go out as they are. */
export const rowMessages: readonly OutputColumn[] = [{ name: "", type: { kind: "BLOB" } }];

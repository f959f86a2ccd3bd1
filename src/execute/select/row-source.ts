import type { SqlType } from "../../value/sql-type.js";

/** A column of a result: one of the catalog's types, or another of DuckDB's by its own name. */
export interface OutputColumn {
  readonly name: string;
  readonly type: SqlType | (string & {});
}

/** Driver values by column name. */
export type OutputRow = { readonly [column: string]: unknown };

/** Rows as they come, in batches; the columns are known before the first. `return()` gives up what is left. */
export interface RowSource {
  readonly columns: readonly OutputColumn[];
  readonly batches: AsyncGenerator<readonly OutputRow[]>;
}

/** Names made distinct, so that a row object holds every column: Id, Id_1, Id_2. */
export function distinctNames(names: readonly string[]): readonly string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    let distinct = name;
    for (let count = 1; taken.has(distinct); count += 1) distinct = `${name}_${count}`;
    taken.add(distinct);
    return distinct;
  });
}

/** Rows at hand as batches. */
export async function* oneBatch(rows: readonly OutputRow[]): AsyncGenerator<readonly OutputRow[]> {
  if (rows.length > 0) yield rows;
}

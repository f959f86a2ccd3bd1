import type { OutputColumn, RowSource } from "../../execute/row-source.js";
import { givenRows } from "../../execute/row-source.js";
import { dataType } from "../../value/data-type.js";

export const forgottenColumns: readonly OutputColumn[] = ["Lists", "Rows"].map((name) => ({
  name,
  type: dataType("BIGINT"),
}));

/** What FORGET tells: how much there was. */
export function forgottenRows({ lists, rows }: { readonly lists: number; readonly rows: number }): RowSource {
  return givenRows(forgottenColumns, [[lists, rows]]);
}

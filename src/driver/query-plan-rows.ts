import type { OutputColumn, RowSource } from "../execute/row-source.js";
import { givenRows } from "../execute/row-source.js";
import type { ExplainStatement } from "../syntax/statement.js";
import type { Cell } from "../value/cell.js";
import { dataType } from "../value/data-type.js";

type Format = ExplainStatement["format"];

/** What EXPLAIN answers: a line of text in each row, or the one plan as JSON. */
export function queryPlanRows(format: Format, cells: readonly Cell[]): RowSource {
  return givenRows(
    queryPlanColumns(format),
    cells.map((cell) => [cell]),
  );
}

export function queryPlanColumns(format: Format): readonly OutputColumn[] {
  return [{ name: "QUERY PLAN", type: dataType(format === "json" ? "JSON" : "VARCHAR") }];
}

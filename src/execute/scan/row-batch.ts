import type { Constants } from "../../plan/scan/scan.js";
import type { ScanColumn } from "../../plan/select/select-plan.js";
import type { Cell } from "../../value/cell.js";
import type { JsonObject } from "../../value/json.js";
import type { Tuple } from "../row-source.js";
import { columnReader } from "./relation-reader.js";

/** Rows that came together, in Stripe's order. */
export interface RowBatch {
  readonly objects: readonly JsonObject[];
  readonly constants: Constants;
}

/** The batch row by row, with the given columns. */
export function readTuples({ objects, constants }: RowBatch, columns: readonly ScanColumn[]): readonly Tuple[] {
  const readers = columns.map(columnReader);
  return objects.map((object) => readers.map((read) => read(object, constants)));
}

/** Batches column by column. */
export function readColumns(
  batches: readonly RowBatch[],
  columns: readonly ScanColumn[],
): readonly (readonly Cell[])[] {
  return columns.map((column) => {
    const read = columnReader(column);
    const cells: Cell[] = [];
    for (const { objects, constants } of batches) for (const object of objects) cells.push(read(object, constants));
    return cells;
  });
}

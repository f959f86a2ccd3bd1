import type { DirectColumn, ScanRelation, SelectWay } from "../../plan/select/select-plan.js";
import { dataType } from "../../value/data-type.js";
import type { OutputColumn, RowSource, Tuple } from "../row-source.js";
import type { RelationRows } from "../scan/relation-rows.js";
import { readTuples } from "../scan/row-batch.js";

type DirectWay = Extract<SelectWay, { kind: "direct" }>;

/** Rows straight from Stripe's pages: nothing is left to do on the local engine. */
export function directSelect(relation: ScanRelation, way: DirectWay, rows: RelationRows): RowSource {
  return { columns: directColumns(way.columns), batches: directBatches(relation, way, rows) };
}

export function directColumns(columns: readonly DirectColumn[]): readonly OutputColumn[] {
  return columns.map(({ name, source }) => ({ name, type: dataType(source.column.type) }));
}

async function* directBatches(
  relation: ScanRelation,
  { columns, limit, offset }: DirectWay,
  rows: RelationRows,
): AsyncGenerator<readonly Tuple[]> {
  if (limit === 0) return;
  const sources = columns.map(({ source }) => source);
  const end = limit === undefined ? Number.POSITIVE_INFINITY : offset + limit;
  let position = 0;
  for await (const { objects, constants } of rows.read(relation, { readAll: limit === undefined })) {
    const wanted = objects.slice(Math.max(0, offset - position), Math.max(0, end - position));
    position += objects.length;
    if (wanted.length > 0) yield readTuples({ objects: wanted, constants }, sources);
    if (position >= end) return;
  }
}

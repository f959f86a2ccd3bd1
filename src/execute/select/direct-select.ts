import type { DirectColumn, ScanRelation, SelectStrategy } from "../../plan/select/select-plan.js";
import { dataType } from "../../value/data-type.js";
import type { OutputColumn, RowSource, Tuple } from "../row-source.js";
import type { RelationRows } from "../scan/relation-rows.js";
import { readTuples } from "../scan/row-batch.js";

type DirectStrategy = Extract<SelectStrategy, { kind: "direct" }>;

/** Rows straight from Stripe's pages: nothing is left to do on the local engine. */
export function directSelect(relation: ScanRelation, strategy: DirectStrategy, rows: RelationRows): RowSource {
  return { columns: directColumns(strategy.columns), batches: directBatches(relation, strategy, rows) };
}

export function directColumns(columns: readonly DirectColumn[]): readonly OutputColumn[] {
  return columns.map(({ name, source }) => ({ name, type: dataType(source.column.type) }));
}

async function* directBatches(
  relation: ScanRelation,
  { columns, limit, offset }: DirectStrategy,
  rows: RelationRows,
): AsyncGenerator<readonly Tuple[]> {
  if (limit === 0) return;
  const sources = columns.map(({ source }) => source);
  const end = limit === undefined ? Number.POSITIVE_INFINITY : offset + limit;
  let position = 0;
  for await (const { objects, constants } of rows.read(relation, { readAll: limit === undefined })) {
    const wanted = objects.slice(Math.max(0, offset - position), Math.max(0, end - position));
    position += objects.length;
    const batch = { objects: wanted, constants };
    rows.delivered(relation, batch);
    if (wanted.length > 0) yield readTuples(batch, sources);
    if (position >= end) return;
  }
}

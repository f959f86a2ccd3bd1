import type { Scanned } from "../../plan/scan/scan.js";
import { waitsFor } from "../../plan/scan/scan.js";
import type { StatementContext } from "../statement-context.js";
import { distinctRows } from "./distinct-rows.js";
import { freeRows } from "./free-rows.js";
import { boundRows } from "./keyed-rows.js";
import { KeysAsked } from "./keys-asked.js";
import type { ReadOptions } from "./listed-rows.js";
import type { RowBatch } from "./row-batch.js";

export interface ScanOptions extends ReadOptions {
  /** The relations that this one may wait for. */
  readonly relations: readonly Scanned[];
}

/**
 * The rows of a relation as they are asked for, a page at a time: of what it waits for, no more is read than
 * the rows asked for need. Ending the iteration ends the requests.
 */
export async function* scanRows(
  relation: Scanned,
  options: ScanOptions,
  context: StatementContext,
): AsyncGenerator<RowBatch> {
  const distinct = distinctRows(relation);
  for await (const rows of allRows(relation, options, context)) {
    const batch = distinct(rows);
    if (batch.objects.length > 0) yield batch;
  }
}

async function* allRows(
  relation: Scanned,
  { relations, readAll }: ScanOptions,
  context: StatementContext,
): AsyncGenerator<RowBatch> {
  yield* freeRows(relation, { readAll }, context);
  const asked = new KeysAsked();
  for (const id of waitsFor(relation.scan)) {
    const source = relations.find((other) => other.id === id);
    if (source === undefined) throw new RangeError("a relation that waits for none of its plan");
    for await (const rows of scanRows(source, { relations, readAll }, context))
      yield* boundRows(relation, { source, rows, asked, readAll }, context);
  }
  asked.end(relation, context);
}

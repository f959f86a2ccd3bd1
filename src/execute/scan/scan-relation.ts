import type { Table } from "../../catalog/catalog.js";
import { accessesOf } from "../../plan/access/scan.js";
import type { ScanRelation } from "../../plan/select/select-plan.js";
import type { StatementContext } from "../statement-context.js";
import type { ReadColumn } from "./relation-reader.js";
import { columnReader } from "./relation-reader.js";
import type { RowBatch } from "./row-batch.js";
import { scanRows } from "./scan-rows.js";

/** Where a relation's rows come from: its scan, or objects that a write got back. */
export type FetchRows = (relation: ScanRelation, readAll: boolean) => AsyncIterable<RowBatch>;

/** A relation's rows from Stripe. How many a whole table held is told for later estimates. */
export function scanRelation(context: StatementContext): FetchRows {
  return async function* fetched(relation, readAll) {
    const identity = identityOf(relation.table);
    let rows = 0;
    for await (const batch of scanRows(relation.scan, { identity, readAll }, context)) {
      rows += batch.objects.length;
      yield batch;
    }
    if (isWholeTable(relation)) context.recordRows(relation.table, rows);
  };
}

function identityOf({ identity, columns }: Table): readonly ReadColumn[] {
  return identity
    .flatMap((name) => columns.find((column) => column.name === name) ?? [])
    .map((column) => columnReader({ name: column.name, column, constant: column.parentKey }));
}

function isWholeTable({ scan, judged }: ScanRelation): boolean {
  return judged.length === 0 && accessesOf(scan).length === 1 && !(scan.kind === "exact" && scan.limit !== undefined);
}

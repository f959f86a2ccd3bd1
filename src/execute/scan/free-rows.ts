import type { Table } from "../../catalog/catalog.js";
import type { Access, ListAccess, RetrieveAccess, Scanned } from "../../plan/scan/scan.js";
import { accessesOf, limitOf, sourceOf } from "../../plan/scan/scan.js";
import { jsonAt } from "../../value/json.js";
import type { StatementContext } from "../statement-context.js";
import { constantsOf } from "./access-call.js";
import { GivenObjects } from "./given-objects.js";
import { tellOldest } from "./list-survey.js";
import type { ReadOptions } from "./listed-rows.js";
import { listedRows } from "./listed-rows.js";
import { oldestRows } from "./oldest-rows.js";
import { retrievedRows } from "./retrieved-rows.js";
import type { RowBatch } from "./row-batch.js";
import { momentOf } from "./row-check.js";
import type { ReadBatches } from "./side-by-side.js";
import { inTurn, oneByOne } from "./side-by-side.js";

/** Rows of the accesses that wait for nothing. Ending the iteration stops the paging. */
export async function* freeRows(
  { table, scan }: Pick<Scanned, "table" | "scan">,
  { readAll }: ReadOptions,
  context: StatementContext,
): AsyncGenerator<RowBatch> {
  const limit = limitOf(scan);
  if (limit === 0) return;
  const free = accessesOf(scan).filter((access) => sourceOf(access) === undefined);
  const [access] = free;
  if (scan.kind === "exact" && scan.from !== undefined && access?.kind === "list") {
    const read = (list: ListAccess, rows: number | undefined) =>
      listedRows({ table, access: list }, { readAll: false, limit: rows }, context);
    const { from, oldestBy } = scan;
    const found = (rows: number, bySeconds: number) => tellOldest({ table, access }, { rows, bySeconds }, context);
    yield* oldestRows({ access, rows: limit ?? 0, withNewest: from === "ends", oldestBy, found, read });
    return;
  }
  const list = scan.kind === "exact" && scan.ties === true && access?.kind === "list" ? access : undefined;
  if (list === undefined || limit === undefined)
    yield* accessRows({ table, accesses: free }, { readAll, limit }, context);
  else yield* firstRowsAndTies(listedRows({ table, access: list }, { readAll: false }, context), limit, list);
}

/** The first rows of a list that comes in the order of a time, and those of the last one's time: until one of another has come. */
async function* firstRowsAndTies(
  batches: AsyncIterable<RowBatch>,
  limit: number,
  { newestFirstBy }: ListAccess,
): AsyncGenerator<RowBatch> {
  let [count, time] = [0, undefined as number | undefined];
  for await (const batch of batches) {
    yield batch;
    for (const object of batch.objects) {
      count += 1;
      const moment = newestFirstBy && momentOf(jsonAt(object, newestFirstBy));
      if (count === limit) time = moment;
      if (count > limit && moment !== time) return;
    }
  }
}

interface TableAccesses {
  readonly table: Table;
  readonly accesses: readonly Access[];
}

/**
 * The rows of accesses that wait for nothing. Where all of them are wanted, lists come first: an object that one of them
 * gives is not asked for once more.
 */
export async function* accessRows(
  { table, accesses: free }: TableAccesses,
  { readAll, limit }: ReadOptions & { readonly limit: number | undefined },
  context: StatementContext,
): AsyncGenerator<RowBatch> {
  const retrieves = free.filter((access): access is RetrieveAccess => access.kind === "retrieve");
  const areListsFirst = readAll && limit === undefined && retrieves.length > 0;
  if (!areListsFirst) yield* retrievedRows(table, { accesses: retrieves, limit }, context);
  const given = new GivenObjects(table);
  const lists = free.filter((access): access is ListAccess => access.kind === "list");
  const reads = lists.map(
    (access): ReadBatches =>
      (run) =>
        listedRows({ table, access }, { readAll, limit }, run),
  );
  const isSideBySide = readAll && limit === undefined && lists.length > 1;
  for await (const batch of isSideBySide ? inTurn(reads, context) : oneByOne(reads, context)) {
    if (areListsFirst) given.add(batch);
    yield batch;
  }
  if (!areListsFirst) return;
  const accesses = retrieves.filter((access) => !given.has(access, constantsOf(access, context)));
  yield* retrievedRows(table, { accesses, limit }, context);
}

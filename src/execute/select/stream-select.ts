import { pagesAhead, rowsOfPage } from "../../plan/cost/parallel-width.js";
import type { ScanRelation } from "../../plan/select/select-plan.js";
import type { RowSource, Tuple } from "../row-source.js";
import type { EngineRun } from "./engine-run.js";
import { appendGroup, engineBatchRows, grouped, runBatch, sessionTable } from "./engine-run.js";

/** Each batch of the one relation goes through the statement, and its rows out. */
export async function streamSelect(
  run: EngineRun,
  relation: ScanRelation,
  limit: number | undefined,
): Promise<RowSource> {
  // The run over no rows tells the columns.
  const { columns } = await runBatch(run);
  return { columns, batches: streamedBatches(run, relation, limit) };
}

async function* streamedBatches(
  run: EngineRun,
  relation: ScanRelation,
  limit: number | undefined,
): AsyncGenerator<readonly Tuple[]> {
  const { session } = run;
  // With a LIMIT, each page may hold the last row wanted: none is asked for before that is known.
  const rowsAtOnce = (taken: number) => (limit === undefined ? batchRows(run, taken) : 1);
  let remaining = limit ?? Number.POSITIVE_INFINITY;
  if (remaining === 0) return;
  for await (const group of grouped(run.rows.read(relation, { readAll: limit === undefined }), rowsAtOnce)) {
    await appendGroup(session, relation, group);
    const tuples = (await allTuples(await runBatch(run))).slice(0, remaining);
    remaining -= tuples.length;
    for (const batch of group) run.rows.delivered(relation, batch);
    if (tuples.length > 0) yield tuples;
    if (remaining <= 0) return;
    await session.clear(sessionTable(relation));
  }
}

/** Rows that go through the statement at once, where so many have: no more than its reader is likely to want. */
function batchRows({ context: { wantedRows } }: EngineRun, taken: number): number {
  if (wantedRows === undefined) return engineBatchRows;
  // A page of fewer rows than others is whole as well.
  const rowsAhead = (pagesAhead({ wanted: wantedRows(), taken }) - 1) * rowsOfPage + 1;
  return Math.min(engineBatchRows, rowsAhead);
}

async function allTuples({ batches }: RowSource): Promise<readonly Tuple[]> {
  const tuples: Tuple[] = [];
  for await (const batch of batches) tuples.push(...batch);
  return tuples;
}

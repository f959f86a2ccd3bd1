import type { RowSource, Tuple } from "../row-source.js";
import type { EngineRun } from "./engine-run.js";
import { appendGroup, appendSystemRows, engineBatchRows, grouped, runLoaded } from "./engine-run.js";

/** All scans first, then the statement once. */
export async function loadSelect(run: EngineRun): Promise<RowSource> {
  const { plan, context, session, fetchRows } = run;
  await session.check(plan.text.sql, context.parameters);
  for (const relation of plan.relations) {
    if (relation.kind === "system") await appendSystemRows(session, relation);
    else
      for await (const group of grouped(fetchRows(relation, true), engineBatchRows))
        await appendGroup(session, relation, group);
  }
  const { columns, batches } = await runLoaded(run);
  async function* closing(): AsyncGenerator<readonly Tuple[]> {
    try {
      yield* batches;
    } finally {
      await session.close();
    }
  }
  return { columns, batches: closing() };
}

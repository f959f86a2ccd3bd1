import type { RowSource } from "../row-source.js";
import type { EngineRun } from "./engine-run.js";
import { appendSystemRows, engineParameters, runLoaded } from "./engine-run.js";
import { RelationLoader } from "./relation-loader.js";

/** All scans first, then the statement once. */
export async function loadSelect(run: EngineRun): Promise<RowSource> {
  await fillRelations(run);
  return runLoaded(run);
}

/** Reads all that a statement's text runs over, once that is known to be sound. */
export async function fillRelations(run: EngineRun): Promise<void> {
  const { plan, context, session } = run;
  await session.check(plan.text.sql, engineParameters(plan, context));
  for (const relation of plan.relations) if (relation.kind === "system") await appendSystemRows(session, relation);
  const loader = new RelationLoader(session);
  await run.rows.load(
    (relation, batch) => loader.take(relation, batch),
    (computed) => loader.keys(computed),
  );
  await loader.finish();
}

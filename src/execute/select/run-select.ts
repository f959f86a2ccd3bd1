import { placeError } from "../../plan/place-error.js";
import type { SelectPlan } from "../../plan/select/select-plan.js";
import type { SqlText } from "../../syntax/sql-text.js";
import type { JsonObject } from "../../value/json.js";
import type { RowSource, Tuple } from "../row-source.js";
import type { RelationRows } from "../scan/relation-rows.js";
import { rowsAtHand, rowsFromStripe } from "../scan/relation-rows.js";
import type { StatementContext } from "../statement-context.js";
import { directSelect } from "./direct-select.js";
import { sessionTable } from "./engine-run.js";
import { loadSelect } from "./load-select.js";
import { streamSelect } from "./stream-select.js";

/** Runs a SELECT. Nothing is sent to Stripe before the statement is known to be sound. */
export async function runSelect(
  plan: SelectPlan,
  context: StatementContext,
  rows: RelationRows = rowsFromStripe(plan, context),
): Promise<RowSource> {
  try {
    const { columns, batches } = await openSelect(plan, context, rows);
    return { columns, batches: withPlacedErrors(batches, plan.text) };
  } catch (error) {
    throw placeError(error, plan.text);
  }
}

async function* withPlacedErrors(batches: RowSource["batches"], text: SqlText): AsyncGenerator<readonly Tuple[]> {
  try {
    yield* batches;
  } catch (error) {
    throw placeError(error, text);
  }
}

async function openSelect(plan: SelectPlan, context: StatementContext, rows: RelationRows): Promise<RowSource> {
  const { way } = plan;
  const [relation] = plan.relations;
  if (way.kind === "direct" && relation?.kind === "scan") return directSelect(relation, way, rows);
  const engine = await context.engine();
  const session = await engine.session(context.scope.signal);
  const run = { plan, context, session, rows };
  try {
    for (const table of plan.relations.map(sessionTable)) await session.createTable(table);
    return way.kind === "stream" && relation?.kind === "scan"
      ? await streamSelect(run, relation, way.limit)
      : await loadSelect(run);
  } catch (error) {
    await session.close();
    throw error;
  }
}

/** Runs a SELECT over objects at hand: RETURNING. What was written is told, even if the statement is canceled meanwhile. */
export function selectOverObjects(
  plan: SelectPlan,
  objects: readonly JsonObject[],
  context: StatementContext,
): Promise<RowSource> {
  const uncanceled = { ...context, scope: { ...context.scope, signal: undefined } };
  return runSelect(plan, uncanceled, rowsAtHand(plan, objects));
}

import { placeError } from "../../plan/place-error.js";
import type { SelectPlan } from "../../plan/select/select-plan.js";
import type { SqlText } from "../../syntax/sql-text.js";
import type { JsonObject } from "../../value/json.js";
import type { EngineSession } from "../engine/engine-session.js";
import type { RowSource, Tuple } from "../row-source.js";
import type { RelationRows } from "../scan/relation-rows.js";
import { rowsAtHand, rowsFromStripe } from "../scan/relation-rows.js";
import type { StatementContext } from "../statement-context.js";
import { amountColumns } from "./amount-columns.js";
import { createRelations } from "./create-relations.js";
import { directSelect } from "./direct-select.js";
import { growSelect } from "./grow-select.js";
import { loadSelect } from "./load-select.js";
import { streamSelect } from "./stream-select.js";

/** Runs a SELECT. Nothing is sent to Stripe before the statement is known to be sound. */
export async function runSelect(
  plan: SelectPlan,
  context: StatementContext,
  rows: RelationRows = rowsFromStripe(plan, context),
): Promise<RowSource> {
  try {
    const { columns, batches, session } = await openSelect(plan, context, rows);
    const given = closingBatches(batches, { text: plan.text, session });
    // Begun here: of a generator that is given up before it has begun, no `finally` runs.
    await given.next();
    return { columns: amountColumns(columns, plan), batches: given };
  } catch (error) {
    throw placeError(error, plan.text);
  }
}

async function* closingBatches(
  batches: RowSource["batches"],
  { text, session }: { readonly text: SqlText; readonly session: EngineSession | undefined },
): AsyncGenerator<readonly Tuple[]> {
  try {
    yield [];
    yield* batches;
  } catch (error) {
    throw placeError(error, text);
  } finally {
    await session?.close();
  }
}

interface OpenSelect extends RowSource {
  /** What it works in; undefined where the local engine has nothing to do. */
  readonly session?: EngineSession;
}

async function openSelect(plan: SelectPlan, context: StatementContext, rows: RelationRows): Promise<OpenSelect> {
  const { strategy } = plan;
  const [relation] = plan.relations;
  if (strategy.kind === "direct" && relation?.kind === "scan") return directSelect(relation, strategy, rows);
  const engine = await context.engine();
  const session = await engine.session(context.scope.signal, context.timeZone);
  const run = { plan, context, session, rows };
  try {
    if (context.forWrite === true) await session.openForWrite();
    await createRelations(session, plan, context);
    const source =
      strategy.kind === "stream" && relation?.kind === "scan"
        ? await streamSelect(run, relation, strategy.limit)
        : strategy.kind === "grow"
          ? await growSelect(run, strategy)
          : await loadSelect(run);
    return { ...source, session };
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

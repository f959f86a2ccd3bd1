import { placeError } from "../../plan/place-error.js";
import type { SelectPlan } from "../../plan/select/select-plan.js";
import type { EngineDescription } from "../engine/engine-session.js";
import type { StatementContext } from "../statement-context.js";
import { amountColumns } from "./amount-columns.js";
import { createRelations } from "./create-relations.js";
import { directColumns } from "./direct-select.js";
import { outputColumns } from "./engine-run.js";

/**
 * The columns of a SELECT and the types of its parameters, as the local engine tells them over empty tables: nothing is
 * sent and nothing runs. `values`: those of the parameters, where they are known.
 */
export async function describeSelect(
  plan: SelectPlan,
  context: Pick<StatementContext, "engine" | "scope" | "timeZone" | "storedRows">,
  values: readonly unknown[] | undefined,
): Promise<EngineDescription> {
  const { engine, scope, timeZone } = context;
  const { strategy, text } = plan;
  if (strategy.kind === "direct" && values !== undefined)
    return { columns: amountColumns(directColumns(strategy.columns), plan), parameters: new Map() };
  const session = await (await engine()).session(scope.signal, timeZone);
  try {
    await createRelations(session, plan, context);
    const { columns, parameters } = await session.describe(text.sql, values);
    return { columns: columns && amountColumns(outputColumns(columns, plan), plan), parameters };
  } catch (error) {
    throw placeError(error, text);
  } finally {
    await session.close();
  }
}

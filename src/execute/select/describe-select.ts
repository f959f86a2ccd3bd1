import { placeError } from "../../plan/place-error.js";
import type { SelectPlan } from "../../plan/select/select-plan.js";
import type { EngineDescription } from "../engine/engine-session.js";
import type { StatementContext } from "../statement-context.js";
import { amountColumns } from "./amount-columns.js";
import { directColumns } from "./direct-select.js";
import { outputColumns, sessionTable } from "./engine-run.js";

/**
 * The columns of a SELECT and the types of its parameters, as the local engine tells them over empty tables: nothing is
 * sent and nothing runs. `values`: those of the parameters, where they are known.
 */
export async function describeSelect(
  plan: SelectPlan,
  { engine, scope, timeZone }: Pick<StatementContext, "engine" | "scope" | "timeZone">,
  values: readonly unknown[] | undefined,
): Promise<EngineDescription> {
  const { strategy, text, relations } = plan;
  if (strategy.kind === "direct" && values !== undefined)
    return { columns: amountColumns(directColumns(strategy.columns), plan), parameters: new Map() };
  const session = await (await engine()).session(scope.signal, timeZone);
  try {
    for (const table of relations.map(sessionTable)) await session.createTable(table);
    const { columns, parameters } = await session.describe(text.sql, values);
    return { columns: columns && amountColumns(outputColumns(columns, plan), plan), parameters };
  } catch (error) {
    throw placeError(error, text);
  } finally {
    await session.close();
  }
}

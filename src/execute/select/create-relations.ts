import type { SelectPlan } from "../../plan/select/select-plan.js";
import type { EngineSession } from "../engine/engine-session.js";
import type { StatementContext } from "../statement-context.js";
import { sessionTable } from "./engine-run.js";

/** Makes room for a plan's rows in a session, and has it read those that the engine holds already. */
export async function createRelations(
  session: EngineSession,
  { relations }: SelectPlan,
  { storedRows }: Pick<StatementContext, "storedRows">,
): Promise<void> {
  for (const relation of relations) {
    if (relation.kind !== "temp") {
      await session.createTable(sessionTable(relation));
      continue;
    }
    const { table, columns } = storedRows(relation.name);
    await session.show?.(relation.name, table, columns);
  }
}

import type { StatementContext } from "../execute/statement-context.js";
import { readFileRows } from "../execute/write/read-file-rows.js";
import type { PlanEnvironment } from "../plan/environment.js";
import { planSelect } from "../plan/select/plan-select.js";
import { planCopy } from "../plan/write/plan-copy.js";
import type { InsertPlan } from "../plan/write/write-plan.js";
import { writeTarget } from "../plan/write/write-target.js";
import type { CopyStatement } from "../syntax/statement.js";

/** The plan of a COPY, whose file is read for it: what it holds is checked before anything is sent, by EXPLAIN too. */
export async function planCopied(
  statement: CopyStatement,
  { environment, context }: { readonly environment: PlanEnvironment; readonly context: StatementContext },
): Promise<InsertPlan> {
  // What cannot be written to needs no file.
  writeTarget(statement.table, "create", environment);
  const rows = await readFileRows(planSelect(statement.select, environment), statement.file, context);
  return planCopy(statement, rows, environment);
}

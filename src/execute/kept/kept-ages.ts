import type { KeptAges } from "../../plan/explain-kept.js";
import { sourceOf } from "../../plan/scan/scan.js";
import type { SelectPlan } from "../../plan/select/select-plan.js";
import type { StatementContext } from "../statement-context.js";
import { coveringList } from "./kept-lists.js";
import { keptObject } from "./kept-objects.js";
import { readPathsOf } from "./read-paths.js";

/** Which of a plan's requests would be answered from what is kept now; undefined where nothing ever is. */
export function keptAges(plan: SelectPlan | undefined, { kept }: StatementContext): KeptAges | undefined {
  if (kept === undefined || plan === undefined) return undefined;
  const context = { kept, readPaths: readPathsOf(plan) };
  return (table, access) => {
    if (sourceOf(access) !== undefined) return undefined;
    const found =
      access.kind === "list" ? coveringList({ table, access }, context) : keptObject({ table, access }, context);
    return found && { rows: found.list.rows, ageMs: Date.now() - found.list.begunMs };
  };
}

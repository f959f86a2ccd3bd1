import type { ScanRelation, SelectPlan } from "./select/select-plan.js";
import type { DeletePlan, InsertPlan, ProcedurePlan, UpdatePlan } from "./write/write-plan.js";

/** The plan of a statement that sends requests. */
export type Plan = SelectPlan | InsertPlan | UpdatePlan | DeletePlan | ProcedurePlan;

/** Its scans: of a write, those that find its objects or their values. */
export function scansOf(plan: Plan): readonly ScanRelation[] {
  return selectOf(plan)?.relations.filter((relation) => relation.kind === "scan") ?? [];
}

function selectOf(plan: Plan): SelectPlan | undefined {
  if (plan.kind === "select") return plan;
  return plan.requests.kind === "query" ? plan.requests.select : undefined;
}

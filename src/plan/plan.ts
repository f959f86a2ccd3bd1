import type { SelectPlan } from "./select/select-plan.js";
import type { DeletePlan, InsertPlan, MergePlan, ProcedurePlan, UpdatePlan } from "./write/write-plan.js";

/** The plan of a statement that sends requests. */
export type Plan = SelectPlan | InsertPlan | UpdatePlan | DeletePlan | MergePlan | ProcedurePlan;

/** The SELECT that it reads by: of a write, the one that finds its objects or their values. */
export function selectOf(plan: Plan): SelectPlan | undefined {
  if (plan.kind === "select") return plan;
  return plan.requests.kind === "constant" ? undefined : plan.requests.select;
}

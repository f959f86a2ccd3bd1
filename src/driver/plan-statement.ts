import type { PlanEnvironment } from "../plan/environment.js";
import type { Plan } from "../plan/plan.js";
import { planSelect } from "../plan/select/plan-select.js";
import { planDelete } from "../plan/write/plan-delete.js";
import { planInsert } from "../plan/write/plan-insert.js";
import { planMerge } from "../plan/write/plan-merge.js";
import { planProcedure } from "../plan/write/plan-procedure.js";
import { planUpdate } from "../plan/write/plan-update.js";
import type { Statement } from "../syntax/statement.js";

/** A statement that takes requests. */
export type PlannedStatement = Extract<
  Statement,
  { kind: "select" | "insert" | "update" | "delete" | "merge" | "execute" }
>;

export function isPlanned(statement: Statement): statement is PlannedStatement {
  return ["select", "insert", "update", "delete", "merge", "execute"].includes(statement.kind);
}

export function planStatement(statement: PlannedStatement, environment: PlanEnvironment): Plan {
  switch (statement.kind) {
    case "select":
      return planSelect(statement, environment);
    case "insert":
      return planInsert(statement, environment);
    case "update":
      return planUpdate(statement, environment);
    case "delete":
      return planDelete(statement, environment);
    case "merge":
      return planMerge(statement, environment);
    case "execute":
      return planProcedure(statement, environment);
  }
}

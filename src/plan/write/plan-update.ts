import type { UpdateStatement } from "../../syntax/statement.js";
import type { PlanEnvironment } from "../environment.js";
import { readAssignments } from "./assignment.js";
import { planReturning } from "./plan-returning.js";
import { targetName } from "./target-items.js";
import { targetRequests } from "./target-requests.js";
import type { UpdatePlan } from "./write-plan.js";
import { writeTarget } from "./write-target.js";

export function planUpdate(statement: UpdateStatement, environment: PlanEnvironment): UpdatePlan {
  const target = writeTarget(statement.table, "update", environment);
  const called = targetName(statement);
  const assignments = readAssignments(statement.assignments, { ...target, called, environment });
  return {
    kind: "update",
    table: target.table,
    endpoint: target.endpoint,
    ...targetRequests({ statement, ...target, assignments, environment }),
    returning: planReturning(statement, environment),
  };
}

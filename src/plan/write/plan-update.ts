import type { UpdateStatement } from "../../syntax/statement.js";
import type { PlanEnvironment } from "../environment.js";
import { readAssignment } from "./assignment.js";
import { planReturning } from "./plan-returning.js";
import { rejectRepeated } from "./reject-repeated.js";
import { assignedParameter } from "./slot-of-column.js";
import { targetRequests } from "./target-requests.js";
import type { UpdatePlan } from "./write-plan.js";
import { writeTarget } from "./write-target.js";

export function planUpdate(statement: UpdateStatement, environment: PlanEnvironment): UpdatePlan {
  const { table, naming, endpoint } = writeTarget(statement.table, "update", environment);
  const assigned = statement.assignments.map(({ column }) =>
    assignedParameter(column, { table, naming, endpoint, verb: "updated in" }),
  );
  rejectRepeated(
    statement.assignments.map(({ column }) => column),
    assigned.map((parameter) => ({ kind: "parameter", parameter })),
  );
  const assignments = statement.assignments.flatMap(({ column, value }, index) => {
    const parameter = assigned[index];
    return parameter === undefined ? [] : [readAssignment({ column, parameter, value, endpoint, environment })];
  });
  return {
    kind: "update",
    table,
    endpoint,
    ...targetRequests({ statement, table, naming, endpoint, assignments, environment }),
    returning: planReturning(statement, environment),
  };
}

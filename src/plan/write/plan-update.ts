import type { UpdateStatement } from "../../syntax/statement.js";
import type { PlanEnvironment } from "../environment.js";
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
  const values = statement.assignments.map(({ value }) => value);
  return {
    kind: "update",
    table,
    endpoint,
    ...targetRequests({ statement, table, naming, endpoint, assigned, values, environment }),
    returning: planReturning(statement, environment),
  };
}

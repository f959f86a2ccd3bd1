import type { DeleteStatement } from "../../syntax/statement.js";
import type { PlanEnvironment } from "../environment.js";
import { planReturning } from "./plan-returning.js";
import { targetRequests } from "./target-requests.js";
import type { DeletePlan } from "./write-plan.js";
import { writeTarget } from "./write-target.js";

export function planDelete(statement: DeleteStatement, environment: PlanEnvironment): DeletePlan {
  const { table, naming, endpoint } = writeTarget(statement.table, "delete", environment);
  return {
    kind: "delete",
    table,
    endpoint,
    ...targetRequests({ statement, table, naming, endpoint, assignments: [], environment }),
    returning: planReturning(statement, environment),
  };
}

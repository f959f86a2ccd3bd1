import { SqlState } from "../error/sql-state.js";
import { StripeSqlError } from "../error/stripe-sql-error.js";
import type { Statistics } from "../plan/cost/statistics.js";
import type { Plan } from "../plan/plan.js";
import { selectOf } from "../plan/plan.js";
import { leastCost } from "../plan/plan-cost.js";
import { accessesOf } from "../plan/scan/scan.js";
import type { SelectPlan } from "../plan/select/select-plan.js";
import { scannedOf } from "../plan/select/select-plan.js";

/** What was seen may have become less since: an estimate has to be so much above the limit. */
const doubtfulPart = 1.1;

/** True where it is not known yet which test clocks there are: where there is no room to ask for them, they are left out. */
function mayAskForClocks(plan: SelectPlan, statistics: Statistics): boolean {
  return scannedOf(plan)
    .flatMap(({ scan }) => accessesOf(scan))
    .some(
      (access) =>
        access.kind === "list" &&
        access.onClocks !== undefined &&
        statistics.testClocks(access.accountId) === undefined,
    );
}

/** Refuses a statement, with SQLSTATE 53400, before its first request where it is known to take more than it may. */
export function requireKnownRoom(plan: Plan, statistics: Statistics, maxRequests: number | undefined): void {
  if (maxRequests === undefined) return;
  const { requests, basis } = leastCost(plan, statistics);
  if (basis === "bounded" || basis === "assumed") return;
  if (requests <= maxRequests * (basis === "exact" ? 1 : doubtfulPart)) return;
  const select = selectOf(plan);
  if (select !== undefined && mayAskForClocks(select, statistics)) return;
  const about = basis === "exact" ? "" : "about ";
  throw new StripeSqlError(`the statement needs more than ${maxRequests} requests`, {
    sqlState: SqlState.configurationLimitExceeded,
    phase: "plan",
    detail: `MaxRequests is ${maxRequests}; it takes ${about}${requests}. None was sent.`,
    hint: "Narrow the WHERE clause, add a LIMIT, or raise MaxRequests. EXPLAIN shows the requests of a statement.",
  });
}

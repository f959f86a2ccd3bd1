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

/**
 * Requests of the estimate that are for test clocks of which it is not known yet whether there are any: where there is no
 * room for them, they are left out. Of lists by keys they are not told apart: all of the estimate may be.
 */
function requestsForClocks(plan: SelectPlan, statistics: Statistics): number {
  const unknown = scannedOf(plan)
    .flatMap(({ scan }) => accessesOf(scan))
    .filter(
      (access) =>
        access.kind === "list" &&
        access.onClocks !== undefined &&
        statistics.testClocks(access.accountId) === undefined,
    );
  return unknown.some(({ bindings }) => bindings.length > 0) ? Number.POSITIVE_INFINITY : unknown.length;
}

/** What a plan is known to take where that is more than `maxRequests`; undefined where it is not, or is not known to be. */
export function knownExcess(plan: Plan, statistics: Statistics, maxRequests: number | undefined): string | undefined {
  if (maxRequests === undefined) return undefined;
  const { requests, basis } = leastCost(plan, statistics);
  if (basis === "bounded" || basis === "assumed") return undefined;
  const select = selectOf(plan);
  const forClocks = select === undefined ? 0 : requestsForClocks(select, statistics);
  if (requests - forClocks <= maxRequests * (basis === "exact" ? 1 : doubtfulPart)) return undefined;
  return `${basis === "exact" ? "" : "about "}${requests}`;
}

/** Refuses a statement, with SQLSTATE 53400, before its first request where it is known to take more than it may. */
export function requireKnownRoom(plan: Plan, statistics: Statistics, maxRequests: number | undefined): void {
  const excess = knownExcess(plan, statistics, maxRequests);
  if (excess === undefined) return;
  throw new StripeSqlError(`the statement needs more than ${maxRequests} requests`, {
    sqlState: SqlState.configurationLimitExceeded,
    phase: "plan",
    detail: `MaxRequests is ${maxRequests}; it takes ${excess}. None was sent.`,
    hint: "Narrow the WHERE clause, add a LIMIT, or raise MaxRequests. EXPLAIN shows the requests of a statement.",
  });
}

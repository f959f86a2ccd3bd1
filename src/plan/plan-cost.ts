import type { Cost } from "./access/cost.js";
import { asSeen, costOf, sumOf } from "./access/cost.js";
import type { Statistics } from "./access/statistics.js";
import type { Plan } from "./plan.js";
import { scansOf } from "./plan.js";
import type { ScanRelation } from "./select/select-plan.js";

/** What a plan takes in all, by what was seen. */
export function planCost(plan: Plan, statistics: Statistics): Cost {
  return sumOf([...scansOf(plan).map((relation) => relationCost(relation, statistics)), writeCost(plan)]);
}

export function relationCost({ scan, table }: ScanRelation, statistics: Statistics): Cost {
  return costOf(scan, { table, statistics, assumptions: asSeen });
}

/** Requests of a plan; undefined where the size of a table that it lists was never seen. */
export function knownRequests(plan: Plan, statistics: Statistics): number | undefined {
  const { requests, basis } = planCost(plan, statistics);
  return basis === "assumed" ? undefined : requests;
}

/** What a write itself sends: a request an object. */
function writeCost(plan: Plan): Cost {
  switch (plan.kind) {
    case "select":
      return calls(0);
    case "procedure":
      return plan.procedure.result.kind === "list" ? someCalls : calls(1);
    case "insert":
    case "update":
    case "delete":
      return plan.requests.kind === "constant" ? calls(plan.requests.requests.length) : someCalls;
  }
}

const calls = (count: number): Cost => ({ requests: count, objects: count, basis: "exact" });
const someCalls: Cost = { requests: 1, objects: 1, basis: "assumed" };

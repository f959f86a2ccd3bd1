import { distinctRelations } from "./access/access-key.js";
import type { Cost } from "./access/cost.js";
import { asSeen, costOf, sumOf } from "./access/cost.js";
import type { Scanned } from "./access/scan.js";
import { accessesOf, waitsFor } from "./access/scan.js";
import type { Statistics } from "./access/statistics.js";
import type { Plan } from "./plan.js";
import { selectOf } from "./plan.js";
import type { SelectPlan } from "./select/select-plan.js";
import { scannedOf } from "./select/select-plan.js";

/** What a plan takes in all, by what was seen. */
export function planCost(plan: Plan, statistics: Statistics): Cost {
  return sumOf([readCost(plan, statistics), writeCost(plan)]);
}

/** What it takes to read, all of which Stripe counts as reads. */
export function readCost(plan: Plan, statistics: Statistics): Cost {
  const scanned = scannedOf(selectOf(plan));
  return sumOf(scanned.map((relation) => costOf(relation, { statistics, assumptions: asSeen, sources: scanned })));
}

/** What one relation takes, with all that is read for its sake. */
export function relationCost(relation: Scanned, select: SelectPlan, statistics: Statistics): Cost {
  const scanned = scannedOf(select);
  const read = withSources(relation, scanned);
  return sumOf(read.map((one) => costOf(one, { statistics, assumptions: asSeen, sources: scanned })));
}

function withSources(relation: Scanned, scanned: readonly Scanned[]): readonly Scanned[] {
  const sources = waitsFor(relation.scan).flatMap((id) => scanned.filter((other) => other.id === id));
  return distinctRelations([...sources.flatMap((source) => withSources(source, scanned)), relation]);
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
      return plan.requests.kind === "constant" ? calls(plan.requests.requests.length) : someCalls;
    case "update":
    case "delete":
      return plan.requests.kind === "constant" ? calls(plan.requests.requests.length) : callsOf(plan.requests.select);
  }
}

/** A call for each object that is read by its key; how many objects a list has for it is not known before. */
function callsOf({ relations: [relation, another] }: SelectPlan): Cost {
  if (another !== undefined || relation?.kind !== "scan") return someCalls;
  const accesses = accessesOf(relation.scan);
  const isByKey = accesses.every(({ kind, bindings }) => kind === "retrieve" && bindings.length === 0);
  return isByKey ? { ...calls(accesses.length), basis: "seen" } : someCalls;
}

const calls = (count: number): Cost => ({ requests: count, objects: count, basis: "exact" });
const someCalls: Cost = { requests: 1, objects: 1, basis: "assumed" };

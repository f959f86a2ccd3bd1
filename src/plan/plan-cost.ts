import { distinctRelations } from "./access/access-key.js";
import type { Cost } from "./cost/cost.js";
import { asSeen, costOf, likely, nothing, sumOf, weakerOf } from "./cost/cost.js";
import { embeddedRows } from "./cost/list-estimate.js";
import type { Statistics } from "./cost/statistics.js";
import type { Plan } from "./plan.js";
import { selectOf } from "./plan.js";
import type { Scanned } from "./scan/scan.js";
import { accessesOf, waitsFor } from "./scan/scan.js";
import { rowsUntilFilled } from "./select/rows-until-filled.js";
import type { SelectPlan } from "./select/select-plan.js";
import { completedLists, scannedOf, scanRelations } from "./select/select-plan.js";

/** What a plan takes in all, by what was seen. */
export function planCost(plan: Plan, statistics: Statistics): Cost {
  return sumOf([readCost(plan, statistics), writeCost(plan)]);
}

/** Requests that are known of a plan of which others are not; undefined where none are. */
export function knownPart(plan: Plan, statistics: Statistics): Cost | undefined {
  const select = selectOf(plan);
  const costs = [...(select === undefined ? [] : costsOf(scannedOf(select), select, statistics)), writeCost(plan)];
  const known = sumOf(costs.filter(({ basis }) => isKnown(basis)));
  return known.requests > 0 ? known : undefined;
}

/** What a plan takes at the least: what it reads, and the changes that are known before. */
export function leastCost(plan: Plan, statistics: Statistics): Cost {
  const isConstant = plan.kind !== "select" && plan.requests.kind === "constant";
  return isConstant ? writeCost(plan) : readCost(plan, statistics);
}

/** What it takes to read, all of which Stripe counts as reads. */
export function readCost(plan: Plan, statistics: Statistics): Cost {
  const select = selectOf(plan);
  return select === undefined ? nothing : sumOf(costsOf(scannedOf(select), select, statistics));
}

/** What each relation of the SQL is likely to take, where a guess is better than to say that it is not known. */
export function likelyCosts(select: SelectPlan, statistics: Statistics): readonly Cost[] {
  return costsOf(scannedOf(select), select, statistics, likely);
}

/** What one relation takes, with all that is read for its sake. */
export function relationCost(relation: Scanned, select: SelectPlan, statistics: Statistics): Cost {
  return sumOf(costsOf(withSources(relation, scannedOf(select)), select, statistics));
}

function costsOf(
  read: readonly Scanned[],
  select: SelectPlan,
  statistics: Statistics,
  assumptions = asSeen,
): readonly Cost[] {
  const asRead = rowsUntilFilled(select, statistics);
  const sources = scannedOf(select).map(asRead.scanned);
  const context = { statistics, assumptions, sources };
  return read.map((relation) => {
    const cost = costOf(asRead.scanned(relation), context);
    const known = { ...cost, basis: weakerOf(cost.basis, asRead.basis) };
    return sumOf([known, completionCost(relation, known, { select, statistics })]);
  });
}

/** From few objects it is not told what many take. */
const mostTimes = 10;

/** What it takes to read on the lists of which objects hold the first rows, where the statement names them. */
function completionCost(
  { id, table, scan }: Scanned,
  { objects, basis }: Cost,
  { select, statistics }: { readonly select: SelectPlan; readonly statistics: Statistics },
): Cost {
  const columns = scanRelations(select).flatMap((relation) => (relation.id === id ? completedLists(relation) : []));
  const [access] = accessesOf(scan);
  if (access === undefined) return nothing;
  const of = { schema: table.schema, table: table.name, accountId: access.accountId };
  const distinct = new Map(columns.map(({ column }) => [column.name, column.path]));
  const costs = [...distinct].map(([name, path]): Cost => {
    const fact = statistics.fact(of, "completed", name);
    if (fact === undefined || objects > mostTimes * fact.objects) {
      const held = embeddedRows({ table, scan }, { path, objects, statistics });
      const requests = Math.round(held?.cut ?? 0);
      return { requests, objects: 0, basis: held === undefined ? "assumed" : weakerOf(basis, "seen") };
    }
    const requests = Math.round((objects * fact.requests) / fact.objects);
    return { requests, objects: 0, basis: weakerOf(basis, "seen") };
  });
  return sumOf(costs);
}

function withSources(relation: Scanned, scanned: readonly Scanned[]): readonly Scanned[] {
  const sources = waitsFor(relation.scan).flatMap((id) => scanned.filter((other) => other.id === id));
  return distinctRelations([...sources.flatMap((source) => withSources(source, scanned)), relation]);
}

/** Requests of a plan; undefined where too little was seen of what it lists. */
export function knownRequests(plan: Plan, statistics: Statistics): number | undefined {
  const { requests, basis } = planCost(plan, statistics);
  return isKnown(basis) ? requests : undefined;
}

/** True where the requests are told, and not merely a bound of them. */
export const isKnown = (basis: Cost["basis"]): boolean => basis === "exact" || basis === "seen";

/** What a write itself sends: a request an object. */
function writeCost(plan: Plan): Cost {
  switch (plan.kind) {
    case "select":
      return calls(0);
    case "procedure":
      return plan.procedure.result.kind === "list" || plan.isOfRows ? someCalls : calls(1);
    case "merge":
      return someCalls;
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

import type { Query } from "../syntax/expression.js";
import { sumOf } from "./cost/cost.js";
import type { PlanEnvironment } from "./environment.js";
import { mostRows } from "./names/computed-keys.js";
import { likelyCosts } from "./plan-cost.js";
import { wholeNumber } from "./predicate/constant.js";
import type { SelectPlan } from "./select/select-plan.js";

/** What a request and a row are in PostgreSQL's units, of which reading a page of a file is one: requests come first. */
const costOfRequest = 1000;
const costOfRow = 0.01;

/** Groups, where nothing tells how many there are: PostgreSQL's own guess. */
const someGroups = 200;

/** Bytes of a value, on average. */
const widthOfColumn = 32;

/**
 * What a plan is likely to take, in the words of PostgreSQL's EXPLAIN: "(cost=0.00..4004.00 rows=400 width=64)". Programs
 * that weigh this statement against others read it, such as postgres_fdw with use_remote_estimate.
 */
export function estimateText(plan: SelectPlan, query: Query, { constants, statistics }: PlanEnvironment): string {
  const costs = likelyCosts(plan, statistics);
  const { requests, objects } = sumOf(costs);
  const groups = query.kind === "select" && (query.groupBy.length > 0 || query.distinct) ? someGroups : undefined;
  const most = mostRows(query) ?? groups ?? Number.POSITIVE_INFINITY;
  const limit = wholeNumber(query.limit, constants) ?? Number.POSITIVE_INFINITY;
  // A join is taken to have as many rows as its largest relation, whatever conditions are left to be applied here.
  const rows = Math.max(1, Math.round(Math.min(most, limit, Math.max(0, ...costs.map((cost) => cost.objects)))));
  const cost = requests * costOfRequest + (objects + rows) * costOfRow;
  const columns = query.kind === "select" ? query.items.length : 1;
  return `(cost=0.00..${cost.toFixed(2)} rows=${rows} width=${Math.max(1, columns) * widthOfColumn})`;
}

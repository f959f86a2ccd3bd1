import type { Json, JsonObject } from "../value/json.js";
import type { Cost } from "./cost/cost.js";
import { keptJson, keptShare } from "./explain-kept.js";
import { readsJson, timeJson } from "./explain-limits.js";
import { tempTablesJson } from "./explain-temp-tables.js";
import type { CostedWay, ExplainContext, ExplainedAccess, ExplainedScan } from "./explained-plan.js";
import { explainedScans, fromKeys, mergeEndpoints, noticesOf, unkeyedOf } from "./explained-plan.js";
import type { Plan } from "./plan.js";
import { selectOf } from "./plan.js";
import { planCost, readCost } from "./plan-cost.js";
import { printPredicate } from "./predicate/predicate.js";
import type { Access } from "./scan/scan.js";
import { accessesOf, isBounded } from "./scan/scan.js";
import type { SelectPlan } from "./select/select-plan.js";
import { completedLists, ownPredicates, scannedOf } from "./select/select-plan.js";

/** A plan as EXPLAIN (FORMAT JSON) gives it. */
export function explainJson(plan: Plan, context: ExplainContext): JsonObject {
  const total = planCost(plan, context.statistics);
  return {
    statement: plan.kind,
    ...(plan.kind === "select" ? { way: plan.strategy.kind } : { call: describeWrite(plan) }),
    scans: explainedScans(plan, context).map(explainScan),
    ...tempTablesJson(plan, context),
    ...requestsJson(total),
    ...keptShareJson(plan, context),
    ...timeJson(plan, total, context),
    ...readsJson(readCost(plan, context.statistics), context),
    notices: noticesOf(plan),
  };
}

function keptShareJson(plan: Plan, context: ExplainContext): JsonObject {
  const share = keptShare(scannedOf(selectOf(plan)), context);
  return share === "none" ? {} : { kept: share };
}

/** An access without what it is read through. */
const bareAccess = (access: Access): JsonObject => explainAccess({ access, parent: undefined });

const explainRejected = ({ scan, cost }: CostedWay): JsonObject => ({
  accesses: accessesOf(scan).slice(0, 20).map(bareAccess),
  accessCount: accessesOf(scan).length,
  ...requestsJson(cost),
});

/** NULL where the requests are not known before the statement runs. */
function requestsJson({ requests, basis }: Cost): JsonObject {
  const isUnknown = basis === "assumed";
  return { requests: isUnknown ? null : requests, requestsExact: basis === "exact", requestsBasis: basisNames[basis] };
}

const basisNames = { exact: "exact", seen: "estimated", bounded: "at most", assumed: "unknown" } as const;

function explainScan({ relation, accesses, clocks, sideBySide: most, cost, rejected }: ExplainedScan): JsonObject {
  const { scan } = relation;
  const unkeyed = unkeyedOf(scan);
  const lists = completedLists(relation).map(({ name }) => name);
  const named = ownPredicates(relation).map(({ predicate, verdict }) => ({
    predicate: printPredicate(predicate),
    verdict,
  }));
  return {
    table: relation.table.name,
    scan: scan.kind,
    ...(scan.kind === "empty"
      ? { reason: scan.reason }
      : { accesses: accesses.slice(0, 20).map(explainAccess), accessCount: accesses.length }),
    columns: relation.columns.map(({ name }) => name),
    pushed: named.filter(({ verdict }) => verdict !== "unsupported"),
    local: named.filter(({ verdict }) => verdict !== "exact").map(({ predicate }) => predicate),
    ...(scan.kind === "exact" && scan.limit !== undefined
      ? { limit: scan.limit, ...(scan.from && { from: scan.from }) }
      : {}),
    ...(lists.length === 0 ? {} : { lists }),
    ...(most === 1 ? {} : { ranges: { of: "Created", sideBySide: most } }),
    ...(clocks === undefined ? {} : { testClocks: clocks }),
    ...(unkeyed === undefined
      ? {}
      : {
          insteadOfKeys: {
            accesses: unkeyed.accesses.map(bareAccess),
            fromKeys: (accessesOf(scan).every(isBounded) ? undefined : fromKeys(unkeyed)) ?? null,
          },
        }),
    ...(rejected.length === 0 ? {} : { rejected: rejected.slice(0, 20).map(explainRejected) }),
    ...requestsJson(cost),
  };
}

function explainAccess({ access, parent, keysOf, kept }: ExplainedAccess): JsonObject {
  const common = {
    method: access.endpoint.method,
    path: access.path,
    call: access.endpoint.sdkMethod,
    parameters: access.parameters,
  };
  const account = access.accountId === undefined ? {} : { account: access.accountId };
  if (parent !== undefined) {
    const embedded = access.embeddedAt !== undefined;
    const isNested = access.kind === "list" && access.bindings[0]?.kind === "parent";
    return {
      ...account,
      ...common,
      access: isNested ? "nested list" : "by key",
      parent: explainAccess(parent),
      embedded,
    };
  }
  if (keysOf !== undefined && isBounded(access)) return { ...account, ...common, access: "list", boundsOf: keysOf };
  if (keysOf !== undefined) return { ...account, ...common, access: "by key", keys: keysOf };
  switch (access.kind) {
    case "retrieve":
      return { ...account, ...common, access: "retrieve", ...keptJson(kept) };
    case "list":
      return { ...account, ...common, access: access.budget === "search" ? "search" : "list", ...keptJson(kept) };
  }
}

function describeWrite(plan: Exclude<Plan, SelectPlan>): Json {
  if (plan.kind === "merge")
    return mergeEndpoints(plan).map(({ kind, endpoint: { method, path, sdkMethod } }) => ({
      action: kind,
      method,
      path,
      call: sdkMethod,
    }));
  const endpoint = plan.kind === "procedure" ? plan.procedure : plan.endpoint;
  return { method: endpoint.method, path: endpoint.path, call: endpoint.sdkMethod };
}

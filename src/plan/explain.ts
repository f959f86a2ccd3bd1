import type { Json, JsonObject } from "../value/json.js";
import { isJsonObject } from "../value/json.js";
import { distinctRelations } from "./access/access-key.js";
import type { RejectedWay } from "./access/candidate.js";
import type { Cost } from "./cost/cost.js";
import { asSeen, compareCosts, costOf, sumOf } from "./cost/cost.js";
import type { Statistics } from "./cost/statistics.js";
import type { KeptAge, KeptFacts } from "./explain-kept.js";
import { keptJson, keptShare, keptText } from "./explain-kept.js";
import type { LimitFacts } from "./explain-limits.js";
import { readsJson, readsLines, timeJson, timeText } from "./explain-limits.js";
import type { TempTableFacts } from "./explain-temp-tables.js";
import { tempTableLines, tempTablesJson } from "./explain-temp-tables.js";
import { sideBySide } from "./parallel-lists.js";
import type { Plan } from "./plan.js";
import { selectOf } from "./plan.js";
import { knownPart, planCost, readCost, relationCost } from "./plan-cost.js";
import { printPredicate } from "./predicate/predicate.js";
import type { Access, Scan, Scanned, UnkeyedReading } from "./scan/scan.js";
import { accessesOf, isBounded, sourceOf } from "./scan/scan.js";
import type { ScanRelation, SelectPlan } from "./select/select-plan.js";
import { completedLists, ownPredicates, scannedOf, scanRelations } from "./select/select-plan.js";
import type { MergePlan } from "./write/write-plan.js";

export type ExplainContext = LimitFacts & KeptFacts & TempTableFacts;

/** An access, once for each of its source's that it waits for. */
interface ExplainedAccess {
  readonly access: Access;
  readonly parent: (ExplainedAccess & { readonly table: string }) | undefined;
  /** What the local engine computes its keys of. */
  readonly keysOf?: string;
  readonly kept?: KeptAge | undefined;
}

interface ExplainedScan {
  readonly relation: ScanRelation;
  readonly accesses: readonly ExplainedAccess[];
  /** What becomes of its rows on test clocks, where there may be some. */
  readonly clocks: string | undefined;
  /** Requests that its lists have under way at most: more than 1 where they are read in ranges of their creation times. */
  readonly sideBySide: number;
  /** Its own, and of what is read for its sake. */
  readonly cost: Cost;
  /** The ways that were not taken, that of the fewest requests first. */
  readonly rejected: readonly CostedWay[];
}

interface CostedWay extends RejectedWay {
  readonly cost: Cost;
}

function explainedScans(plan: Plan, context: ExplainContext): readonly ExplainedScan[] {
  const select = selectOf(plan);
  if (select === undefined) return [];
  const { statistics, kept } = context;
  const scanned = scannedOf(select);
  return scanRelations(select).map((relation) => ({
    relation,
    accesses: explainedAccesses(relation.scan, scanned).map((explained) => ({
      ...explained,
      kept: kept?.(relation.table, explained.access),
    })),
    clocks: clocksText(relation, statistics),
    sideBySide: accessesOf(relation.scan).reduce(
      (most, access) => Math.max(most, access.kind === "list" ? sideBySide({ select, relation, access }, context) : 1),
      1,
    ),
    cost: relationCost(relation, select, statistics),
    rejected: rejectedWays(relation, scanned, statistics),
  }));
}

function rejectedWays(
  { table, rejected }: ScanRelation,
  scanned: readonly Scanned[],
  statistics: Statistics,
): readonly CostedWay[] {
  const costed = rejected.map((way) => {
    const sources = distinctRelations([...scanned, ...way.sources]);
    const read = [{ table, scan: way.scan }, ...way.feeds];
    return { ...way, cost: sumOf(read.map((one) => costOf(one, { statistics, assumptions: asSeen, sources }))) };
  });
  return costed.sort(
    (one, other) => Number(!isTold(one.cost)) - Number(!isTold(other.cost)) || compareCosts(one.cost, other.cost),
  );
}

const isTold = ({ basis }: Cost): boolean => basis !== "assumed";

const unkeyedOf = (scan: Scan): UnkeyedReading | undefined => (scan.kind === "inexact" ? scan.unkeyed : undefined);

/** So many keys lead to as many requests as the rows without them do. */
const fromKeys = ({ requests }: UnkeyedReading): number | undefined =>
  requests === undefined ? undefined : requests + 1;

/** An access without what it is read through. */
const bareAccess = (access: Access): JsonObject => explainAccess({ access, parent: undefined });

const explainRejected = ({ scan, cost }: CostedWay): JsonObject => ({
  accesses: accessesOf(scan).slice(0, 20).map(bareAccess),
  accessCount: accessesOf(scan).length,
  ...requestsJson(cost),
});

function clocksText({ scan }: ScanRelation, statistics: Statistics): string | undefined {
  for (const access of accessesOf(scan)) {
    if (access.kind !== "list" || access.onClocks === undefined) continue;
    const { parameter, clocks } = access.onClocks;
    const known = statistics.testClocks(access.accountId);
    if (known === 0) continue;
    if (parameter === undefined) return "rows on them are left out";
    return `${known === undefined ? `asked for by GET ${clocks}, then` : ""} one more list for each of ${known ?? "them"}, by ${parameter}`.trim();
  }
  return undefined;
}

/** What the plan tells, and what the lists that it reads would. */
function noticesOf(plan: Plan): readonly string[] {
  const accesses = scannedOf(selectOf(plan)).flatMap(({ scan }) => accessesOf(scan));
  const omitted = accesses.flatMap((access) => (access.kind === "list" ? access.omits : []));
  return [...new Set([...("notices" in plan ? plan.notices : []), ...omitted.map(({ notice }) => notice)])];
}

function explainedAccesses(scan: Scan, scanned: readonly Scanned[]): readonly ExplainedAccess[] {
  return accessesOf(scan).flatMap((access): readonly ExplainedAccess[] => {
    const id = sourceOf(access);
    const source = scanned.find((relation) => relation.id === id);
    if (source === undefined) return [{ access, parent: undefined }];
    if (source.computed !== undefined) return [{ access, parent: undefined, keysOf: source.table.name }];
    const table = source.table.name;
    const parents = explainedAccesses(source.scan, scanned).map((parent) => ({ access, parent: { ...parent, table } }));
    // A key is told of by its table, whose own lines stand beside.
    return access.bindings.every(({ kind }) => kind === "parent") ? parents : parents.slice(0, 1);
  });
}

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

/** What is kept needs no request: the estimate is of the plan without it. */
function keptShareText(plan: Plan, context: ExplainContext): string {
  switch (keptShare(scannedOf(selectOf(plan)), context)) {
    case "none":
      return "";
    case "some":
      return ", less those for what is kept";
    case "all":
      return " without what is kept, 0 with it";
  }
}

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

/** The same for people: a line for each fact. */
export function explainText(plan: Plan, context: ExplainContext): readonly string[] {
  const cost = planCost(plan, context.statistics);
  return [
    headline(plan),
    ...explainedScans(plan, context).flatMap(scanLines),
    ...tempTableLines(plan, context),
    `Requests: ${requestsText(cost)}${leastText(plan, cost, context)}${keptShareText(plan, context)}${timeText(plan, cost, context)}`,
    ...readsLines(readCost(plan, context.statistics), context),
    ...noticesOf(plan).map((notice) => `Notice: ${notice}`),
  ];
}

/** Where the sum is not known, what is known of it. */
function leastText(plan: Plan, { basis }: Cost, { statistics }: ExplainContext): string {
  const known = basis === "assumed" ? knownPart(plan, statistics) : undefined;
  return known === undefined ? "" : `, at least ${requestsText(known)}`;
}

function requestsText({ requests, basis }: Cost): string {
  switch (basis) {
    case "exact":
      return String(requests);
    case "seen":
      return `about ${requests}`;
    case "bounded":
      return `at most ${requests}`;
    case "assumed":
      return "unknown";
  }
}

const strategies = {
  direct: "Select, rows straight from Stripe's pages",
  stream: "Select, each page through the local engine",
  grow: "Select on the local engine, after each page until its LIMIT is filled",
  load: "Select on the local engine, after its scans",
} as const;

function headline(plan: Plan): string {
  switch (plan.kind) {
    case "select":
      return strategies[plan.strategy.kind];
    case "procedure":
      return `Execute ${plan.procedure.name}: ${plan.procedure.method} ${plan.procedure.path}${plan.isOfRows ? " for each row" : ""}`;
    case "merge":
      return `${plan.command === "MERGE" ? "Merge" : "Insert or update"} ${plan.table.name}: ${mergeText(plan)}`;
    case "insert":
    case "update":
    case "delete":
      return `${plan.kind.charAt(0).toUpperCase()}${plan.kind.slice(1)} ${plan.table.name}: ${plan.endpoint.method} ${plan.endpoint.path} for each object`;
  }
}

/** The calls of a MERGE's clauses, each once. */
function mergeEndpoints({ requests: { clauses } }: MergePlan) {
  const planned = clauses.flatMap((clause) =>
    clause.kind === "nothing" ? [] : [{ kind: clause.kind, endpoint: clause.template.endpoint }],
  );
  return planned.filter(({ kind }, index) => planned.findIndex((other) => other.kind === kind) === index);
}

const mergedRows = {
  insert: "for each row without a match",
  update: "for each object to be updated",
  delete: "for each object to be deleted",
} as const;

function mergeText(plan: MergePlan): string {
  const texts = mergeEndpoints(plan).map(
    ({ kind, endpoint }) => `${endpoint.method} ${endpoint.path} ${mergedRows[kind]}`,
  );
  return texts.length === 0 ? "nothing is written" : texts.join(", ");
}

function scanLines({ relation, accesses, clocks, sideBySide: most, cost, rejected }: ExplainedScan): readonly string[] {
  const { scan, table } = relation;
  const judged = ownPredicates(relation);
  return [
    `  Scan ${table.name}${scan.kind === "empty" ? `: nothing to read, ${scan.reason}` : ""}`,
    ...accesses
      .slice(0, 5)
      .flatMap((access) => [
        `    ${accessLine(access)}`,
        ...(access.kept === undefined ? [] : [`      ${keptText(access.kept)}`]),
      ]),
    ...(accesses.length > 5 ? [`    … and ${accesses.length - 5} more like these`] : []),
    ...new Set(
      judged
        .filter(({ verdict }) => verdict !== "unsupported")
        .map(({ predicate, verdict }) => `    Pushed (${verdict}): ${printPredicate(predicate)}`),
    ),
    ...new Set(
      judged
        .filter(({ verdict }) => verdict !== "exact")
        .map(({ predicate }) => `    Local: ${printPredicate(predicate)}`),
    ),
    ...(scan.kind === "exact" && scan.limit !== undefined ? [`    Limit: ${scan.limit}${endText(scan)}`] : []),
    ...completedLists(relation).map(
      ({ name }) => `    Lists: ${name}, read on for each object that holds but the first of its rows`,
    ),
    ...(most === 1 ? [] : [`    Ranges: of Created, up to ${most} side by side where the list is long`]),
    ...(clocks === undefined ? [] : [`    Test clocks: ${clocks}`]),
    ...insteadLines(scan),
    ...rejected.slice(0, 3).map((way) => `    Rejected: ${wayLine(way)}, requests: ${requestsText(way.cost)}`),
    `    Requests: ${requestsText(cost)}`,
  ];
}

/** The way without keys, and when it is taken. */
function insteadLines(scan: Scan): readonly string[] {
  const unkeyed = unkeyedOf(scan);
  if (unkeyed === undefined) return [];
  const keys = fromKeys(unkeyed);
  const when = accessesOf(scan).every(isBounded)
    ? "where that is no time"
    : keys === undefined
      ? "where it ends within half as many requests as there are keys"
      : `from ${keys} keys on that have to be asked for`;
  return [`    Or, ${when}: ${accessesLine(unkeyed.accesses)}`];
}

const wayLine = ({ scan }: CostedWay): string => accessesLine(accessesOf(scan));

function accessesLine([first, ...others]: readonly Access[]): string {
  if (first === undefined) return "nothing";
  const more = others.length === 0 ? "" : ` and ${others.length} more like this`;
  const keyed = first.bindings.length === 0 ? "" : ", for each key";
  return `${accessLine({ access: first, parent: undefined })}${more}${keyed}`;
}

function endText({ from, oldestBy }: Extract<Scan, { kind: "exact" }>): string {
  if (from === undefined) return "";
  const oldest =
    oldestBy === undefined
      ? "the oldest, found by halving the time that they may be of"
      : "the oldest, by the time that they were of";
  return from === "oldest" ? `, ${oldest}` : `, the newest and ${oldest}`;
}

function accessLine({ access, parent, keysOf }: ExplainedAccess): string {
  const account = access.accountId === undefined ? "" : ` as ${access.accountId}`;
  const parameters = Object.entries(access.parameters).flatMap(([name, value]) => parameterTexts(name, value));
  const shown = `${access.endpoint.method} ${access.path}${parameters.length === 0 ? "" : `  ${parameters.join(" ")}`}${account}`;
  if (parent !== undefined) return boundLine(access, { shown, parent });
  const [binding] = access.bindings;
  if (keysOf !== undefined) {
    if (isBounded(access)) return `List: ${shown} with ${boundNames(access)}, of what ${keysOf} gives`;
    const target = access.kind === "retrieve" ? "" : ` with ${binding?.target}=`;
    return `By key: ${shown}${target}, for each value of ${keysOf}`;
  }
  switch (access.kind) {
    case "retrieve":
      return `Retrieve: ${shown}`;
    case "list":
      return `${access.budget === "search" ? "Search" : "List"}: ${shown}`;
  }
}

/** `created[gte]=`: the parameters whose values another relation's rows are to give. */
const boundNames = ({ bindings }: Access): string =>
  bindings.map(({ kind, target }) => `${target}[${kind === "least" ? "gte" : "lte"}]=`).join(" ");

interface BoundLine {
  readonly shown: string;
  readonly parent: NonNullable<ExplainedAccess["parent"]>;
}

/** What the rows of another relation lead to: where those hold it, a request is made for what they lack alone. */
function boundLine(access: Access, { shown, parent }: BoundLine): string {
  const [binding] = access.bindings;
  const isHeld = access.embeddedAt !== undefined;
  const keys = `for each ${binding?.source.column} of ${parent.table}`;
  if (access.kind === "retrieve")
    return isHeld ? `Along with ${parent.table}: its ${access.embeddedAt.join(".")}` : `By key: ${shown}, ${keys}`;
  if (binding?.kind === "parent")
    return `Nested list: ${shown}, for each of ${accessLine(parent)}${isHeld ? " (first rows from the parent)" : ""}`;
  return `By key: ${shown} with ${binding?.target}=, ${keys}`;
}

/** `created[gte]=1790812800`: a parameter as Stripe's documentation writes it. */
function parameterTexts(name: string, value: Json): readonly string[] {
  if (!isJsonObject(value)) return [`${name}=${typeof value === "object" ? JSON.stringify(value) : String(value)}`];
  return Object.entries(value).flatMap(([key, inner]) => parameterTexts(`${name}[${key}]`, inner));
}

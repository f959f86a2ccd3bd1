import type { Json } from "../value/json.js";
import { isJsonObject } from "../value/json.js";
import type { Cost } from "./cost/cost.js";
import { keptShare, keptText } from "./explain-kept.js";
import { readsLines, timeText } from "./explain-limits.js";
import { tempTableLines } from "./explain-temp-tables.js";
import type { CostedWay, ExplainContext, ExplainedAccess, ExplainedScan } from "./explained-plan.js";
import { explainedScans, fromKeys, mergeEndpoints, noticesOf, unkeyedOf } from "./explained-plan.js";
import type { Plan } from "./plan.js";
import { selectOf } from "./plan.js";
import { knownPart, planCost, readCost } from "./plan-cost.js";
import { printPredicate } from "./predicate/predicate.js";
import type { Access, Scan } from "./scan/scan.js";
import { accessesOf, isBounded } from "./scan/scan.js";
import { completedLists, ownPredicates, scannedOf } from "./select/select-plan.js";
import type { MergePlan } from "./write/write-plan.js";

/** A plan as EXPLAIN gives it to people: a line for each fact. */
export function explainText(plan: Plan, context: ExplainContext): readonly string[] {
  return [
    headline(plan),
    ...explainedScans(plan, context).flatMap(scanLines),
    ...tempTableLines(plan, context),
    `Requests: ${sumText(plan, context)}`,
    ...readsLines(readCost(plan, context.statistics), context),
    ...noticesOf(plan).map((notice) => `Notice: ${notice}`),
  ];
}

/** What is kept needs no request: the estimate, and its time, are of the plan without it. */
function sumText(plan: Plan, context: ExplainContext): string {
  const cost = planCost(plan, context.statistics);
  const sum = `${requestsText(cost)}${leastText(plan, cost, context)}`;
  const time = timeText(plan, cost, context);
  switch (keptShare(scannedOf(selectOf(plan)), context)) {
    case "none":
      return `${sum}${time}`;
    case "some":
      return `${sum}${time}, less those for what is kept`;
    case "all":
      return `0 with what is kept; ${sum} without it${time}`;
  }
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

import { distinctRelations } from "./access/access-key.js";
import type { RejectedWay } from "./access/candidate.js";
import type { Cost } from "./cost/cost.js";
import { asSeen, compareCosts, costOf, sumOf } from "./cost/cost.js";
import type { Statistics } from "./cost/statistics.js";
import type { KeptAge, KeptFacts } from "./explain-kept.js";
import type { LimitFacts } from "./explain-limits.js";
import type { TempTableFacts } from "./explain-temp-tables.js";
import { sideBySide } from "./parallel-lists.js";
import type { Plan } from "./plan.js";
import { selectOf } from "./plan.js";
import { relationCost } from "./plan-cost.js";
import type { Access, Scan, Scanned, UnkeyedReading } from "./scan/scan.js";
import { accessesOf, sourceOf } from "./scan/scan.js";
import type { ScanRelation } from "./select/select-plan.js";
import { scannedOf, scanRelations } from "./select/select-plan.js";
import type { MergePlan } from "./write/write-plan.js";

export type ExplainContext = LimitFacts & KeptFacts & TempTableFacts;

/** An access, once for each of its source's that it waits for. */
export interface ExplainedAccess {
  readonly access: Access;
  readonly parent: (ExplainedAccess & { readonly table: string }) | undefined;
  /** What the local engine computes its keys of. */
  readonly keysOf?: string;
  readonly kept?: KeptAge | undefined;
}

export interface ExplainedScan {
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

export interface CostedWay extends RejectedWay {
  readonly cost: Cost;
}

export function explainedScans(plan: Plan, context: ExplainContext): readonly ExplainedScan[] {
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

export const unkeyedOf = (scan: Scan): UnkeyedReading | undefined =>
  scan.kind === "inexact" ? scan.unkeyed : undefined;

/** So many keys lead to as many requests as the rows without them do. */
export const fromKeys = ({ requests }: UnkeyedReading): number | undefined =>
  requests === undefined ? undefined : requests + 1;

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
export function noticesOf(plan: Plan): readonly string[] {
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

/** The calls of a MERGE's clauses, each once. */
export function mergeEndpoints({ requests: { clauses } }: MergePlan) {
  const planned = clauses.flatMap((clause) =>
    clause.kind === "nothing" ? [] : [{ kind: clause.kind, endpoint: clause.template.endpoint }],
  );
  return planned.filter(({ kind }, index) => planned.findIndex((other) => other.kind === kind) === index);
}

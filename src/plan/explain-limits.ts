import type { JsonObject } from "../value/json.js";
import type { Cost } from "./cost/cost.js";
import { asSeen, costOf } from "./cost/cost.js";
import type { ReadingFacts } from "./parallel-lists.js";
import { assumedLatencyMs, sideBySide } from "./parallel-lists.js";
import type { Plan } from "./plan.js";
import { selectOf } from "./plan.js";
import type { Scanned } from "./scan/scan.js";
import { accessesOf, isBounded, waitsFor } from "./scan/scan.js";
import { rowsUntilFilled } from "./select/rows-until-filled.js";
import { scannedOf } from "./select/select-plan.js";

/** What a connection's requests are bound by. */
export interface LimitFacts extends ReadingFacts {
  /** Requests a second that the rate budget allows; undefined: no limit, nor an allocation. */
  readonly requestsPerSecond: number | undefined;
  /** How long an answer took of late; undefined: none was seen yet. */
  readonly latencyMs?: number | undefined;
  /** Reads of the account that were counted this month. */
  readonly readsThisMonth?: number | undefined;
}

/** Stripe's least: 500 reads for each transaction over 30 days raise it. Source: https://docs.stripe.com/rate-limits */
export const leastReadsAMonth = 10_000;

/** The part of a month's reads from which a statement's are told. */
export const largeShareOfReads = 0.1;

/** Lists and objects that are asked for by keys at once. */
export const parallelKeys = 8;

/** Requests that wait for others. */
interface Waiting {
  /**
   * Of the list that takes longest, whose pages are asked for as those before them end. Lists of one statement go side by
   * side, but for those that are bounded by what the others held.
   */
  readonly pages: number;
  /** How many of those pages are asked for at a time. */
  readonly width: number;
  /** How many times they are waited for. */
  readonly rounds: number;
  /** By keys that other rows hold, some of them side by side. */
  readonly keyed: number;
}

function waitingRequests(plan: Plan, facts: ReadingFacts): Waiting {
  const select = selectOf(plan);
  if (select === undefined) return { pages: 0, width: 1, rounds: 0, keyed: 0 };
  const { statistics } = facts;
  const { scanned: asRead } = rowsUntilFilled(select, statistics);
  const relations = scannedOf(select);
  const context = { statistics, assumptions: asSeen, sources: relations.map(asRead) };
  const requestsOf = (some: readonly Scanned[]): number =>
    some.reduce((sum, one) => sum + costOf(asRead(one), context).requests, 0);
  const waiting = relations.filter(({ scan }) => waitsFor(scan).length > 0);
  const isOfBounds = ({ scan }: Scanned): boolean => accessesOf(scan).every(isBounded);
  const bounded = requestsOf(waiting.filter(isOfBounds));
  const keyed = requestsOf(waiting.filter((relation) => !isOfBounds(relation)));
  const lists = relations
    .filter((relation) => !waiting.includes(relation))
    .flatMap((relation) =>
      accessesOf(relation.scan).flatMap((access) => {
        const { table, scan } = asRead(relation);
        if (access.kind !== "list" || scan.kind === "empty") return [];
        const { requests: pages } = costOf({ table, scan: { ...scan, accesses: [access] } }, context);
        return [{ pages, width: sideBySide({ select, relation, access }, facts) }];
      }),
    );
  const { pages, width } = lists.reduce(
    (longest, list) => (list.pages / list.width > longest.pages / longest.width ? list : longest),
    { pages: 0, width: 1 },
  );
  return { pages: pages + bounded, width, rounds: Math.ceil(pages / width) + bounded, keyed };
}

interface Time extends Waiting {
  readonly seconds: number;
  /** Which bound is the tighter: the rate, that of one endpoint, or the requests that wait for each other. */
  readonly by: "rate" | "endpoint" | "latency";
  readonly latencyMs: number;
}

/** Undefined where the requests are not known, or where nothing bounds them. */
function timeOf(plan: Plan, { requests, basis }: Cost, facts: LimitFacts): Time | undefined {
  const { requestsPerSecond, latencyMs = assumedLatencyMs, pace } = facts;
  if (requestsPerSecond === undefined || basis === "assumed") return undefined;
  const waiting = waitingRequests(plan, facts);
  const serial = waiting.rounds + Math.ceil(waiting.keyed / parallelKeys);
  const endpointRate = pace?.requestsPerSecond ?? requestsPerSecond;
  const bounds = [
    { by: "rate", seconds: requests / requestsPerSecond },
    { by: "endpoint", seconds: waiting.width > 1 ? waiting.pages / endpointRate : 0 },
    { by: "latency", seconds: serial > 1 ? (serial * latencyMs) / 1000 : 0 },
  ] as const;
  const tightest = bounds.reduce((one, other) => (other.seconds > one.seconds ? other : one));
  return { ...tightest, latencyMs, ...waiting };
}

/** ", 38.4 s at 25 a second", ", about 3000 s: 10000 pages one after the other, 0.3 s each" */
export function timeText(plan: Plan, cost: Cost, facts: LimitFacts): string {
  const time = timeOf(plan, cost, facts);
  if (time === undefined || cost.requests === 0) return "";
  const seconds = time.seconds.toFixed(1);
  if (time.by === "rate") return `, ${seconds} s at ${facts.requestsPerSecond} a second`;
  if (time.by === "endpoint") return `, ${seconds} s at ${facts.pace?.requestsPerSecond} a second for one list`;
  const source = facts.latencyMs === undefined ? "assumed" : "as of late";
  const pace = time.width > 1 ? `${time.width} at once` : "one after the other";
  const waits = [
    ...(time.pages > 0 ? [`${time.pages} pages ${pace}`] : []),
    ...(time.keyed > 0 ? [`${time.keyed} requests by keys, ${parallelKeys} at once`] : []),
  ];
  const each = `${(time.latencyMs / 1000).toFixed(2)} s each (${source})`;
  return `, about ${seconds} s: ${waits.join(", ")}, ${each}`;
}

export function timeJson(plan: Plan, cost: Cost, facts: LimitFacts): JsonObject {
  const time = timeOf(plan, cost, facts);
  if (time === undefined || facts.requestsPerSecond === undefined) return {};
  return {
    secondsAtRateLimit: cost.requests / facts.requestsPerSecond,
    ...(time.by === "endpoint" ? { secondsAtEndpointRate: time.seconds } : {}),
    ...(time.by === "latency" ? { secondsAtLatency: time.seconds, latencyMs: time.latencyMs } : {}),
  };
}

/** Told where the reads are a large part of what Stripe allots at least. */
export function readsLines({ requests, basis }: Cost, facts: LimitFacts): readonly string[] {
  if (basis === "assumed" || facts.requestsPerSecond === undefined) return [];
  if (requests < largeShareOfReads * leastReadsAMonth) return [];
  const share = Math.round((100 * requests) / leastReadsAMonth);
  const counted =
    facts.readsThisMonth === undefined ? "" : `; ${facts.readsThisMonth} were counted this month (sys_reads)`;
  const about = basis === "exact" ? "" : basis === "bounded" ? "at most " : "about ";
  return [`Reads: ${about}${share} % of the ${leastReadsAMonth} a month that Stripe allots at least${counted}`];
}

export function readsJson({ requests, basis }: Cost, facts: LimitFacts): JsonObject {
  if (basis === "assumed" || facts.requestsPerSecond === undefined || requests < largeShareOfReads * leastReadsAMonth)
    return {};
  return {
    reads: {
      allottedAMonth: leastReadsAMonth,
      share: requests / leastReadsAMonth,
      ...(facts.readsThisMonth === undefined ? {} : { countedThisMonth: facts.readsThisMonth }),
    },
  };
}

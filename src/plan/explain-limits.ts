import type { JsonObject } from "../value/json.js";
import type { Cost } from "./cost/cost.js";
import { asSeen, costOf } from "./cost/cost.js";
import type { Statistics } from "./cost/statistics.js";
import type { Plan } from "./plan.js";
import { selectOf } from "./plan.js";
import { accessesOf, isBounded, waitsFor } from "./scan/scan.js";
import { rowsUntilFilled } from "./select/rows-until-filled.js";
import { scannedOf } from "./select/select-plan.js";

/** What a connection's requests are bound by. */
export interface LimitFacts {
  readonly statistics: Statistics;
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

const assumedLatencyMs = 300;

/** Lists and objects that are asked for by keys at once. */
export const parallelKeys = 8;

/** Requests that wait for others. */
interface Waiting {
  /**
   * Of the longest list: each page is asked for by the last one's end. Lists of one statement go side by side, but for
   * those that are bounded by what the others held.
   */
  readonly pages: number;
  /** By keys that other rows hold, some of them side by side. */
  readonly keyed: number;
}

function waitingRequests(plan: Plan, statistics: Statistics): Waiting {
  const select = selectOf(plan);
  if (select === undefined) return { pages: 0, keyed: 0 };
  const { scanned: asRead } = rowsUntilFilled(select, statistics);
  const scanned = scannedOf(select).map(asRead);
  const context = { statistics, assumptions: asSeen, sources: scanned };
  const [pages, keyed] = [[0], [0]];
  let boundedPages = 0;
  for (const { table, scan } of scanned) {
    const isKeyed = waitsFor(scan).length > 0;
    if (isKeyed && accessesOf(scan).every(isBounded)) boundedPages += costOf({ table, scan }, context).requests;
    else if (isKeyed) keyed.push(costOf({ table, scan }, context).requests);
    if (isKeyed || scan.kind === "empty") continue;
    for (const access of scan.accesses)
      if (access.kind === "list")
        pages.push(costOf({ table, scan: { ...scan, accesses: [access] } }, context).requests);
  }
  return { pages: Math.max(...pages) + boundedPages, keyed: keyed.reduce((sum, requests) => sum + requests) };
}

interface Time extends Waiting {
  readonly seconds: number;
  /** Which bound is the tighter: the rate, or the requests that wait for each other. */
  readonly by: "rate" | "latency";
  readonly latencyMs: number;
}

/** Undefined where the requests are not known, or where nothing bounds them. */
function timeOf(plan: Plan, { requests, basis }: Cost, facts: LimitFacts): Time | undefined {
  const { requestsPerSecond, latencyMs = assumedLatencyMs, statistics } = facts;
  if (requestsPerSecond === undefined || basis === "assumed") return undefined;
  const waiting = waitingRequests(plan, statistics);
  const serial = waiting.pages + Math.ceil(waiting.keyed / parallelKeys);
  const [rate, latency] = [requests / requestsPerSecond, (serial * latencyMs) / 1000];
  const by = serial > 1 && latency > rate ? "latency" : "rate";
  return { seconds: by === "rate" ? rate : latency, by, latencyMs, ...waiting };
}

/** ", 38.4 s at 25 a second", ", about 3000 s: 10000 pages one after the other, 0.3 s each" */
export function timeText(plan: Plan, cost: Cost, facts: LimitFacts): string {
  const time = timeOf(plan, cost, facts);
  if (time === undefined) return "";
  if (time.by === "rate") return `, ${time.seconds.toFixed(1)} s at ${facts.requestsPerSecond} a second`;
  const source = facts.latencyMs === undefined ? "assumed" : "as of late";
  const waits = [
    ...(time.pages > 0 ? [`${time.pages} pages one after the other`] : []),
    ...(time.keyed > 0 ? [`${time.keyed} requests by keys, ${parallelKeys} at once`] : []),
  ];
  const each = `${(time.latencyMs / 1000).toFixed(2)} s each (${source})`;
  return `, about ${time.seconds.toFixed(1)} s: ${waits.join(", ")}, ${each}`;
}

export function timeJson(plan: Plan, cost: Cost, facts: LimitFacts): JsonObject {
  const time = timeOf(plan, cost, facts);
  if (time === undefined || facts.requestsPerSecond === undefined) return {};
  return {
    secondsAtRateLimit: cost.requests / facts.requestsPerSecond,
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

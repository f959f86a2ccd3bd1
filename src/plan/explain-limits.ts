import type { JsonObject } from "../value/json.js";
import type { Cost } from "./access/cost.js";
import { asSeen, costOf } from "./access/cost.js";
import { accessesOf, limitOf } from "./access/scan.js";
import type { Statistics } from "./access/statistics.js";
import type { Plan } from "./plan.js";
import { selectOf } from "./plan.js";
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

/**
 * Pages of a list come one after the other: each is asked for by the last one's end. Lists of one statement go side by
 * side, so that the longest counts.
 */
function serialPages(plan: Plan, statistics: Statistics): number {
  const scanned = scannedOf(selectOf(plan));
  const lists = scanned.flatMap(({ table, scan }) => {
    const limit = limitOf(scan);
    return accessesOf(scan)
      .filter(({ kind, bindings }) => kind === "list" && bindings.length === 0)
      .map((access) => {
        const alone =
          limit === undefined
            ? ({ kind: "inexact", accesses: [access] } as const)
            : ({ kind: "exact", accesses: [access], limit } as const);
        return costOf({ table, scan: alone }, { statistics, assumptions: asSeen, sources: scanned }).requests;
      });
  });
  return Math.max(0, ...lists);
}

interface Time {
  readonly seconds: number;
  /** Which bound is the tighter: the rate, or the pages that wait for each other. */
  readonly by: "rate" | "latency";
  readonly pages: number;
  readonly latencyMs: number;
}

function timeOf(plan: Plan, requests: number, facts: LimitFacts): Time | undefined {
  const { requestsPerSecond, latencyMs = assumedLatencyMs, statistics } = facts;
  if (requestsPerSecond === undefined) return undefined;
  const pages = serialPages(plan, statistics);
  const [rate, latency] = [requests / requestsPerSecond, (pages * latencyMs) / 1000];
  const by = pages > 1 && latency > rate ? "latency" : "rate";
  return { seconds: by === "rate" ? rate : latency, by, pages, latencyMs };
}

/** ", 38.4 s at 25 a second", ", about 3000 s: 10000 pages one after the other, 0.3 s each" */
export function timeText(plan: Plan, requests: number, facts: LimitFacts): string {
  const time = timeOf(plan, requests, facts);
  if (time === undefined) return "";
  if (time.by === "rate") return `, ${time.seconds.toFixed(1)} s at ${facts.requestsPerSecond} a second`;
  const source = facts.latencyMs === undefined ? "assumed" : "as of late";
  const each = `${(time.latencyMs / 1000).toFixed(2)} s each (${source})`;
  return `, about ${time.seconds.toFixed(1)} s: ${time.pages} pages one after the other, ${each}`;
}

export function timeJson(plan: Plan, requests: number, facts: LimitFacts): JsonObject {
  const time = timeOf(plan, requests, facts);
  if (time === undefined || facts.requestsPerSecond === undefined) return {};
  return {
    secondsAtRateLimit: requests / facts.requestsPerSecond,
    ...(time.by === "latency" ? { secondsAtLatency: time.seconds, latencyMs: time.latencyMs } : {}),
  };
}

/** Told where the reads are a large part of what Stripe allots at least. */
export function readsLines({ requests, basis }: Cost, facts: LimitFacts): readonly string[] {
  if (facts.requestsPerSecond === undefined || requests < largeShareOfReads * leastReadsAMonth) return [];
  const share = Math.round((100 * requests) / leastReadsAMonth);
  const counted =
    facts.readsThisMonth === undefined ? "" : `; ${facts.readsThisMonth} were counted this month (sys_reads)`;
  const about = basis === "exact" ? "" : "about ";
  return [`Reads: ${about}${share} % of the ${leastReadsAMonth} a month that Stripe allots at least${counted}`];
}

export function readsJson({ requests }: Cost, facts: LimitFacts): JsonObject {
  if (facts.requestsPerSecond === undefined || requests < largeShareOfReads * leastReadsAMonth) return {};
  return {
    reads: {
      allottedAMonth: leastReadsAMonth,
      share: requests / leastReadsAMonth,
      ...(facts.readsThisMonth === undefined ? {} : { countedThisMonth: facts.readsThisMonth }),
    },
  };
}

import type { Table } from "../../catalog/catalog.js";
import type { Access, ExactScan, ListAccess, Scanned, SentFilter } from "./scan.js";
import { accessesOf, limitOf, sourceOf } from "./scan.js";
import type { Statistics } from "./statistics.js";

/** What a scan takes of Stripe. */
export interface Cost {
  readonly requests: number;
  /** Objects that its answers carry. */
  readonly objects: number;
  /**
   * "exact": no other number of requests is possible. "seen": an estimate by what was seen of the table.
   * "assumed": nothing was ever seen of it.
   */
  readonly basis: "exact" | "seen" | "assumed";
}

/** What is taken for granted where nothing better is known. */
export interface Assumptions {
  /** Rows of a table that was seen to have so many, or was never seen. */
  readonly rows: (seen: number | undefined) => number;
  /** Rows that one filter leaves of so many. */
  readonly filtered: (rows: number, filter: SentFilter) => number;
}

/** For telling what a statement will take: what was seen, one page where nothing was, and filters that leave everything. */
export const asSeen: Assumptions = { rows: (seen) => seen ?? 1, filtered: (rows) => rows };

/**
 * For choosing between ways. A table that was never read is taken to be large, and one that was to have grown
 * tenfold, for a mistake that way costs a few requests and the other way reads a table through.
 */
export const prudent: Assumptions = {
  rows: (seen) => (seen === undefined ? 1_000_000 : Math.max(1000, 10 * seen)),
  filtered: (rows) => rows * 0.01,
};

/** For the order of a join's tables, where a mistake is made good once the keys are counted. */
export const likely: Assumptions = { rows: (seen) => seen ?? 1_000_000, filtered: likelyRows };

/** Most of Stripe's filters of texts name an object's owner, or what one object has; those of few values share out. */
function likelyRows(rows: number, { expected, valueCount }: SentFilter): number {
  const values = expected?.domain.values?.length;
  if (valueCount !== undefined) return (rows * (values ?? 1)) / valueCount;
  return values === undefined && expected !== undefined ? rows * 0.1 : Math.min(rows, 10 * (values ?? 1));
}

export interface CostContext {
  readonly statistics: Statistics;
  readonly assumptions: Assumptions;
  /** Relations that scans take values from. */
  readonly sources: readonly Scanned[];
}

export const nothing: Cost = { requests: 0, objects: 0, basis: "exact" };

/**
 * The one estimate: it chooses between ways to read, and EXPLAIN and progress tell it. What a scan takes
 * values from is a relation with a cost of its own.
 */
export function costOf({ table, scan }: Pick<Scanned, "table" | "scan">, context: CostContext): Cost {
  if (limitOf(scan) === 0) return nothing;
  if (scan.kind === "exact" && scan.from !== undefined) return oldestCost(scan, { ...context, table });
  const within = { ...context, table, limit: limitOf(scan) };
  const keyed = sumOf(accessesOf(scan).map((access) => accessCost(access, within)));
  if (scan.kind !== "inexact" || scan.unkeyed === undefined) return keyed;
  const unkeyed = sumOf(scan.unkeyed.accesses.map((access) => accessCost(access, within)));
  return compareCosts(unkeyed, keyed) < 0 && unkeyed.basis !== "assumed" ? unkeyed : keyed;
}

/** The first page tells whether there are more; then each request halves the time in which the oldest rows may be. */
function oldestCost({ accesses: [access], limit = 0 }: ExactScan, context: Omit<AccessContext, "limit">): Cost {
  if (access?.kind !== "list") return nothing;
  const whole = listCost(access, { ...context, limit: undefined });
  const halvings = whole.basis === "assumed" ? 12 : Math.ceil(Math.log2(whole.requests)) + 4;
  return { requests: Math.min(whole.requests, 1 + halvings), objects: limit, basis: whole.basis };
}

const bases: readonly Cost["basis"][] = ["exact", "seen", "assumed"];

export function sumOf(costs: readonly Cost[]): Cost {
  return costs.reduce(
    (sum, cost) => ({
      requests: sum.requests + cost.requests,
      objects: sum.objects + cost.objects,
      basis: bases.indexOf(cost.basis) > bases.indexOf(sum.basis) ? cost.basis : sum.basis,
    }),
    nothing,
  );
}

/** Fewer requests first; of as many, fewer objects. */
export function compareCosts(one: Cost, other: Cost): number {
  return one.requests - other.requests || one.objects - other.objects;
}

interface AccessContext extends CostContext {
  readonly table: Table;
  readonly limit: number | undefined;
}

function accessCost(access: Access, context: AccessContext): Cost {
  const id = sourceOf(access);
  const source = context.sources.find((relation) => relation.id === id);
  if (source !== undefined) return boundCost(access, costOf(source, context), context);
  return access.kind === "retrieve" ? { requests: 1, objects: 1, basis: "exact" } : listCost(access, context);
}

function listCost(access: ListAccess, context: AccessContext): Cost {
  const { limit } = context;
  const { rows, basis } = expectedRows(access, context);
  const pages = pagesOf(rows, access);
  if (limit === undefined) return withClocks(access, { requests: pages, objects: rows, basis }, context);
  const limitPages = pagesOf(limit, access);
  if (limitPages === 1)
    return withClocks(access, { requests: 1, objects: Math.min(rows, limit), basis: "exact" }, context);
  // Of a table never seen nothing says that it ends before the limit does.
  const requests = basis === "assumed" ? limitPages : Math.min(limitPages, pages);
  return withClocks(access, { requests, objects: Math.min(rows, limit), basis }, context);
}

/** A list for each clock, which may not be needed; where the clocks are not known, a request for them. */
function withClocks({ onClocks, accountId }: ListAccess, cost: Cost, { statistics }: AccessContext): Cost {
  const clocks = onClocks === undefined ? 0 : (statistics.testClocks(accountId) ?? 1);
  if (clocks === 0) return cost;
  const lists = onClocks?.parameter === undefined ? 0 : clocks;
  return { ...cost, requests: cost.requests + lists, basis: cost.basis === "exact" ? "seen" : cost.basis };
}

/** A request at least for each row of the source, unless that holds what is asked for itself. */
function boundCost(access: Access, source: Cost, context: AccessContext): Cost {
  const basis = source.basis === "exact" ? "seen" : source.basis;
  const isHeld = access.embeddedAt !== undefined;
  if (access.kind === "retrieve") return { requests: isHeld ? 0 : source.objects, objects: source.objects, basis };
  const { rows } = expectedRows(access, context);
  const ofKeys = Math.min(rows, source.objects * context.assumptions.filtered(rows, oneKey));
  return { requests: isHeld ? 0 : Math.max(source.objects, pagesOf(ofKeys, access)), objects: ofKeys, basis };
}

/** What a list by a key that another relation holds is filtered by. */
const oneKey: SentFilter = {
  parameter: "",
  column: "",
  optional: false,
  unknownValues: [],
  valueCount: undefined,
  expected: undefined,
};

function expectedRows(
  { accountId, filters, partitions }: ListAccess,
  { table, statistics, assumptions }: AccessContext,
): { readonly rows: number; readonly basis: Cost["basis"] } {
  const seen = statistics.rows({ schema: table.schema, table: table.name, accountId });
  const rows = filters.reduce(assumptions.filtered, assumptions.rows(seen) / partitions);
  return { rows: Math.ceil(rows), basis: seen === undefined ? "assumed" : "seen" };
}

const pagesOf = (rows: number, { maximumPageSize }: ListAccess): number =>
  Math.max(1, Math.ceil(rows / maximumPageSize));

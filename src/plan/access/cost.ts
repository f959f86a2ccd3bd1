import type { Table } from "../../catalog/catalog.js";
import type { Access, ListAccess, NestedAccess, Scan } from "./scan.js";
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
  /** The part of them that one filter leaves. */
  readonly filterShare: number;
}

/** For telling what a statement will take: what was seen, one page where nothing was, and filters that leave everything. */
export const asSeen: Assumptions = { rows: (seen) => seen ?? 1, filterShare: 1 };

/**
 * For choosing between ways. A table that was never read is taken to be large, and one that was to have grown
 * tenfold, for a mistake that way costs a few requests and the other way reads a table through. A filter
 * leaves a hundredth, as most of Stripe's name an object's owner.
 */
export const prudent: Assumptions = {
  rows: (seen) => (seen === undefined ? 1_000_000 : Math.max(1000, 10 * seen)),
  filterShare: 0.01,
};

export interface CostContext {
  /** The table that the scan reads. */
  readonly table: Table;
  readonly statistics: Statistics;
  readonly assumptions: Assumptions;
}

const nothing: Cost = { requests: 0, objects: 0, basis: "exact" };

/** The one estimate: it chooses between ways to read, and EXPLAIN and progress tell it. */
export function costOf(scan: Scan, context: CostContext): Cost {
  if (scan.kind === "empty") return nothing;
  const limit = scan.kind === "exact" ? scan.limit : undefined;
  return limit === 0 ? nothing : sumOf(scan.accesses.map((access) => accessCost(access, context, limit)));
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

function accessCost(access: Access, context: CostContext, limit: number | undefined): Cost {
  switch (access.kind) {
    case "retrieve":
      return { requests: 1, objects: 1, basis: "exact" };
    case "list":
      return listCost(access, context, limit);
    case "nested":
      return nestedCost(access, context);
  }
}

function listCost(access: ListAccess, context: CostContext, limit: number | undefined): Cost {
  const { rows, basis } = expectedRows(access, context);
  const pages = pagesOf(rows, access);
  if (limit === undefined) return { requests: pages, objects: rows, basis };
  const limitPages = pagesOf(limit, access);
  if (limitPages === 1) return { requests: 1, objects: Math.min(rows, limit), basis: "exact" };
  // Of a table never seen nothing says that it ends before the limit does.
  const requests = basis === "assumed" ? limitPages : Math.min(limitPages, pages);
  return { requests, objects: Math.min(rows, limit), basis };
}

/** The parents' requests, and one list at least for each of them, unless they hold their children themselves. */
function nestedCost(access: NestedAccess, context: CostContext): Cost {
  const parents = accessCost(access.parent, { ...context, table: access.parentTable }, undefined);
  const { rows } = expectedRows(access, context);
  const lists = access.embeddedAt === undefined ? Math.max(parents.objects, pagesOf(rows, access)) : 0;
  return {
    requests: parents.requests + lists,
    objects: parents.objects + rows,
    basis: parents.basis === "exact" ? "seen" : parents.basis,
  };
}

function expectedRows(
  { accountId, filters, partitions }: ListAccess | NestedAccess,
  { table, statistics, assumptions }: CostContext,
): { readonly rows: number; readonly basis: Cost["basis"] } {
  const seen = statistics.rows({ schema: table.schema, table: table.name, accountId });
  const rows = (assumptions.rows(seen) / partitions) * assumptions.filterShare ** filters.length;
  return { rows: Math.ceil(rows), basis: seen === undefined ? "assumed" : "seen" };
}

const pagesOf = (rows: number, { maximumPageSize }: ListAccess | NestedAccess): number =>
  Math.max(1, Math.ceil(rows / maximumPageSize));

import type { SelectPlan } from "../select/select-plan.js";
import type { Access, Scan } from "./scan.js";

/** What is known of a table's size before it is read: rows last seen. */
export type RowsSeen = (table: string) => number | undefined;

export interface RequestEstimate {
  readonly requests: number;
  /** True where no other number is possible. */
  readonly exact: boolean;
}

/** Requests of a scan. A list of unknown length counts as one page, and as an estimate. */
export function estimateRequests(scan: Scan, table: string, rowsSeen: RowsSeen): RequestEstimate {
  if (scan.kind === "empty" || (scan.kind === "exact" && scan.limit === 0)) return { requests: 0, exact: true };
  const limit = scan.kind === "exact" ? scan.limit : undefined;
  const each = scan.accesses.map((access) => estimateAccess(access, { table, limit, rowsSeen }));
  return { requests: each.reduce((sum, { requests }) => sum + requests, 0), exact: each.every(({ exact }) => exact) };
}

interface EstimateContext {
  readonly table: string;
  readonly limit: number | undefined;
  readonly rowsSeen: RowsSeen;
}

function estimateAccess(access: Access, context: EstimateContext): RequestEstimate {
  switch (access.kind) {
    case "retrieve":
      return { requests: 1, exact: true };
    case "list":
      return estimateList(access.maximumPageSize, context);
    case "nested": {
      const parents = estimateAccess(access.parent, { ...context, table: access.parentTable.name, limit: undefined });
      const children = access.embeddedAt === undefined ? (context.rowsSeen(access.parentTable.name) ?? 1) : 0;
      return { requests: parents.requests + children, exact: false };
    }
  }
}

function estimateList(pageSize: number, { table, limit, rowsSeen }: EstimateContext): RequestEstimate {
  const rows = rowsSeen(table);
  const pages = rows === undefined ? undefined : Math.max(1, Math.ceil(rows / pageSize));
  if (limit === undefined) return { requests: pages ?? 1, exact: false };
  const limitPages = Math.ceil(limit / pageSize);
  return { requests: Math.min(limitPages, pages ?? limitPages), exact: limitPages === 1 };
}

/** Requests of a SELECT's scans; undefined where the size of a table that it lists has never been seen. */
export function knownRequests(plan: SelectPlan, rowsSeen: RowsSeen): number | undefined {
  const scans = plan.relations.filter((relation) => relation.kind === "scan");
  const estimates = scans.map(({ scan, table }) => ({
    ...estimateRequests(scan, table.name, rowsSeen),
    seen: rowsSeen(table.name) !== undefined,
  }));
  const isKnown = estimates.every(({ exact, seen }) => exact || seen);
  return isKnown ? estimates.reduce((sum, { requests }) => sum + requests, 0) : undefined;
}

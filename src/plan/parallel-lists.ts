import { listSpread } from "./cost/list-estimate.js";
import type { RequestPace } from "./cost/parallel-width.js";
import { parallelWidth } from "./cost/parallel-width.js";
import type { Statistics } from "./cost/statistics.js";
import { createdRange } from "./scan/created-ranges.js";
import type { ListAccess, Scanned } from "./scan/scan.js";
import { accessesOf, limitOf, sourceOf } from "./scan/scan.js";
import type { SelectPlan } from "./select/select-plan.js";

/** What tells how the lists of a statement are read. */
export interface ReadingFacts {
  readonly statistics: Statistics;
  /** What bounds the requests under way; undefined: pages follow one another. */
  readonly pace?: RequestPace | undefined;
}

/** So long answers are thought to take as long as none was seen. */
export const assumedLatencyMs = 300;

/** A shorter list is over before it would be cut: see `execute/scan/ranges`. */
const fewestRows = 300;

/** Requests that a list has under way at most: more than 1 where it is read in ranges of its creation times. */
export function sideBySide(
  {
    select,
    relation,
    access,
  }: { readonly select: SelectPlan; readonly relation: Scanned; readonly access: ListAccess },
  { statistics, pace }: ReadingFacts,
): number {
  if (pace === undefined || !isReadWhole(select, relation, access)) return 1;
  const width = parallelWidth({ ...pace, latencyMs: pace.latencyMs ?? assumedLatencyMs });
  const { table } = relation;
  if (width === 1 || createdRange({ table, access }, statistics) === undefined) return 1;
  const of = { schema: table.schema, table: table.name, accountId: access.accountId };
  const seen = listSpread({ access, of, statistics });
  return seen !== undefined && seen.rows <= fewestRows ? 1 : width;
}

/** Whether all of a list is wanted, and asked for without waiting for other rows. */
function isReadWhole({ strategy }: SelectPlan, { id, scan }: Scanned, access: ListAccess): boolean {
  if (sourceOf(access) !== undefined || limitOf(scan) !== undefined || !accessesOf(scan).includes(access)) return false;
  switch (strategy.kind) {
    case "load":
      return true;
    case "grow":
      return strategy.relation !== id;
    case "direct":
    case "stream":
      return strategy.limit === undefined;
  }
}

/** What one check found out of one table, or of writing. */
export interface Finding {
  /** "Customer", "v2.Account"; "writes" for what is no table's. */
  readonly table: string;
  /** What was looked at: "order", "filter email". */
  readonly check: string;
  /** "untold": nothing can be said, for want of rows, of a permission, or of requests. */
  readonly verdict: "agrees" | "disagrees" | "untold";
  /** What was found instead, or why nothing can be said. */
  readonly detail: string | undefined;
}

export type Verdict = Pick<Finding, "verdict" | "detail">;

export const agrees: Verdict = { verdict: "agrees", detail: undefined };

export const untold = (detail: string): Verdict => ({ verdict: "untold", detail });

/** Disagrees where there is something to be said. */
export function disagreesWhere(faults: readonly string[]): Verdict {
  if (faults.length === 0) return agrees;
  const shown = [...new Set(faults)];
  const more = shown.length > 5 ? `, and ${shown.length - 5} more` : "";
  return { verdict: "disagrees", detail: `${shown.slice(0, 5).join("; ")}${more}` };
}

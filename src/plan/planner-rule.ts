/**
 * Rules of the planner that save requests and that a statement is right without: "keys" reads a joined table by the keys
 * that another holds, "expansion" takes its rows from the other's objects, "carrying" takes conditions into the queries
 * that they are asked of, "growth" reads on until a LIMIT is filled, "ends" finds the oldest rows,
 * "sharing" asks once for what several parts of a statement, or several statements at a time, need, "search" has Stripe's
 * Search find rows.
 */
export const plannerRules = ["keys", "expansion", "carrying", "growth", "ends", "sharing", "search"] as const;

export type PlannerRule = (typeof plannerRules)[number];

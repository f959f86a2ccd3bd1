/**
 * Rules of the planner that save requests and that a statement is right without: "keys" reads a joined table by the keys
 * that another holds, "expansion" takes its rows from the other's objects, "carrying" takes conditions into the queries
 * that they are asked of, "growth" reads on until a LIMIT is filled, "ends" finds the oldest rows.
 */
export const plannerRules = ["keys", "expansion", "carrying", "growth", "ends"] as const;

export type PlannerRule = (typeof plannerRules)[number];

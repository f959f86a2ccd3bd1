import type { SelectStmt } from "libpg-query";

/** Queries of views that a text may name, by schema and name: "metrics.mrr". */
export type ViewTrees = ReadonlyMap<string, SelectStmt>;

export const noViews: ViewTrees = new Map();

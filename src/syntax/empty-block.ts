import type { SelectBlock } from "./expression.js";

/** A SELECT of nothing, for queries that are put together. */
export const emptyBlock: SelectBlock = {
  kind: "select",
  ctes: [],
  distinct: false,
  items: [],
  from: undefined,
  where: undefined,
  groupBy: [],
  having: undefined,
  qualify: undefined,
  orderBy: [],
  limit: undefined,
  offset: undefined,
};

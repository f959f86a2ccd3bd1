import type { SqlOrigin } from "./sql-origin.js";

/**
 * Planning came to a query that only DuckDB can read. It is planned again once its tables are known, in
 * PlanEnvironment's tableNames: planning itself waits for nothing.
 */
export class UnreadQuery extends Error {
  constructor(
    readonly sql: string,
    readonly origin: SqlOrigin,
  ) {
    super("the planner's parser cannot read the query");
  }
}

import type { Connection } from "../../driver/api.js";
import type { Prediction } from "../messages.js";

/** What a statement would take, by EXPLAIN: nothing is sent. Fails as the statement would. */
export async function predict(connection: Connection, sql: string): Promise<Prediction> {
  const { rows } = await connection.query(`EXPLAIN (FORMAT JSON) ${sql}`);
  const plan = rows[0]?.["QUERY PLAN"];
  // What sends nothing, such as SHOW TABLES, has a sentence for a plan.
  if (typeof plan !== "object" || plan === null) return { requests: 0, isExact: true, writes: false };
  const { statement, requests, requestsExact } = plan as { readonly [key: string]: unknown };
  return {
    requests: typeof requests === "number" ? requests : undefined,
    isExact: requestsExact === true,
    writes: statement !== "select",
  };
}

import { SqlState } from "../../error/sql-state.js";
import { StripeSqlError } from "../../error/stripe-sql-error.js";
import type { SerializedNode } from "./serialized-node.js";
import { isNode, textAt } from "./serialized-node.js";

/** As many as SQLite joins at most; DuckDB looks for their order in a time that grows by the cube of their number. */
const mostJoins = 64;

/** Refuses a tree in which more relations than that are joined, by JOIN or as subqueries, with 54000. */
export function requireFewJoins(node: SerializedNode): void {
  if (joinsIn(node) <= mostJoins) return;
  throw new StripeSqlError("the query joins too many relations", {
    sqlState: SqlState.programLimitExceeded,
    phase: "syntax",
    detail: `At most ${mostJoins} joins and subqueries are planned together.`,
    hint: "Join fewer at a time, or part the query in several by UNION ALL.",
  });
}

function joinsIn(value: unknown): number {
  if (Array.isArray(value)) return value.reduce((sum: number, item) => sum + joinsIn(item), 0);
  if (!isNode(value)) return 0;
  const inside = Object.values(value).map(joinsIn);
  // What is united is planned side by side.
  if (textAt(value, "type") === "SET_OPERATION_NODE") return Math.max(...inside);
  const own = textAt(value, "type") === "JOIN" || textAt(value, "class") === "SUBQUERY" ? 1 : 0;
  return inside.reduce((sum, count) => sum + count, own);
}

import { SqlState } from "../../error/sql-state.js";
import { StripeSqlError } from "../../error/stripe-sql-error.js";

/** As many as in DuckDB's dialect; the planner looks for their order in a time that grows by more than their square. */
const mostJoins = 64;
/** Each sees those before it. */
const mostCommonTables = 500;

/** Refuses a tree in which more relations than that are joined, by JOIN, a comma or as subqueries, with 54000. */
export function requireFewJoins(tree: unknown): void {
  const { joins, commonTables } = countIn(tree);
  if (joins > mostJoins)
    throw tooMany("joins too many relations", `At most ${mostJoins} joins and subqueries are planned together.`);
  if (commonTables > mostCommonTables)
    throw tooMany("has too many common tables", `At most ${mostCommonTables} are planned together.`);
}

function tooMany(what: string, detail: string): StripeSqlError {
  return new StripeSqlError(`the query ${what}`, {
    sqlState: SqlState.programLimitExceeded,
    phase: "syntax",
    detail,
    hint: "Join fewer at a time, or part the query in several by UNION ALL.",
  });
}

interface Count {
  readonly joins: number;
  readonly commonTables: number;
}

function countIn(value: unknown): Count {
  if (typeof value !== "object" || value === null) return { joins: 0, commonTables: 0 };
  const inside = Object.values(value).map(countIn);
  const commonTables = inside.reduce((sum, count) => sum + count.commonTables, "CommonTableExpr" in value ? 1 : 0);
  const joins = inside.map((count) => count.joins);
  // What is united is planned side by side.
  if ("larg" in value && "op" in value) return { joins: Math.max(...joins), commonTables };
  return { joins: joins.reduce((sum, count) => sum + count, ownJoins(value)), commonTables };
}

function ownJoins(value: object): number {
  const isJoin = "JoinExpr" in value || "SubLink" in value;
  const commas = "fromClause" in value && Array.isArray(value.fromClause) ? value.fromClause.length - 1 : 0;
  return (isJoin ? 1 : 0) + commas;
}

import type { SelectStmt } from "libpg-query";
import type { BuiltInView } from "../../catalog/built-in-view.js";
import { metrics } from "../../catalog/metrics/metrics.js";
import { builtInViews } from "../../driver/views/built-in-views.js";
import { parsePostgres } from "../../execute/postgres/parse-postgres.js";
import { viewKey } from "../../syntax/expand-views.js";
import type { StatementMentions } from "../../syntax/postgres/mentions.js";
import type { ViewTrees } from "../../syntax/postgres/view-trees.js";
import { noViews } from "../../syntax/postgres/view-trees.js";

/** The queries of all built-in views; none where a text names no schema of theirs. */
export async function viewTrees(sql: string): Promise<ViewTrees> {
  if (builtInViews(sql).size === 0) return noViews;
  trees ??= readTrees();
  return trees;
}

/** Undefined until a text names one. */
let trees: Promise<ViewTrees> | undefined;

async function readTrees(): Promise<ViewTrees> {
  return new Map(await Promise.all(metrics.map(async (view) => [viewKey(view), await readTree(view)] as const)));
}

async function readTree({ sql }: BuiltInView): Promise<SelectStmt> {
  const { stmts: [statement] = [] } = await parsePostgres(sql);
  if (statement?.stmt === undefined || !("SelectStmt" in statement.stmt)) throw new RangeError("a view is a query");
  return statement.stmt.SelectStmt;
}

/** Those that a statement mentions, or that they mention themselves, each behind those that it reads. */
export function mentionedViews(mentions: StatementMentions | undefined): readonly BuiltInView[] {
  const named = new Set(mentions?.relations.map(({ schema = "", name }) => viewKey({ schema, name })));
  return metrics.filter((view) => named.has(viewKey(view)));
}

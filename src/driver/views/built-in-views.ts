import type { BuiltInView } from "../../catalog/built-in-view.js";
import { metrics } from "../../catalog/metrics/metrics.js";
import type { Views } from "../../syntax/expand-views.js";
import { viewKey } from "../../syntax/expand-views.js";
import type { TableName } from "../../syntax/statement.js";

const byKey: ReadonlyMap<string, BuiltInView> = new Map(metrics.map((view) => [viewKey(view), view]));

/** The views that a text may name without anybody having made them; none where it names no schema of theirs. */
export function builtInViews(sql: string): Views {
  return schemaName.test(sql) ? byKey : none;
}

const schemaName = new RegExp([...new Set(metrics.map(({ schema }) => schema))].join("|"), "i");
const none: Views = new Map();

export function findBuiltInView({ schema, name }: Pick<TableName, "schema" | "name">): BuiltInView | undefined {
  return schema === undefined ? undefined : byKey.get(viewKey({ schema, name }));
}

import { quoteText } from "../../../value/quote.js";

/** Settings that hold the rows of a view as JSON, for a statement that names the view: sessions are not PostgreSQL's own here. */
export const sessionViews = {
  pg_cursors: "stripe_sql.cursors",
  pg_prepared_statements: "stripe_sql.prepared_statements",
} as const;

const columns: Readonly<Record<keyof typeof sessionViews, string>> = {
  pg_cursors:
    "name text, statement text, is_holdable boolean, is_binary boolean, is_scrollable boolean, creation_time timestamptz",
  pg_prepared_statements:
    "name text, statement text, prepare_time timestamptz, parameter_types regtype[], result_types regtype[], from_sql boolean, generic_plans bigint, custom_plans bigint",
};

/** Has PostgreSQL's views of a session's cursors and prepared statements give those of the client's session. */
export function showSession(): readonly string[] {
  return Object.entries(sessionViews).map(([view, setting]) => {
    const given = columns[view as keyof typeof sessionViews];
    const names = given.split(", ").map((column) => column.split(" ")[0]);
    const rows = `coalesce(nullif(pg_catalog.current_setting(${quoteText(setting)}, true), ''), '[]')::json`;
    return `CREATE OR REPLACE VIEW pg_catalog.${view} AS SELECT ${names.join(", ")} FROM json_to_recordset(${rows}) AS held(${given})`;
  });
}

import { quoteText } from "../../../value/quote.js";
import { heldSetting } from "./held-settings.js";

/**
 * Settings that hold the rows of a view or function as JSON, for a statement that names it: sessions are not PostgreSQL's
 * own here.
 */
export const sessionViews = {
  pg_cursors: "stripe_sql.cursors",
  pg_prepared_statements: "stripe_sql.prepared_statements",
  pg_listening_channels: "stripe_sql.channels",
} as const;

const columns = {
  pg_cursors:
    "name text, statement text, is_holdable boolean, is_binary boolean, is_scrollable boolean, creation_time timestamptz",
  pg_prepared_statements:
    "name text, statement text, prepare_time timestamptz, parameter_types regtype[], result_types regtype[], from_sql boolean, generic_plans bigint, custom_plans bigint",
} as const;

/** Has PostgreSQL's views of a session's cursors, prepared statements and channels give those of the client's session. */
export function showSession(): readonly string[] {
  const views = Object.entries(columns).map(([view, given]) => {
    const names = given.split(", ").map((column) => column.split(" ")[0]);
    const rows = rowsOf(sessionViews[view as keyof typeof columns]);
    return `CREATE OR REPLACE VIEW pg_catalog.${view} AS SELECT ${names.join(", ")} FROM json_to_recordset(${rows}) AS held(${given})`;
  });
  const channels = `SELECT json_array_elements_text(${rowsOf(sessionViews.pg_listening_channels)})`;
  return [
    ...views,
    "ALTER FUNCTION pg_catalog.pg_listening_channels() RENAME TO pg_stripe_sql_listening_channels",
    `CREATE FUNCTION pg_catalog.pg_listening_channels() RETURNS SETOF text LANGUAGE sql STABLE AS ${quoteText(channels)}`,
  ];
}

const rowsOf = (setting: string): string => `coalesce(nullif(${heldSetting(setting)}, ''), '[]')::json`;

import { quoteText } from "../../../value/quote.js";

/** Views of information_schema that show a constraint's columns to nobody but their owner. */
const ownersViews = ["constraint_column_usage", "constraint_table_usage"];

/** The condition by which they do, with the alias that some of them have. */
const isOwner = String.raw`pg_has_role\((\w+\.)?(tblowner|relowner), 'USAGE'::text\)`;

/** Queries over information_schema look there for a key's columns, and for the other end of a reference. */
export function showKeys(): readonly string[] {
  return ownersViews.map((view) => `DO ${quoteText(showToAll(`information_schema.${view}`))}`);
}

/**
 * psql looks for references only in tables that have triggers, by which PostgreSQL enforces them elsewhere. VACUUM finds
 * out that there are none, so that this comes after it.
 */
export const showReferences = `UPDATE pg_catalog.pg_class SET relhastriggers = true
  WHERE oid IN (SELECT unnest(ARRAY[conrelid, confrelid]) FROM pg_catalog.pg_constraint WHERE contype = 'f')`;

function showToAll(view: string): string {
  return `DECLARE
  shown text := pg_get_viewdef('${view}');
  open text := regexp_replace(shown, ${quoteText(isOwner)}, 'true');
BEGIN
  IF open = shown THEN RAISE EXCEPTION '% has another condition', '${view}'; END IF;
  EXECUTE 'CREATE OR REPLACE VIEW ${view} AS ' || open;
END`;
}

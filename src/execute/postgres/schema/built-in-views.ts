import type { BuiltInView } from "../../../catalog/built-in-view.js";
import { metrics } from "../../../catalog/metrics/metrics.js";
import { quoteName, quoteText } from "../../../value/quote.js";
import { columnTypes } from "./column-type.js";
import { comment } from "./create-table.js";

export const builtInSchemas: readonly string[] = [...new Set(metrics.map(({ schema }) => schema))];

/** What a view reads outside of the turns that fill it. */
const unfilled = "pg_catalog.pg_stripe_sql_unfilled";

/**
 * Built-in views as tools list and describe them. Their queries name columns that tables have only for the turns of
 * statements that name those, so that it is then that a view gets its query; until then it fails, as it has no rows to give.
 */
export function createBuiltInViews(): readonly string[] {
  return [
    `CREATE FUNCTION ${unfilled}(view text) RETURNS SETOF bool LANGUAGE plpgsql AS ${quoteText(unfilledBody)}`,
    ...builtInSchemas.map((schema) => `CREATE SCHEMA ${quoteName(schema)}`),
    ...metrics.flatMap((view) => [
      `CREATE VIEW ${viewName(view)} AS SELECT ${columnList(view)} FROM ${unfilled}(${quoteText(`${view.schema}.${view.name}`)})`,
      ...comment(`VIEW ${viewName(view)}`, viewComment(view)),
      ...view.columns.flatMap(({ name, description }) =>
        comment(`COLUMN ${viewName(view)}.${quoteName(name)}`, description),
      ),
    ]),
  ];
}

/** Gives a view its query. */
export function filledBuiltInView(view: BuiltInView): string {
  return `CREATE OR REPLACE VIEW ${viewName(view)} AS ${view.sql}`;
}

function columnList({ columns }: BuiltInView): string {
  return columns.map(({ name, type }) => `NULL::${columnTypes[type]} AS ${quoteName(name)}`).join(", ");
}

function viewComment({ description, sources, sql }: BuiltInView): string {
  return [description, ...sources.map((source) => `See ${source}`), "", sql].join("\n");
}

const viewName = ({ schema, name }: BuiltInView): string => `${quoteName(schema)}.${quoteName(name)}`;

const unfilledBody = `BEGIN
  RAISE EXCEPTION USING ERRCODE = '0A000', MESSAGE = format('view %s can only be read by its name with its schema', $1);
END`;

import type { Catalog, Table } from "../../catalog/catalog.js";
import type { StatementMentions } from "../../syntax/postgres/mentions.js";
import type { PostgresStatement } from "../../syntax/postgres/postgres-statement.js";

/** What a statement, or the one that it holds, mentions; undefined for those that name nothing. */
export function mentionsOf(statement: PostgresStatement): StatementMentions | undefined {
  if ("relations" in statement && "functions" in statement) return statement;
  if (statement.kind === "explain") return mentionsOf(statement.statement);
  return statement.kind === "copy-to" && statement.source.kind === "statement"
    ? mentionsOf(statement.source.statement)
    : undefined;
}

/** The catalog's table of a name, as PostgreSQL has it. */
export function stripeTable(
  catalog: Catalog,
  { schema, name }: { readonly schema: string | undefined; readonly name: string },
): Table | undefined {
  if (schema === "sql") return catalog.findTable(name)?.table;
  return schema === undefined || schema === "stripe" || schema === "v2"
    ? catalog.findTable(name, schema)?.table
    : undefined;
}

/** Those of Stripe's that a statement names, one for each time. */
export function stripeTables(catalog: Catalog, { relations }: StatementMentions): readonly Table[] {
  return relations.flatMap((relation) => stripeTable(catalog, relation) ?? []);
}

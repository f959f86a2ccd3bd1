import type { Table } from "../../../catalog/catalog.js";
import { quoteName, quoteText } from "../../../value/quote.js";
import { builtInSchemas } from "./built-in-views.js";
import { viewSchema } from "./create-view.js";
import { ownPrefix, plainSetConfig, tellingSetConfig } from "./held-settings.js";
import { relationName } from "./kept-name.js";

/** Owner of everything; PostgreSQL keeps names that begin with "pg_" for itself, so that no client has it. */
export const ownerRole = "pg_stripe_sql";

/** The role of client statements, until it is named after the first of them. */
export const clientRole = "client";

/** Has the right to change settings that everyone may change, and no other. */
const settingsRole = "pg_stripe_sql_settings";

/** What would let a statement out of its role or its transaction, or end the backend. */
const heldSettings = [
  "role",
  "session_authorization",
  "exit_on_error",
  "transaction_read_only",
  "transaction_isolation",
  "transaction_deferrable",
];

/**
 * What clients may do: read tables, and call what reads. The session is a superuser's, whom a statement would become by
 * set_config('role', …); so another function of that name stands before PostgreSQL's own.
 */
export function lockDown(tables: readonly Table[]): readonly string[] {
  const client = quoteName(clientRole);
  const settings = quoteName(settingsRole);
  const views = [viewSchema, ...builtInSchemas].join(", ");
  return [
    `CREATE ROLE ${client} LOGIN`,
    "CREATE ROLE settings_holder",
    `UPDATE pg_catalog.pg_authid SET rolname = ${quoteText(settingsRole)} WHERE rolname = 'settings_holder'`,
    `UPDATE pg_catalog.pg_authid SET rolname = ${quoteText(ownerRole)} WHERE oid = 10`,
    `GRANT USAGE ON SCHEMA stripe, v2, ${views} TO ${client}`,
    // To refer to a table is nothing that a statement can do here, but who may sees its keys in information_schema.
    ...["stripe", "v2"].map((schema) => `GRANT SELECT, REFERENCES ON ALL TABLES IN SCHEMA ${schema} TO ${client}`),
    `GRANT SELECT ON ALL TABLES IN SCHEMA ${views} TO ${client}`,
    ...tables.flatMap((table) => grantWrites(table, client)),
    "REVOKE ALL ON DATABASE postgres FROM PUBLIC",
    `GRANT CONNECT ON DATABASE postgres TO ${client}`,
    "REVOKE UPDATE ON pg_catalog.pg_settings FROM PUBLIC",
    "REVOKE USAGE ON LANGUAGE plpgsql, sql FROM PUBLIC",
    `REVOKE EXECUTE ON FUNCTION ${endingFunctions.join(", ")} FROM PUBLIC`,
    `ALTER FUNCTION pg_catalog.set_config(text, text, boolean) RENAME TO ${plainSetConfig.split(".")[1]}`,
    `REVOKE EXECUTE ON FUNCTION ${plainSetConfig}(text, text, boolean) FROM PUBLIC`,
    `GRANT EXECUTE ON FUNCTION ${plainSetConfig}(text, text, boolean) TO ${settings}`,
    `CREATE FUNCTION pg_catalog.set_config(text, text, boolean) RETURNS text LANGUAGE plpgsql SECURITY DEFINER AS ${quoteText(checkedSetConfig)}`,
    `ALTER FUNCTION pg_catalog.set_config(text, text, boolean) OWNER TO ${settings}`,
    `ALTER SCHEMA public OWNER TO ${quoteName(ownerRole)}`,
  ];
}

/**
 * What Stripe takes is what tools are told that they may write. Whoever runs statements sends those to Stripe; here, in a
 * transaction that only reads, the rights have no effect.
 */
function grantWrites(table: Table, client: string): readonly string[] {
  const rights = [
    ...(table.create === undefined ? [] : ["INSERT"]),
    ...(table.update === undefined ? [] : ["UPDATE"]),
    ...(table.delete === undefined ? [] : ["DELETE"]),
  ];
  return rights.length === 0 ? [] : [`GRANT ${rights.join(", ")} ON ${relationName(table)} TO ${client}`];
}

/** They act on the one backend there is, which is no client's own, or on its log. */
const endingFunctions = [
  "pg_catalog.pg_stripe_sql_terminate_backend(integer, bigint)",
  "pg_catalog.pg_stripe_sql_cancel_backend(integer)",
  "pg_catalog.pg_export_snapshot()",
  "pg_catalog.pg_logical_emit_message(boolean, text, text, boolean)",
  "pg_catalog.pg_logical_emit_message(boolean, text, bytea, boolean)",
];

const checkedSetConfig = `BEGIN
  IF lower($1) IN (${heldSettings.map(quoteText).join(", ")}) OR starts_with(lower($1), ${quoteText(ownPrefix)}) THEN
    RAISE EXCEPTION USING ERRCODE = '42501', MESSAGE = format('permission denied to set parameter "%s"', $1);
  END IF;
  ${tellingSetConfig};
END`;

import { quoteText } from "../../../value/quote.js";
import { heldSetting } from "./held-settings.js";

/** Settings of a statement by which the functions and views here know of the gateway's sessions. */
export const activitySetting = "stripe_sql.activity";
export const processSetting = "stripe_sql.pid";

/** SQLSTATE of the message by which a statement asks for a signal; no other message has it. Its text is the signal and the number of the session. */
export const signalState = "SS001";

/** Texts that read what is shown here, as they are given the sessions; a text that only looks so is given them in vain. */
export const readsActivity = /pg_stat_(?:activity|ssl|progress_stripe)|pg_(?:cancel|terminate)_backend/i;

const sessions = (columns: string): string =>
  `pg_catalog.jsonb_to_recordset(${heldSetting(activitySetting)}::jsonb) AS s(${columns})`;

const ofDatabase = "LEFT JOIN pg_catalog.pg_database d ON d.datname = s.datname";

/** The columns of PostgreSQL's own view, in their order. */
const activityView = `SELECT d.oid AS datid, s.datname, s.pid, NULL::int4 AS leader_pid, u.oid AS usesysid, s.usename,
    s.application_name, s.client_addr, NULL::text AS client_hostname, s.client_port, s.backend_start, s.xact_start,
    s.query_start, s.state_change, s.wait_event_type, s.wait_event, s.state, NULL::xid AS backend_xid,
    NULL::xid AS backend_xmin, NULL::int8 AS query_id, s.query, s.backend_type
  FROM ${sessions(`pid int4, datname name, usename name, application_name text, client_addr inet, client_port int4,
    backend_start timestamptz, xact_start timestamptz, query_start timestamptz, state_change timestamptz,
    wait_event_type text, wait_event text, state text, query text, backend_type text`)}
  ${ofDatabase} LEFT JOIN pg_catalog.pg_authid u ON u.rolname = s.usename`;

const tlsView = `SELECT s.pid, s.ssl, s.version, s.cipher, NULL::int4 AS bits, NULL::text AS client_dn,
    NULL::numeric AS client_serial, NULL::text AS issuer_dn
  FROM ${sessions("pid int4, ssl bool, version text, cipher text")}`;

const progressView = `SELECT s.pid, d.oid AS datid, s.datname, s.phase, s.requests_expected, s.requests_sent, s.rows_fetched, s.rows_sent
  FROM ${sessions(`pid int4, datname name, phase text, requests_expected int8, requests_sent int8, rows_fetched int8,
    rows_sent int8`)}
  ${ofDatabase} WHERE s.phase IS NOT NULL`;

/**
 * Has `pg_stat_activity` show the gateway's sessions, and the functions that go with it act on them: in PostgreSQL's own
 * there is but the one backend that all of them share.
 */
export function showActivity(): readonly string[] {
  return [
    "SET allow_system_table_mods = on",
    `CREATE OR REPLACE VIEW pg_catalog.pg_stat_activity AS ${activityView}`,
    `CREATE OR REPLACE VIEW pg_catalog.pg_stat_ssl AS ${tlsView}`,
    `CREATE VIEW pg_catalog.pg_stat_progress_stripe AS ${progressView}`,
    "GRANT SELECT ON pg_catalog.pg_stat_progress_stripe TO PUBLIC",
    "COMMENT ON VIEW pg_catalog.pg_stat_progress_stripe IS 'How far statements that run have come with what they read of Stripe'",
    "RESET allow_system_table_mods",
    "ALTER FUNCTION pg_catalog.pg_backend_pid() RENAME TO pg_stripe_sql_backend_pid",
    `CREATE FUNCTION pg_catalog.pg_backend_pid() RETURNS integer LANGUAGE sql STABLE AS ${quoteText(processId)}`,
    "ALTER FUNCTION pg_catalog.pg_cancel_backend(integer) RENAME TO pg_stripe_sql_cancel_backend",
    "ALTER FUNCTION pg_catalog.pg_terminate_backend(integer, bigint) RENAME TO pg_stripe_sql_terminate_backend",
    `CREATE FUNCTION pg_catalog.pg_cancel_backend(pid integer) RETURNS boolean LANGUAGE plpgsql STRICT AS ${quoteText(signalling("cancel", "query"))}`,
    `CREATE FUNCTION pg_catalog.pg_terminate_backend(pid integer, timeout bigint DEFAULT 0) RETURNS boolean LANGUAGE plpgsql STRICT AS ${quoteText(signalling("terminate", "process"))}`,
  ];
}

const processId = `SELECT coalesce(nullif(${heldSetting(processSetting)}, '')::int4, pg_catalog.pg_stripe_sql_backend_pid())`;

/** The session is told to end; whether it has is nothing that a function could wait for. */
const withoutTimeout = `
  IF $2 <> 0 THEN
    RAISE EXCEPTION USING ERRCODE = '0A000', MESSAGE = 'pg_terminate_backend does not wait here', HINT = 'Call it without a timeout.';
  END IF;`;

/** In PostgreSQL's words. INFO is sent whatever the client wants to hear. */
function signalling(kind: "cancel" | "terminate", what: "query" | "process"): string {
  const done = kind === "cancel" ? "canceled" : "terminated";
  return `DECLARE
  owner name;
BEGIN${kind === "terminate" ? withoutTimeout : ""}
  SELECT s.usename INTO owner FROM ${sessions("pid int4, usename name")} WHERE s.pid = $1;
  IF owner IS NULL THEN
    RAISE WARNING 'PID % is not a PostgreSQL backend process', $1;
    RETURN false;
  END IF;
  IF owner <> session_user THEN
    RAISE EXCEPTION USING ERRCODE = '42501', MESSAGE = 'permission denied to ${kind} ${what}',
      DETAIL = 'Only roles with privileges of the role whose ${what} is being ${done} may ${kind} this ${what}.';
  END IF;
  RAISE INFO USING ERRCODE = ${quoteText(signalState)}, MESSAGE = '${kind} ' || $1;
  RETURN true;
END`;
}

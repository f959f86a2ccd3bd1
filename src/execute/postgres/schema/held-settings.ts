import { quoteText } from "../../../value/quote.js";

/** PostgreSQL's own functions of settings, by the names that they are given. */
export const plainSetConfig = "pg_catalog.pg_stripe_sql_set_config";
const plainCurrentSetting = "pg_catalog.pg_stripe_sql_current_setting";

/** Begins the names of settings that statements are given by us, and no client sees. */
export const ownPrefix = "stripe_sql.";

/** Names that a client has made up, with a comma between each: those that others have made up are none to it. */
export const madeUpSetting = `${ownPrefix}made_up`;

/** SQLSTATE of the message by which `set_config` tells what it has set; no other message has it. */
export const setState = "SS002";

/** What that message's text is, as JSON. */
export interface SettingChange {
  readonly name: string;
  readonly value: string;
  /** Until the transaction's end. */
  readonly isLocal: boolean;
}

/** A setting of ours as a value; NULL or "" where the statement was given none. */
export const heldSetting = (name: string): string => `${plainCurrentSetting}(${quoteText(name)}, true)`;

const madeUp = `string_to_array(coalesce(${heldSetting(madeUpSetting)}, ''), ',')`;

/**
 * Has `current_setting` know of the settings with a dot in their names those alone that the client itself has set: the one
 * backend remembers the names of all, with empty values, for as long as it runs.
 */
export function showOwnSettings(): readonly string[] {
  const body = `BEGIN
  IF strpos($1, '.') > 0 AND NOT lower($1) = ANY (${madeUp})
    AND NOT EXISTS (SELECT FROM pg_catalog.pg_show_all_settings() WHERE lower(name) = lower($1)) THEN
    IF $2 THEN RETURN NULL; END IF;
    RAISE EXCEPTION USING ERRCODE = '42704', MESSAGE = format('unrecognized configuration parameter "%s"', $1);
  END IF;
  RETURN ${plainCurrentSetting}($1, $2);
END`;
  const [, plainName] = plainCurrentSetting.split(".");
  return [
    ...["text", "text, boolean"].map(
      (types) => `ALTER FUNCTION pg_catalog.current_setting(${types}) RENAME TO ${plainName}`,
    ),
    `CREATE FUNCTION pg_catalog.current_setting(text, boolean) RETURNS text LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE AS ${quoteText(body)}`,
    "CREATE FUNCTION pg_catalog.current_setting(text) RETURNS text LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE AS 'BEGIN RETURN pg_catalog.current_setting($1, false); END'",
  ];
}

/** What `set_config` does once it may: it sets, and tells what, so that the session can keep it. */
export const tellingSetConfig = `DECLARE
  given text;
BEGIN
  given := ${plainSetConfig}($1, $2, $3);
  IF strpos($1, '.') > 0 AND NOT lower($1) = ANY (${madeUp}) THEN
    PERFORM ${plainSetConfig}(${quoteText(madeUpSetting)}, lower($1) || ',' || coalesce(${heldSetting(madeUpSetting)}, ''), true);
  END IF;
  RAISE INFO USING ERRCODE = ${quoteText(setState)},
    MESSAGE = json_build_object('name', $1, 'value', given, 'isLocal', coalesce($3, false))::text;
  RETURN given;
END`;

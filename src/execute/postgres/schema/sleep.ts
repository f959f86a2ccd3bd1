import { quoteText } from "../../../value/quote.js";

/** PostgreSQL's own function, by another name. */
const plainSleep = "pg_catalog.pg_stripe_sql_sleep";

/** Asleep, PostgreSQL looks for no cancellation here, so that it sleeps for so many seconds at a time. */
const napSeconds = 0.01;

/** More than a turn lasts, and less than an interval holds. */
const longestSeconds = 100_000_000;

/** Has `pg_sleep` end when its statement is canceled. */
export function interruptibleSleep(): readonly string[] {
  return [
    "ALTER FUNCTION pg_catalog.pg_sleep(double precision) RENAME TO pg_stripe_sql_sleep",
    `CREATE FUNCTION pg_catalog.pg_sleep(double precision) RETURNS void LANGUAGE plpgsql STRICT AS ${quoteText(napping)}`,
    sleeping("pg_sleep_for(interval)", "clock_timestamp() + $1"),
    sleeping("pg_sleep_until(timestamp with time zone)", "$1"),
  ];
}

const napping = `DECLARE
  until CONSTANT timestamptz := clock_timestamp() + least($1, ${longestSeconds}) * interval '1 second';
BEGIN
  WHILE clock_timestamp() < until LOOP
    PERFORM ${plainSleep}(least(${napSeconds}, extract(epoch FROM until - clock_timestamp())));
  END LOOP;
END`;

function sleeping(signature: string, until: string): string {
  const body = `SELECT pg_catalog.pg_sleep(extract(epoch FROM ${until} - clock_timestamp())::float8)`;
  return `CREATE OR REPLACE FUNCTION pg_catalog.${signature} RETURNS void LANGUAGE sql STRICT AS ${quoteText(body)}`;
}

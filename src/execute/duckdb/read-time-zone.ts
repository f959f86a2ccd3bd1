import type { DuckDBConnection } from "@duckdb/node-api";
import { quoteText } from "../../value/quote.js";
import type { TimeZone } from "../../value/time-zone.js";
import { zoneOf } from "../../value/time-zone.js";

/** 1850 to 2200: before, a zone had its place's mean time. */
const [startSeconds, endSeconds] = [-3_786_825_600, 7_258_118_400];

/** Clocks are never changed and changed back within so short a time. */
const stepSeconds = 604_800;

/** Offsets a week apart, and where two differ, the second between them from which on the later holds. */
const transitions = `WITH RECURSIVE
  samples AS (SELECT moment, extract(timezone FROM to_timestamp(moment))::BIGINT AS ahead FROM generate_series(${startSeconds}, ${endSeconds}, ${stepSeconds}) AS s(moment)),
  neighbours AS (SELECT moment AS high, ahead, lag(moment) OVER (ORDER BY moment) AS low, lag(ahead) OVER (ORDER BY moment) AS before FROM samples),
  halved(low, high, ahead) AS (
    SELECT low, high, ahead FROM neighbours WHERE before <> ahead
    UNION ALL
    SELECT if(is_later, low, middle), if(is_later, middle, high), ahead
    FROM (SELECT low, high, ahead, (low + high) // 2 AS middle, extract(timezone FROM to_timestamp((low + high) // 2)) = ahead AS is_later FROM halved WHERE high - low > 1)
  )
SELECT high AS moment, ahead FROM halved WHERE high - low = 1
UNION ALL SELECT moment, ahead FROM samples WHERE moment = ${startSeconds}
ORDER BY moment`;

/** A zone as the engine knows it, so that nobody else's table of zones can disagree with it; fails for one that it does not know. */
export async function readTimeZone(connection: DuckDBConnection, name: string): Promise<TimeZone> {
  await connection.run(setTimeZone(name));
  const setting = await connection.runAndReadAll("SELECT current_setting('TimeZone')");
  const rows = (await connection.runAndReadAll(transitions)).getRows();
  const read = rows.map(([at, ahead]) => ({ fromSeconds: Number(at), offsetSeconds: Number(ahead) }));
  return zoneOf(String(setting.value(0, 0)), read, endSeconds);
}

/** For one connection alone. */
export function setTimeZone(name: string): string {
  return `SET SESSION TimeZone = ${quoteText(name)}`;
}

import type { TimeZone } from "../../value/time-zone.js";
import { zoneOf } from "../../value/time-zone.js";
import type { ClientSettings } from "./client-settings.js";
import { plainStatement, readRows } from "./read-rows.js";
import type { TurnSource } from "./turn-source.js";

/** 1850 to 2200: before, a zone had its place's mean time. */
const [startSeconds, endSeconds] = [-3_786_825_600, 7_258_118_400];

/** Clocks are never changed and changed back within so short a time. */
const stepSeconds = 604_800;

/** Offsets a week apart, and where two differ, the second between them from which on the later holds. */
const transitions = `WITH RECURSIVE
  samples AS (SELECT moment, extract(timezone FROM to_timestamp(moment))::int8 AS ahead FROM generate_series(${startSeconds}::int8, ${endSeconds}::int8, ${stepSeconds}::int8) AS s(moment)),
  neighbours AS (SELECT moment AS high, ahead, lag(moment) OVER (ORDER BY moment) AS low, lag(ahead) OVER (ORDER BY moment) AS before FROM samples),
  halved(low, high, ahead) AS (
    SELECT low, high, ahead FROM neighbours WHERE before <> ahead
    UNION ALL
    SELECT CASE WHEN is_later THEN low ELSE middle END, CASE WHEN is_later THEN middle ELSE high END, ahead
    FROM (SELECT low, high, ahead, (low + high) / 2 AS middle, extract(timezone FROM to_timestamp((low + high) / 2)) = ahead AS is_later FROM halved WHERE high - low > 1) AS halves
  )
SELECT high AS moment, ahead FROM halved WHERE high - low = 1
UNION ALL SELECT moment, ahead FROM samples WHERE moment = ${startSeconds}
ORDER BY moment`;

/** A zone as PostgreSQL knows it, so that nobody else's table of zones can disagree with it. */
export async function readPostgresZone(engine: TurnSource, name: string, client: ClientSettings): Promise<TimeZone> {
  const turn = await engine.turn({ ...client, parameters: new Map([["TimeZone", name]]) });
  try {
    const { tuples } = await readRows(turn, plainStatement(transitions));
    const read = tuples.map(([at, ahead]) => ({ fromSeconds: Number(at), offsetSeconds: Number(ahead) }));
    return zoneOf(name, read, endSeconds);
  } finally {
    await turn.end();
  }
}

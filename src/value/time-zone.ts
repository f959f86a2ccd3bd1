/** A time zone as printing and planning need it. */
export interface TimeZone {
  /** "UTC", "America/Los_Angeles". */
  readonly name: string;
  /** Seconds that its clocks are ahead of UTC at a time, which is given in seconds since the Unix epoch. */
  offsetSeconds(epochSeconds: number): number;
  /** Whether the offsets at a time are those that the local engine reckons with too. */
  covers(epochSeconds: number): boolean;
}

export const utc: TimeZone = { name: "UTC", offsetSeconds: () => 0, covers: () => true };

/** From a time on, which is given in seconds since the Unix epoch, a zone's clocks are so many seconds ahead of UTC. */
export interface ZoneTransition {
  readonly fromSeconds: number;
  readonly offsetSeconds: number;
}

/** A zone of known transitions, the first of which holds before it too. They are known up to `endSeconds`. */
export function zoneOf(name: string, transitions: readonly ZoneTransition[], endSeconds: number): TimeZone {
  const start = transitions[0]?.fromSeconds ?? Number.POSITIVE_INFINITY;
  return {
    name,
    offsetSeconds: (epochSeconds) => offsetAt(transitions, epochSeconds),
    covers: (epochSeconds) => epochSeconds >= start && epochSeconds < endSeconds,
  };
}

function offsetAt(transitions: readonly ZoneTransition[], epochSeconds: number): number {
  let low = 0;
  let high = transitions.length;
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if ((transitions[middle]?.fromSeconds ?? 0) <= epochSeconds) low = middle;
    else high = middle;
  }
  return transitions[low]?.offsetSeconds ?? 0;
}

/** No zone is further from UTC, and none changes its offset twice in so short a time. */
const farthestSeconds = 172_800;

/**
 * The time at which a zone's clocks show a date and time, given in seconds as if it were in UTC. Of two such times the
 * later; where the clocks leap over it, as if they had not leapt yet: so the local engine's calendar has it.
 * Undefined where its offsets are not known there.
 * Source: https://unicode-org.github.io/icu/userguide/datetime/calendar/ (repeated and skipped wall time: last)
 */
export function instantOf(wallSeconds: number, zone: TimeZone): number | undefined {
  if (!Number.isFinite(wallSeconds)) return wallSeconds;
  const [earliest, latest] = [wallSeconds - farthestSeconds, wallSeconds + farthestSeconds];
  if (!zone.covers(earliest) || !zone.covers(latest)) return undefined;
  const later = wallSeconds - zone.offsetSeconds(latest);
  return wallSeconds - zone.offsetSeconds(later) === later ? later : wallSeconds - zone.offsetSeconds(earliest);
}

/** What a zone's clocks show at a time, in seconds as if it were in UTC; undefined where its offsets are not known. */
export function wallClockOf(epochSeconds: number, zone: TimeZone): number | undefined {
  if (!Number.isFinite(epochSeconds)) return epochSeconds;
  return zone.covers(epochSeconds) ? epochSeconds + zone.offsetSeconds(epochSeconds) : undefined;
}

/** Whether a zone's clocks show a date and time exactly once. */
export function isShownOnce(wallSeconds: number, zone: TimeZone): boolean {
  const offsets = new Set([-farthestSeconds, farthestSeconds].map((away) => zone.offsetSeconds(wallSeconds + away)));
  return [...offsets].filter((offset) => zone.offsetSeconds(wallSeconds - offset) === offset).length === 1;
}

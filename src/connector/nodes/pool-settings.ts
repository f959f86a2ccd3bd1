import type { ScalingSettings } from "./scaling-rule.js";

/** Limits and durations of a pool. */
export interface PoolSettings extends ScalingSettings {
  /** Calls that one node has under way at most: they wait for Stripe, not for the processor. */
  readonly callsPerNode: number;
  /** Calls that wait for a node at most. */
  readonly waitingCalls: number;
  /** How long a call waits where no node runs. */
  readonly noNodeMs: number;
  /** How long a node may take to open its connector. */
  readonly startMs: number;
  /** Starts that may fail before the pool gives up, where none has succeeded. */
  readonly firstStarts: number;
  /** Nodes that end before they have served for so long are started anew ever more slowly. */
  readonly settledMs: number;
  /** A node that has said nothing for this long is asked. */
  readonly askAfterMs: number;
  /** A node that leaves a question unanswered for this long is ended. */
  readonly unansweredMs: number;
  /** How long a node may take to end once it is told to. */
  readonly endMs: number;
  /** How often the pool looks at all of this. */
  readonly lookEveryMs: number;
}

export const defaultPoolSettings: PoolSettings = {
  callsPerNode: 16,
  waitingCalls: 1000,
  growAtLoad: 2,
  growAfterMs: 5000,
  growAfterRefusingMs: 30_000,
  shrinkBelowLoad: 0.5,
  shrinkAfterMs: 30_000,
  noNodeMs: 10_000,
  startMs: 60_000,
  firstStarts: 3,
  settledMs: 10_000,
  askAfterMs: 5000,
  unansweredMs: 30_000,
  endMs: 10_000,
  lookEveryMs: 250,
};

const firstBackoffMs = 500;
const longestBackoffMs = 30_000;

/** The pause before the next start where so many nodes in a row ended early: none after the first, then ever longer. */
export function startBackoffMs(earlyEnds: number): number {
  if (earlyEnds < 2) return 0;
  return Math.min(longestBackoffMs, firstBackoffMs * 2 ** (earlyEnds - 2));
}

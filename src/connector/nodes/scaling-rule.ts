/** When a connection gets another node, and when it loses one. */
export interface ScalingSettings {
  /** Calls under way for each node. */
  readonly growAtLoad: number;
  readonly growAfterMs: number;
  /** How long the throttle must have been refusing. */
  readonly growAfterRefusingMs: number;
  readonly shrinkBelowLoad: number;
  readonly shrinkAfterMs: number;
}

export interface ObservedUse {
  readonly nowMs: number;
  /** Calls under way for each node. */
  readonly load: number;
  readonly isRefusing: boolean;
  /** Transactions that were let in so far. */
  readonly admitted: number;
  /** Transactions a second that one node less would take. */
  readonly perSecondOfFewer: number;
}

/** Watches the use of a connection and says when to change the number of its nodes, by one at a time. */
export class ScalingRule {
  readonly #settings: ScalingSettings;
  #busySince: ObservedUse | undefined;
  #refusingSince: ObservedUse | undefined;
  #idleSince: ObservedUse | undefined;

  constructor(settings: ScalingSettings) {
    this.#settings = settings;
  }

  /** 1 for one node more, -1 for one less. After either, watching begins anew. */
  observe(use: ObservedUse): -1 | 0 | 1 {
    const { growAtLoad, growAfterMs, growAfterRefusingMs, shrinkBelowLoad, shrinkAfterMs } = this.#settings;
    this.#busySince = use.load >= growAtLoad ? (this.#busySince ?? use) : undefined;
    this.#refusingSince = use.isRefusing ? (this.#refusingSince ?? use) : undefined;
    this.#idleSince = use.load < shrinkBelowLoad && !use.isRefusing ? (this.#idleSince ?? use) : undefined;
    if (hasLasted(this.#busySince, use, growAfterMs) || hasLasted(this.#refusingSince, use, growAfterRefusingMs)) {
      return this.#step(1);
    }
    if (this.#idleSince === undefined || !hasLasted(this.#idleSince, use, shrinkAfterMs)) return 0;
    if (isNeeded(this.#idleSince, use)) {
      this.#idleSince = use;
      return 0;
    }
    return this.#step(-1);
  }

  #step(change: -1 | 1): -1 | 1 {
    this.#busySince = undefined;
    this.#refusingSince = undefined;
    this.#idleSince = undefined;
    return change;
  }
}

function hasLasted(since: ObservedUse | undefined, { nowMs }: ObservedUse, durationMs: number): boolean {
  return since !== undefined && nowMs - since.nowMs >= durationMs;
}

/** Short calls leave nodes idle that the throttle still counts: without one of them, some calls would be refused. */
function isNeeded(since: ObservedUse, use: ObservedUse): boolean {
  const perSecond = ((use.admitted - since.admitted) * 1000) / (use.nowMs - since.nowMs);
  return perSecond > use.perSecondOfFewer;
}

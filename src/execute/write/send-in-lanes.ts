/** How items are worked on that may go side by side. */
export interface Lanes<Item extends object> {
  /** How many may be under way at once, as it is now: asked anew whenever one has ended. */
  readonly width: () => number;
  /** Items of one lane go one after the other, in their order; undefined: the item has none, and waits for nobody. */
  readonly laneOf: (item: Item) => string | undefined;
  readonly work: (item: Item) => Promise<void>;
  /** True once no further item may begin; those under way are still waited for. */
  readonly hasEnded: () => boolean;
}

/**
 * Works on the items side by side, begun in their order but for those whose lane is taken, which begin as soon as it is
 * free. Resolves once nothing is under way any more. Work that rejects ends it too, and is thrown then.
 */
export function sendInLanes<Item extends object>(items: Iterable<Item>, lanes: Lanes<Item>): Promise<void> {
  return new Promise((resolve, reject) => new LaneRun(items, lanes, resolve, reject).advance());
}

interface Held<Item extends object> {
  readonly items: Item[];
  begun: number;
}

class LaneRun<Item extends object> {
  readonly #waiting: Iterator<Item>;
  readonly #lanes: Lanes<Item>;
  readonly #resolve: () => void;
  readonly #reject: (reason: unknown) => void;
  /** Those whose turn has come, as their lane is free again. */
  readonly #freed: Item[] = [];
  /** By lane that is taken, those that wait for it or have waited. */
  readonly #held = new Map<string, Held<Item>>();
  #underWay = 0;
  #failure: { readonly reason: unknown } | undefined;

  constructor(items: Iterable<Item>, lanes: Lanes<Item>, resolve: () => void, reject: (reason: unknown) => void) {
    this.#waiting = items[Symbol.iterator]();
    this.#lanes = lanes;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  /** Begins as many as may be under way. */
  advance(): void {
    while (
      this.#failure === undefined &&
      !this.#lanes.hasEnded() &&
      this.#underWay < Math.max(1, this.#lanes.width())
    ) {
      const next = this.#next();
      if (next === undefined) break;
      this.#begin(next.item);
    }
    if (this.#underWay > 0) return;
    if (this.#failure === undefined) this.#resolve();
    else this.#reject(this.#failure.reason);
  }

  /** The next item that waits for nobody, which then has its lane. */
  #next(): { readonly item: Item } | undefined {
    const [freed] = this.#freed.splice(0, 1);
    if (freed !== undefined) return { item: freed };
    for (let next = this.#waiting.next(); next.done !== true; next = this.#waiting.next()) {
      const item = next.value;
      const lane = this.#lanes.laneOf(item);
      if (lane === undefined) return { item };
      const held = this.#held.get(lane);
      if (held === undefined) {
        this.#held.set(lane, { items: [], begun: 0 });
        return { item };
      }
      held.items.push(item);
    }
    return undefined;
  }

  #begin(item: Item): void {
    this.#underWay += 1;
    this.#lanes
      .work(item)
      .catch((reason: unknown) => {
        this.#failure ??= { reason };
      })
      .finally(() => {
        this.#underWay -= 1;
        this.#free(this.#lanes.laneOf(item));
        this.advance();
      });
  }

  #free(lane: string | undefined): void {
    const held = lane === undefined ? undefined : this.#held.get(lane);
    if (lane === undefined || held === undefined) return;
    const next = held.items[held.begun];
    if (next === undefined) this.#held.delete(lane);
    else {
      held.begun += 1;
      this.#freed.push(next);
    }
  }
}

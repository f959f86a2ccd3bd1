import type { JsonObject } from "../../value/json.js";
import { jsonAt } from "../../value/json.js";
import type { RowBatch } from "./row-batch.js";
import { momentOf } from "./row-check.js";

/**
 * Lists that each give newest rows first, as one that does. Of rows of one moment those of the list before come first.
 * No page is asked for before its first row may be the next; ending the iteration ends all lists.
 */
export async function* mergedNewestFirst(
  lists: readonly AsyncGenerator<RowBatch>[],
  createdPath: readonly string[],
): AsyncGenerator<RowBatch> {
  const heads = lists.map((list) => new Head(list, createdPath));
  try {
    for (const head of heads) await head.fill();
    for (;;) {
      const left = heads.filter((head) => !head.isEnded);
      const [first, ...others] = left;
      if (first === undefined) return;
      const newest = others.reduce((best, head) => (head.moment > best.moment ? head : best), first);
      const rivals = left.filter((head) => head !== newest).map(({ moment }) => moment);
      yield newest.takeDownTo(Math.max(Number.NEGATIVE_INFINITY, ...rivals));
      await newest.fill();
    }
  } finally {
    for (const list of lists) await list.return(undefined);
  }
}

/** The rows of a list that are next. */
class Head {
  readonly #list: AsyncGenerator<RowBatch>;
  readonly #createdPath: readonly string[];
  #batch: RowBatch = { objects: [], constants: {} };
  isEnded = false;

  constructor(list: AsyncGenerator<RowBatch>, createdPath: readonly string[]) {
    this.#list = list;
    this.#createdPath = createdPath;
  }

  /** Of the next row. */
  get moment(): number {
    return this.#momentOf(this.#batch.objects[0]);
  }

  async fill(): Promise<void> {
    while (!this.isEnded && this.#batch.objects.length === 0) {
      const next = await this.#list.next();
      if (next.done === true) this.isEnded = true;
      else this.#batch = next.value;
    }
  }

  /** The next row, and those after it that are newer than the moment. */
  takeDownTo(moment: number): RowBatch {
    const { objects, constants } = this.#batch;
    const end = objects.findIndex((object, index) => index > 0 && this.#momentOf(object) <= moment);
    const count = end === -1 ? objects.length : end;
    this.#batch = { objects: objects.slice(count), constants };
    return { objects: objects.slice(0, count), constants };
  }

  #momentOf(object: JsonObject | undefined): number {
    return (object && momentOf(jsonAt(object, this.#createdPath))) ?? Number.NEGATIVE_INFINITY;
  }
}

import type { ComputedKeys } from "../../plan/predicate/predicate.js";
import type { ScanRelation } from "../../plan/select/select-plan.js";
import type { EngineSession } from "../engine/engine-session.js";
import type { RowBatch } from "../scan/row-batch.js";
import { computeKeys } from "./compute-keys.js";
import { appendGroup, engineBatchRows } from "./engine-run.js";

interface Group {
  readonly batches: RowBatch[];
  rows: number;
}

/**
 * Loads relations whose rows come side by side. A group of each is held until it is worth an append; one is
 * appended at a time, as a statement has one connection to the engine.
 */
export class RelationLoader {
  readonly #session: EngineSession;
  readonly #groups = new Map<ScanRelation, Group>();
  #turn: Promise<void> = Promise.resolve();

  constructor(session: EngineSession) {
    this.#session = session;
  }

  async take(relation: ScanRelation, batch: RowBatch): Promise<void> {
    const group = this.#groups.get(relation) ?? { batches: [], rows: 0 };
    this.#groups.set(relation, group);
    group.batches.push(batch);
    group.rows += batch.objects.length;
    if (group.rows >= engineBatchRows) await this.#append(relation, group);
  }

  /** Appends what is still held. */
  async finish(): Promise<void> {
    for (const [relation, group] of this.#groups) await this.#append(relation, group);
  }

  /** What the local engine computes of all that has come so far. */
  async keys(computed: ComputedKeys): Promise<readonly string[] | undefined> {
    await this.finish();
    const keys = this.#turn.then(() => computeKeys(this.#session, computed));
    this.#turn = keys.then(() => undefined);
    return keys;
  }

  #append(relation: ScanRelation, { batches }: Group): Promise<void> {
    this.#groups.delete(relation);
    this.#turn = this.#turn.then(() => appendGroup(this.#session, relation, batches));
    return this.#turn;
  }
}

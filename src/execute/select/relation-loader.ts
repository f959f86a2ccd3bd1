import pLimit from "p-limit";
import type { ComputedKeys } from "../../plan/predicate/predicate.js";
import type { ScanRelation } from "../../plan/select/select-plan.js";
import type { JsonObject } from "../../value/json.js";
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
 * appended at a time, as a statement has one connection to the engine. A failure is told to who asked for that work alone.
 */
export class RelationLoader {
  readonly #session: EngineSession;
  readonly #groups = new Map<ScanRelation, Group>();
  readonly #inTurn = pLimit(1);

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
  async keys(computed: ComputedKeys): Promise<readonly JsonObject[] | undefined> {
    await this.finish();
    return this.#inTurn(() => computeKeys(this.#session, computed));
  }

  #append(relation: ScanRelation, { batches }: Group): Promise<void> {
    this.#groups.delete(relation);
    return this.#inTurn(() => appendGroup(this.#session, relation, batches));
  }
}

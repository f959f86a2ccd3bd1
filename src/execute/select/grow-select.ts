import type { RelationId } from "../../plan/scan/scan.js";
import type { SelectStrategy } from "../../plan/select/select-plan.js";
import { scanRelations } from "../../plan/select/select-plan.js";
import type { JsonObject } from "../../value/json.js";
import { jsonAt } from "../../value/json.js";
import type { RowSource, Tuple } from "../row-source.js";
import { givenRows } from "../row-source.js";
import type { RowBatch } from "../scan/row-batch.js";
import { momentOf } from "../scan/row-check.js";
import type { ComputeKeys, TakeRows } from "../scan/run-scans.js";
import type { EngineRun } from "./engine-run.js";
import { appendSystemRows, engineParameters, runBatch } from "./engine-run.js";
import { RelationLoader } from "./relation-loader.js";

type GrowStrategy = Extract<SelectStrategy, { kind: "grow" }>;

/** So many rows are looked at after each page; of more, after each tenth more, as each look is at all that have come. */
const rowsLookedAtOften = 5000;

/**
 * The statement over what has come of one relation, again after each page, until it gives as many rows as are wanted.
 * Rows of one time that may go on in the next page are held back where they are ordered among themselves.
 */
export async function growSelect(run: EngineRun, strategy: GrowStrategy): Promise<RowSource> {
  const { plan, context, session } = run;
  await session.check(plan.text.sql, engineParameters(plan, context));
  for (const relation of plan.relations) if (relation.kind === "system") await appendSystemRows(session, relation);
  const growth = new Growth(run, strategy);
  for await (const _page of strategy.limit === 0 ? [] : run.rows.grow(strategy.relation, growth.take, growth.keys)) {
    const given = growth.isWorthALook ? await growth.look() : undefined;
    if (given !== undefined && given.tuples.length >= strategy.limit) return givenRows(given.columns, given.tuples);
  }
  await growth.takeRest();
  const { columns, tuples } = await growth.look();
  return givenRows(columns, tuples);
}

/** What has come of the relations so far. */
class Growth {
  readonly #run: EngineRun;
  readonly #driver: RelationId;
  readonly #loader: RelationLoader;
  readonly #unfinished: UnfinishedTime;
  #rows = 0;
  #lookedAt = 0;

  constructor(run: EngineRun, { relation, wholeTimes }: GrowStrategy) {
    this.#run = run;
    this.#driver = relation;
    this.#loader = new RelationLoader(run.session);
    this.#unfinished = new UnfinishedTime(wholeTimes);
  }

  readonly take: TakeRows = async (relation, batch) => {
    if (relation.id !== this.#driver) return this.#loader.take(relation, batch);
    this.#rows += batch.objects.length;
    for (const finished of this.#unfinished.finished(batch)) await this.#loader.take(relation, finished);
  };

  readonly keys: ComputeKeys = (computed) => this.#loader.keys(computed);

  get isWorthALook(): boolean {
    return this.#rows <= rowsLookedAtOften || this.#rows >= this.#lookedAt * 1.1;
  }

  async takeRest(): Promise<void> {
    const driven = scanRelations(this.#run.plan).filter(({ id }) => id === this.#driver);
    for (const relation of driven)
      for (const batch of this.#unfinished.rest()) await this.#loader.take(relation, batch);
  }

  /** The statement's result over what has come. */
  async look(): Promise<{ readonly columns: RowSource["columns"]; readonly tuples: readonly Tuple[] }> {
    this.#lookedAt = this.#rows;
    await this.#loader.finish();
    const { columns, batches } = await runBatch(this.#run);
    const tuples: Tuple[] = [];
    for await (const batch of batches) tuples.push(...batch);
    return { columns, tuples };
  }
}

/** Holds back the rows of the last time that has come, newest first, as more of that time may follow. */
class UnfinishedTime {
  readonly #path: readonly string[] | undefined;
  #held: readonly RowBatch[] = [];
  #time: number | undefined;

  constructor(path: readonly string[] | undefined) {
    this.#path = path;
  }

  /** What is finished of what was held and the batch. */
  finished(batch: RowBatch): readonly RowBatch[] {
    const path = this.#path;
    if (path === undefined) return [batch];
    const last = timeOf(batch.objects.at(-1), path);
    const first = batch.objects.findIndex((object) => timeOf(object, path) === last);
    const finished = { ...batch, objects: batch.objects.slice(0, first) };
    const open = { ...batch, objects: batch.objects.slice(first) };
    const isSameTime = last === this.#time && first === 0;
    const before = isSameTime ? [] : this.#held;
    this.#held = isSameTime ? [...this.#held, open] : [open];
    this.#time = last;
    return [...before, finished];
  }

  rest(): readonly RowBatch[] {
    return this.#held;
  }
}

const timeOf = (object: JsonObject | undefined, path: readonly string[]): number | undefined =>
  object && momentOf(jsonAt(object, path));

import pLimit from "p-limit";
import { SqlState } from "../../error/sql-state.js";
import { StripeSqlError } from "../../error/stripe-sql-error.js";
import type { ComputedKeys } from "../../plan/predicate/predicate.js";
import type { Access, RelationId, RetrieveAccess, Scanned, UnkeyedReading } from "../../plan/scan/scan.js";
import { accessesOf, awaitedBy, sourceOf } from "../../plan/scan/scan.js";
import type { ScanRelation, SelectPlan } from "../../plan/select/select-plan.js";
import { countedTable, scannedOf, scanRelations } from "../../plan/select/select-plan.js";
import { followAbort } from "../../stripe/linked-abort.js";
import { scopeWithSignal } from "../../stripe/request-scope.js";
import type { JsonObject } from "../../value/json.js";
import type { StatementContext } from "../statement-context.js";
import { constantsOf } from "./access-call.js";
import { distinctRows } from "./distinct-rows.js";
import { accessRows, freeRows } from "./free-rows.js";
import { GivenObjects } from "./given-objects.js";
import type { KeyedRows } from "./keyed-rows.js";
import { askedAtOnce, keyedRows, restRows } from "./keyed-rows.js";
import { KeysAsked } from "./keys-asked.js";
import type { ReadOptions } from "./listed-rows.js";
import type { RowBatch } from "./row-batch.js";
import { requestsAtOnce } from "./side-by-side.js";
import { TaskGroup } from "./task-group.js";

/** Given rows of a relation of the SQL as they come. */
export type TakeRows = (relation: ScanRelation, batch: RowBatch) => Promise<void>;

/** Given a query over the relations that were taken, the rows of its values; undefined where they cannot be had. */
export type ComputeKeys = (computed: ComputedKeys) => Promise<readonly JsonObject[] | undefined>;

/** What a run needs of whoever runs it. */
export interface ScansInput {
  readonly context: StatementContext;
  readonly take: TakeRows;
  readonly compute: ComputeKeys;
}

/**
 * Reads all relations of a plan to their end. Those that wait for nobody run side by side, and rows are passed
 * on to the relations that wait for them as they come: a page is asked for once the one before it is taken and
 * followed up, so that memory stays flat. The first failure ends the others' requests before it is thrown.
 */
export async function runScans(plan: SelectPlan, input: ScansInput): Promise<void> {
  const { tasks, scans, end } = begunRun(plan, input);
  try {
    await tasks.together(scans.map((scan) => scan.start()));
    for (const scan of scans) scan.recordSize();
  } finally {
    await end();
  }
}

/**
 * Reads one relation a page at a time, as it is asked for, and with each page what follows from it; all that does not
 * wait for it is read before. Ending the iteration ends the requests.
 */
export async function* runGrowingScans(
  plan: SelectPlan,
  { driver, ...input }: ScansInput & { readonly driver: RelationId },
): AsyncGenerator<void> {
  const { tasks, scans, end } = begunRun(plan, { ...input, driver });
  try {
    await tasks.together(scans.filter(({ relation }) => relation.id !== driver).map((scan) => scan.start()));
    for (const scan of scans) if (scan.relation.id === driver) yield* scan.pages();
    for (const scan of scans) scan.recordSize();
  } finally {
    await end();
  }
}

interface BegunRun extends Pick<ScansRun, "tasks"> {
  readonly scans: readonly RunningScan[];
  /** Gives up what is still asked for, waits until that has ended, and tells what the scans noticed. */
  readonly end: () => Promise<void>;
}

function begunRun(
  plan: SelectPlan,
  { context, take, compute, driver }: ScansInput & Pick<ScansRun, "driver">,
): BegunRun {
  const stopping = new AbortController();
  const unlink = followAbort(stopping, context.scope.signal);
  const tasks = new TaskGroup(() => stopping.abort());
  const scans = runningScans({
    plan,
    relations: scannedOf(plan),
    context: { ...context, scope: scopeWithSignal(context.scope, stopping.signal) },
    take,
    compute,
    driver,
    tasks,
  });
  const end = async (): Promise<void> => {
    stopping.abort();
    unlink();
    await tasks.ended();
    for (const scan of scans) scan.tellNotices(context);
  };
  return { tasks, scans, end };
}

interface ScansRun extends ScansInput {
  readonly plan: SelectPlan;
  readonly relations: readonly Scanned[];
  /** The one that is read a page at a time. */
  readonly driver?: RelationId | undefined;
  readonly tasks: TaskGroup;
}

function runningScans(run: ScansRun): readonly RunningScan[] {
  const scans = new Map(run.relations.map((relation) => [relation.id, new RunningScan(relation, run)]));
  for (const scan of scans.values()) for (const id of awaitedBy(scan.relation)) scans.get(id)?.followers.push(scan);
  return [...scans.values()];
}

function hasListsAndKeys({ scan }: Scanned): boolean {
  const accesses = accessesOf(scan);
  const isFreeList = (access: Access): boolean => access.kind === "list" && sourceOf(access) === undefined;
  const isKeyed = (access: Access): boolean => access.kind === "retrieve" && sourceOf(access) !== undefined;
  return accesses.some(isFreeList) && accesses.some(isKeyed);
}

/** Keys to wait for where it is not known what all rows take. */
const mostKeysHeld = 10_000;

function uncomputedKeys({ table }: Scanned): StripeSqlError {
  return new StripeSqlError(`table "${table.name}" cannot be read by what a subquery gives`, {
    sqlState: SqlState.featureNotSupported,
    phase: "execute",
    detail: "Its values are no texts, or the subquery cannot be run apart from the statement.",
    hint: `Give the values in WHERE, or cast them to VARCHAR.`,
  });
}

/** A relation on its way from Stripe. */
class RunningScan {
  readonly relation: Scanned;
  /** Those that wait for its rows. */
  readonly followers: RunningScan[] = [];
  readonly #run: ScansRun;
  readonly #context: StatementContext;
  /** Tables of the SQL that it fills. */
  readonly #filled: readonly ScanRelation[];
  readonly #distinct: (batch: RowBatch) => RowBatch;
  readonly #notices: string[] = [];
  readonly #asked: KeysAsked;
  /** What its lists that wait for nothing have given; undefined where it has none, or asks for no object by its key. */
  readonly #given: GivenObjects | undefined;
  #listed: Promise<void> = Promise.resolve();
  /** What to ask for by the keys that have come, as long as it may be read without them all. */
  readonly #waiting: KeyedRows[] = [];
  /** Set once it is read without them. It is waited for when all have come, and its failure is the run's before. */
  #unkeyed: Promise<void> | undefined;
  #isReadWhole = false;
  #isUncomputed = false;
  #sourcesLeft: number;
  #count = 0;

  constructor(relation: Scanned, run: ScansRun) {
    this.relation = relation;
    this.#run = run;
    this.#context = { ...run.context, notice: (text) => void this.#notices.push(text) };
    this.#filled = scanRelations(run.plan).filter(({ id }) => id === relation.id);
    this.#distinct = distinctRows(relation);
    this.#asked = new KeysAsked(askedAtOnce(relation));
    this.#given = hasListsAndKeys(relation) ? new GivenObjects(relation.table) : undefined;
    this.#sourcesLeft = awaitedBy(relation).length;
  }

  /** Reads what waits for nothing, and with it all that follows. */
  async start(): Promise<void> {
    this.#listed = this.#readFree();
    await this.#listed;
    if (this.#sourcesLeft === 0) await this.#complete();
  }

  async #readFree(): Promise<void> {
    for await (const rows of freeRows(this.relation, { readAll: true }, this.#context)) {
      this.#given?.add(rows);
      await this.#pass(rows);
    }
  }

  /** The same a page at a time. */
  async *pages(): AsyncGenerator<void> {
    for await (const rows of freeRows(this.relation, { readAll: false }, this.#context)) yield this.#pass(rows);
    for await (const rows of this.#awaitedRows()) yield this.#pass(rows);
    await this.#end();
  }

  /** Of what was read before it, the driver takes no more than bounds. */
  async *#awaitedRows(): AsyncGenerator<RowBatch> {
    if (this.#isUncomputed) yield* this.#unkeyedRows(this.#unkeyedReading?.accesses ?? [], { readAll: false });
    else for (const keyed of this.#waiting) yield* restRows(this.relation.table, keyed, this.#context);
  }

  recordSize(): void {
    const [counted] = this.#filled.flatMap((relation) => countedTable(relation) ?? []);
    if (counted !== undefined) this.#context.recordRows(counted, this.#count);
  }

  /** In the order of the plan's relations, whichever was faster. */
  tellNotices({ notice }: StatementContext): void {
    for (const text of new Set(this.#notices)) notice(text);
  }

  async #follow(source: Scanned, rows: RowBatch): Promise<void> {
    const keyed = keyedRows(this.relation, { source, rows, asked: this.#asked }, this.#context);
    for (const { held } of keyed) if (held !== undefined) await this.#pass(held);
    const rest = keyed.filter((one) => one.rest !== undefined);
    const unkeyed = this.#unkeyedReading;
    if (unkeyed === undefined) return this.#readKeys(rest);
    this.#waiting.push(...rest);
    if (this.#isDriver) return;
    if (this.#waiting.length > (unkeyed.requests ?? mostKeysHeld)) this.#beginWithoutKeys(unkeyed);
  }

  /** Told by each relation that it waits for, once all of that one's rows have come. */
  async #sourceEnded(): Promise<void> {
    this.#sourcesLeft -= 1;
    if (this.#sourcesLeft > 0 || this.#isDriver) return;
    const unkeyed = this.#unkeyedReading;
    if (this.#unkeyed !== undefined) await this.#run.tasks.together([this.#unkeyed]);
    else if (unkeyed?.requests === undefined) await this.#readKeysOrAll(unkeyed);
    else await this.#readKeys(this.#waiting);
    if (this.#isByKeys) this.#asked.end(this.relation, this.#context);
    await this.#complete();
  }

  /** What the local engine computes is known once all is read that it is computed of. */
  async #complete(): Promise<void> {
    const { computed } = this.relation;
    if (computed !== undefined) {
      const objects = await this.#run.compute(computed);
      if (objects === undefined)
        await this.#run.tasks.together(this.followers.map((follower) => follower.#readUncomputed()));
      else await this.#pass({ objects, constants: {} });
    }
    await this.#end();
  }

  /** The keys are not to be had: all rows are read, where that can be. */
  async #readUncomputed(): Promise<void> {
    const unkeyed = this.#unkeyedReading;
    if (unkeyed === undefined) throw uncomputedKeys(this.relation);
    this.#isUncomputed = true;
    if (this.#isDriver) return;
    await this.#run.tasks.together([this.#beginWithoutKeys(unkeyed)]);
  }

  async #end(): Promise<void> {
    await this.#run.tasks.together(this.followers.map((follower) => follower.#sourceEnded()));
  }

  get #isDriver(): boolean {
    return this.#run.driver === this.relation.id;
  }

  /** False where all rows were read, so that what the keys would have led to is not known. */
  get #isByKeys(): boolean {
    return this.#unkeyed === undefined && !this.#isReadWhole;
  }

  get #unkeyedReading(): UnkeyedReading | undefined {
    const { scan } = this.relation;
    return scan.kind === "inexact" ? scan.unkeyed : undefined;
  }

  /** Objects that a list of the relation gives are not asked for: its lists are waited for, which wait for nobody. */
  async #readKeys(keyed: readonly KeyedRows[]): Promise<void> {
    if (this.#given !== undefined && keyed.length > 0) await this.#listed;
    const within = pLimit(requestsAtOnce(this.#context));
    const missing = keyed.filter(({ rest }) => rest?.kind !== "retrieve" || !this.#isGiven(rest));
    await this.#run.tasks.together(
      missing.map((one) => within(() => this.#passOn(restRows(this.relation.table, one, this.#context)))),
    );
  }

  #isGiven(access: RetrieveAccess): boolean {
    return this.#given?.has(access, constantsOf(access, this.#context)) === true;
  }

  #beginWithoutKeys(unkeyed: UnkeyedReading): Promise<void> {
    this.#unkeyed ??= this.#run.tasks.begin(this.#readWithoutKeys(unkeyed));
    return this.#unkeyed;
  }

  async #readWithoutKeys({ accesses }: UnkeyedReading): Promise<void> {
    await this.#passOn(this.#unkeyedRows(accesses, { readAll: true }));
  }

  #unkeyedRows(accesses: UnkeyedReading["accesses"], { readAll }: ReadOptions): AsyncIterable<RowBatch> {
    return accessRows({ table: this.relation.table, accesses }, { readAll, limit: undefined }, this.#context);
  }

  /**
   * A table that was never seen may be one page or a thousand: it is read as long as that takes no more than half of the
   * requests that the keys would, and the keys are asked for where it has not ended by then.
   */
  async #readKeysOrAll(unkeyed: UnkeyedReading | undefined): Promise<void> {
    const mostPages = Math.floor(this.#waiting.length / 2);
    if (unkeyed === undefined || mostPages === 0) return this.#readKeys(this.#waiting);
    let pages = 0;
    this.#isReadWhole = true;
    for await (const batch of this.#unkeyedRows(unkeyed.accesses, { readAll: false })) {
      await this.#pass(batch);
      pages += 1;
      if (pages < mostPages) continue;
      this.#isReadWhole = false;
      return this.#readKeys(this.#waiting);
    }
  }

  async #passOn(batches: AsyncIterable<RowBatch>): Promise<void> {
    for await (const rows of batches) await this.#pass(rows);
  }

  async #pass(rows: RowBatch): Promise<void> {
    const batch = this.#distinct(rows);
    if (batch.objects.length === 0) return;
    this.#count += batch.objects.length;
    if (this.#filled.length > 0) this.#context.onRows(batch.objects.length);
    await this.#run.tasks.together([
      ...this.#filled.map((relation) => this.#run.take(relation, batch)),
      ...this.followers.map((follower) => follower.#follow(this.relation, batch)),
    ]);
  }
}

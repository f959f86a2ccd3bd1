import type { Scanned } from "../../plan/access/scan.js";
import { waitsFor } from "../../plan/access/scan.js";
import type { ScanRelation, SelectPlan } from "../../plan/select/select-plan.js";
import { countedTable, scannedOf, scanRelations } from "../../plan/select/select-plan.js";
import { followAbort } from "../../stripe/linked-abort.js";
import { scopeWithSignal } from "../../stripe/request-scope.js";
import type { StatementContext } from "../statement-context.js";
import { boundRows, freeRows } from "./access-rows.js";
import { distinctRows } from "./distinct-rows.js";
import type { RowBatch } from "./row-batch.js";

/** Given rows of a relation of the SQL as they come. */
export type TakeRows = (relation: ScanRelation, batch: RowBatch) => Promise<void>;

/**
 * Reads all relations of a plan to their end. Those that wait for nobody run side by side, and rows are passed
 * on to the relations that wait for them as they come: a page is asked for once the one before it is taken and
 * followed up, so that memory stays flat. The first failure ends the others' requests before it is thrown.
 */
export async function runScans(plan: SelectPlan, context: StatementContext, take: TakeRows): Promise<void> {
  const stopping = new AbortController();
  const unlink = followAbort(stopping, context.scope.signal);
  const run: ScansRun = {
    plan,
    relations: scannedOf(plan),
    context: { ...context, scope: scopeWithSignal(context.scope, stopping.signal) },
    take,
    together: untilFirstFailure(() => stopping.abort()),
  };
  const scans = runningScans(run);
  try {
    await run.together(scans.map((scan) => scan.start()));
    for (const scan of scans) scan.recordSize();
  } finally {
    unlink();
    for (const scan of scans) scan.tellNotices(context);
  }
}

interface ScansRun {
  readonly plan: SelectPlan;
  readonly relations: readonly Scanned[];
  readonly context: StatementContext;
  readonly take: TakeRows;
  /** Settles when all have: with the run's first failure, where there was one. */
  readonly together: (tasks: readonly Promise<void>[]) => Promise<void>;
}

function untilFirstFailure(stop: () => void): ScansRun["together"] {
  let failure: { readonly error: unknown } | undefined;
  return async (tasks) => {
    const settled = tasks.map((task) =>
      task.catch((error: unknown) => {
        failure ??= { error };
        stop();
      }),
    );
    await Promise.all(settled);
    if (failure !== undefined) throw failure.error;
  };
}

function runningScans(run: ScansRun): readonly RunningScan[] {
  const scans = new Map(run.relations.map((relation) => [relation.id, new RunningScan(relation, run)]));
  for (const scan of scans.values()) for (const id of waitsFor(scan.relation.scan)) scans.get(id)?.followers.push(scan);
  return [...scans.values()];
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
  readonly #asked = new Set<string>();
  #count = 0;

  constructor(relation: Scanned, run: ScansRun) {
    this.relation = relation;
    this.#run = run;
    this.#context = { ...run.context, notice: (text) => void this.#notices.push(text) };
    this.#filled = scanRelations(run.plan).filter(({ id }) => id === relation.id);
    this.#distinct = distinctRows(relation);
  }

  /** Reads what waits for nothing, and with it all that follows. */
  async start(): Promise<void> {
    await this.#passOn(freeRows(this.relation, { readAll: true }, this.#context));
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
    await this.#passOn(boundRows(this.relation, { source, rows, asked: this.#asked }, this.#context));
  }

  async #passOn(batches: AsyncIterable<RowBatch>): Promise<void> {
    for await (const rows of batches) {
      const batch = this.#distinct(rows);
      if (batch.objects.length === 0) continue;
      this.#count += batch.objects.length;
      if (this.#filled.length > 0) this.#context.onRows(batch.objects.length);
      await this.#run.together([
        ...this.#filled.map((relation) => this.#run.take(relation, batch)),
        ...this.followers.map((follower) => follower.#follow(this.relation, batch)),
      ]);
    }
  }
}

import { SqlState } from "../../error/sql-state.js";
import { StripeSqlError } from "../../error/stripe-sql-error.js";
import { pagesAhead } from "../../plan/cost/parallel-width.js";
import type { RelationId } from "../../plan/scan/scan.js";
import type { ScanRelation, SelectPlan } from "../../plan/select/select-plan.js";
import { countedTable, scannedOf, scanRelations } from "../../plan/select/select-plan.js";
import type { JsonObject } from "../../value/json.js";
import { readPathsOf } from "../kept/read-paths.js";
import type { StatementContext } from "../statement-context.js";
import { CurrencyWatch } from "./currency-watch.js";
import { DeliveredRows } from "./delivered-rows.js";
import { listCompleter } from "./list-completer.js";
import type { ReadOptions } from "./listed-rows.js";
import type { RowBatch } from "./row-batch.js";
import type { ComputeKeys, TakeRows } from "./run-scans.js";
import { runGrowingScans, runScans } from "./run-scans.js";
import { scanRows } from "./scan-rows.js";

/** Where the rows of a plan's relations come from: from Stripe, or objects that a write got back. */
export interface RelationRows {
  /** One relation's, no further than they are asked for. */
  read(relation: ScanRelation, options: ReadOptions): AsyncIterable<RowBatch>;
  /** All relations', to their end. */
  load(take: TakeRows, compute: ComputeKeys): Promise<void>;
  /** All relations', one of them a page at a time, what follows from a page along with it. */
  grow(driver: RelationId, take: TakeRows, compute: ComputeKeys): AsyncIterable<void>;
  /** Told of the objects whose rows go out before all are read. */
  delivered(relation: ScanRelation, batch: RowBatch): void;
}

/** Those of an earlier plan of the statement that have gone out are left out. */
export function rowsFromStripe(
  plan: SelectPlan,
  statement: StatementContext,
  delivered = new DeliveredRows(),
): RelationRows {
  const context = { ...statement, readPaths: readPathsOf(plan) };
  return {
    async *read(relation, { readAll }) {
      let count = 0;
      const completer = listCompleter(relation, context);
      const reading = inPortions(context, () => count);
      for await (const batch of scanRows(relation, { relations: scannedOf(plan), readAll }, reading)) {
        count += batch.objects.length;
        context.onRows(batch.objects.length);
        yield await completer.complete(restOf(delivered, relation, batch));
      }
      completer.end();
      const counted = countedTable(relation);
      if (counted !== undefined) context.recordRows(counted, count);
    },
    load: async (take, compute) => {
      const currencies = new CurrencyWatch(plan);
      const complete = completing(plan, context);
      const takeWhole: TakeRows = async (relation, batch) => {
        const rest = restOf(delivered, relation, batch);
        currencies.see(relation, rest);
        await take(relation, await complete.rows(relation, rest));
      };
      await runScans(plan, { context, take: takeWhole, compute });
      complete.end();
      currencies.tell(context);
    },
    grow: (driver, take, compute) => {
      const complete = completing(plan, context);
      const takeWhole: TakeRows = async (relation, batch) =>
        take(relation, await complete.rows(relation, restOf(delivered, relation, batch)));
      return runGrowingScans(plan, { context, take: takeWhole, compute, driver });
    },
    delivered: (relation, batch) => delivered.add(relation, batch),
  };
}

/** No more is read ahead than is worth it to a reader who may leave the rest. */
function inPortions(context: StatementContext, taken: () => number): StatementContext {
  const { pace, wantedRows } = context;
  if (wantedRows === undefined) return context;
  return {
    ...context,
    pace: () => ({ ...pace(), pagesAhead: pagesAhead({ wanted: wantedRows(), taken: taken() }) }),
  };
}

interface Completing {
  readonly rows: (relation: ScanRelation, batch: RowBatch) => Promise<RowBatch>;
  /** Told once all relations have been read to their ends. */
  readonly end: () => void;
}

function completing(plan: SelectPlan, context: StatementContext): Completing {
  const completers = new Map(scanRelations(plan).map((relation) => [relation, listCompleter(relation, context)]));
  return {
    rows: async (relation, batch) => (await completers.get(relation)?.complete(batch)) ?? batch,
    end: () => {
      for (const completer of completers.values()) completer.end();
    },
  };
}

function restOf(delivered: DeliveredRows, relation: ScanRelation, batch: RowBatch): RowBatch {
  const rest = delivered.rest(relation, batch);
  if (rest !== undefined) return rest;
  throw new StripeSqlError(`rows of ${relation.table.name} went out in another order than they have`, {
    sqlState: SqlState.upstreamError,
    phase: "stripe",
    detail: "Stripe gave rows that the request excludes, or not newest first, after others had been passed on.",
    hint: "Run the statement again: it does not rely on that any more.",
    retryable: true,
  });
}

export function rowsAtHand(plan: SelectPlan, objects: readonly JsonObject[]): RelationRows {
  const batches: readonly RowBatch[] = objects.length === 0 ? [] : [{ objects, constants: {} }];
  return {
    async *read() {
      yield* batches;
    },
    async load(take) {
      for (const relation of scanRelations(plan)) for (const batch of batches) await take(relation, batch);
    },
    async *grow(_driver, take, compute) {
      await this.load(take, compute);
      yield;
    },
    delivered: () => undefined,
  };
}

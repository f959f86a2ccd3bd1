import type { SelectPlan } from "../../plan/select/select-plan.js";
import type { RowSource, Tuple } from "../row-source.js";
import { DeliveredRows } from "../scan/delivered-rows.js";
import { DoubtfulAnswer } from "../scan/doubtful-answer.js";
import { rowsFromStripe } from "../scan/relation-rows.js";
import type { StatementContext } from "../statement-context.js";
import { runSelect } from "./run-select.js";

/**
 * Runs a SELECT as planned, and as planned anew where an answer of Stripe's shows that the plan relied on too much. Its
 * rows are then those of the last plan, each once, whatever had gone out before.
 */
export async function runCheckedSelect(plan: () => SelectPlan, context: StatementContext): Promise<RowSource> {
  const statement = new CheckedSelect(plan, context);
  const { columns, batches } = await statement.open();
  return { columns, batches: statement.batches(batches) };
}

/** Has the work done, and again for every doubt that an answer gives reason to, as long as it is a new one. */
export async function untilUndoubted<Result>(
  work: () => Promise<Result>,
  { doubt }: Pick<StatementContext, "doubt">,
): Promise<Result> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof DoubtfulAnswer) || !doubt(error.doubt)) throw error;
    }
  }
}

class CheckedSelect {
  readonly #plan: () => SelectPlan;
  readonly #context: StatementContext;
  readonly #delivered = new DeliveredRows();
  #limit: number | undefined;
  #count = 0;

  constructor(plan: () => SelectPlan, context: StatementContext) {
    this.#plan = plan;
    this.#context = context;
  }

  open(): Promise<RowSource> {
    return untilUndoubted(() => {
      const plan = this.#plan();
      if (plan.strategy.kind !== "load") this.#limit ??= plan.strategy.limit;
      return runSelect(plan, this.#context, rowsFromStripe(plan, this.#context, this.#delivered));
    }, this.#context);
  }

  async *batches(first: RowSource["batches"]): AsyncGenerator<readonly Tuple[]> {
    let current = first;
    for (;;) {
      try {
        for await (const tuples of current) yield this.#wanted(tuples);
        return;
      } catch (error) {
        if (!(error instanceof DoubtfulAnswer) || !this.#delivered.isWhole) throw error;
        if (!this.#context.doubt(error.doubt)) throw error;
        this.#delivered.replan();
        current = (await this.open()).batches;
      }
    }
  }

  /** A LIMIT is that of all plans together. */
  #wanted(tuples: readonly Tuple[]): readonly Tuple[] {
    const room = (this.#limit ?? Number.POSITIVE_INFINITY) - this.#count;
    const wanted = tuples.length > room ? tuples.slice(0, room) : tuples;
    this.#count += wanted.length;
    return wanted;
  }
}

import { headingAt } from "../../plan/select/output-headings.js";
import type { ScanRelation, SelectPlan, SystemRelation } from "../../plan/select/select-plan.js";
import type { EngineSession, SessionTable } from "../engine/engine-session.js";
import type { OutputColumn, RowSource, Tuple } from "../row-source.js";
import { rowMessages } from "../row-source.js";
import type { RelationRows } from "../scan/relation-rows.js";
import type { RowBatch } from "../scan/row-batch.js";
import { readColumns } from "../scan/row-batch.js";
import type { StatementContext } from "../statement-context.js";

/** A SELECT under way on the local engine. */
export interface EngineRun {
  readonly plan: SelectPlan;
  readonly context: StatementContext;
  readonly session: EngineSession;
  readonly rows: RelationRows;
}

/** Rows that are loaded at once, where all will be wanted. */
export const engineBatchRows = 1000;

export function sessionTable(relation: ScanRelation | SystemRelation): SessionTable {
  const { schema, name } = relation;
  if (relation.kind === "system") return { schema, name, columns: relation.table.columns };
  return { schema, name, columns: relation.columns.map((column) => ({ name: column.name, type: column.column.type })) };
}

/** Runs the statement over a batch of its rows; its result is without the columns that `*` does not mean, and headed as PostgreSQL does. */
export async function runBatch({ plan, context, session }: EngineRun): Promise<RowSource> {
  return output(await session.run({ sql: plan.text.sql, parameters: engineParameters(plan, context) }), plan);
}

/** The same over all rows of the statement, which may take long. */
export async function runLoaded({ plan, context, session }: EngineRun): Promise<RowSource> {
  return output(await session.runInTurn({ sql: plan.text.sql, parameters: engineParameters(plan, context) }), plan);
}

/** The parameters' values as the local engine can read them. */
export function engineParameters(
  { timeWords }: Pick<SelectPlan, "timeWords">,
  { parameters }: Pick<StatementContext, "parameters">,
): readonly unknown[] {
  return timeWords.size === 0 ? parameters : parameters.map((value, index) => timeWords.get(index) ?? value);
}

function output({ columns, batches }: RowSource, plan: OutputPlan): RowSource {
  const positions = visiblePositions(columns, plan.hiddenOutput);
  if (positions.length === columns.length) return { columns: headed(columns, plan), batches };
  return { columns: picked(headed(columns, plan), positions), batches: pickedBatches(batches, positions) };
}

type OutputPlan = Pick<SelectPlan, "hiddenOutput" | "headings">;

/** The columns without those that `*` does not mean, with their headings. */
export function outputColumns(columns: readonly OutputColumn[], plan: OutputPlan): readonly OutputColumn[] {
  return picked(headed(columns, plan), visiblePositions(columns, plan.hiddenOutput));
}

/** The same under the engine's own names. */
export function visibleColumns(columns: readonly OutputColumn[], plan: OutputPlan): readonly OutputColumn[] {
  return picked(columns, visiblePositions(columns, plan.hiddenOutput));
}

/** The engine's columns, renamed by their place: within the statement the engine's own names hold. */
function headed(columns: readonly OutputColumn[], { headings }: OutputPlan): readonly OutputColumn[] {
  if (columns === rowMessages) return columns;
  return columns.map(({ name, type }, index) => ({ name: headingAt(headings, index, columns.length) ?? name, type }));
}

function visiblePositions(columns: readonly OutputColumn[], hidden: SelectPlan["hiddenOutput"]): readonly number[] {
  return columns.flatMap(({ name }, position) => (hidden.has(name.toLowerCase()) ? [] : [position]));
}

async function* pickedBatches(
  batches: RowSource["batches"],
  positions: readonly number[],
): AsyncGenerator<readonly Tuple[]> {
  for await (const tuples of batches) yield tuples.map((tuple) => picked(tuple, positions));
}

function picked<Item>(items: readonly Item[], positions: readonly number[]): readonly Item[] {
  return positions.flatMap((position) => items.slice(position, position + 1));
}

/**
 * The first page alone, for the first row's sake; then enough pages to be worth a run.
 *
 * @param rowsAtOnce How many rows that is, where so many have been given.
 */
export async function* grouped(
  batches: AsyncIterable<RowBatch>,
  rowsAtOnce: (given: number) => number,
): AsyncGenerator<readonly RowBatch[]> {
  let group: RowBatch[] = [];
  let rows = 0;
  let given = 0;
  for await (const batch of batches) {
    group.push(batch);
    rows += batch.objects.length;
    if (rows < (given === 0 ? 1 : rowsAtOnce(given))) continue;
    given += rows;
    yield group;
    group = [];
    rows = 0;
  }
  if (group.length > 0) yield group;
}

/** One append for the whole group: each append has a cost of its own. */
export async function appendGroup(
  session: EngineSession,
  relation: ScanRelation,
  group: readonly RowBatch[],
): Promise<void> {
  await session.append(sessionTable(relation), readColumns(group, relation.columns));
}

export async function appendSystemRows(session: EngineSession, relation: SystemRelation): Promise<void> {
  const rows = relation.table.rows();
  await session.append(
    sessionTable(relation),
    relation.table.columns.map((_, index) => rows.map((row) => row[index] ?? null)),
  );
}

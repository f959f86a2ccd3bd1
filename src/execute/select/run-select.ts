import type { Table } from "../../catalog/catalog.js";
import { accessesOf } from "../../plan/access/scan.js";
import type { DirectColumn, Relation, ScanRelation, SelectPlan } from "../../plan/select/select-plan.js";
import type { SqlOrigin } from "../../plan/sql-origin.js";
import { errorInOrigin } from "../../plan/sql-origin.js";
import type { Cell } from "../../value/cell.js";
import { driverValue } from "../../value/driver-value.js";
import type { JsonObject } from "../../value/json.js";
import type { EngineResult, EngineSession, SessionTable } from "../engine/engine-session.js";
import { typeName } from "../engine/engine-value.js";
import type { ReadColumn } from "../scan/relation-reader.js";
import { columnReader } from "../scan/relation-reader.js";
import type { RowBatch } from "../scan/scan-rows.js";
import { scanRows } from "../scan/scan-rows.js";
import type { StatementContext } from "../statement-context.js";
import type { OutputColumn, OutputRow, RowSource } from "./row-source.js";
import { distinctNames } from "./row-source.js";

/** Rows that go through the local engine at once, after the first page. */
const engineBatchRows = 1000;

/** Where a relation's rows come from: its scan, or objects that a write got back. */
export type FetchRows = (relation: ScanRelation, readAll: boolean) => AsyncIterable<RowBatch>;

/** Runs a SELECT. Nothing is sent to Stripe before the statement is known to be sound. */
export async function runSelect(
  plan: SelectPlan,
  context: StatementContext,
  fetchRows: FetchRows = scanOf(context),
): Promise<RowSource> {
  try {
    const { columns, batches } = await openSelect(plan, context, fetchRows);
    return { columns, batches: withPlacedErrors(batches, plan.origin) };
  } catch (error) {
    throw errorInOrigin(error, plan.origin);
  }
}

async function* withPlacedErrors(
  batches: RowSource["batches"],
  origin: SqlOrigin,
): AsyncGenerator<readonly OutputRow[]> {
  try {
    yield* batches;
  } catch (error) {
    throw errorInOrigin(error, origin);
  }
}

async function openSelect(plan: SelectPlan, context: StatementContext, fetchRows: FetchRows): Promise<RowSource> {
  const { way } = plan;
  const [relation] = plan.relations;
  if (way.kind === "direct" && relation?.kind === "scan") {
    return { columns: directColumns(way.columns), batches: directRows(relation, way, fetchRows) };
  }
  const engine = await context.engine();
  const session = await engine.session(context.scope.signal);
  try {
    for (const table of plan.relations.map(sessionTable)) await session.createTable(table);
    return way.kind === "stream" && relation?.kind === "scan"
      ? await streamed({ plan, context, session, fetchRows }, relation, way.limit)
      : await loaded({ plan, context, session, fetchRows });
  } catch (error) {
    await session.close();
    throw error;
  }
}

/** Runs a SELECT over objects at hand: RETURNING. What was written is told, even if the statement is canceled meanwhile. */
export function selectOverObjects(
  plan: SelectPlan,
  objects: readonly JsonObject[],
  context: StatementContext,
): Promise<RowSource> {
  const uncanceled = { ...context, scope: { ...context.scope, signal: undefined } };
  return runSelect(plan, uncanceled, async function* given() {
    if (objects.length > 0) yield { objects, constants: {} };
  });
}

function scanOf(context: StatementContext): FetchRows {
  return async function* fetched(relation, readAll) {
    const identity = identityOf(relation.table);
    let rows = 0;
    for await (const batch of scanRows(relation.scan, { identity, readAll }, context)) {
      rows += batch.objects.length;
      yield batch;
    }
    if (isWholeTable(relation)) context.recordRows(relation.table.name, rows);
  };
}

/** The key, and the parents' where rows are listed by parent alone: their ids may be unique within one only. */
function identityOf({ primaryKey, columns, lists }: Table): readonly ReadColumn[] {
  if (primaryKey === undefined) return [];
  const isWithinParent = lists.every(({ parents }) => parents.length > 0);
  const parents = isWithinParent ? lists.flatMap((list) => list.parents.map(({ column }) => column)) : [];
  return [...new Set([primaryKey, ...parents])]
    .flatMap((name) => columns.find((column) => column.name === name) ?? [])
    .map((column) => columnReader({ name: column.name, column, constant: column.parentKey }));
}

function isWholeTable({ scan, judged }: ScanRelation): boolean {
  return judged.length === 0 && accessesOf(scan).length === 1 && !(scan.kind === "exact" && scan.limit !== undefined);
}

function directColumns(columns: readonly DirectColumn[]): readonly OutputColumn[] {
  return columns.map(({ name, source }) => ({ name, type: source.column.type }));
}

interface DirectWindow {
  readonly columns: readonly DirectColumn[];
  readonly limit: number | undefined;
  readonly offset: number;
}

async function* directRows(
  relation: ScanRelation,
  { columns, limit, offset }: DirectWindow,
  fetchRows: FetchRows,
): AsyncGenerator<readonly OutputRow[]> {
  if (limit === 0) return;
  const end = limit === undefined ? Number.POSITIVE_INFINITY : offset + limit;
  let position = 0;
  for await (const batch of fetchRows(relation, limit === undefined)) {
    const wanted = batch.objects.slice(Math.max(0, offset - position), Math.max(0, end - position));
    position += batch.objects.length;
    if (wanted.length > 0) yield readRows(wanted, batch, columns);
    if (position >= end) return;
  }
}

function readRows(
  objects: readonly JsonObject[],
  { constants }: RowBatch,
  columns: readonly DirectColumn[],
): readonly OutputRow[] {
  const readers = columns.map(({ name, source }) => ({ name, type: source.column.type, read: columnReader(source) }));
  return objects.map((object) => {
    const row: Record<string, unknown> = {};
    for (const { name, type, read } of readers) row[name] = driverValue(type, read(object, constants));
    return row;
  });
}

interface EngineRun {
  readonly plan: SelectPlan;
  readonly context: StatementContext;
  readonly session: EngineSession;
  readonly fetchRows: FetchRows;
}

function sessionTable(relation: Relation): SessionTable {
  const { schema, name } = relation;
  if (relation.kind === "system") return { schema, name, columns: relation.table.columns };
  return { schema, name, columns: relation.columns.map((column) => ({ name: column.name, type: column.column.type })) };
}

/** Each batch of the one relation goes through the statement, and its rows out. */
async function streamed(run: EngineRun, relation: ScanRelation, limit: number | undefined): Promise<RowSource> {
  const { plan, context, session } = run;
  const options = { sql: plan.sql, parameters: context.parameters };
  const empty = await session.run(options);
  const shape = outputShape(empty, plan);
  // The run over no rows told the columns; its (empty) result is read to its end before the next.
  for await (const values of empty.rows()) void values;
  return { columns: shape.columns, batches: streamedBatches(run, relation, { shape, limit }) };
}

async function* streamedBatches(
  { plan, context, session, fetchRows }: EngineRun,
  relation: ScanRelation,
  { shape, limit }: { readonly shape: OutputShape; readonly limit: number | undefined },
): AsyncGenerator<readonly OutputRow[]> {
  const options = { sql: plan.sql, parameters: context.parameters };
  // With a LIMIT, each page may hold the last row wanted: none is asked for before that is known.
  const rowsAtOnce = limit === undefined ? engineBatchRows : 1;
  let remaining = limit ?? Number.POSITIVE_INFINITY;
  try {
    if (remaining === 0) return;
    for await (const group of grouped(fetchRows(relation, limit === undefined), rowsAtOnce)) {
      await appendGroup(session, relation, group);
      const rows = (await allRows(await session.run(options), shape)).slice(0, remaining);
      remaining -= rows.length;
      if (rows.length > 0) yield rows;
      if (remaining <= 0) return;
      await session.clear(sessionTable(relation));
    }
  } finally {
    await session.close();
  }
}

async function allRows(result: EngineResult, shape: OutputShape): Promise<readonly OutputRow[]> {
  const rows: OutputRow[] = [];
  for await (const values of result.rows()) rows.push(...values.map((row) => outputRow(row, shape)));
  return rows;
}

/** The first page alone, for the first row's sake; then enough pages to be worth a run. */
async function* grouped(batches: AsyncIterable<RowBatch>, rowsAtOnce: number): AsyncGenerator<readonly RowBatch[]> {
  let group: RowBatch[] = [];
  let rows = 0;
  let wanted = 1;
  for await (const batch of batches) {
    group.push(batch);
    rows += batch.objects.length;
    if (rows < wanted) continue;
    yield group;
    group = [];
    rows = 0;
    wanted = rowsAtOnce;
  }
  if (group.length > 0) yield group;
}

/** All scans first, then the statement once. */
async function loaded(run: EngineRun): Promise<RowSource> {
  const { plan, context, session, fetchRows } = run;
  await session.check(plan.sql, context.parameters);
  for (const relation of plan.relations) {
    if (relation.kind === "system") await appendSystemRows(session, relation);
    else
      for await (const group of grouped(fetchRows(relation, true), engineBatchRows))
        await appendGroup(session, relation, group);
  }
  const options = { sql: plan.sql, parameters: context.parameters };
  const result = await session.run(options);
  const shape = outputShape(result, plan);
  async function* batches(): AsyncGenerator<readonly OutputRow[]> {
    try {
      for await (const values of result.rows()) yield values.map((row) => outputRow(row, shape));
    } finally {
      await session.close();
    }
  }
  return { columns: shape.columns, batches: batches() };
}

/** One append for the whole group: each append has a cost of its own. */
async function appendGroup(session: EngineSession, relation: ScanRelation, group: readonly RowBatch[]): Promise<void> {
  const columns = relation.columns.map((column) => {
    const read = columnReader(column);
    const cells: Cell[] = [];
    for (const { objects, constants } of group) for (const object of objects) cells.push(read(object, constants));
    return cells;
  });
  await session.append(sessionTable(relation), columns);
}

async function appendSystemRows(
  session: EngineSession,
  relation: Extract<Relation, { kind: "system" }>,
): Promise<void> {
  const rows = relation.table.rows();
  await session.append(
    sessionTable(relation),
    relation.table.columns.map((_, index) => rows.map((row) => row[index] ?? null)),
  );
}

/** The result's columns, without those that `*` does not mean, and where each stands in the engine's rows. */
interface OutputShape {
  readonly columns: readonly OutputColumn[];
  readonly positions: readonly number[];
}

function outputShape(result: EngineResult, plan: SelectPlan): OutputShape {
  const visible = result.columns
    .map((column, position) => ({ column, position }))
    .filter(({ column }) => !plan.hiddenOutput.has(column.name.toLowerCase()));
  const names = distinctNames(visible.map(({ column }) => column.name));
  return {
    columns: visible.map(({ column }, index) => ({ name: names[index] ?? column.name, type: typeName(column.type) })),
    positions: visible.map(({ position }) => position),
  };
}

function outputRow(values: readonly unknown[], { columns, positions }: OutputShape): OutputRow {
  const row: Record<string, unknown> = {};
  columns.forEach(({ name }, index) => {
    row[name] = values[positions[index] ?? index];
  });
  return row;
}

import { SqlState } from "../../error/sql-state.js";
import { StripeSqlError } from "../../error/stripe-sql-error.js";
import { placeError } from "../../plan/place-error.js";
import type { ScanRelation, SelectPlan } from "../../plan/select/select-plan.js";
import type { EngineSession } from "../engine/engine-session.js";
import type { RunOptions } from "../engine/run-options.js";
import type { TableDraft } from "../engine/stored-table.js";
import type { OutputColumn } from "../row-source.js";
import { rowsFromStripe } from "../scan/relation-rows.js";
import { storableRows } from "../scan/storable-rows.js";
import type { ShownTable, StatementContext } from "../statement-context.js";
import { createRelations } from "./create-relations.js";
import type { EngineRun } from "./engine-run.js";
import {
  appendGroup,
  engineBatchRows,
  engineParameters,
  grouped,
  outputColumns,
  sessionTable,
  visibleColumns,
} from "./engine-run.js";
import { growSelect } from "./grow-select.js";
import { fillRelations } from "./load-select.js";

/** What a SELECT gave, as a table that outlives it. */
export interface StoredSelect extends ShownTable {
  /** As statements see them. */
  readonly output: readonly OutputColumn[];
}

/**
 * Runs a SELECT whose rows the local engine keeps, which never leave it: their types are those of the engine. Nothing is
 * kept of one that fails or is canceled.
 */
export async function storeSelect(plan: SelectPlan, context: StatementContext): Promise<StoredSelect> {
  const engine = await context.engine();
  const session = await engine.session(context.scope.signal, context.timeZone);
  try {
    await createRelations(session, plan, context);
    const run = { plan, context, session, rows: storableRows(rowsFromStripe(plan, context), plan, context.notice) };
    const draft = await fill(run);
    try {
      const table = await draft.finish();
      return { table, ...shownColumns(table.columns, plan) };
    } catch (error) {
      await draft.discard();
      throw error;
    }
  } catch (error) {
    throw placeError(error, plan.text);
  } finally {
    await session.close();
  }
}

/** By the statement's strategy, so that no more is asked for than it needs. */
async function fill(run: EngineRun): Promise<TableDraft> {
  const { plan, context, session } = run;
  const { strategy } = plan;
  const [relation] = plan.relations;
  if (strategy.kind === "stream" && relation?.kind === "scan") return fillByBatches(run, relation, strategy.limit);
  if (strategy.kind === "grow") await growSelect(run, strategy);
  else await fillRelations(run);
  return begin(session, { sql: plan.text.sql, parameters: engineParameters(plan, context) });
}

async function fillByBatches(run: EngineRun, relation: ScanRelation, limit: number | undefined): Promise<TableDraft> {
  const { plan, context, session, rows } = run;
  const options = { sql: plan.text.sql, parameters: engineParameters(plan, context) };
  // Over no rows: it tells the columns.
  const draft = await begin(session, options);
  try {
    let room = limit ?? Number.MAX_SAFE_INTEGER;
    if (room === 0) return draft;
    const rowsAtOnce = () => (limit === undefined ? engineBatchRows : 1);
    for await (const group of grouped(rows.read(relation, { readAll: limit === undefined }), rowsAtOnce)) {
      await appendGroup(session, relation, group);
      room -= await draft.add(options, room);
      if (room <= 0) break;
      await session.clear(sessionTable(relation));
    }
    return draft;
  } catch (error) {
    await draft.discard();
    throw error;
  }
}

function begin(session: EngineSession, options: RunOptions): Promise<TableDraft> {
  const draft = session.store?.(options);
  if (draft !== undefined) return draft;
  throw new StripeSqlError("the engine keeps no rows beyond a statement", {
    sqlState: SqlState.internalError,
    phase: "execute",
  });
}

/** Under the names that the SELECT would give them, each of which names one column: `count`, `count_1`. */
function shownColumns(stored: readonly OutputColumn[], plan: SelectPlan): Omit<StoredSelect, "table"> {
  const taken = new Set<string>();
  const output = outputColumns(stored, plan).map(({ name, type }) => ({ name: freeName(name, taken), type }));
  const columns = visibleColumns(stored, plan).map(({ name }, index) => ({
    stored: name,
    name: output[index]?.name ?? name,
  }));
  return { columns, output };
}

/** The engine tells no names apart that differ in case alone. */
function freeName(name: string, taken: Set<string>): string {
  let free = name;
  for (let count = 1; taken.has(free.toLowerCase()); count += 1) free = `${name}_${count}`;
  taken.add(free.toLowerCase());
  return free;
}

import { SqlState } from "../../error/sql-state.js";
import { StripeSqlError } from "../../error/stripe-sql-error.js";
import { rejectSecretColumns } from "../../execute/scan/storable-rows.js";
import { untilUndoubted } from "../../execute/select/checked-select.js";
import type { StoredSelect } from "../../execute/select/store-select.js";
import { storeSelect } from "../../execute/select/store-select.js";
import type { StatementContext } from "../../execute/statement-context.js";
import type { PlanEnvironment } from "../../plan/environment.js";
import { withParameters } from "../../plan/environment.js";
import { rowCountText } from "../../plan/explain-temp-tables.js";
import type { SelectPlan } from "../../plan/select/select-plan.js";
import type {
  CreateTempTableStatement,
  DropTempTableStatement,
  RefreshStatement,
  SelectStatement,
  TempTableStatement,
} from "../../syntax/statement.js";
import { ageText } from "../../value/age-text.js";
import { requireFreeName } from "../views/free-name.js";
import type { SessionViews } from "../views/session-views.js";
import type { SessionTempTable, SessionTempTables } from "./session-temp-tables.js";

export interface TempTableParts {
  readonly environment: PlanEnvironment;
  readonly context: StatementContext;
  readonly views: SessionViews;
  readonly tempTables: SessionTempTables;
  /** Plans a query within what the statement may send. */
  readonly plan: (select: SelectStatement, environment: PlanEnvironment) => SelectPlan;
}

/** CREATE TEMP TABLE … AS, DROP TABLE and REFRESH. What fails, or is canceled, leaves all as it was. */
export function runTempTableStatement(statement: TempTableStatement, parts: TempTableParts): Promise<void> {
  switch (statement.kind) {
    case "create-table":
      return create(statement, parts);
    case "drop-table":
      return drop(statement, parts);
    case "refresh":
      return refresh(statement, parts);
  }
}

async function create(statement: CreateTempTableStatement, parts: TempTableParts): Promise<void> {
  const { context, tempTables } = parts;
  const { name, replaces, isOptional, sql, select } = statement;
  requireFreeName(name, "temp table", parts);
  if (tempTables.find(name) !== undefined && isOptional) {
    context.notice(`temp table "${name.name}" already exists: nothing was read`);
    return;
  }
  requireNew(statement, tempTables);
  const query = { name: name.name, sql, select, values: context.parameters };
  const table = await read(query, parts);
  try {
    // Another statement may have made one meanwhile.
    if (!replaces) requireNew(statement, tempTables);
  } catch (error) {
    await table.rows.table.drop();
    throw error;
  }
  await tempTables.set(table);
  context.notice(`temp table "${table.name}" holds ${rowCountText(table.rowCount)}`);
}

function requireNew({ name, replaces }: CreateTempTableStatement, tempTables: SessionTempTables): void {
  if (replaces || tempTables.find(name) === undefined) return;
  throw new StripeSqlError(`temp table "${name.name}" already exists`, {
    sqlState: SqlState.duplicateTable,
    phase: "plan",
    hint: "REFRESH reads its rows again, CREATE OR REPLACE TEMP TABLE gives it another query, DROP TABLE removes it.",
    position: name.position,
  });
}

async function refresh({ name }: RefreshStatement, parts: TempTableParts): Promise<void> {
  const { context, tempTables } = parts;
  rejectUnkept(name, parts);
  const before = tempTables.get(name);
  // What CacheTtl has kept would be as old as the rows that are to be read again.
  const table = await read(before, { ...parts, context: { ...context, kept: undefined } });
  if (tempTables.find(name) !== before) {
    await table.rows.table.drop();
    throw new StripeSqlError(`temp table "${before.name}" was changed by another statement meanwhile`, {
      sqlState: SqlState.undefinedTable,
      phase: "execute",
      position: name.position,
    });
  }
  await tempTables.set(table);
  const age = ageText(table.readMs - before.readMs);
  context.notice(
    `temp table "${table.name}" holds ${rowCountText(table.rowCount)}; before ${rowCountText(before.rowCount)}, read ${age} earlier`,
  );
}

/** What is read by each statement anew has nothing to refresh. */
function rejectUnkept(name: RefreshStatement["name"], { environment, views }: TempTableParts): void {
  const isView = views.find(name) !== undefined;
  if (!isView && environment.catalog.findTable(name.name, name.schema) === undefined) return;
  throw new StripeSqlError(`${isView ? "view" : "table"} "${name.name}" is read by each statement anew`, {
    sqlState: SqlState.featureNotSupported,
    phase: "plan",
    detail: "REFRESH reads the rows of a temp table again.",
    hint: "FORGET removes what CacheTtl has kept, so that the next statement asks Stripe.",
    position: name.position,
  });
}

async function drop({ name, isOptional }: DropTempTableStatement, parts: TempTableParts): Promise<void> {
  const { tempTables, views, environment, context } = parts;
  const table = tempTables.find(name);
  if (table !== undefined) return tempTables.drop(table);
  if (views.find(name) !== undefined)
    throw notDropped(`"${name.name}" is a view`, "DROP VIEW removes it.", name.position);
  if (environment.catalog.findTable(name.name, name.schema) !== undefined)
    throw notDropped(
      `table "${name.name}" is Stripe's`,
      "DROP TABLE removes a temp table of the session.",
      name.position,
    );
  if (!isOptional) tempTables.get(name);
  context.notice(`temp table "${name.name}" does not exist: nothing was dropped`);
}

function notDropped(message: string, hint: string, position: number): StripeSqlError {
  return new StripeSqlError(message, { sqlState: SqlState.wrongObjectType, phase: "plan", hint, position });
}

type Query = Pick<SessionTempTable, "name" | "sql" | "select" | "values">;

/** Reads the rows of a table's query. */
async function read(query: Query, { environment, context, plan }: TempTableParts): Promise<SessionTempTable> {
  const { name, sql, select, values } = query;
  const readMs = Date.now();
  // What skips the engine would not be in it.
  const within = { ...withParameters(environment, values), directWay: false };
  const rows: StoredSelect = await untilUndoubted(() => {
    const planned = plan(select, within);
    rejectSecretColumns(planned);
    return storeSelect(planned, { ...context, parameters: values });
  }, context);
  return { name, sql, select, values, rows, columns: rows.output, rowCount: rows.table.rowCount, readMs };
}

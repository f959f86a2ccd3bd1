import { SqlState } from "../../error/sql-state.js";
import { StripeSqlError } from "../../error/stripe-sql-error.js";
import { describeSelect } from "../../execute/select/describe-select.js";
import type { StatementContext } from "../../execute/statement-context.js";
import { planSelect } from "../../plan/select/plan-select.js";
import type { SelectPlan } from "../../plan/select/select-plan.js";
import type { Views } from "../../syntax/expand-views.js";
import { viewsNamedIn } from "../../syntax/expand-views.js";
import type { CreateViewStatement, TableName, ViewStatement } from "../../syntax/statement.js";
import type { KnownNames } from "./free-name.js";
import { requireFreeName } from "./free-name.js";
import type { SessionViews } from "./session-views.js";

export interface ViewParts extends KnownNames {
  readonly context: StatementContext;
}

/** CREATE VIEW and DROP VIEW. No request is sent: a view's query is known to be sound before it has a name. */
export async function runViewStatement(statement: ViewStatement, parts: ViewParts): Promise<void> {
  const { views, environment, context } = parts;
  if (statement.kind === "drop-view") {
    if (parts.tempTables.find(statement.name) !== undefined) throw noView(statement.name);
    const isDropped = views.drop(statement.name, statement.isOptional);
    if (!isDropped) context.notice(`view "${statement.name.name}" does not exist: nothing was dropped`);
    return;
  }
  const { name, replaces, isTemporary, sql, select } = statement;
  requireFreeName(name, "view", parts);
  rejectItself(statement, views.texts);
  const plan = planSelect(select, environment);
  if (!isTemporary) rejectPassing(statement, plan, views);
  const { columns } = await describeSelect(plan, context, []);
  views.create(
    { name: name.name, sql, columns: columns ?? [], isKept: !isTemporary },
    { position: name.position, replaces },
  );
}

function noView({ name, position }: TableName): StripeSqlError {
  return new StripeSqlError(`"${name}" is a temp table`, {
    ...{ sqlState: SqlState.wrongObjectType, phase: "plan", hint: "DROP TABLE removes it.", position },
  });
}

/** Not through other views either: its rows would be made of themselves. */
function rejectItself({ name, sql }: CreateViewStatement, views: Views): void {
  const own = name.name.toLowerCase();
  const met = new Set<string>();
  const names = (query: string): boolean =>
    viewsNamedIn(query, views).some((view) => {
      const key = view.name.toLowerCase();
      if (met.has(key)) return false;
      met.add(key);
      return key === own || names(view.sql);
    });
  if (!names(sql)) return;
  throw new StripeSqlError(`view "${name.name}" names itself`, {
    sqlState: SqlState.undefinedTable,
    phase: "plan",
    position: name.position,
  });
}

/** What ends with the session is not there for who reads the view later. */
function rejectPassing({ name, sql }: CreateViewStatement, { relations }: SelectPlan, views: SessionViews): void {
  const table = relations.find(({ kind }) => kind === "temp");
  const view = viewsNamedIn(sql, views.texts).find(
    (named) => views.find({ ...named, schema: undefined })?.isKept === false,
  );
  const passing = table === undefined ? view && `view "${view.name}"` : `temp table "${table.name}"`;
  if (passing === undefined) return;
  throw new StripeSqlError(`a kept view cannot name ${passing} of this session`, {
    sqlState: SqlState.featureNotSupported,
    phase: "plan",
    hint: "CREATE TEMP VIEW makes a view that ends with the session too.",
    position: name.position,
  });
}

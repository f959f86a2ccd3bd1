import { SqlState } from "../../error/sql-state.js";
import { StripeSqlError } from "../../error/stripe-sql-error.js";
import { didYouMean } from "../../error/suggestion.js";
import type { FromItem } from "../../syntax/expression.js";
import type { MergeClause, MergeStatement, SqlExpression } from "../../syntax/statement.js";
import { columnNodes } from "../../syntax/walk-expression.js";
import { accountColumn } from "../access/account-rule.js";
import { wrongWidth } from "./plan-insert.js";
import type { NamedTarget } from "./target-items.js";
import { namesColumn } from "./target-items.js";

/**
 * Refuses what a clause's expressions cannot see: a row that matches no object has none, and an object that no row
 * matches has no row. Where the text does not say whose a column is, the engine judges.
 */
export function rejectForeignColumns(statement: MergeStatement, target: NamedTarget): void {
  const called = target.called?.toLowerCase();
  const all = [statement.condition, ...statement.clauses.flatMap(expressionsOf)];
  const account = all.find(({ expression }) => namesColumn(expression, accountColumn, target));
  if (account !== undefined) throw ofOtherAccount(account);
  requireGivenColumns(statement, all);
  for (const clause of statement.clauses) {
    const sees = (table: string): boolean => (table.toLowerCase() === called) !== (clause.matching === "not matched");
    if (clause.matching === "matched") continue;
    for (const { expression, position } of expressionsOf(clause)) {
      const foreign = columnNodes(expression).find(({ table }) => table !== undefined && !sees(table));
      if (foreign !== undefined) throw notSeen(foreign.table ?? "", clause, foreign.position ?? position);
    }
  }
}

/** EXCLUDED has what the INSERT gives. */
function requireGivenColumns({ conflict }: MergeStatement, expressions: readonly SqlExpression[]): void {
  if (conflict === undefined) return;
  const given = new Set(conflict.columns.map(({ name }) => name.toLowerCase()));
  for (const { expression, position } of [...conflict.values, ...expressions]) {
    const other = columnNodes(expression).find(
      ({ table, name }) => table?.toLowerCase() === "excluded" && !given.has(name.toLowerCase()),
    );
    if (other === undefined) continue;
    throw new StripeSqlError(`the rows of this INSERT have no column "${other.name}"`, {
      sqlState: SqlState.undefinedColumn,
      phase: "plan",
      position: other.position ?? position,
      detail: `They have ${conflict.columns.map(({ name }) => name).join(", ")}.`,
      hint: didYouMean(other.name, [...given]) ?? "Insert it too, or name another one behind ON CONFLICT.",
    });
  }
}

function expressionsOf({ condition, action }: MergeClause): readonly SqlExpression[] {
  const conditions = condition === undefined ? [] : [condition];
  switch (action.kind) {
    case "nothing":
    case "delete":
      return conditions;
    case "update":
      return [...conditions, ...action.assignments.map(({ value }) => value)];
    case "insert":
      return [...conditions, ...action.values];
  }
}

function notSeen(table: string, { matching }: MergeClause, position: number): StripeSqlError {
  return new StripeSqlError(`invalid reference to FROM-clause entry for table "${table}"`, {
    sqlState: SqlState.undefinedTable,
    phase: "plan",
    position,
    detail: `There is no row of "${table}" in WHEN ${matching.toUpperCase()}.`,
  });
}

function ofOtherAccount({ position }: SqlExpression): StripeSqlError {
  return new StripeSqlError(`${accountColumn} cannot choose the objects that rows are matched with`, {
    sqlState: SqlState.featureNotSupported,
    phase: "plan",
    detail: "They are those of the connection's own account.",
    position,
    hint: `Connect with ${accountColumn}=….`,
  });
}

/** An INSERT's rows have a value for each of its columns. */
export function requireRowWidth({ conflict }: MergeStatement): void {
  if (conflict?.rows === undefined) return;
  const { columns, rows, position } = conflict;
  for (const width of widthsOf(rows)) {
    if (width === undefined) throw starred(position);
    if (width !== columns.length) throw wrongWidth(columns.length, width, columns[0]?.position ?? position);
  }
}

/** Undefined where only the engine can tell. */
function widthsOf(rows: FromItem): readonly (number | undefined)[] {
  if (rows.kind === "values") return rows.rows.map((row) => row.length);
  if (rows.kind !== "derived") return [undefined];
  const { query } = rows;
  if (query.kind === "set-operation") return [undefined];
  if (query.from?.kind === "values" && query.items.every(({ isSpread }) => isSpread)) return widthsOf(query.from);
  return [query.items.some(({ isSpread }) => isSpread) ? undefined : query.items.length];
}

function starred(position: number): StripeSqlError {
  return new StripeSqlError("ON CONFLICT takes rows whose columns the statement names", {
    sqlState: SqlState.featureNotSupported,
    phase: "plan",
    position,
    hint: "Name the columns of the query instead of *.",
  });
}

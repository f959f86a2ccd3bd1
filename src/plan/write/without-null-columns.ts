import type { InsertStatement, SqlExpression } from "../../syntax/statement.js";
import type { PlanEnvironment } from "../environment.js";
import { findRelationColumn } from "../names/relation.js";
import { constantValue } from "./requests-of-rows.js";
import { takesColumn } from "./slot-of-column.js";
import type { WriteTarget } from "./write-target.js";

/**
 * An INSERT without the columns that Stripe fills itself and that every row gives NULL, or DEFAULT: programs that write
 * rows as a whole name all columns of a table. A NULL leaves its parameter out in any other column as well, so that
 * nothing that was given is lost.
 */
export function withoutNullColumns(
  statement: InsertStatement,
  target: WriteTarget,
  environment: PlanEnvironment,
): InsertStatement {
  const { columns, source } = statement;
  if (source.kind !== "values") return statement;
  const isNull = (value: SqlExpression | undefined): boolean =>
    value !== undefined && constantValue(value.expression, environment, { takesTime: false })?.is === null;
  const keeps = columns.map(
    (column, index) =>
      takesColumn(column, target) ||
      findRelationColumn({ kind: "table", ...target }, column.name) === undefined ||
      !source.rows.every((row) => isNull(row[index])),
  );
  if (!keeps.includes(false)) return statement;
  const kept = <Item>(items: readonly Item[]): readonly Item[] => items.filter((_, index) => keeps[index]);
  return { ...statement, columns: kept(columns), source: { kind: "values", rows: source.rows.map(kept) } };
}

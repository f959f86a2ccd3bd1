import { SqlState } from "../../error/sql-state.js";
import { StripeSqlError } from "../../error/stripe-sql-error.js";
import type { Expression } from "../../syntax/expression.js";
import { operandsOf } from "../../syntax/walk-expression.js";
import type { SqlType } from "../../value/sql-type.js";
import { cannotBeTimestamp } from "../../value/timestamp.js";
import type { PlanEnvironment } from "../environment.js";
import { foldConstant } from "../predicate/constant.js";
import type { ResolveColumn } from "../predicate/predicate-context.js";
import type { Scalar } from "../predicate/scalar.js";
import type { RelationTarget } from "./relation.js";

/** Refuses `Created > 'abc'`, `Amount = 'ten'` and `Email = 5` before anything is sent. */
export function rejectMistypedComparisons(
  expression: Expression,
  target: RelationTarget,
  resolve: ResolveColumn,
  environment: PlanEnvironment,
): void {
  for (const [subject, constant] of comparedPairs(expression)) {
    const name = subject.kind === "column" ? resolve(subject) : undefined;
    const column =
      name !== undefined && target.kind === "table"
        ? target.table.columns.find((known) => known.name === name)
        : undefined;
    const value = foldConstant(constant, environment.constants);
    // A constant has no place in the tree: the column that it is compared with stands beside it.
    if (subject.kind === "column" && column !== undefined && value !== undefined)
      at(subject.position, () => check(column.name, column.type, value));
  }
  for (const operand of operandsOf(expression)) rejectMistypedComparisons(operand, target, resolve, environment);
}

function at(position: number | undefined, judge: () => void): void {
  try {
    judge();
  } catch (error) {
    throw error instanceof StripeSqlError ? error.with({ position }) : error;
  }
}

function comparedPairs(expression: Expression): readonly (readonly [Expression, Expression])[] {
  if (expression.kind === "in") return expression.items.map((item) => [expression.operand, item]);
  if (expression.kind === "between") {
    const { operand, low, high } = expression;
    return [
      [operand, low],
      [operand, high],
    ];
  }
  if (expression.kind !== "comparison") return [];
  const { left, right } = expression;
  return [
    [left, right],
    [right, left],
  ];
}

function check(column: string, type: SqlType, value: Scalar): void {
  if (value.type === "string" && !readsAs(type, value.value)) throw badLiteral(column, type, value.value);
  if (type === "VARCHAR" && (value.type === "number" || value.type === "boolean"))
    throw mismatch(column, type, value.type);
  if (type === "TIMESTAMPTZ" && (value.type === "number" || value.type === "boolean"))
    throw mismatch(column, type, value.type);
  if (type === "BOOLEAN" && value.type === "timestamp") throw mismatch(column, type, value.type);
}

function readsAs(type: SqlType, text: string): boolean {
  switch (type) {
    case "TIMESTAMPTZ":
      return !cannotBeTimestamp(text);
    case "BIGINT":
    case "DOUBLE":
    case "DECIMAL":
      return /^\s*[+-]?(\d|\.\d|inf|nan)/i.test(text);
    case "BOOLEAN":
      return /^\s*(t|f|true|false|yes|no|y|n|on|off|1|0)\s*$/i.test(text);
    case "VARCHAR":
    case "JSON":
      return true;
  }
}

function badLiteral(column: string, type: SqlType, text: string): StripeSqlError {
  return new StripeSqlError(`invalid input syntax for type ${type}: "${text}"`, {
    sqlState: SqlState.invalidTextRepresentation,
    phase: "plan",
    detail: `It is compared with column "${column}".`,
    hint: type === "TIMESTAMPTZ" ? "Write a time as '2026-01-31' or '2026-01-31 13:00:00+00'." : undefined,
  });
}

function mismatch(column: string, type: SqlType, given: string): StripeSqlError {
  return new StripeSqlError(`column "${column}" is of type ${type} but is compared with a ${given}`, {
    sqlState: SqlState.datatypeMismatch,
    phase: "plan",
    hint:
      type === "TIMESTAMPTZ"
        ? "Write a time as '2026-01-31', or convert seconds with to_timestamp(…)."
        : "Put the value in single quotes.",
  });
}

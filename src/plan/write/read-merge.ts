import type { Expression } from "../../syntax/expression.js";
import type { ColumnName } from "../../syntax/statement.js";

/**
 * `json_merge_patch(Column, patch)` assigned to the very column: its patches, the first to be applied first.
 * Undefined where the expression is no such merge. `called`: what the column's table is called.
 */
export function readMerge(
  expression: Expression,
  column: ColumnName,
  called: string,
): readonly Expression[] | undefined {
  if (expression.kind !== "call" || expression.name !== "json_merge_patch") return undefined;
  const [target, ...patches] = expression.arguments;
  if (target === undefined || patches.length === 0) return undefined;
  if (isColumn(target, column, called)) return patches;
  const earlier = readMerge(target, column, called);
  return earlier === undefined ? undefined : [...earlier, ...patches];
}

function isColumn(expression: Expression, { name }: ColumnName, called: string): boolean {
  if (expression.kind !== "column" || expression.name.toLowerCase() !== name.toLowerCase()) return false;
  return expression.table === undefined || expression.table.toLowerCase() === called.toLowerCase();
}
